"""Deliveries are hashed and kept block by block: what they weigh is no matter of memory, and what changes meanwhile is not kept."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sources import archive
from sources.delivered_bytes import Delivered, NotReadable
from sources.ledger import read_ledger
from sources.unpacking import CannotUnpack, unpacked
from tests.sources_world import EDITION, World

MB = 1024 * 1024
CSV = "地区,审结件数\n南京市,3\n"


@pytest.fixture
def peak() -> Iterator[Callable[[], int]]:
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def test_a_large_file_takes_no_more_memory_than_a_small_one(world: World, peak: Callable[[], int]) -> None:
    path = world.drop("provincial/行政复议.csv", "")
    with path.open("wb") as file:
        file.truncate(96 * MB)
    assert archive(world.workspace, world.framework).new == 1
    (line,) = read_ledger(world.workspace, EDITION)
    assert (line.size, (world.workspace.archive / line.sha256).stat().st_size) == (96 * MB, 96 * MB)
    assert peak() < 40 * MB  # eight threads with a block or two each


def test_a_large_file_in_an_archive_takes_no_more_memory_than_a_small_one(world: World, tmp_path: Path, peak: Callable[[], int]) -> None:
    content = os.urandom(MB) * 48
    path = packed(tmp_path / "a.zip", **{"行政复议.csv": content})
    world.drop("provincial/a.zip", path.read_bytes())
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert archive(world.workspace, world.framework).new == 1
    assert peak() - before < 24 * MB
    (line,) = read_ledger(world.workspace, EDITION)
    assert (line.file, (world.workspace.archive / line.sha256).read_bytes()) == ("a.zip/行政复议.csv", content)


def test_bytes_that_change_before_they_are_kept_are_not_kept_at_all(tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    path.write_text(CSV, encoding="utf-8")
    content = Delivered.of_file(path)
    path.write_text(CSV.replace("3", "4"), encoding="utf-8")
    with pytest.raises(NotReadable):
        content.keep(tmp_path / "archive")
    path.unlink()
    with pytest.raises(NotReadable):
        content.keep(tmp_path / "archive")
    assert list((tmp_path / "archive").iterdir()) == []


def test_a_file_that_is_written_while_it_is_read_is_told_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "甲.csv"
    path.write_text(CSV, encoding="utf-8")
    of = Delivered.of

    def slow(opened: Callable[[], io.BytesIO]) -> Delivered:
        content = of(opened)
        path.write_text(CSV * 2, encoding="utf-8")
        return content

    monkeypatch.setattr(Delivered, "of", slow)
    with pytest.raises(NotReadable):
        Delivered.of_file(path)


def test_the_same_bytes_under_many_names_are_kept_once_and_told_each_time(world: World) -> None:
    for number in range(70):  # more than are written at once
        world.drop(f"provincial/{number:02}/行政复议.csv", CSV)
    assert archive(world.workspace, world.framework).new == 70
    assert len(read_ledger(world.workspace, EDITION)) == 70
    assert len([path for path in world.workspace.archive.iterdir() if len(path.name) == 64]) == 1


# --- the list of an archive's files -------------------------------------------------------------------------------------


def with_list_of(path: Path, files: int, remark: bytes = b"") -> Path:
    """An archive whose list names one empty file so many times; its parts themselves are not there."""
    entry = struct.pack("<4sBBHHHHHIIIHHHHHII", b"PK\1\2", 20, 0, 20, 0, 0, 0, 33, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"a.csv"
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, files & 0xFFFF, files & 0xFFFF, len(entry) * files, 0, len(remark))
    path.write_bytes(entry * files + end + remark)
    return path


@pytest.mark.parametrize("remark", [b"", b"remark"])
def test_a_list_longer_than_one_of_2000_files_is_refused_before_it_is_read(tmp_path: Path, peak: Callable[[], int], remark: bytes) -> None:
    path = with_list_of(tmp_path / "a.zip", 100_000, remark)
    tracemalloc.reset_peak()
    with pytest.raises(CannotUnpack, match="more than 2000 files"), unpacked(path):
        pass
    assert peak() < 30 * MB


def test_an_archive_that_says_its_sizes_in_64_bits_is_read_like_any_other(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"甲.csv": CSV.encode()})
    content = path.read_bytes()
    at = content.rindex(b"PK\5\6")
    size, offset = struct.unpack("<II", content[at + 12 : at + 20])
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, offset) + struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    path.write_bytes(content[:at] + wide + content[at:])
    with unpacked(path) as files:
        assert [file.name for file in files] == ["甲.csv"]
    long = wide.replace(struct.pack("<QQ", size, offset), struct.pack("<QQ", 1 << 30, offset))
    path.write_bytes(content[:at] + long + content[at:])
    with pytest.raises(CannotUnpack, match="more than 2000 files"), unpacked(path):
        pass
