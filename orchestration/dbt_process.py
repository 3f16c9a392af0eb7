"""The parent's side of the dbt child (orchestration/dbt_child.py): starting it, asking it, hearing that it has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

_SCRIPT = Path(__file__).with_name("dbt_child.py")
_ENDED, _ROWS = "dbt has ended: ", "rows: "


@dataclass(frozen=True)
class Command:
    """What the child is asked: dbt's arguments, what its environment is to say, and the parsed project (None: dbt parses it).

    `reports`: dbt's events come as lines of JSON, those of its log and no others, and before the result of a model its number of rows.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    parsed: str | None
    reports: bool = False


class DbtChild:
    """One dbt process for all commands of a run, one after the other; a new one where it has died. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, command: Command) -> Answer:
        """Have the child obey; its lines are there to be read as they come."""
        if self._process.poll() is not None:
            self._process.communicate()
            self._process = self._started()
        asked = cast("IO[bytes]", self._process.stdin)
        asked.write(json.dumps(asdict(command)).encode() + b"\n")
        asked.flush()
        return Answer(self._process, command)

    def _started(self) -> subprocess.Popen[bytes]:
        # -P: this folder is not to be on its path, for it holds a dbt.py.
        return subprocess.Popen(
            [sys.executable, "-P", str(_SCRIPT), str(os.getpid()), _ENDED, _ROWS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
        )


class Answer:
    """One command as dagster-dbt knows a process that runs one: its lines, then its exit code. `rows`: of models built so far."""

    def __init__(self, process: subprocess.Popen[bytes], command: Command) -> None:
        self._process = process
        self.args = ["dbt", *command.arguments]
        self.returncode: int | None = None
        self.rows: dict[str, int] = {}
        self.stdout = _Lines(self)

    def lines(self) -> Iterator[bytes]:
        """What dbt prints, until it has ended or the process has died."""
        for line in cast("IO[bytes]", self._process.stdout):
            if line.startswith(_ENDED.encode()):
                self.returncode = int(line.removeprefix(_ENDED.encode()))
                return
            if line.startswith(_ROWS.encode()):
                self.rows |= json.loads(line.removeprefix(_ROWS.encode()))
            else:
                yield line
        self.returncode = self._process.wait() or 1

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; of a command whose lines were not read to the end, that of the process, which was ended."""
        if self.returncode is None:
            self.returncode = self._process.wait(timeout)
        return self.returncode

    def send_signal(self, _number: int) -> None:
        """End the process, at any point: dbt would wait for a query that has just begun. The next command starts another."""
        self._process.kill()


class _Lines:
    """The lines of an answer, as a file that can be read once."""

    def __init__(self, answer: Answer) -> None:
        self._lines = answer.lines()
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closed = True

    def __iter__(self) -> Iterator[bytes]:
        return self._lines
