"""The worst file costs itself only: limits of memory and time, a process that is killed amid a file, and what becomes of the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from sources import lake
from sources.guarded import Limits, Readers, Refused, Task
from sources.lake_files import LakeFiles
from storage.workspace import PROJECT
from tests.sources_world import World, form

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the kernel's limits of memory are Linux's")
GOOD = form("南京市", [("officials", 5)])


@cache
def without_end() -> bytes:
    """A workbook within every limit of the container, of 1.6 million cells: reading them takes seconds, and hundreds of MB."""
    with zipfile.ZipFile(BytesIO(GOOD)) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    row = b"<row>" + b"<c><v>1</v></c>" * 16_384 + b"</row>"
    sheet = "xl/worksheets/sheet2.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", row * 100 + b"</sheetData>")
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def children() -> list[int]:
    """The guarded processes of this one that live."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words, parent = (path / "cmdline").read_bytes(), (path / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"sources.worker" in words and int(parent) == os.getpid():
            found.append(int(path.name))
    return found


@contextmanager
def delivered(fifo: Path, content: bytes, kills: int) -> Iterator[None]:
    """A file that is there once a process reads it; the first so many processes that do are killed amid it."""
    os.mkfifo(fifo)
    others = set(children())  # other tests of this process share readers that live as long as it does

    def deliver() -> None:
        for number in range(kills + 1):
            with fifo.open("wb") as file:
                if number == kills:
                    file.write(content)
                    return
                (pid,) = set(children()) - others
                os.kill(pid, signal.SIGKILL)
            while Path(f"/proc/{pid}").exists():  # until it is reaped, its end of the pipe may be open
                time.sleep(0.01)

    thread = threading.Thread(target=deliver, daemon=True)
    thread.start()
    yield
    thread.join(1)


def task(folder: Path, name: str, content: bytes) -> Task:
    (folder / name).write_bytes(content)
    return Task("self_assessment", folder / name, [("workbook", name)], "stamp")


def read(world: World, limits: Limits, *tasks: Task) -> dict[str, LakeFiles | Refused]:
    guard = Readers(limits, most=1)
    try:
        return {task.path.name: answer for task, answer in guard.read(world.workspace, world.framework, tasks)}
    finally:
        guard.close()


def test_a_file_that_eats_memory_costs_itself_only(world: World, tmp_path: Path) -> None:
    tasks = [task(tmp_path, "甲.xlsx", GOOD), task(tmp_path, "乙.xlsx", without_end()), task(tmp_path, "丙.xlsx", GOOD)]
    answers = read(world, Limits(memory_mb=100, seconds=60), *tasks)
    assert answers["乙.xlsx"] == Refused("too_much_memory", 100)
    assert isinstance(answers["甲.xlsx"], LakeFiles)
    assert answers["丙.xlsx"] == answers["甲.xlsx"]


def test_a_file_that_takes_for_ever_costs_itself_only(world: World, tmp_path: Path) -> None:
    tasks = [task(tmp_path, "乙.xlsx", without_end()), task(tmp_path, "甲.xlsx", GOOD)]
    answers = read(world, Limits(memory_mb=100_000, seconds=2), *tasks)
    assert answers["乙.xlsx"] == Refused("too_long", 2)
    assert isinstance(answers["甲.xlsx"], LakeFiles)


def test_what_a_killed_process_was_at_is_read_by_another(world: World, tmp_path: Path) -> None:
    fifo, whole = tmp_path / "甲.xlsx", read(world, Limits(), task(tmp_path, "乙.xlsx", GOOD))
    with delivered(fifo, GOOD, kills=1):
        answers = read(world, Limits(), Task("self_assessment", fifo, [("workbook", "乙.xlsx")], "stamp"))
    assert answers == {"甲.xlsx": whole["乙.xlsx"]}


def test_a_file_whose_process_dies_twice_is_given_up_and_the_others_are_read(world: World, tmp_path: Path) -> None:
    fifo, good = tmp_path / "甲.xlsx", task(tmp_path, "乙.xlsx", GOOD)
    with delivered(fifo, GOOD, kills=2):
        answers = read(world, Limits(), Task("self_assessment", fifo, [("workbook", "甲.xlsx")], "stamp"), good)
    assert answers["甲.xlsx"] == Refused("reader_broke_down")
    assert isinstance(answers["乙.xlsx"], LakeFiles)


def test_a_process_that_dies_between_two_files_costs_none(world: World, tmp_path: Path) -> None:
    guard, good, others = Readers(most=1), task(tmp_path, "甲.xlsx", GOOD), set(children())
    ((_, first),) = guard.read(world.workspace, world.framework, [good])
    (pid,) = set(children()) - others
    os.kill(pid, signal.SIGKILL)
    ((_, second),) = guard.read(world.workspace, world.framework, [good])
    guard.close()
    assert isinstance(first, LakeFiles)
    assert second == first


def test_a_refused_file_is_a_reject_with_its_sentence_and_is_not_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Readers(Limits(memory_mb=100, seconds=60), most=2)
    monkeypatch.setattr(lake, "readers", lambda: guard)
    world.drop("self_assessment/2021-01-15/自评表_南京市.xlsx", without_end())
    world.drop("self_assessment/2021-01-15/自评表_苏州市.xlsx", form("苏州市", [("officials", 7)]))
    world.run()
    (reject,) = world.table("rejects").rows(named=True)
    assert reject["message_zh"] == "读取该文件需要的内存超过100MB，未予采用，请删去无关的工作表、行和合并单元格，另存后重新报送。"
    assert (
        reject["message_en"]
        == "Reading the file takes more than 100 MB of memory; remove unrelated sheets, rows and merged cells, and deliver it again."
    )
    assert (reject["rule"], reject["sheet"], reject["cell"]) == ("too_much_memory", None, None)
    assert world.table("cells")["number"].to_list() == [7]
    assert world.parse("self_assessment").read == 0
    guard.close()


@pytest.mark.parametrize("is_busy", [False, True])
def test_guarded_processes_end_with_their_parent(world: World, tmp_path: Path, is_busy: bool) -> None:
    path = task(tmp_path, "乙.xlsx", without_end()).path
    script = (
        "import pathlib, sys; from frameworks import load_framework; from storage import Workspace;"
        "from sources.guarded import Limits, Readers, Task;"
        f"workspace = Workspace(pathlib.Path({str(world.workspace.data)!r}), pathlib.Path({str(world.workspace.frameworks)!r}));"
        f"framework = load_framework(workspace, {world.framework.edition!r}); guard = Readers(Limits(100_000, 2), 1); guard.start();"
        "print(guard._idle[0]._process.pid, flush=True);"
        f"task = Task('self_assessment', pathlib.Path({str(path)!r}), [('workbook', 'a.xlsx')], '');"
        f"list(guard.read(workspace, framework, [task])) if {is_busy} else sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(1.5 if is_busy else 0)
    assert Path(f"/proc/{pid}").exists()
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 120  # its three seconds of processor may take a busy machine long
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]:
        assert time.monotonic() < deadline, "it outlives its parent"
        time.sleep(0.1)


def test_guarded_processes_import_nothing_that_is_slow_and_not_theirs() -> None:
    slow = ("dagster", "dbt", "great_expectations")
    script = f"import sys, sources.worker; print([name for name in sys.modules if name.split('.')[0] in {slow}])"
    known = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert known == "[]\n"
