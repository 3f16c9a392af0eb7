"""Files from outside are read in processes of their own, so that the worst file costs itself only; several at once, on all processors.

A process (`sources/worker.py`) is used for file after file until one ends it. A file that uses more memory or time than `LIMITS`, or
that brings down its process twice, is given back as the rule that says so; the others are read all the same.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from sources.lake_files import LakeFiles
from storage.workspace import PROJECT, Workspace

if TYPE_CHECKING:
    from frameworks import Framework

READY, DONE, OUT_OF_MEMORY, BROKEN = b"ready", b"done", b"out of memory", b"broken"
_TRIES = 2
# Seconds by the clock for each second of processor that a file may have: for one that waits for ever and uses none.
_PATIENCE = 5


@dataclass(frozen=True)
class Limits:
    """What one file may cost: memory beside what the process itself holds, and seconds of processor."""

    memory_mb: int = 2048
    seconds: int = 120


LIMITS = Limits()


@dataclass(frozen=True)
class Task:
    """One file to be read: of which source, where its bytes lie, as which (dataset, name), and the stamp of what is made of it."""

    source: str
    path: Path
    read_as: Sequence[tuple[str, str]]
    stamp: str


@dataclass(frozen=True)
class Refused:
    """Why a file could not be read within its limits: the rule, and what its sentence is to name."""

    rule: str
    limit: int | None = None


class Readers:
    """The guarded processes of this process. Used by one thread at a time."""

    def __init__(self, limits: Limits = LIMITS, most: int | None = None) -> None:
        self.limits = limits
        self._most = most or os.cpu_count() or 1
        self._idle: list[_Worker] = []

    def start(self) -> None:
        """Have all processes ready before the first file is there, so that starting them costs no time then."""
        while len(self._idle) < self._most:
            self._idle.append(_Worker(self.limits))

    def read(self, workspace: Workspace, framework: Framework, tasks: Iterable[Task]) -> Iterator[tuple[Task, LakeFiles | Refused]]:
        """What each file gave, in the order in which they are done. Raises RuntimeError where we are at fault and no file."""
        waiting = deque((task, _TRIES) for task in tasks)
        busy: list[_Worker] = []
        try:
            while waiting or busy:
                while waiting and len(busy) < self._most:
                    worker = self._idle.pop() if self._idle else _Worker(self.limits)
                    busy.append(worker)
                    worker.begin(workspace, framework, *waiting.popleft())
                for worker in _done(busy):
                    busy.remove(worker)
                    task, tries, answer = worker.end()
                    if worker.is_alive:
                        self._idle.append(worker)
                    if answer is None and tries > 1:
                        waiting.append((task, tries - 1))
                    else:
                        yield task, answer or Refused("reader_broke_down")
        finally:
            for worker in busy:
                worker.close()

    def close(self) -> None:
        """End all processes."""
        while self._idle:
            self._idle.pop().close()


@cache
def readers() -> Readers:
    """The processes that all readings of this process share. They are ended, and waited for, with it: what they used is part of a run."""
    shared = Readers()
    atexit.register(shared.close)
    return shared


def _done(busy: Sequence[_Worker]) -> list[_Worker]:
    """Those of which something is heard, be it their end, or whose time is over; waits until there is one."""
    first = min(worker.deadline for worker in busy)
    heard = wait([worker.connection for worker in busy], timeout=max(0.0, first - time.monotonic()))
    return [worker for worker in busy if worker.connection in heard or worker.deadline <= time.monotonic()]


class _Worker:
    """One guarded process, and the task that it is at."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.connection, theirs = Pipe()
        command = [sys.executable, "-m", "sources.worker", *map(str, (theirs.fileno(), *astuple(limits)))]
        # One thread: the processes are as many as the processors. Nothing that a file makes a library say belongs on the terminal.
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=os.environ | {"POLARS_MAX_THREADS": "1"},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._task: tuple[Task, int]
        self._is_ready = False
        self._knows: tuple[Workspace, str] | None = None
        self.is_alive = True
        self.deadline = 0.0

    def begin(self, workspace: Workspace, framework: Framework, task: Task, tries: int) -> None:
        """Give it a task, and the framework where it was last given another."""
        self._task = (task, tries)
        try:
            self._is_ready = self._is_ready or self.connection.recv_bytes() == READY
            self.deadline = time.monotonic() + self._limits.seconds * _PATIENCE
            if self._knows != (workspace, framework.hash):
                self.connection.send_bytes(pickle.dumps((workspace, framework)))
                self._knows = (workspace, framework.hash)
            self.connection.send_bytes(pickle.dumps(task))
        except (EOFError, OSError):
            if not self._is_ready:
                self.close()
                raise RuntimeError("A process that reads deliveries could not start; `python -m sources.worker 0 1 1` says why.") from None
            # It died while it was idle: `end` hears that at once.

    def end(self) -> tuple[Task, int, LakeFiles | Refused | None]:
        """The task, how often it may be tried, and what came of it; None where the process died of it."""
        return (*self._task, self._answer())

    def _answer(self) -> LakeFiles | Refused | None:
        try:
            if not self.connection.poll():
                self.close()
                return self._too_long()
            said = self.connection.recv_bytes()
            if said == DONE:
                return LakeFiles(*(self.connection.recv_bytes() for _ in range(3)))
            trace = self.connection.recv_bytes().decode() if said == BROKEN else ""
        except (EOFError, OSError):
            self.close()
            return self._too_long() if self._process.returncode == -signal.SIGXCPU else None
        self.close()
        if trace:
            raise RuntimeError(f"Reading a delivery failed by our own fault:\n{trace}")
        return Refused("too_much_memory", self._limits.memory_mb)

    def _too_long(self) -> Refused:
        return Refused("too_long", self._limits.seconds)

    def close(self) -> None:
        """End the process, whatever it is at."""
        self.is_alive = False
        self._process.kill()
        self._process.wait()
        self.connection.close()
