"""The process that knows Great Expectations: ours never imports it, and where it dies nothing passes for judged."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.asking import Asker
from expectations.questions import Question, Verdict
from expectations.rules import NotNull
from storage.workspace import PROJECT

FULL = Question("full", NotNull("a"), 0.0, "a is null")
ENDED = Verdict(success=False, count=None, error="the process of Great Expectations has ended")


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    started = Asker()
    yield started
    started.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "scratch.duckdb"
    with duckdb.connect(str(path)) as scratch:
        scratch.execute('create schema judged; create table judged."full" as select * from range(3) as t(a)')
    return path


def kill(asker: Asker) -> None:
    assert asker._process is not None
    asker._process.send_signal(signal.SIGKILL)


def test_one_process_is_asked_several_times(asker: Asker, database: Path) -> None:
    missing = Question("no_such_table", NotNull("a"), 0.0, "a is null")
    assert asker.ask(database, [FULL, FULL]) == [Verdict(success=True, count=0)] * 2
    process = asker._process
    (verdict,) = asker.ask(database, [missing])
    assert (verdict.success, verdict.count) == (False, None)
    assert "no_such_table" in str(verdict.error)
    assert asker.ask(database, [FULL]) == [Verdict(success=True, count=0)]
    assert asker._process is process


def test_where_it_dies_amid_a_question_all_have_failed_and_the_next_asks_another(asker: Asker, database: Path) -> None:
    asker.start()
    kill(asker)
    assert asker._process is not None
    asker._process.wait()
    asker.start()
    threading.Timer(0.3, kill, [asker]).start()  # it is still importing
    assert asker.ask(database, [FULL, FULL]) == [ENDED, ENDED]
    assert asker._process.wait() == -signal.SIGKILL
    assert asker.ask(database, [FULL]) == [Verdict(success=True, count=0)]


def test_it_ends_with_its_parent_and_ours_imports_nothing_of_it(database: Path) -> None:
    script = (
        "import os, pathlib, signal, sys; from expectations.asking import asker; from tests.unit.expectations.test_asking import FULL;"
        f"print(asker().ask(pathlib.Path({str(database)!r}), [FULL])[0].success, asker()._process.pid,"
        "'great_expectations' in sys.modules, 'pandas' in sys.modules, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False).stdout.split()
    assert (told[0], told[2:]) == ("True", ["False", "False"])
    deadline = time.monotonic() + 30
    while os.path.exists(f"/proc/{told[1]}") and time.monotonic() < deadline:  # noqa: PTH110
        time.sleep(0.1)
    assert not Path(f"/proc/{told[1]}").exists()
