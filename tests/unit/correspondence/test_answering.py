"""The process that writes receipts: it writes what this one would, and neither its fault nor its end passes for receipts."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from correspondence import Answering, write_receipts
from storage import sweep
from storage.workspace import PROJECT
from tests.sources_world import EDITION, World, form

SENT = [("officials", 2590), ("trained", "约95"), ("satisfaction", "98%")]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", SENT))
    world.run()
    return world


@pytest.fixture
def answering() -> Iterator[Answering]:
    started = Answering()
    yield started
    started.close()


def written(world: World) -> dict[str, str]:
    folder = world.workspace.receipts(EDITION)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def intake(world: World) -> Path:
    return world.workspace.stage(EDITION) / "intake"


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("begins", [True, False], ids=["begun before", "begun when waited for"])
def test_it_writes_and_tells_what_this_process_would(world: World, answering: Answering, *, begins: bool) -> None:
    own = write_receipts(world.workspace, world.framework)
    expected = written(world)
    shutil.rmtree(world.workspace.receipts(EDITION))
    if begins:
        answering.begin(world.workspace, world.framework)
    report = answering.end(world.workspace, world.framework)
    assert written(world) == expected
    assert (report.pages, report.calls, report.folder) == (own.pages, own.calls, own.folder)
    assert report.receipts.equals(own.receipts)
    assert report.matrix.equals(own.matrix)


def test_what_a_disk_refused_is_told_as_such_and_can_be_tried_again(world: World, answering: Answering) -> None:
    away = intake(world).rename(intake(world).with_name("away"))
    answering.begin(world.workspace, world.framework)
    with pytest.raises(FileNotFoundError, match=r"deliveries\.parquet"):
        answering.end(world.workspace, world.framework)
    away.rename(intake(world))
    assert answering.end(world.workspace, world.framework).receipts.height == 1


def test_a_fault_of_ours_keeps_its_trace(world: World, answering: Answering) -> None:
    shutil.copyfile(intake(world) / "versions.parquet", intake(world) / "cells.parquet")
    with pytest.raises(RuntimeError, match=r"(?s)could not be written: Traceback.*ColumnNotFoundError"):
        answering.end(world.workspace, world.framework)


def test_where_it_dies_nothing_passes_for_written(world: World, answering: Answering) -> None:
    answering.begin(world.workspace, world.framework)
    assert answering._process is not None
    answering._process.send_signal(signal.SIGKILL)
    with pytest.raises(RuntimeError, match="the process has ended before its work was done"):
        answering.end(world.workspace, world.framework)


def test_it_ends_with_a_killed_parent_and_the_next_run_mends_what_it_left(world: World, answering: Answering) -> None:
    world.drop("self_assessment/2021-01-10/自评.xlsx", form("徐州市", SENT))
    world.run()
    script = (
        "import pathlib, pickle, sys, time; from correspondence import Answering; answering = Answering();"
        "answering.begin(*pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())); print(answering._process.pid, flush=True); time.sleep(600)"
    )
    asked = world.workspace.data / "asked.pickle"
    asked.write_bytes(pickle.dumps((world.workspace, world.framework)))
    with subprocess.Popen([sys.executable, "-c", script, str(asked)], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        places = world.workspace.receipts(EDITION) / "places"
        assert within(120, lambda: places.exists() and any(places.glob("*.html")))
        parent.kill()
    assert within(30, lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2])
    left = written(world)
    time.sleep(0.5)
    assert written(world) == left
    assert "summary.html" not in left
    sweep(world.workspace, EDITION)
    answering.end(world.workspace, world.framework)
    mended = written(world)
    shutil.rmtree(world.workspace.receipts(EDITION))
    write_receipts(world.workspace, world.framework)
    assert mended == written(world)
