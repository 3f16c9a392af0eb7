"""Tables with a row a place or a record: which rows are data, whose they are, and their cells by field. Shared by both layouts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from frameworks.registry import timed
from sources.accounting import pass_over, pass_over_beside
from sources.batch import Batch, Cell, Held, Reject, UnreadableDelivery, rejected
from sources.blocks import CITY, ENTITY, TIME, Block, blocks_of, other_year, specs_of, wanted
from sources.context import Context
from sources.grid import Grid, GridCell, reference
from sources.headers import Header, named
from sources.merging import DataCells
from sources.places import Fault, listed_cities
from sources.text import key
from sources.totals import columns_that_differ
from sources.values import Bad, Blank, Spec, Value, exact, read_value

_TIME = re.compile(r"(\d{1,4})(?:\.0)?年?度?")
HIDDEN = "***"  # in place of a rejected value that names a person


@dataclass(frozen=True)
class Row:
    """One row of data: its place's code (None: rejected, or the dataset has no places) and its delivered cells by field."""

    number: int
    sheet: str | None
    place: str | None
    is_placed: bool
    cells: Mapping[str, tuple[str, GridCell]]
    specs: Mapping[str, Spec]
    rejects: list[Reject] = field(default_factory=list)


def read_rows(grids: Sequence[Grid], context: Context, batch: Batch) -> Iterator[Row]:
    """The rows of data of every sheet that has the header, in order; what is passed over or rejected as a whole goes to `batch`.

    Raises UnreadableDelivery where no sheet has the columns that the dataset needs.
    """
    found = [(grid, block) for grid in grids for block in blocks_of(grid, context, batch)]
    if not any(not _faults(block.header, context, grid.name) for grid, block in found):
        grid, header = max(
            ((grid, block.header) for grid, block in found),
            key=lambda pair: pair[1].found,
            default=(grids[0] if grids else Grid(None, {}), None),
        )
        raise UnreadableDelivery(
            *(
                _faults(header, context, None)
                if header
                else [_columns_missing(_sought(None, context), _shown(_first_row(grid), 0, context), None)]
            )
        )
    of_tables = {id(grid) for grid, _ in found}
    for grid in (grid for grid in grids if grid.rows and id(grid) not in of_tables):
        batch.left_out["sheet"] += 1
        pass_over(batch, grid, grid.rows, "sheet")
    number, begun = 0, set[int]()
    for grid, block in found:
        is_first = id(grid) not in begun
        begun.add(id(grid))
        if not _is_taken(grid, block, context, batch, is_first=is_first):
            continue
        if is_first:
            pass_over(batch, grid, block.title_lines, "title")
        batch.unmapped.extend(block.header.unmapped)
        batch.rejects.extend(_columns_lost(grid, block.header, context))
        pass_over(batch, grid, [block.header.row], "header", block.within)
        for row in _rows(grid, block, context, batch):
            number += 1
            yield Row(number, grid.name, *row)


def _is_taken(grid: Grid, block: Block, context: Context, batch: Batch, *, is_first: bool) -> bool:
    """Whether a table of the sheet can be read; one that cannot is told, unless it is none: hints, or half of a header of two rows."""
    header = block.header
    told: Sequence[Reject] = ()
    if faults := _faults(header, context, grid.name):
        is_table = header.found >= 2 or (bool(header.unmapped) and CITY not in header.columns)
        told = faults if (is_table and is_first) or (not is_first and block.lines) else ()
        if is_first and not told:
            batch.left_out["sheet"] += 1  # a sheet of hints, not a table whose header was changed
    elif of_year := other_year(grid, block, context):
        cell, year = of_year
        told = [rejected("table_of_other_year", grid.name, cell, str(year), year=context.framework.period.to.year)]
    else:
        return True
    batch.rejects.extend(told)
    lines = [*(block.title_lines if is_first else ()), header.row, *block.lines]
    pass_over(batch, grid, lines, "refused" if told else "sheet" if is_first else "header", block.within)
    return False


# --- columns ------------------------------------------------------------------------------------------------------------


