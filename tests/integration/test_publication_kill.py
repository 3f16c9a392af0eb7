"""Publishing survives SIGKILL at any moment: nothing half published, and the next run ends where an undisturbed one would have."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import Workspace, read_lines
from storage.workspace import PROJECT
from tests.publication_world import LATER, SMALL, check_published, make_workspace, publish_version

_MOMENTS = 12


def releases(workspace: Workspace) -> dict[str, bytes]:
    """All that is published and has no clock, by path."""
    found = {path.relative_to(workspace.published).as_posix(): path for path in sorted(workspace.published.rglob("*")) if path.is_file()}
    assert not [name for name in found if ".tmp" in name]
    return {name: path.read_bytes() for name, path in found.items() if "/" in name}


def ledger(workspace: Workspace) -> list[tuple[str, str, int]]:
    return [(line["edition"], line["release"], line["sequence"]) for line in read_lines(workspace.release_ledger)]


@pytest.mark.slow
def test_killed_before_any_line_that_writes_it_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    """Slow: two real processes a moment."""
    base = make_workspace(tmp_path / "base")
    for edition in (SMALL, LATER):
        publish_version(base, edition, 1)
    program = [sys.executable, "-m", "tests.publication_kill", str(tmp_path), LATER, "2"]

    def run(*lines: int) -> str:
        done = subprocess.run([*program, *map(str, lines)], cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    total = int(run(0).split()[0])
    undisturbed = Workspace(data=tmp_path / "0" / "data", frameworks=tmp_path / "0" / "frameworks")
    assert len(ledger(undisturbed)) == 3
    moments = sorted({*range(1, total, total // _MOMENTS), total - 40, total - 20, total - 10, total - 1})
    run(*moments)
    for moment in moments:
        workspace = Workspace(data=tmp_path / str(moment) / "data", frameworks=base.frameworks)
        assert releases(workspace) == releases(undisturbed), moment
        assert ledger(workspace) == ledger(undisturbed), moment
        assert check_published(workspace) == check_published(undisturbed), moment


@pytest.mark.slow
@pytest.mark.parametrize(
    "appears", [f"{LATER}/.*.tmp", f"{LATER}/.*.tmp/fct_ranking.parquet", f"{LATER}/[0-9a-f]*", ".current.duckdb.*.tmp"]
)
def test_killed_as_soon_as_a_file_appears_it_ends_as_if_it_had_not_been(tmp_path: Path, appears: str) -> None:
    """Slow: starts a process of its own and kills it from outside, wherever it then is, also in the midst of a write."""
    undisturbed, workspace = make_workspace(tmp_path / "undisturbed"), make_workspace(tmp_path / "killed")
    for place in (undisturbed, workspace):
        publish_version(place, SMALL, 1)
    publish_version(undisturbed, LATER, 1)
    program = [sys.executable, "-m", "tests.publication_world", str(tmp_path / "killed"), LATER, "1"]
    with subprocess.Popen(program, cwd=PROJECT, stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: any(workspace.published.glob(appears)) or process.poll() is not None)
        process.kill()
    # On a busy machine it may have come to its end before the signal did; what follows must hold all the same.
    assert process.returncode in {-signal.SIGKILL, 0}
    assert check_published(workspace).keys() <= {SMALL, LATER}
    publish_version(workspace, LATER, 1)
    assert releases(workspace) == releases(undisturbed)
    assert ledger(workspace) == ledger(undisturbed)
    assert check_published(workspace) == check_published(undisturbed)


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.0005)
