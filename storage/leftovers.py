"""What is made beside its place before it is moved there: held by the kernel's lock while its maker lives, and swept once that is dead."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from storage.workspace import Workspace

# Made by one run beside those of other editions, each while its maker lives.
_FOLDERS = (".demo-*", "dbt/.scratch-*", "dbt/parsed/.parsing-*")


@contextmanager
def making(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written at `path`, which nobody sweeps while this process lives."""
    while True:
        with path.open("wb") as file:
            if _is_held(file.fileno(), path):
                yield file
                return


@contextmanager
def temporary_folder(prefix: str, parent: Path) -> Iterator[Path]:
    """A folder of that beginning below `parent`, removed in the end; nobody sweeps it while this process lives."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue  # a sweep was faster
        try:
            if _is_held(handle, path):
                try:
                    yield path
                finally:
                    shutil.rmtree(path)
                return
        finally:
            os.close(handle)


def _is_held(handle: int, path: Path) -> bool:
    """Take the lock; False where a sweep was faster and has removed what was just made."""
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def sweep(workspace: Workspace, edition: str) -> list[Path]:
    """Remove what killed processes were making of the edition, in the archive, and in the folders that all editions share; what it was.

    What a living process is making is left alone, whichever run it belongs to.
    """
    kept = (workspace.stage, workspace.receipts, workspace.templates, workspace.analysis)
    folders = [workspace.archive, *workspace.data.glob(f"lake/*/edition={edition}"), *(of_edition(edition) for of_edition in kept)]
    found = [path for folder in folders for path in folder.rglob(".*.tmp")]
    found += [path for pattern in _FOLDERS for path in workspace.data.glob(pattern)]
    return [path for path in sorted(found) if _is_swept(path)]


def _is_swept(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False  # gone by now, or none of ours
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except BlockingIOError:
        return False  # its maker lives
    finally:
        os.close(handle)
    return True
