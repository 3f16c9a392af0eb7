"""A delivered table before anything is known of its meaning: sheets of cells with their positions. What a file format gives, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

Delivered = str | int | float | bool | datetime | date | time | None
Fault = Literal["excel_error", "formula_without_value", "merged_value", "cut_row"]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as delivered: its value, the text that a person saw in it, and whether its format is a percentage.

    `marks`: how it was delivered, where that is worth a note (`cached_formula`, `hidden`). `day_zero`: the day from which its workbook
    counts days; None in text files, where nobody knows. `indent`: the steps by which its format indents it.
    """

    value: Delivered
    text: str
    is_percent: bool = False
    fault: Fault | None = None
    marks: tuple[str, ...] = ()
    day_zero: date | None = None
    indent: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing was delivered here."""
        return self.fault is None and not self.text.strip()


NOTHING = GridCell(None, "")


@dataclass(frozen=True)
class Grid:
    """One sheet (`name`), or a text file's only table (None). Rows and columns count from 1; a row holds the cells that exist.

    `merged` leads from the cells below the first one of a merged range, in its first column, to the row that holds its value; `owners` from
    every cell of a merged range but its first one to the first one. `cut`: the row at which
    a text file breaks off.
    """

    name: str | None
    rows: Mapping[int, Mapping[int, GridCell]]
    merged: Mapping[tuple[int, int], int] = field(default_factory=dict)
    owners: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    cut: int | None = None

    def cell(self, row: int, column: int) -> GridCell:
        """The cell at that place, blank where there is none."""
        return self.rows.get(row, {}).get(column, NOTHING)

    def spread(self, row: int, column: int) -> GridCell:
        """The cell at that place; where it is merged with cells above it, theirs."""
        return self.cell(self.merged.get((row, column), row), column)

    def columns(self, row: int) -> list[int]:
        """The columns that hold something in that row, merged cells included, from left to right."""
        own = {column for column, cell in self.rows.get(row, {}).items() if not cell.is_blank}
        return sorted(own | {column for line, column in self.merged if line == row})

    def filled(self) -> Iterator[tuple[int, int, GridCell]]:
        """Every cell that is not blank, in reading order."""
        for row in sorted(self.rows):
            for column in sorted(self.rows[row]):
                if not self.rows[row][column].is_blank:
                    yield row, column, self.rows[row][column]


def reference(row: int, column: int) -> str:
    """A cell's place as spreadsheets write it: column letters and row, `C7`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
