"""One run at a time writes an edition, held apart by an operating-system lock that dies with its holder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from storage.workspace import Workspace

# Whoever asks whether an edition is free holds it for a moment: a run that starts in that moment waits for it.
_SECONDS = 1.0


class EditionLocked(Exception):
    """Another run is writing the edition; the message says which one, in one sentence."""


@contextmanager
def edition_lock(workspace: Workspace, edition: str, holder: str) -> Iterator[None]:
    """Hold the edition for `holder` (a run's id) from the first write to the last.

    Raises EditionLocked after a second where another process holds it. The kernel gives the lock back when its holder dies.
    """
    lock = _lock(workspace, edition)
    note = workspace.edition_lock(edition).with_suffix(".holder")
    try:
        lock.acquire(timeout=_SECONDS)
    except Timeout:
        other = note.read_text(encoding="utf-8").strip() if note.exists() else "another run"
        raise EditionLocked(f"{edition}: run {other} is writing this edition; wait for it to end, or stop it, and start again.") from None
    try:
        note.write_text(holder, encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def is_locked(workspace: Workspace, edition: str) -> bool:
    """Whether a run holds the edition now. Refuses nobody: it lets go at once, and a run that starts meanwhile waits for that."""
    try:
        with _lock(workspace, edition).acquire(timeout=0):
            return False
    except Timeout:
        return True


def _lock(workspace: Workspace, edition: str) -> FileLock:
    """The operating system's own lock; on a file system without one an error, never a file whose presence stands for a lock."""
    path = workspace.edition_lock(edition)
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, fallback_to_soft=False)
