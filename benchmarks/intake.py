"""108 workbooks from inbox to lake, beside what openpyxl needs to load the same sheets: `make bench-intake`. Writes benchmarks/README.md.

The two are measured in turn, each in a process of its own and with its libraries imported; ours takes the files in (hashes and keeps
their bytes), reads and checks them in guarded processes and writes the lake. Files are in the kernel's cache for both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Spent, machine, median, spend, versions, write_readme
from examples import make_deliveries
from frameworks import load_framework
from storage import Workspace
from storage.workspace import PROJECT

EDITION, SOURCE = "jiangsu-2020", "self_assessment"
PACKAGES = ("openpyxl", "polars")


def ours(workspace: Workspace) -> int:
    """From the inbox to the lake, the guarded processes being ready; so many workbooks gave cells."""
    from sources import archive, parse
    from sources.guarded import readers

    framework = load_framework(workspace, EDITION)
    readers().start()
    for worker in readers()._idle:  # noqa: SLF001  until each is ready, as they are when a run comes to its files
        worker.connection.poll(120)
    began = _used()
    began = replace(began, cpu=began.cpu + sum(_started(worker._process.pid) for worker in readers()._idle))  # noqa: SLF001
    archive(workspace, framework)
    report = parse(workspace, framework, SOURCE)
    readers().close()
    _say(began)
    return report.read


def openpyxl_alone(workspace: Workspace) -> int:
    """Load each workbook's sheets and look at each cell once."""
    import openpyxl

    paths = sorted(workspace.inbox(EDITION, SOURCE).rglob("*.xlsx"))
    began = _used()
    for path in paths:
        with suppress(zipfile.BadZipFile):  # some of the examples are cut in half
            for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
                for row in sheet.iter_rows(values_only=True):
                    any(row)
    _say(began)
    return len(paths)


WAYS = {"ours": ours, "openpyxl": openpyxl_alone}


def _used() -> Spent:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = max(own.ru_maxrss, children.ru_maxrss) / 1024
    return Spent(time.perf_counter(), own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, peak)


def _started(pid: int) -> float:
    """The processor seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(began: Spent) -> None:
    ended = _used()
    Path(os.environ["ZHENGXIN_DATA"], "spent.json").write_text(json.dumps([ended.wall - began.wall, ended.cpu - began.cpu, ended.peak]))


def measure(way: str, deliveries: Path) -> Spent:
    """One way, in a fresh data folder with those deliveries in its inbox."""
    with tempfile.TemporaryDirectory(prefix="zhengxin-bench-") as folder:
        (Path(folder) / "inbox").symlink_to(deliveries / "inbox")
        command = [sys.executable, "-m", "benchmarks.intake", "--way", way]
        spend(command, PROJECT, {**os.environ, "ZHENGXIN_DATA": folder})
        return Spent(*json.loads((Path(folder) / "spent.json").read_text()))


def report(spent: dict[str, list[Spent]], load: float, rounds: int) -> str:
    """What was measured, as Markdown."""
    mine, theirs = median(spent["ours"]), median(spent["openpyxl"])
    return "\n".join(
        [
            f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, load average before {load:.1f}, after {os.getloadavg()[0]:.1f}.",
            versions(PACKAGES),
            "",
            f"| self-assessments of `{EDITION}`, median of {rounds} rounds | wall s | processor s | largest process, MB |",
            "|---|--:|--:|--:|",
            f"| openpyxl loads the sheets, one process | {theirs.wall:.2f} | {theirs.cpu:.2f} | {theirs.peak:.0f} |",
            f"| inbox to lake, guarded processes on all processors | {mine.wall:.2f} | {mine.cpu:.2f} | {mine.peak:.0f} |",
            f"| **ratio** (at most 1 is asked, of wall time) | **{mine.wall / theirs.wall:.2f}** | {mine.cpu / theirs.cpu:.2f} | |",
        ]
    )


def main() -> None:
    """Measure, print, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS)
    arguments = parser.parse_args()
    if arguments.way:
        WAYS[arguments.way](Workspace.from_environment())
        return
    load, spent = os.getloadavg()[0], {way: list[Spent]() for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="zhengxin-bench-") as folder:
        workspace = Workspace(Path(folder), PROJECT / "frameworks")
        make_deliveries(workspace, load_framework(workspace, EDITION))
        for _ in range(arguments.rounds):
            for way, done in spent.items():
                done.append(measure(way, Path(folder)))
    measured = report(spent, load, arguments.rounds)
    print(measured)
    write_readme("intake", measured)


if __name__ == "__main__":
    main()