def _sought(header: Header | None, context: Context) -> list[str]:
    """The headers (first synonyms) of what the dataset cannot do without and this row does not name."""
    found = set(header.columns) if header else set()
    whose = {ENTITY: context.dataset.entity, TIME: context.dataset.time}
    sought = [headers[0] for code, headers in whose.items() if headers and code not in found]
    needed = [code for code in context.fields.headers if code in context.fields.needed] or list(context.fields.headers)
    if context.fields.needed or not found & set(context.fields.headers):
        sought += [context.fields.headers[code][0] for code in needed if code not in found]
    return sought


def _faults(header: Header, context: Context, sheet: str | None) -> list[Reject]:
    twice = [code for code in header.twice if code in {ENTITY, TIME} or code in context.fields.needed]
    if twice:
        return [_column_twice(code, header, context, sheet) for code in twice]
    sought = _sought(header, context)
    return [_columns_missing(sought, _shown(header.unmapped, header.found, context), sheet)] if sought else []


def _columns_missing(sought: Sequence[str], found: str, sheet: str | None) -> Reject:
    return rejected("columns_missing", sheet, sought=named(sought), found=found)


def _column_twice(code: str, header: Header, context: Context, sheet: str | None) -> Reject:
    label = wanted(context)[code][0]
    cells = [reference(header.row, column) for column in header.twice[code]]
    return rejected("column_twice", sheet, cells[0], label, cells="、".join(cells))


def _columns_lost(grid: Grid, header: Header, context: Context) -> Iterator[Reject]:
    """In a table of places each column is an input of its own: one that is lost is said, the others count."""
    for code in header.twice:
        if code in context.fields.headers:
            yield _column_twice(code, header, context, grid.name)
    if context.dataset.layout != "places":
        return
    for code, headers in context.fields.headers.items():
        if code not in header.columns and code not in header.twice:
            yield rejected("column_missing", grid.name, sought=headers[0], found=named(header.unmapped))


def _first_row(grid: Grid) -> list[str]:
    row = min(grid.rows, default=None)
    return [grid.cell(row, column).text for column in sorted(grid.rows[row])] if row is not None else []


def _shown(texts: Sequence[str], found: int, context: Context) -> str:
    """What a row says for its header. One that names fewer than two columns may be data, and then a person's: it is not quoted."""
    is_personal = any(spec.is_personal for spec in context.fields.specs.values())
    return HIDDEN if found < 2 and is_personal and any(texts) else named(texts)


# --- rows ---------------------------------------------------------------------------------------------------------------

_Found = tuple[str | None, bool, Mapping[str, tuple[str, GridCell]], Mapping[str, Spec], list[Reject]]


def _rows(grid: Grid, block: Block, context: Context, batch: Batch) -> Iterator[_Found]:
    header = block.header
    kinds = _Kinds(grid, header, context)
    lines, totals = list[int](), list[int]()
    for line in block.lines:
        kind = kinds.of(line)
        if kind == "data":
            lines.append(line)
            continue
        if kind == "blank":
            pass_over(batch, grid, [line], "beside", block.within)
            continue
        batch.left_out[kind] += 1
        if kind == "total":
            totals.append(line)
        else:
            pass_over(batch, grid, [line], kind, block.within)
    found = _places(grid, lines, header, context)
    specs = specs_of(grid, block, lines, context)
    columns = {code: column for code, column in header.columns.items() if code in context.fields.headers}
    delivered = DataCells(grid, lines, columns, specs)
    rows = [
        (_group(place, context), {code: delivered.cell(line, code) for code in columns}) for line, place in zip(lines, found, strict=True)
    ]
    if context.dataset.layout == "places":
        of_all = [line for line in totals if key(kinds.name(line)) in context.words.of("total_of_all")]
        batch.rejects.extend(_totals(grid, of_all, columns, specs, rows, context))
    pass_over(batch, grid, totals, "total", block.within)
    for line, place, (_, row) in zip(lines, found, rows, strict=True):
        cells = {code: (reference(line, column), row[code]) for code, column in columns.items()}
        if isinstance(place, Fault) and place.rule == "unknown_place" and all(cell.is_blank for _, cell in cells.values()):
            batch.left_out["note"] += 1  # a line of text under the table: nothing stands beside it
            pass_over(batch, grid, [line], "note", block.within)
            continue
        at, entity = ENTITY, place
        if isinstance(place, str) and TIME in header.columns:
            at, entity = TIME, _at_time(place, grid.cell(line, header.columns[TIME]).text, context)
        rejects = [_reject(grid, line, header.columns[at], entity)] if isinstance(entity, Fault) else []
        named = {header.columns[code] for code in (ENTITY, CITY, TIME) if code in header.columns}
        refused = {header.columns[at]} if rejects else set()
        twice = [column for columns_twice in header.twice.values() for column in columns_twice]
        kinds_of = (("place", named - refused), ("field", {*columns.values(), *refused}), ("refused", twice))
        pass_over_beside(batch, grid, line, kinds_of, block.within)
        yield entity if isinstance(entity, str) else None, not isinstance(entity, Fault), cells, specs, rejects


