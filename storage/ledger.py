"""Ledgers: append-only files of JSON Lines, flushed line by line, which outlive a process killed in the middle of a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from storage.atomic import sync_folder


def append_line(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one line to the ledger and flush it to disk. The caller holds the lock that keeps other writers away."""
    append_lines(path, [entry])


def append_lines(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add lines to the ledger, in their order, and flush them to disk at once; a kill may leave the first of them alone."""
    lines = [json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n" for entry in entries]
    if not lines:
        return
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        cut = b"" if _ends_whole(file) else b"\n"
        file.write(cut + b"".join(lines))
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All whole lines, in their order; none where there is no ledger. A line cut short by a kill was never written and is passed over."""
    if not path.exists():
        return []
    entries = []
    for line in path.read_bytes().splitlines():
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return [entry for entry in entries if isinstance(entry, dict)]


def _ends_whole(file: IO[bytes]) -> bool:
    if not file.seek(0, os.SEEK_END):
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
