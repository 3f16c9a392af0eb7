"""Where a table's header stands and which of its columns holds which field. Titles above and notes below are no matter here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sources.grid import Grid, reference
from sources.text import key, plain, remembered
from sources.words import Words

DEEPEST = 60  # a header further down than this is no header but data that resembles one
MOST_NAMED = 30
_BRACKETS = re.compile(r"(.+?)[(\[]([^()\[\]]+)[)\]]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年度?)?")


@dataclass(frozen=True)
class Hints:
    """What a header may say beside a field's name: a unit in brackets, a year, of which the edition's own are `years`."""

    words: Words
    years: Collection[int] = ()


@dataclass(frozen=True)
class Header:
    """A header row: the column of each field found; fields found in several columns by one name; headers that no field asks for.

    `units`: by field the unit that the header writes in brackets.
    """

    row: int
    columns: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]]
    unmapped: Sequence[str]
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def found(self) -> int:
        """How many fields the row names."""
        return len(self.columns) + len(self.twice)


@dataclass(frozen=True, slots=True)
class _Name:
    """A header as written: whole, and without the unit in its brackets and the year before or behind it."""

    text: str
    base: str
    unit: str
    years: tuple[int, ...]


def find_header(grid: Grid, wanted: Mapping[str, Sequence[str]], hints: Hints) -> Header | None:
    """The row among the first that names most of the wanted fields, the uppermost of several; None where no row names any."""
    sought = _sought(wanted, hints)
    texts = {name.text for names in sought.values() for name in names} | {name.base for names in sought.values() for name in names}
    rows = [row for row in sorted(grid.rows) if row <= DEEPEST and not texts.isdisjoint(_texts(grid, row, hints))]
    headers = [_read(grid, row, sought, hints, None) for row in rows]
    best = max(headers, key=lambda header: (header.found, -header.row), default=None)
    return best if best and best.found else None


def read_header(grid: Grid, row: int, wanted: Mapping[str, Sequence[str]], hints: Hints, within: range | None = None) -> Header:
    """What one row names, were it the header. The first synonym wins; one as it is written goes before one with a unit or a year beside it.

    `within`: the columns looked at, where several tables stand side by side.
    """
    return _read(grid, row, _sought(wanted, hints), hints, within)


_Sought = Mapping[str, Sequence[_Name]]


def _sought(wanted: Mapping[str, Sequence[str]], hints: Hints) -> _Sought:
    return {code: [_name(key(text), hints) for text in synonyms] for code, synonyms in wanted.items()}


def _texts(grid: Grid, row: int, hints: Hints) -> Iterator[str]:
    """All by which a row's cells could name a field."""
    for column in grid.columns(row):
        name = _name(key(grid.spread(row, column).text), hints)
        yield name.text
        yield name.base


def _read(grid: Grid, row: int, sought: _Sought, hints: Hints, within: range | None) -> Header:
    names = {column: _name(key(grid.spread(row, column).text), hints) for column in grid.columns(row) if within is None or column in within}
    columns: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    units: dict[str, str] = {}
    for code, synonyms in sought.items():
        at = next((found for found in _at(names, synonyms, hints) if not taken.issuperset(found)), [])
        at = [column for column in at if column not in taken]
        taken.update(at)
        own = _of_years(grid, row, at, hints) if len(at) > 1 else at
        if len(own) == 1:
            columns[code] = own[0]
            units |= {code: names[own[0]].unit} if names[own[0]].unit else {}
        elif own:
            twice[code] = tuple(own)
    unmapped = [plain(grid.spread(row, column).text) for column, name in names.items() if name.text and column not in taken]
    return Header(row, columns, twice, unmapped, units)


def _at(names: Mapping[int, _Name], synonyms: Sequence[_Name], hints: Hints) -> Iterator[list[int]]:
    for synonym in synonyms:
        yield [column for column, name in names.items() if name.text == synonym.text]
    for synonym in synonyms:
        yield [
            column
            for column, name in names.items()
            if name.base == synonym.base and (name.unit or name.years) and all(year in hints.years for year in name.years)
        ]


def _of_years(grid: Grid, row: int, columns: Sequence[int], hints: Hints) -> Sequence[int]:
    """Of columns of one name those over which the edition's year stands, where others have another: two years side by side."""
    years = {column: years_of(_above(grid, row, column)) for column in columns}
    own = [column for column, above in years.items() if above and all(year in hints.years for year in above)]
    return own if own and all(years.values()) else columns


def _above(grid: Grid, row: int, column: int) -> str:
    """What stands over a column in the row above, or over the columns left of it where it spans several."""
    above = grid.rows.get(row - 1, {})
    left = max((other for other, cell in above.items() if other <= column and not cell.is_blank), default=None)
    return above[left].text if left is not None else ""


@remembered(4096)
def _parted(text: str) -> tuple[str, str, tuple[int, ...]]:
    match = _BRACKETS.fullmatch(text)
    return (match[1], match[2], years_of(text)) if match else (text, "", years_of(text))


def _name(text: str, hints: Hints) -> _Name:
    base, unit, years = _parted(text)
    if unit and not hints.words.is_unit(unit) and not years_of(unit):
        base, unit = text, ""
    unit = unit if unit and hints.words.is_unit(unit) else ""
    return _Name(text, _YEAR.sub("", base) if years else base, unit, years)


def years_of(text: str) -> tuple[int, ...]:
    """The years that a header or title names."""
    return tuple(int(year) for year in _YEAR.findall(plain(text)))


def cells_of(header: Header, columns: Sequence[int]) -> str:
    """Header cells as a sentence lists them."""
    return "、".join(reference(header.row, column) for column in columns)


def named(headers: Sequence[str]) -> str:
    """Headers as a sentence lists them."""
    shown = [header for header in headers if header][:MOST_NAMED]
    return "、".join(shown) or "–"
