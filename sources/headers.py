"""Where a table's header stands and which of its columns holds which field. Titles above and notes below are no matter here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sources.grid import Grid
from sources.text import key, plain

DEEPEST = 60  # a header further down than this is no header but data that resembles one
MOST_NAMED = 30


@dataclass(frozen=True)
class Header:
    """A header row: the column of each field found; fields found in several columns by one name; headers that no field asks for."""

    row: int
    columns: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]]
    unmapped: Sequence[str]

    @property
    def found(self) -> int:
        """How many fields the row names."""
        return len(self.columns) + len(self.twice)


def find_header(grid: Grid, wanted: Mapping[str, Sequence[str]]) -> Header | None:
    """The row among the first that names most of the wanted fields, the uppermost of several; None where no row names any."""
    rows = [row for row in sorted(grid.rows) if row <= DEEPEST]
    headers = [_read(grid, row, wanted) for row in rows]
    best = max(headers, key=lambda header: (header.found, -header.row), default=None)
    return best if best and best.found else None


def _read(grid: Grid, row: int, wanted: Mapping[str, Sequence[str]]) -> Header:
    texts = {column: key(grid.spread(row, column).text) for column in grid.columns(row)}
    columns: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for field, synonyms in wanted.items():
        for synonym in map(key, synonyms):
            at = [column for column, text in texts.items() if text == synonym and column not in taken]
            if at:
                taken.update(at)
                if len(at) == 1:
                    columns[field] = at[0]
                else:
                    twice[field] = tuple(at)
                break
    unmapped = [plain(grid.spread(row, column).text) for column, text in texts.items() if text and column not in taken]
    return Header(row, columns, twice, unmapped)


def named(headers: Sequence[str]) -> str:
    """Headers as a sentence lists them."""
    shown = [header for header in headers if header][:MOST_NAMED]
    return "、".join(shown) or "–"
