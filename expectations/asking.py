"""Great Expectations in a process of its own (expectations/great.py): importing it takes seconds, which pass while deliveries are read.

Not in a thread: what it imports (SQLAlchemy, pandas) is used by Dagster and DuckDB meanwhile, and half imported it breaks them.
"""

from __future__ import annotations

import atexit
import pickle
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from expectations.questions import Question, Verdict
from storage.workspace import PROJECT


class Asker:
    """The process that is asked; started when first needed or told, a new one where it has died. It ends with ours."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Any = None

    def start(self) -> None:
        """Have it import Great Expectations, and do not wait for it."""
        if self._process is not None and self._process.poll() is None:
            return
        self._connection, theirs = Pipe()
        command = [sys.executable, "-m", "expectations.great", str(theirs.fileno())]
        self._process = subprocess.Popen(command, cwd=PROJECT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()

    def ask(self, database: Path, questions: Sequence[Question]) -> list[Verdict]:
        """One verdict a question on the tables of a DuckDB file. Where the process dies, none of them could be computed."""
        self.start()
        try:
            self._connection.send_bytes(pickle.dumps((database, questions)))
            verdicts: list[Verdict] = pickle.loads(self._connection.recv_bytes())  # noqa: S301  of our own process
        except (EOFError, OSError):
            return [Verdict(success=False, count=None, error="the process of Great Expectations has ended") for _ in questions]
        return verdicts

    def close(self) -> None:
        """End the process, and wait for its end."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@cache
def asker() -> Asker:
    """The one process that all gates of this process ask. It is ended, and waited for, with ours: what it used is part of a run."""
    shared = Asker()
    atexit.register(shared.close)
    return shared
