"""A page as we send it, whatever it is about: facts above, tables below. `html.py` and `sheets.py` make files of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from correspondence.book import Said

Tone = Literal["good", "open", "bad", "quiet"]


class Cell(NamedTuple):
    """One cell, of which a summary has thousands. `small` stands below the text; `link` is a path beside this page, without its ending."""

    text: str
    tone: Tone | None = None
    small: str = ""
    link: str = ""


@dataclass(frozen=True)
class Column:
    """One column. `width` in signs; `is_narrow`: a column of the matrix, its head set upright; `above`: what it is one of."""

    head: Said
    width: int = 14
    is_narrow: bool = False
    above: str = ""


@dataclass(frozen=True)
class Table:
    """A table under its heading; `note` explains it, `empty` is said where it has no row."""

    heading: Said
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: Said | None = None
    empty: Said = field(default_factory=lambda: Said("无。", "None."))


@dataclass(frozen=True)
class Page:
    """One page. `verdict` says in one line what came of it all."""

    title: Said
    subtitle: Said
    verdict: Cell
    facts: Sequence[tuple[Said, Cell]]
    tables: Sequence[Table]
