"""What is asked of Great Expectations and what it says, free of it: these pass between our process and the one that imports it."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.rules import Check


@dataclass(frozen=True)
class Question:
    """One check of one table of schema `judged`, with the rule's threshold and failing condition in plain SQL."""

    table: str
    check: Check
    threshold: float
    failing: str


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations said.

    `count` is the rows it found at fault (of RowCount: the rows that there are); `error`: why it could not say.
    """

    success: bool
    count: int | None
    error: str | None = None
