"""The guarded process: reads one file after the other and gives back what the lake keeps of each. It writes nothing anywhere.

Its limits are the kernel's, so that no file gets round them: memory (what it has when it is ready, and so much more) and seconds of
processor for each file. It ends when its parent does: no more tasks come, or the file at hand has used up its seconds.
Run as `python -m sources.worker`, never imported; `sources/guarded.py` starts it.
"""

from __future__ import annotations

import pickle
import resource
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sources.guarded import BROKEN, DONE, OUT_OF_MEMORY, READY, Limits, Task
from sources.lake_files import lake_files
from sources.reading import Reader
from storage import SOURCES

_MB = 1024 * 1024


def main(connection: Any, limits: Limits) -> None:
    """Say that it is ready, then answer tasks until the other end is closed."""
    readers: dict[str, Reader] = {}
    lake_files("", [])  # so that what polars holds for itself is counted as its own
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory(limits.memory_mb)
    connection.send_bytes(READY)
    while True:
        task = pickle.loads(connection.recv_bytes())  # noqa: S301  of our own process
        if not isinstance(task, Task):
            workspace, framework = task
            readers = {source: Reader(workspace, framework, source) for source in SOURCES}
            continue
        _limit_seconds(limits.seconds)
        answer = _read(readers[task.source], task)
        for part in answer:
            connection.send_bytes(part)
        if answer[0] != DONE:
            return


def _read(reader: Reader, task: Task) -> list[bytes]:
    try:
        content = task.path.read_bytes()
        files = lake_files(task.stamp, [(dataset, reader.read(content, file, dataset)) for dataset, file in task.read_as])
    except MemoryError:
        return [OUT_OF_MEMORY]
    except Exception:  # noqa: BLE001  a file's faults end in its rejects: this is one of ours, and its trace goes to the parent
        return [BROKEN, traceback.format_exc().encode()]
    return [DONE, files.cells, files.items, files.rejects]


def _limit_memory(megabytes: int) -> None:
    held = Path("/proc/self/statm")
    if held.exists():  # Linux; other kernels do not keep this limit
        _limit(resource.RLIMIT_AS, int(held.read_text().split()[0]) * resource.getpagesize() + megabytes * _MB)


def _limit_seconds(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    try:
        main(Connection(int(sys.argv[1])), Limits(*map(int, sys.argv[2:])))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        sys.exit(0)
