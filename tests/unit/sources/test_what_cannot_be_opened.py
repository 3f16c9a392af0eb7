"""Folders, files and delivery notes that the pipeline may not read: each is told, and the others are taken."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources import archive
from sources.ledger import read_ledger
from sources.sidecar import SUFFIX
from tests.sources_world import EDITION, World

CSV = "地区,审结件数\n南京市,3\n"
NOBODY = 65534


@pytest.fixture
def bound() -> Iterator[World]:
    """A world in a folder of its own, as a user whom permissions bind: root is made to be nobody."""
    folder = Path(tempfile.mkdtemp())
    world = World(folder)
    is_root = os.geteuid() == 0
    if is_root:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield world
    finally:
        if is_root:
            os.seteuid(0)
        for path in folder.rglob("*"):
            path.chmod(0o700)
        shutil.rmtree(folder)


def test_what_cannot_be_opened_is_told_and_the_rest_is_taken(bound: World) -> None:
    bound.drop("provincial/closed/行政复议.csv", CSV).parent.chmod(0)
    bound.drop("provincial/named/行政复议.csv", CSV).parent.chmod(0o400)  # its names can be read, its files not
    bound.drop("provincial/人口.csv", CSV).chmod(0)
    bound.drop("provincial/行政复议.csv", CSV)
    bound.drop(f"provincial/行政复议.csv{SUFFIX}", "sender: 甲\n").chmod(0)
    report = archive(bound.workspace, bound.framework)
    assert (report.new, [line.sender for line in read_ledger(bound.workspace, EDITION)]) == (1, [None])
    assert report.waiting == [
        "provincial/closed/: the folder cannot be opened (Permission denied); let the pipeline read it",
        "provincial/named/行政复议.csv: it cannot be read (let the pipeline read it), or changed while it was read",
        "provincial/人口.csv: it cannot be read (let the pipeline read it), or changed while it was read",
        f"provincial/行政复议.csv{SUFFIX}: the delivery note cannot be read (Permission denied), and its file was taken without it",
    ]


def test_a_touched_file_whose_note_states_no_moment_is_told_once(world: World) -> None:
    path = world.drop("provincial/行政复议.csv", CSV)
    world.drop(f"provincial/行政复议.csv{SUFFIX}", "sender: 甲\n")
    for seconds in (1_600_000_000, 1_700_000_000, 1_500_000_000):
        os.utime(path, (seconds, seconds))
        archive(world.workspace, world.framework)
    assert [line.sent_at for line in read_ledger(world.workspace, EDITION)] == ["2020-09-13T12:26:40.000000Z"]


def test_a_note_that_comes_later_without_a_moment_leaves_the_file_its_own(world: World) -> None:
    path = world.drop("provincial/行政复议.csv", CSV)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    archive(world.workspace, world.framework)
    world.drop(f"provincial/行政复议.csv{SUFFIX}", "sender: 甲\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    archive(world.workspace, world.framework)
    assert [(line.sender, line.sent_at) for line in read_ledger(world.workspace, EDITION)] == [
        (None, "2020-09-13T12:26:40.000000Z"),
        ("甲", "2020-09-13T12:26:40.000000Z"),
    ]
