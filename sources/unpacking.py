"""Archives of several deliveries (.zip): their files, each taken as if it lay in the inbox. Nothing is ever unpacked to a path."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

ENDING = ".zip"
_MB = 1024 * 1024
LARGEST_MB = 256
LARGEST_FILE_MB = 64
MOST_FILES = 2_000
MOST_SHRUNK = 200
_IS_ENCRYPTED, _IS_UTF_8 = 0x1, 0x800
_WORKBOOK = "xl/workbook.xml"


class CannotUnpack(Exception):
    """The archive as a whole cannot be taken; the text says why."""


@dataclass(frozen=True)
class Packed:
    """One file of an archive, by its name as a person reads it."""

    name: str
    content: bytes
    is_link: bool


def is_archive(name: str, content: bytes) -> bool:
    """Whether a file of that name is an archive of deliveries, and not a workbook that was renamed."""
    if not name.lower().endswith(ENDING):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _WORKBOOK not in archive.namelist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError):
        return True  # what it is, only opening it would tell: that it cannot be opened is then told


def unpacked(content: bytes) -> Iterator[Packed]:
    """The files of the archive, one at a time, in the order of their names; hidden ones are none.

    What the archive says of sizes is judged before anything is unpacked, and zipfile gives out no more than that. Raises CannotUnpack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = sorted(((_name(info), info) for info in archive.infolist() if not info.is_dir()), key=lambda pair: pair[0])
            files = [(name, info) for name, info in files if not _is_hidden(name)]
            _judge(files)
            for name, info in files:
                yield Packed(name, archive.read(info), stat.S_ISLNK(info.external_attr >> 16))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
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
