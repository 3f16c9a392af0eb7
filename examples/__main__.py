"""The command line: `python -m examples EDITION …` fills the inboxes of editions with made-up deliveries."""

from __future__ import annotations

import argparse
import sys

from examples import DEFAULT_SEED, NotDescribed, make_deliveries
from frameworks import FrameworkError, load_framework
from storage import Workspace


def main(arguments: list[str] | None = None) -> int:
    """Make the deliveries of each edition named, and say what was made."""
    parser = argparse.ArgumentParser(prog="python -m examples", description="Make a year's deliveries, all of them invented.")
    parser.add_argument("edition", nargs="+", help="for example jiangsu-2020")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another seed gives another year")
    options = parser.parse_args(arguments)
    workspace = Workspace.from_environment()
    try:
        for edition in options.edition:
            summary = make_deliveries(workspace, load_framework(workspace, edition), options.seed)
            files = ", ".join(f"{source} {number}" for source, number in summary.files.items())
            print(f"{summary.edition}: {files}; {summary.size / 1e6:.1f} MB in all, {summary.written} files new")
    except (FrameworkError, NotDescribed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
