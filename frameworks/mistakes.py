"""Mistakes of a framework, as its author reads them: one sentence each, with file, line and key path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong, where, and what to do; `path` names the keys down to the place, as in `indicators[A].A2.points`."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class FrameworkError(Exception):
    """A framework that cannot be used; `mistakes` holds all of them, those of one file in line order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))
