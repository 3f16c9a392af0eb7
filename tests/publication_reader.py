"""A BI tool, as a program that a test starts: `python -m tests.publication_reader CURRENT STOP` connects and queries until STOP exists.

Prints how many times it read, and every set of releases that it saw. Ends with an error at the first read that fails or mixes releases.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

from tests.publication_world import check_current

_LONGEST_SECONDS = 120


def main(current: Path, stop: Path) -> None:
    """Read in a loop, each time through a connection of its own, until told to stop."""
    reads, seen = 0, list[dict[str, str]]()
    deadline = time.monotonic() + _LONGEST_SECONDS
    while not stop.exists() and time.monotonic() < deadline:
        with duckdb.connect(str(current), read_only=True) as connection:
            shown = check_current(connection)
            time.sleep(0.005)
            # One connection sees one release, also when a swap came between two queries.
            assert check_current(connection) == shown
        # Most connections of a tool are short: none of them may find the file missing or half there.
        for _ in range(5):
            with duckdb.connect(str(current), read_only=True) as connection:
                connection.execute("select count(*) from fct_ranking").fetchone()
        reads += 1
        if shown not in seen:
            seen.append(shown)
    sys.stdout.write(json.dumps({"reads": reads, "seen": seen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
