"""Receipts written by a process of their own (correspondence/writer.py), beside whatever the run does meanwhile, and waited for."""

from __future__ import annotations

import pickle
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from typing import Any

from correspondence.receipts import ReceiptReport
from frameworks import Framework
from storage import Workspace
from storage.workspace import PROJECT


class Answering:
    """The process that writes an edition's receipts. Whoever has it holds the edition's lock, and closes it before he lets that go."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Any = None

    def begin(self, workspace: Workspace, framework: Framework) -> None:
        """Have the receipts written from what lies in the stage now, and do not wait for them."""
        self.close()
        self._connection, theirs = Pipe()
        command = [sys.executable, "-m", "correspondence.writer", str(theirs.fileno())]
        self._process = subprocess.Popen(command, cwd=PROJECT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        with suppress(OSError):  # where it died as it was started, `end` says so
            self._connection.send_bytes(pickle.dumps((workspace, framework)))

    def end(self, workspace: Workspace, framework: Framework) -> ReceiptReport:
        """What was written, once all is; begun now where nobody has.

        Raises the OSError that kept it from writing, and RuntimeError where the fault is ours or the process was killed.
        """
        if self._process is None:
            self.begin(workspace, framework)
        try:
            said = pickle.loads(self._connection.recv_bytes())  # noqa: S301  of our own process
        except (EOFError, OSError):
            said = "the process has ended before its work was done"
        finally:
            self.close()
        if isinstance(said, OSError):
            raise said
        if not isinstance(said, ReceiptReport):
            raise RuntimeError(f"Receipts could not be written: {said}")  # noqa: TRY004  no mistake of the caller's
        return said

    def close(self) -> None:
        """End the process, whatever it is at, and wait for its end. What it had not written the next run writes."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._connection.close()
            self._process = None