def _group(place: str | Fault | None, context: Context) -> str:
    return "" if not isinstance(place, str) else "city" if context.places.is_city(place) else "county"


def _totals(
    grid: Grid,
    lines: Sequence[int],
    columns: Mapping[str, int],
    specs: Mapping[str, Spec],
    rows: Sequence[tuple[str, Mapping[str, GridCell]]],
    context: Context,
) -> Iterator[Reject]:
    """The totals that are not the sums of what they are said to be."""
    totals = [{code: grid.cell(line, column) for code, column in columns.items()} for line in lines]
    for line, total, told in zip(lines, totals, columns_that_differ(columns, specs, rows, totals, context.words), strict=True):
        for code, summed in told:
            yield rejected("total_differs", grid.name, reference(line, columns[code]), total[code].text, sum=summed)


class _Kinds:
    """Tells the rows of data of one table from blank ones, totals and notes."""

    def __init__(self, grid: Grid, header: Header, context: Context) -> None:
        self._grid = grid
        self._words = context.words
        self._entity = header.columns.get(ENTITY)
        self._columns = {code: column for code, column in header.columns.items() if code != CITY}

    def name(self, line: int) -> str:
        """Under which name a row stands: its place's, else what stands first in it."""
        place = self._grid.spread(line, self._entity).text if self._entity else ""
        first = next((cell.text for _, cell in sorted(self._grid.rows[line].items()) if not cell.is_blank), "")
        return place if place.strip() else first

    def of(self, line: int) -> str:
        """What a row is: blank, total, note or data."""
        own = {code: self._grid.cell(line, column).text for code, column in self._columns.items()}
        filled = {code: text for code, text in own.items() if text.strip()}
        place = self._grid.spread(line, self._entity).text if self._entity else ""
        if not filled and not place.strip():
            return "blank"
        name = self.name(line)
        if self._entity and self._words.is_total(name):
            return "total"
        is_alone = bool(self._entity) or len(filled) <= 1
        return "note" if is_alone and self._words.is_note(name) else "data"


def _places(grid: Grid, lines: Sequence[int], header: Header, context: Context) -> list[str | Fault | None]:
    """Each row's place; an ambiguous name takes the city in the column beside it, or the one under which the table lists it."""
    if ENTITY not in header.columns:
        return [None] * len(lines)
    cells = [grid.spread(line, header.columns[ENTITY]) for line in lines]
    texts = [cell.text for cell in cells]
    cities = _cities(grid, lines, header, context)
    named = [
        context.places.beside(text, city, is_stated=is_stated) if key(text) else Fault("place_missing")
        for text, (city, is_stated) in zip(texts, cities, strict=True)
    ]
    if context.dataset.layout != "places":
        return list(named)  # tests of one place may stand below those of any other
    parents = _indented_under([cell.indent + len(cell.text) - len(cell.text.lstrip()) for cell in cells], named, context)
    listed = listed_cities(named, context.places)
    known = {place for place in named if isinstance(place, str)}
    return [
        place if isinstance(place, str) or city else _of_city(text, place, parent, above, known, context)
        for text, place, (city, _), parent, above in zip(texts, named, cities, parents, listed, strict=True)
    ]


