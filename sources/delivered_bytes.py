"""The bytes of deliveries, block by block, so that a large file costs no more memory than a small one: what they are, and keeping them."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from storage import write_blocks

_BLOCK = 1024 * 1024


class NotReadable(Exception):
    """The bytes cannot be read, or are no longer those that were read first."""


@dataclass(frozen=True)
class Delivered:
    """Bytes that can be opened again, with what they were when they were first read."""

    opened: Callable[[], IO[bytes]]
    sha256: str
    size: int

    @classmethod
    def of(cls, opened: Callable[[], IO[bytes]]) -> Delivered:
        """Read them once. What opening or reading raises is the caller's."""
        digest, size = hashlib.sha256(), 0
        with opened() as file:
            for block in _blocks(file):
                digest.update(block)
                size += len(block)
        return cls(opened, digest.hexdigest(), size)

    @classmethod
    def of_text(cls, content: bytes) -> Delivered:
        """A few bytes that stand for a file."""
        return cls.of(lambda: io.BytesIO(content))

    @classmethod
    def of_file(cls, path: Path) -> Delivered:
        """A file of the inbox. Raises NotReadable where it cannot be read, or changes meanwhile."""
        try:
            with _regular(path) as file:
                before = os.fstat(file.fileno())
            content, after = cls.of(lambda: _regular(path)), path.lstat()
        except OSError as error:
            raise NotReadable from error
        if (before.st_size, before.st_mtime_ns, content.size) != (after.st_size, after.st_mtime_ns, after.st_size):
            raise NotReadable
        return content

    def keep(self, archive: Path) -> None:
        """Have them lie in the archive under their SHA-256. Raises NotReadable where they are others by now; then nothing is kept."""
        path = archive / self.sha256
        if not path.exists() or path.stat().st_size != self.size:
            write_blocks(path, self._again())

    def _again(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with _told():
            file = self.opened()
        with file:
            blocks = _blocks(file)
            while True:
                with _told():
                    block = next(blocks, b"")
                if not block:
                    break
                digest.update(block)
                yield block
        if digest.hexdigest() != self.sha256:
            raise NotReadable


def head(path: Path, most: int) -> tuple[bytes, os.stat_result]:
    """The first bytes of a file of the inbox, and its state. Raises OSError."""
    with _regular(path) as file:
        return file.read(most), os.fstat(file.fileno())


def _regular(path: Path) -> IO[bytes]:
    """The file, opened; one that has become a link, a pipe or a folder since it was listed is not followed."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(f"{path.name} is no file")
    return file


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


@contextmanager
def _told() -> Iterator[None]:
    """What reading refuses is NotReadable; what writing refuses stays what it is."""
    try:
        yield
    except OSError as error:
        raise NotReadable from error
