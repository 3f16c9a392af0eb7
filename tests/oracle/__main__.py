"""`python -m tests.oracle`: random editions through the oracle and through dbt, with progress; what disagrees is shrunk and printed.

A build costs two seconds however little there is in it, and an example some hundredths; so each holds many. More than 80 would spare little
time and draw fewer worlds (entities, groups, years, rules of the whole edition), of which each build has one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path

from tests.oracle.building import Warehouse
from tests.oracle.differential import disagreement
from tests.oracle.drawing import batches


@cache
def warehouse() -> Warehouse:
    """This process's own; parsed once."""
    return Warehouse(Path(tempfile.mkdtemp(prefix="differential")))


def judged(number: int, each: int) -> str:
    """What disagrees in one build; empty where nothing does."""
    try:
        found = disagreement(warehouse(), next(batches(number, 1, each)))
    except Exception as fault:  # noqa: BLE001 (one build that breaks is told like one that disagrees, and the others go on)
        return f"batch {number} broke: {fault!r}"
    return "" if found is None else str(found)


def main() -> int:
    """Run the builds, one a processor at a time; 1 where any disagreed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=int, default=250)
    parser.add_argument("--each", type=int, default=80, help="examples a build")
    parser.add_argument("--first", type=int, default=1, help="number of the first build: its seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    began, failed = time.monotonic(), 0
    with ProcessPoolExecutor(asked.processes) as pool:
        waiting = {pool.submit(judged, number, asked.each): number for number in range(asked.first, asked.first + asked.builds)}
        for done, future in enumerate(as_completed(waiting), start=1):
            if future.result():
                failed += 1
                print(f"\n{future.result()}\n", flush=True)
            seconds = time.monotonic() - began
            left = seconds / done * (asked.builds - done)
            said = f"{done * asked.each} of {asked.builds * asked.each} examples, {failed} of {done} builds disagree"
            print(f"\r{said}, {seconds:.0f} s, about {left:.0f} s to go   ", end="", flush=True)
    print()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
