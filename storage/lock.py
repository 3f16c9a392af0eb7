"""One run at a time writes an edition, held apart by an operating-system lock that dies with its holder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from storage.workspace import Workspace


class EditionLocked(Exception):
    """Another run is writing the edition; the message says which one, in one sentence."""


@contextmanager
def edition_lock(workspace: Workspace, edition: str, holder: str) -> Iterator[None]:
    """Hold the edition for `holder` (a run's id) from the first write to the last.

    Raises EditionLocked at once where another process holds it. The kernel gives the lock back when its holder dies.
    """
    path = workspace.edition_lock(edition)
    path.parent.mkdir(parents=True, exist_ok=True)
    note = path.with_suffix(".holder")
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        other = note.read_text(encoding="utf-8").strip() if note.exists() else "another run"
        raise EditionLocked(f"{edition}: run {other} is writing this edition; wait for it to end, or stop it, and start again.") from None
    try:
        note.write_text(holder, encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()
