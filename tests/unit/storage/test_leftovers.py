"""What a killed process was making is swept by the next run; what a living one is making never is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import Workspace, sweep, temporary_folder, write_bytes
from storage.workspace import PROJECT

EDITION = "north-2030"
# One file of each kind is being written, and a folder made, until the process is killed.
MAKING = """
import sys, time
from contextlib import ExitStack
from pathlib import Path
from storage import Workspace, temporary_folder
from storage.leftovers import making
workspace = Workspace(Path(sys.argv[1]), Path(sys.argv[1]))
with ExitStack() as stack:
    for path in sys.argv[2:]:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        stack.enter_context(making(Path(path))).write(b"half")
    workspace.dbt.mkdir()
    (stack.enter_context(temporary_folder(".scratch-", workspace.dbt)) / "copy").mkdir()
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, tmp_path)


def places(workspace: Workspace, edition: str) -> list[Path]:
    """Where a run of the edition writes."""
    return [
        workspace.archive,
        workspace.lake("provincial", edition),
        workspace.lake_rejects(edition),
        workspace.stage(edition) / "intake",
        workspace.receipts(edition) / "provincial",
        workspace.analysis(edition),
    ]


@contextmanager
def maker(workspace: Workspace, edition: str) -> Iterator[tuple[subprocess.Popen[str], list[Path]]]:
    """A process that is at making a file in each of an edition's places."""
    paths = [folder / f".a.parquet.1-{edition}.tmp" for folder in places(workspace, edition)]
    command = [sys.executable, "-c", MAKING, str(workspace.data), *map(str, paths)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process, paths
    finally:
        process.kill()
        process.communicate()


def test_what_a_killed_process_was_making_is_swept_and_what_a_living_one_makes_is_not(workspace: Workspace) -> None:
    with maker(workspace, EDITION) as (process, paths):
        (scratch,) = workspace.dbt.iterdir()
        assert sweep(workspace, EDITION) == []
        assert all(path.exists() for path in (*paths, scratch / "copy"))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert sweep(workspace, EDITION) == sorted([*paths, scratch])
    assert not [path for path in (*paths, scratch) if path.exists()]
    assert sweep(workspace, EDITION) == []


def test_what_is_whole_or_of_another_edition_or_in_the_inbox_is_left_alone(workspace: Workspace) -> None:
    whole = workspace.lake("provincial", EDITION) / "a.parquet"
    write_bytes(whole, b"whole")
    others = [places(workspace, "south-2030")[1] / ".a.parquet.1.tmp", workspace.inbox(EDITION, "provincial") / ".a.csv.1.tmp"]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    assert sweep(workspace, EDITION) == []
    assert [path.exists() for path in (whole, *others)] == [True, True, True]


def test_a_link_under_such_a_name_is_neither_followed_nor_removed(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    workspace.archive.mkdir()
    (workspace.archive / ".a.tmp").symlink_to(tmp_path / "kept")
    assert sweep(workspace, EDITION) == []
    assert (workspace.archive / ".a.tmp").is_symlink()


def test_a_temporary_folder_is_gone_with_its_last_use_also_where_that_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with temporary_folder(".scratch-", tmp_path) as folder:
            (folder / "a").write_text("a", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_amid_writing_takes_nothing_from_the_writer(workspace: Workspace) -> None:
    """A second: the moments in which what is made is not held yet, or not any more, are short. One just made may go, and is made anew."""
    workspace.dbt.mkdir()
    is_written, faults = threading.Event(), list[Exception]()

    def write() -> None:
        try:
            for number in range(150):
                write_bytes(workspace.archive / str(number), b"whole")
                with temporary_folder(".scratch-", workspace.dbt) as folder:
                    write_bytes(folder / "a", b"whole")
        except OSError as error:
            faults.append(error)
        is_written.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not is_written.is_set():
        sweep(workspace, EDITION)
    writer.join()
    assert faults == []
    assert len(list(workspace.archive.iterdir())) == 150
