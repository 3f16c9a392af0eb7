"""What an expectation is, whatever gate it belongs to: the rows that it judges, what is asked of them, and how it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from frameworks.model import Label


@dataclass(frozen=True)
class RowCount:
    """At least so many rows are there to judge."""

    at_least: int = 1


@dataclass(frozen=True)
class NotNull:
    """The column holds a value in every row."""

    column: str


@dataclass(frozen=True)
class Unique:
    """No value of the column stands twice."""

    column: str


@dataclass(frozen=True)
class Between:
    """Every value of the column lies within the bounds: the expectation's threshold stands for the one that `bound` names."""

    column: str
    bound: Literal["at_most", "at_least"]


@dataclass(frozen=True)
class NoRows:
    """No row for which the rule's `failing` holds: what no single column can tell."""


Check = RowCount | NotNull | Unique | Between | NoRows


@dataclass(frozen=True)
class Rule:
    """One expectation of a gate.

    `judged`: SQL of the rows that are judged; the gate keeps them as table `judged.<name>`. `failing`: which of them fail, an SQL
    condition. In all of it `$threshold` stands for the threshold and `$decimals` for those that scores are rounded to, in `judged`
    `$vetoes` for the table of the vetoes that hold. `check` is what is asked of the rows, `guards` what must hold besides, so that a
    check is not passed by having nothing to look at. `rows`: SQL of the rows shown to a person, where they are not the failing ones
    themselves. `measured`: SQL of what is observed, where it is not the number of failing rows. `not_applicable`: SQL of a boolean, and
    why.

    `judged` and `rows` name what a person reads as ROW_COLUMNS of report.py does; a column left out is empty.
    `fault` is the message: {count} failing rows, {examples} some of them, {observed}, {threshold}. `threshold` holds where the framework
    states none.
    """

    name: str
    label: Label
    judged: str
    failing: str
    check: Check
    fault: Label
    guards: tuple[Check, ...] = (RowCount(),)
    rows: str | None = None
    measured: str | None = None
    not_applicable: tuple[str, Label] | None = None
    threshold: float = 0.0


def figure(column: str) -> str:
    """SQL of a number as a person writes it: twelve digits at most, no noughts at the end."""
    return f"format('{{:.12g}}', cast({column} as double))"


def differ(one: str, other: str) -> str:
    """SQL: two doubles are not the same figure: one of them is null, or they part by more than a billionth."""
    return f"coalesce(abs({one} - {other}) > 1e-9 * greatest(1, abs({other})), ({one} is null) <> ({other} is null))"
