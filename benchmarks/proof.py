"""The demonstration's two editions at full size, made again and again, and every byte of their releases compared: `make proof`.

Fresh: the deliveries made anew, in a folder of their own. Another order: shuffled, in two portions, the intake run between them.
Killed: SIGKILL at five moments of a run, started again after each, going on from what lies there.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from examples import make_deliveries
from frameworks import load_framework
from storage import Workspace
from storage.workspace import PROJECT
from tests.pipeline import hashes, run_edition
from tests.proof import MOMENTS, deliver_shuffled, kill_when, shown, take_deliveries

EDITIONS = ("jiangsu-2019", "jiangsu-2020")
Way = Callable[[Workspace, Workspace, str], str]


@dataclass(frozen=True)
class Compared:
    """One edition's release, made in one way, beside the first one. `said`: what was done to it."""

    way: str
    edition: str
    release: str
    files: int
    digest: str
    is_same: bool
    said: str


def main() -> None:
    """Make the releases, compare, print a table; ends with 1 where a byte differs."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zhengxin-proof-") as folder:
        places = {way: Workspace(Path(folder) / way.replace(" ", "-") / "data", PROJECT / "frameworks") for way in WAYS}
        first = next(iter(places.values()))
        compared = [
            compare(way, first, workspace, edition, WAYS[way](first, workspace, edition))
            for way, workspace in places.items()
            for edition in EDITIONS
        ]
    print(table(compared))
    different = [one for one in compared if not one.is_same]
    same = "every release is the same, byte for byte" if not different else f"{len(different)} releases are not the first one"
    print(f"{same}; {time.monotonic() - began:.0f} s")
    sys.exit(1 if different else 0)


# --- the ways -------------------------------------------------------------------------------------------------------------


def fresh(_: Workspace, workspace: Workspace, edition: str) -> str:
    """The deliveries made from the seed, and one run."""
    make_deliveries(workspace, load_framework(workspace, edition))
    finish(workspace, edition)
    return "one run"


def in_another_order(first: Workspace, workspace: Workspace, edition: str) -> str:
    """The first folder's files shuffled, with other modification times; the intake is run when half of them are there."""
    inbox = first.data / "inbox" / edition
    files = [path for path in inbox.rglob("*") if path.is_file()]
    deliver_shuffled(files, inbox, workspace.data / "inbox" / edition, between=lambda: take_deliveries(workspace, edition))
    finish(workspace, edition)
    return f"{len(files)} files, intake run after {len(files) // 2}"


def killed(_: Workspace, workspace: Workspace, edition: str) -> str:
    """SIGKILL at each moment, what is visible looked at each time, and a run to the end."""
    make_deliveries(workspace, load_framework(workspace, edition))
    struck = 0
    for moment in MOMENTS:
        struck += kill_when(workspace, edition, moment)
        shown(workspace)
        print(f"{edition}: killed when {moment}", flush=True)
    finish(workspace, edition)
    return f"killed {struck} times"


WAYS: dict[str, Way] = {"first": fresh, "fresh folder": fresh, "another order": in_another_order, "killed": killed}


def finish(workspace: Workspace, edition: str) -> None:
    """Run the edition to its end. Ends the program with the run's own words where it does not get there."""
    began = time.monotonic()
    outcome = run_edition(workspace, edition)
    if outcome.code:
        sys.exit(f"{edition} in {workspace.data} failed:\n{outcome.output[-3000:]}")
    print(f"{edition}: run to its end in {workspace.data.parent.name}, {time.monotonic() - began:.0f} s", flush=True)


# --- the comparison ---------------------------------------------------------------------------------------------------------


def compare(way: str, first: Workspace, workspace: Workspace, edition: str, said: str) -> Compared:
    """All files of all releases of the edition, with their names, against the first folder's; and what `current.duckdb` shows."""
    made, wanted = (hashes(place.published / edition) for place in (workspace, first))
    content = "".join(f"{name} {digest}\n" for name, digest in made.items())
    release = shown(workspace)[edition]
    is_same = made == wanted and release == shown(first)[edition] and len({name.split("/")[0] for name in made}) == 1
    return Compared(way, edition, release, len(made), hashlib.sha256(content.encode()).hexdigest()[:16], is_same, said)


def table(compared: list[Compared]) -> str:
    """What was compared, a line a release."""
    lines = [f"{'way':14} {'edition':13} {'release':12} {'files':>5} {'SHA-256 of all':16} {'same':4} what was done"]
    for one in compared:
        same = "yes" if one.is_same else "NO"
        lines.append(f"{one.way:14} {one.edition:13} {one.release:12} {one.files:5} {one.digest:16} {same:4} {one.said}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
