"""Archives of several deliveries (.zip): their files, each taken as if it lay in the inbox. Nothing is ever unpacked to a path."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from sources.delivered_bytes import Delivered

ENDING = ".zip"
_MB = 1024 * 1024
LARGEST_MB = 256
LARGEST_FILE_MB = 64
MOST_FILES = 2_000
MOST_SHRUNK = 200
_IS_ENCRYPTED, _IS_UTF_8 = 0x1, 0x800
_WORKBOOK = "xl/workbook.xml"
_ENDS, _END, _WIDE = b"PK\5\6", 22, 76
_LONGEST_END = _WIDE + _END + 65_535  # with the longest remark behind it
_LONGEST_LIST = 4 * _MB


class CannotUnpack(Exception):
    """The archive as a whole cannot be taken; the text says why."""


@dataclass(frozen=True)
class Packed:
    """One file of an archive, by its name as a person reads it. Its bytes can be read while the archive is open."""

    name: str
    content: Delivered
    is_link: bool


def is_archive(name: str, path: Path) -> bool:
    """Whether a file of that name is an archive of deliveries, and not a workbook that was renamed. Its bytes lie at `path`."""
    if not name.lower().endswith(ENDING):
        return False
    try:
        with _opened(path) as archive:
            return _WORKBOOK not in archive.namelist()
    except CannotUnpack:
        return True  # what it is, only opening it would tell: that it cannot be opened is then told


@contextmanager
def unpacked(path: Path) -> Iterator[list[Packed]]:
    """The files of the archive, in the order of their names; hidden ones are none.

    What the archive says of sizes is judged before anything is unpacked, and zipfile gives out no more than that. Each file is read once,
    block by block, before any is given out. Raises CannotUnpack.
    """
    with _opened(path) as archive:
        files = sorted(((_name(info), info) for info in archive.infolist() if not info.is_dir()), key=lambda pair: pair[0])
        files = [(name, info) for name, info in files if not _is_hidden(name)]
        _judge(files)
        with _damage_told():
            contents = [Delivered.of(partial(archive.open, info)) for _, info in files]
        yield [Packed(name, content, stat.S_ISLNK(info.external_attr >> 16)) for (name, info), content in zip(files, contents, strict=True)]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, if its list of files is no longer than one of so many files can be: zipfile would hold all of it in memory."""
    with path.open("rb") as file:
        with _damage_told():
            _refuse_long_list(file)
            archive = zipfile.ZipFile(file)
        with archive:
            yield archive


def _refuse_long_list(file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_END))
    end = file.read()
    is_bare = end[-_END:].startswith(_ENDS) and end.endswith(b"\0\0")
    at = len(end) - _END if is_bare else end.rfind(_ENDS)
    if at < 0:
        return  # no archive: opening it tells
    wide = end[max(0, at - _WIDE) : at]  # where the list is one of 64 bits, its own end and the place of that stand before
    length = end[at + 12 : at + 16]
    if wide[-20:].startswith(b"PK\6\7"):
        is_there = wide.startswith(b"PK\6\6") and int.from_bytes(wide[-12:-4], "little") == size - len(end) + at - _WIDE
        length = wide[40:48] if is_there else b"\xff" * 8
    if int.from_bytes(length, "little") > _LONGEST_LIST:
        raise CannotUnpack(f"more than {MOST_FILES} files")


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise CannotUnpack("it is damaged") from error


def _judge(files: list[tuple[str, zipfile.ZipInfo]]) -> None:
    infos = [info for _, info in files]
    if not infos:
        raise CannotUnpack("nothing is in it")
    if len(infos) > MOST_FILES:
        raise CannotUnpack(f"more than {MOST_FILES} files")
    if any(info.flag_bits & _IS_ENCRYPTED for info in infos):
        raise CannotUnpack("it has a password")
    if len({name.casefold() for name, _ in files}) < len(files):
        raise CannotUnpack("two files of one name")
    if any(part in ("..", ".", "") or ":" in part for name, _ in files for part in name.split("/")):
        raise CannotUnpack("a path that leads out of it")
    if sum(info.file_size for info in infos) > LARGEST_MB * _MB or any(info.file_size > LARGEST_FILE_MB * _MB for info in infos):
        raise CannotUnpack(f"more than {LARGEST_MB} MB, or a file of more than {LARGEST_FILE_MB} MB")
    if any(info.file_size > max(_MB, MOST_SHRUNK * info.compress_size) for info in infos):
        raise CannotUnpack(f"shrunk more than {MOST_SHRUNK} times")


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: without the mark of UTF-8 it is what a Chinese Windows writes."""
    name = info.filename
    if not info.flag_bits & _IS_UTF_8 and not name.isascii():
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.replace("\\", "/")


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith("~$") or any(part.startswith(".") and part not in (".", "..") for part in parts)
