"""An intake of 108 workbooks killed at ten random moments, and deliveries in any order any number of times: the same lake in the end."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import archive, assemble, parse
from sources.ledger import read_ledger
from storage import SOURCES
from storage.workspace import PROJECT
from tests.sources_world import EDITION, REFERENCES, World, form, workbook

DAY, ALL = "2021-01-20", 108
TAKING = (
    "import sys; from pathlib import Path; from frameworks import load_framework; from storage import Workspace, sweep;"
    "from sources import archive, assemble, parse; workspace = Workspace(Path(sys.argv[1]), Path(sys.argv[2]));"
    "sweep(workspace, sys.argv[3]); framework = load_framework(workspace, sys.argv[3]); archive(workspace, framework);"
    "parse(workspace, framework, 'self_assessment'); assemble(workspace, framework)"
)


def contents(world: World) -> dict[str, bytes]:
    """Every file that an intake keeps but the ledger, whose lines stand in the order in which files were seen.

    Hidden ones are what a killed process was writing; nobody reads them.
    """
    kept = ("archive", "lake", "stage")
    files = (path for folder in kept for path in sorted((world.workspace.data / folder).rglob("*")) if path.is_file())
    return {
        str(path.relative_to(world.workspace.data)): path.read_bytes()
        for path in files
        if path.suffix not in (".lock", ".jsonl") and path.name[0] != "."
    }


def statements(world: World) -> list[tuple[str, str, str]]:
    return sorted((entry.source, entry.file, entry.sha256) for entry in read_ledger(world.workspace, EDITION))


def forms(frameworks: Path) -> dict[str, bytes]:
    """A sound form of each of 108 places."""
    with (frameworks / REFERENCES[0]).open(encoding="utf-8-sig", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["level"] in ("city", "county")][:ALL]
    answers = [("satisfaction", "61%"), ("has_plan", "是")]
    return {
        f"self_assessment/{DAY}/自评_{code}.xlsx": form(code, [("officials", 50 + number), ("trained", number % 50), *answers])
        for number, code in enumerate(codes)
    }


def progress(world: World) -> int:
    """How many files are in the archive and in the lake."""
    kept = (world.workspace.archive, world.workspace.lake_rejects(EDITION))
    return sum(len(list(folder.glob("[!.l]*"))) for folder in kept)


def start(world: World) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", TAKING, *map(str, (world.workspace.data, world.workspace.frameworks)), EDITION], cwd=PROJECT
    )


@pytest.mark.slow
def test_an_intake_killed_at_ten_moments_loses_nothing_and_takes_nothing_twice(tmp_path: Path) -> None:
    """A minute, more on a busy machine: of twelve processes ten are killed, each after a number of files drawn at random."""
    whole, killed = World(tmp_path / "whole"), World(tmp_path / "killed")
    for name, content in forms(whole.workspace.frameworks).items():
        whole.drop(name, content)
        killed.drop(name, content)
    assert start(whole).wait(300) == 0
    chance, reached = random.Random(20210120), []
    for moment in sorted(chance.sample(range(1, 2 * ALL), 10)):
        process, deadline = start(killed), time.monotonic() + 120
        while progress(killed) < moment and process.poll() is None:
            assert time.monotonic() < deadline, f"no further than {progress(killed)} files"
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        reached.append(progress(killed))
    assert min(reached) < ALL < max(reached)  # some amid the archive, some amid the lake
    assert start(killed).wait(300) == 0
    assert statements(killed) == statements(whole)
    assert len(statements(killed)) == ALL
    assert contents(killed) == contents(whole)
    assert not list(killed.workspace.data.rglob(".*.tmp"))


FILES = {
    f"self_assessment/{DAY}/自评_甲.xlsx": form("南京市", [("officials", 5), ("trained", 3)]),
    "self_assessment/2021-01-22/自评_乙.xlsx": form("南京市", [("officials", 6), ("trained", 9)]),
    f"self_assessment/{DAY}/自评_坏.xlsx": form("南京市", [("officials", 5)])[:900],
    f"provincial/{DAY}/行政复议.csv": "地区,审结件数,纠错件数\n南京市,9,1\n苏州市,约95,1\n鼓楼区,1,1\n".encode(),
    "provincial/2021-01-22/行政复议二.xlsx": workbook({"汇总": [["地区", "审结件数"], ["南京市", 8]]}),
    f"provincial/{DAY}/行政复议三.csv": "地区,审结件数,纠错件数\n南京市,7,1\n".encode(),
    f"third_party/{DAY}/热线.csv": "编号,地区,拨打日期,类型,是否接通\nT1,南京市,2020-05-06,咨询,是\nT1,苏州市,2020-05-07,咨询,\n".encode(),
    f"opinion/甲公司/{DAY}/a.jsonl": '{"item_id": "1", "title": "南京市政府推诿", "published_at": "2020-03-01 10:00"}'.encode(),
}
_whole: dict[str, bytes] = {}


def reference() -> dict[str, bytes]:
    """What is kept where all came at once."""
    if not _whole:
        with tempfile.TemporaryDirectory() as folder:
            _whole.update(taken(Path(folder), [list(FILES)]))
    return _whole


def taken(folder: Path, batches: list[list[str]]) -> dict[str, bytes]:
    """What is kept in the end where the files came in these batches, each taken in, read and assembled as it came."""
    world = World(folder)
    for batch in batches:
        for name in batch:
            world.drop(name, FILES[name])
        archive(world.workspace, world.framework)
        for source in SOURCES:
            parse(world.workspace, world.framework, source)
        assemble(world.workspace, world.framework)
        if random.Random(len(batch)).random() < 0.5:  # what was taken in before need not lie in the inbox any more
            shutil.rmtree(world.workspace.data / "inbox")
    assert len(statements(world)) == len(set(statements(world))) == len(FILES)
    return contents(world)


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[str]]:
    """All files in some order, cut into batches, some of them sent again with a later one."""
    order = draw(st.permutations(list(FILES)))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=3)))
    batches = [list(order[first:last]) for first, last in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    return [
        [*batch, *draw(st.lists(st.sampled_from(list(FILES)), max_size=2))] if number else batch for number, batch in enumerate(batches)
    ]


@settings(max_examples=8, deadline=None)
@given(deliveries())
def test_any_order_and_any_repetition_of_the_same_deliveries_give_the_same_content(batches: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = taken(Path(folder), batches)
    assert found.keys() == reference().keys()
    assert [name for name, content in found.items() if content != reference()[name]] == []
