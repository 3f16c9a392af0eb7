"""`make fuzz`: thousands of mutated deliveries through the intake; a file that is not answered as it must be is kept beside its seed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz.mutations import texts, workbooks
from tests.fuzz.running import fuzz

_AT_ONCE = 500


def main() -> int:
    """Say what came of each kind; the exit code is 1 where anything must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=5000, help="so many workbooks, and so many text files")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    faults = 0
    for kind, bases in (("workbooks", workbooks()), ("text files", texts())):
        files = taken = 0
        for first in range(0, arguments.each, _AT_ONCE):
            with tempfile.TemporaryDirectory() as folder:
                outcome = fuzz(Path(folder), bases, range(first, min(first + _AT_ONCE, arguments.each)), arguments.seed)
            files, taken, faults = files + outcome.files, taken + outcome.taken, faults + len(outcome.faults)
            print("\n".join([*outcome.faults, f"{files} {kind}, {taken} with rows"]), flush=True)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
