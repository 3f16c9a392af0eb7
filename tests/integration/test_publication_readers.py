"""Whoever reads `current.duckdb` while releases are published sees whole ones: no error, no mixture."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from storage.workspace import PROJECT
from tests.publication_world import LATER, SMALL, check_current, make_workspace, publish_version


@pytest.mark.slow
def test_two_readers_see_no_error_and_no_mixture_while_ten_releases_are_published(tmp_path: Path) -> None:
    """Slow: two reading processes beside ten publications."""
    workspace = make_workspace(tmp_path)
    for edition in (SMALL, LATER):
        publish_version(workspace, edition, 0)
    stop = tmp_path / "stop"
    program = [sys.executable, "-m", "tests.publication_reader", str(workspace.current), str(stop)]
    readers = [subprocess.Popen(program, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    made = [publish_version(workspace, edition, version) for version in range(1, 6) for edition in (SMALL, LATER)]
    stop.touch()
    assert [publication.is_new for publication in made] == [True] * 10
    published = {publication.release.release for publication in made}
    for reader in readers:
        said, wrong = reader.communicate(timeout=60)
        assert reader.returncode == 0, wrong
        told = json.loads(said)
        assert told["reads"] >= 10
        assert len({release for shown in told["seen"] for release in shown.values()} & published) >= 2, "the reader saw nothing change"


def test_a_reader_that_stays_connected_keeps_the_releases_that_it_opened(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    first = publish_version(workspace, SMALL, 1).release.release
    with duckdb.connect(str(workspace.current), read_only=True) as before:
        second = publish_version(workspace, SMALL, 2).release.release
        assert check_current(before) == {SMALL: first}
    with duckdb.connect(str(workspace.current), read_only=True) as after:
        assert check_current(after) == {SMALL: second}