def _indented_under(depths: Sequence[int], named: Sequence[str | Fault], context: Context) -> list[str | None]:
    """The city under which each row is indented: the last less deep one above it, and so on from there, that is a city."""
    above = list[tuple[int, str | None]]()
    cities = list[str | None]()
    for depth, place in zip(depths, named, strict=True):
        while above and above[-1][0] >= depth:
            above.pop()
        cities.append(next((city for _, city in reversed(above) if city), None))
        above.append((depth, place if isinstance(place, str) and context.places.is_city(place) else None))
    return cities


def _of_city(text: str, place: Fault, parent: str | None, listed: str | None, known: set[str], context: Context) -> str | Fault:
    """The place of an ambiguous name: that of the city under which it is indented, else of the one under which the table lists it.

    Neither where that one stands in the table by its full name.
    """
    if place.rule != "ambiguous_place":
        return place
    indented = context.places.find(text, parent) if parent else place
    if isinstance(indented, str) and indented not in known:
        return indented
    found = context.places.find(text, listed) if listed else place
    return place if isinstance(found, str) and found in known else found


def _cities(grid: Grid, lines: Sequence[int], header: Header, context: Context) -> list[tuple[str | None, bool]]:
    """The city in the column beside the place, and whether it stands there: a blank one is that of the row above, as in merged cells."""
    if CITY not in header.columns:
        return [(None, False)] * len(lines)
    cities: list[tuple[str | None, bool]] = []
    for line in lines:
        text = grid.spread(line, header.columns[CITY]).text
        cities.append((context.places.city(text), True) if key(text) else (cities[-1][0] if cities else None, False))
    return cities


def _at_time(place: str, text: str, context: Context) -> str | Fault:
    """The entity that the place is at the time written, as in 2019 or 2019年; a fault where that is no time of the panel."""
    panel, written = context.framework.entities.panel, _TIME.fullmatch(key(text))
    if not key(text):
        return Fault("time_missing")
    if written is None or panel is None or int(written[1]) not in panel.times:
        return Fault("unknown_time", {"first": panel.from_ if panel else "–", "last": panel.to if panel else "–"})
    return timed(place, int(written[1]))


def _reject(grid: Grid, line: int, column: int, fault: Fault) -> Reject:
    return rejected(fault.rule, grid.name, reference(line, column), grid.spread(line, column).text, **fault.details)


# --- cells --------------------------------------------------------------------------------------------------------------


@dataclass
class Read:
    """The cells of one row or form as read: what each field gave, and what was rejected."""

    values: dict[str, tuple[str, GridCell, Value | Blank]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers among the values."""
        return {code: value.number for code, (_, _, value) in self.values.items() if isinstance(value, Value) and value.number is not None}


def read_cells(cells: Mapping[str, tuple[str, GridCell]], specs: Mapping[str, Spec], sheet: str | None, context: Context) -> Read:
    """Each field's cell as a typed value or a reject; every cell is one of the two, once."""
    read = Read()
    for code, (at, cell) in cells.items():
        outcome = read_value(cell, specs[code], context.words, context.missing_codes)
        if isinstance(outcome, Bad):
            shown = HIDDEN if specs[code].is_personal else cell.text
            read.rejects.append(rejected(outcome.rule, sheet, at, shown, **outcome.details).about(code))
        else:
            read.values[code] = (at, cell, outcome)
    return read


def parts_above_wholes(numbers: Mapping[str, float], specs: Mapping[str, Spec]) -> dict[str, Mapping[str, object]]:
    """The inputs that exceed the input that is their maximum, both delivered together, with what the sentence names."""
    above: dict[str, Mapping[str, object]] = {}
    for code, number in numbers.items():
        whole = specs[code].maximum_input
        if whole is not None and whole in numbers and number > numbers[whole]:
            above[code] = {"other": specs[whole].label, "other_value": exact(numbers[whole])}
    return above


def as_cells(read: Read, number: int, place: str | None, sheet: str | None, held: Held | None = None) -> Iterator[Cell]:
    """The values of one record as rows of the lake."""
    for code, (at, cell, value) in read.values.items():
        if isinstance(value, Blank):
            yield Cell(number, place, code, cell.text, sheet, at, state="missing", held=held)
        else:
            note = " ".join([*cell.marks, *value.notes]) or None
            yield Cell(number, place, code, cell.text, sheet, at, value.number, value.day, value.moment, value.code, held=held, note=note)
