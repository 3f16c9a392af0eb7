"""Whole files or none: written beside their place, flushed to disk, then renamed."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from storage.leftovers import making

_COUNT = itertools.count()  # several threads may write one file at a time


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all."""
    write_blocks(path, (content,))
    sync_folder(path.parent)


def write_blocks(path: Path, blocks: Iterable[bytes]) -> None:
    """Put the blocks at `path` as one file, whole or not at all. It outlives a power cut once its folder is flushed too (`sync_folder`)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{next(_COUNT)}.tmp")
    try:
        with making(temporary) as file:
            for block in blocks:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)  # while it is held, so that no sweep is faster
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, so that a rename in it outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, content: str) -> None:
    """Put `content` at `path` in UTF-8, whole or not at all."""
    write_bytes(path, content.encode())


def write_parquet(path: Path, frame: pl.DataFrame, metadata: dict[str, str] | None = None) -> None:
    """Put `frame` at `path` as Parquet, whole or not at all; the same frame gives the same bytes."""
    write_bytes(path, parquet(frame, metadata))


def parquet(frame: pl.DataFrame, metadata: dict[str, str] | None = None) -> bytes:
    """`frame` as Parquet; the same frame gives the same bytes."""
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", metadata=metadata)
    return content.getvalue()
