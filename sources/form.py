"""The self-assessment form: a workbook a place, a cover that says whose and for which year, sheets with a row an input."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from sources.accounting import pass_over, pass_over_beside
from sources.batch import Batch, Reject, UnreadableDelivery, rejected
from sources.context import Context
from sources.grid import NOTHING, Grid, GridCell, reference
from sources.headers import Header, find_header, named
from sources.merging import DataCells
from sources.places import Fault
from sources.specs import inputs_of
from sources.tables import as_cells, parts_above_wholes, read_cells
from sources.text import key, plain, remembered
from sources.totals import Sums
from sources.values import Spec
from sources.words import Words

CODE = "code"
VALUE = "value"
_NUMBER = Spec(VALUE, VALUE, "number", ZoneInfo("UTC"))  # no two inputs share a cell, whatever their types
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


@dataclass(frozen=True)
class _Answer:
    """One row of the form that gives something: the input's code as written, and where its value stands."""

    sheet: str | None
    code_at: str
    code: str
    at: str
    cell: GridCell


def read(grids: Sequence[Grid], context: Context, name: str) -> Batch:
    """Read one place's form.

    One row is one input, in its own unit; the whole form is one record. Cells and rejects together hold every value cell beside a code
    and every value cell with something in it, once. Raises UnreadableDelivery where the cover names no place, another one than the file's
    `name` or another sheet, or another year, or where no sheet has the columns of codes and values.
    """
    place = _cover(grids, context, name)
    try:
        batch = _inputs(grids, context, place)
    except UnreadableDelivery as error:
        raise UnreadableDelivery(*(reject.of(place) for reject in error.rejects)) from error
    batch.rejects = [reject.of(place) for reject in batch.rejects]
    return batch


def _inputs(grids: Sequence[Grid], context: Context, place: str) -> Batch:
    """What the sheets give of that place; UnreadableDelivery where none of them is a sheet of the form."""
    batch = Batch()
    specs = inputs_of(context.framework, context.source, context.words)
    answers = list(_answers(grids, context, specs, batch))
    known = _known(answers, specs, context.words, batch)
    once = _once(known, batch)
    for sheet in dict.fromkeys(answer.sheet for answer in once.values()):
        cells = {code: (answer.at, answer.cell) for code, answer in once.items() if answer.sheet == sheet}
        read = read_cells(cells, specs, sheet, context)
        batch.rejects.extend(read.rejects)
        batch.cells.extend(as_cells(read, 1, place, sheet))
    _take_out_excesses(batch, once, specs)
    return batch


# --- the cover ----------------------------------------------------------------------------------------------------------


def _cover(grids: Sequence[Grid], context: Context, name: str) -> str:
    """The place that the cover names; UnreadableDelivery with every fault of the cover at once."""
    place = _place(grids, context)
    faults = list(_year_faults(grids, context))
    if isinstance(place, Reject):
        raise UnreadableDelivery(place, *faults)
    if faults:
        raise UnreadableDelivery(*(fault.of(place) for fault in faults))
    if others := [*_other_places(grids, place, context), *_other_name(name, place, context)]:
        raise UnreadableDelivery(*others)
    return place


def _other_places(grids: Sequence[Grid], place: str, context: Context) -> Iterator[Reject]:
    """What stands beside the label of the place on further sheets, where it is another place."""
    for grid in grids:
        sheet, at, cell = _labelled([grid], context.dataset.place, context)
        found = context.places.find(cell.text) if key(cell.text) else place
        if isinstance(found, str) and found not in (place, context.places.city_of(place)):
            yield rejected("places_differ", sheet, at, cell.text, place=context.places.full_name(place))


def _other_name(name: str, place: str, context: Context) -> Iterator[Reject]:
    """The places after which the file is named, where none of them is that of the cover."""
    named = context.places.named_in(PurePosixPath(name).stem)
    if named and place not in named:
        yield rejected(
            "other_place_in_name", value="、".join(map(context.places.full_name, sorted(named))), place=context.places.full_name(place)
        )


def _place(grids: Sequence[Grid], context: Context) -> str | Reject:
    sheet, at, cell = _labelled(grids, context.dataset.place, context)
    if not key(cell.text):
        return rejected("cover_place_missing", sheet, at, labels=named(context.dataset.place))
    city = _labelled(grids, context.words.of("city_header"), context)[2].text
    found = context.places.beside(cell.text, context.places.city(city) if key(city) else None)
    return rejected(found.rule, sheet, at, cell.text, **found.details) if isinstance(found, Fault) else found


def _year_faults(grids: Sequence[Grid], context: Context) -> Iterator[Reject]:
    if not context.dataset.year:
        return
    sheet, at, cell = _labelled(grids, context.dataset.year, context)
    stated, period = _year(cell), context.framework.period
    if stated is None:
        yield rejected("year_missing", sheet, at, labels=named(context.dataset.year), year=period.to.year)
    elif not period.from_.year <= stated <= period.to.year:
        yield rejected("other_year", sheet, at, str(stated), year=period.to.year)


_Stated = tuple[str | None, str | None, GridCell]


def _labelled(grids: Sequence[Grid], labels: Sequence[str], context: Context) -> _Stated:
    """What stands beside one of the labels, with its sheet and place; blank, at the first label, where nothing stands beside any."""
    wanted = {key(label) for label in labels}
    others = {key(label) for label in (*context.dataset.place, *context.dataset.year, *context.words.of("city_header"))}
    blank: _Stated | None = None
    for grid in grids:
        for row, column, cell in grid.filled():
            if _label(cell.text) in wanted:
                at, found = _beside(grid, row, column, others)
                if not found.is_blank:
                    return grid.name, at, found
                blank = blank or (grid.name, at, found)
    return blank or (None, None, NOTHING)


@remembered(4096)
def _label(text: str) -> str:
    """What a cell says up to its colon: of each of a form's cells this is asked for each label."""
    return key(plain(text).partition(":")[0])


def _beside(grid: Grid, row: int, column: int, labels: set[str]) -> tuple[str, GridCell]:
    """The cell that a label speaks of: itself after a colon, the next one to the right, or the one below; never another label."""
    rest = plain(grid.cell(row, column).text).partition(":")[2].strip()
    if rest:
        return reference(row, column), GridCell(rest, rest)
    right = next((other for other in sorted(grid.rows[row]) if other > column and not grid.cell(row, other).is_blank), column + 1)
    for at in ((row, right), (row + 1, column)):
        cell = grid.cell(*at)
        if not cell.is_blank and _label(cell.text) not in labels:
            return reference(*at), cell
    return reference(row, column + 1), NOTHING


def _year(cell: GridCell) -> int | None:
    if isinstance(cell.value, date):
        return cell.value.year
    match = _YEAR.search(plain(cell.text))
    return int(match[1]) if match else None


# --- the sheets ---------------------------------------------------------------------------------------------------------


def _answers(grids: Sequence[Grid], context: Context, specs: Mapping[str, Spec], batch: Batch) -> Iterator[_Answer]:
    """Every row of every sheet of the form that has a code or a value; a sheet of which only traces are left is a reject."""
    found = [(grid, find_header(grid, context.fields.headers, context.hints)) for grid in grids]
    sought = {code: context.fields.headers[code][0] for code in (CODE, VALUE)}
    if not any(header and _is_form(header) for _, header in found):
        shown = max((header for _, header in found if header and header.found >= 2), key=lambda header: header.found, default=None)
        raise UnreadableDelivery(
            rejected("columns_missing", sought=named(list(sought.values())), found=named(shown.unmapped if shown else []))
        )
    covers = {_labelled(grids, labels, context)[0] for labels in (context.dataset.place, context.dataset.year)}
    for grid, header in found:
        if header and _is_form(header):
            batch.unmapped.extend(header.unmapped)
            pass_over(batch, grid, [row for row in grid.rows if row < header.row], "title")
            pass_over(batch, grid, [header.row], "header")
            yield from _rows(grid, header, context, batch)
        elif (header and (header.found >= 2 or CODE in header.columns)) or _holds_codes(grid, specs):
            columns, unmapped = (header.columns, header.unmapped) if header else ((), ())
            batch.unmapped.extend(unmapped)
            lost = [label for code, label in sought.items() if code not in columns]
            batch.rejects.append(rejected("columns_missing", grid.name, sought=named(lost), found=named(unmapped)))
            pass_over(batch, grid, grid.rows, "refused")
        else:
            kind = "cover" if grid.name in covers else "sheet"
            pass_over(batch, grid, grid.rows, kind)
            if grid.rows and kind == "sheet":
                batch.left_out["sheet"] += 1


def _holds_codes(grid: Grid, specs: Mapping[str, Spec]) -> bool:
    """Whether a cell of the sheet is an input's code and nothing else: a sheet of the form that lost its header."""
    return any(key(cell.text) in specs for _, _, cell in grid.filled())


def _is_form(header: Header) -> bool:
    return CODE in header.columns and VALUE in header.columns


def _rows(grid: Grid, header: Header, context: Context, batch: Batch) -> Iterator[_Answer]:
    headers = {key(text) for text in context.fields.headers[CODE]}
    lines = [row for row in sorted(grid.rows) if row > header.row]
    codes = {row: grid.cell(row, header.columns[CODE]) for row in lines}
    coded = [row for row, code in codes.items() if not (code.is_blank or context.words.is_total(code.text))]
    values = DataCells(grid, coded, {VALUE: header.columns[VALUE]}, {VALUE: _NUMBER})
    for row in lines:
        code, cell = grid.cell(row, header.columns[CODE]), values.cell(row, VALUE)
        is_header = key(code.text) in headers
        if not is_header and not (code.is_blank and cell.is_blank):
            at = reference(row, header.columns[VALUE])
            yield _Answer(grid.name, reference(row, header.columns[CODE]), key(code.text), at, cell)
            pass_over_beside(batch, grid, row, (("code", [header.columns[CODE]]), ("field", [header.columns[VALUE]])))
        else:
            pass_over(batch, grid, [row], "header" if is_header else "beside")


# --- inputs -------------------------------------------------------------------------------------------------------------


def _known(answers: Sequence[_Answer], specs: Mapping[str, Spec], words: Words, batch: Batch) -> list[_Answer]:
    """The answers to inputs of this source; a value beside no code, or beside another one, is a reject."""
    known, above = list[_Answer](), _Above(specs, words)
    for answer in answers:
        if answer.code in specs:
            known.append(answer)
            above.add(answer)
        elif words.is_total(answer.code):
            batch.left_out["total"] += 1
            sum_of = above.differ(answer)
            if sum_of is not None:
                batch.rejects.append(rejected("total_differs", answer.sheet, answer.at, answer.cell.text, sum=sum_of))
            elif not answer.cell.is_blank:
                batch.ignored["total"] += 1
        elif answer.cell.is_blank:
            batch.left_out["note"] += 1
        elif answer.code:
            batch.rejects.append(rejected("unknown_input", answer.sheet, answer.at, answer.code))
        else:
            batch.rejects.append(rejected("code_missing", answer.sheet, answer.at, answer.cell.text))
    return known


class _Above:
    """What stands above a total on its sheet, added up where all of it is of one unit."""

    def __init__(self, specs: Mapping[str, Spec], words: Words) -> None:
        self._specs = specs
        self._words = words
        self._sums: dict[str | None, Sums] = {}
        self._units: dict[str | None, set[str | None]] = {}

    def add(self, answer: _Answer) -> None:
        spec = self._specs[answer.code]
        if spec.type in ("number", "integer"):
            self._units.setdefault(answer.sheet, set()).add(spec.unit)
            self._sums.setdefault(answer.sheet, Sums(spec, self._words)).add("", answer.cell)

    def differ(self, total: _Answer) -> str | None:
        """The sum of what is above, where the total is another one; None where it is that, or nobody can tell."""
        is_of_all = total.code in self._words.of("total_of_all")
        return self._sums[total.sheet].differ(total.cell) if is_of_all and len(self._units.get(total.sheet, ())) == 1 else None


def _once(answers: Sequence[_Answer], batch: Batch) -> dict[str, _Answer]:
    """Each input's answer. Given again it is a reject; given otherwise nobody knows which holds, and all are rejected."""
    of_code: dict[str, list[_Answer]] = {}
    for answer in answers:
        of_code.setdefault(answer.code, []).append(answer)
    once = {}
    for code, given in of_code.items():
        filled = [answer for answer in given if not answer.cell.is_blank]
        if len(filled) <= 1:
            once[code] = (filled or given)[0]
            continue
        cells = named([f"{answer.sheet} {answer.at}" for answer in filled])
        if len({key(answer.cell.text) for answer in filled}) == 1:
            once[code] = filled.pop(0)
        batch.rejects.extend(
            rejected("given_twice", answer.sheet, answer.at, answer.cell.text, code=code, cells=cells).about(code) for answer in filled
        )
    return once


def _take_out_excesses(batch: Batch, once: Mapping[str, _Answer], specs: Mapping[str, Spec]) -> None:
    """Reject each input that exceeds the one that is its maximum, wherever in the form the two stand."""
    numbers = {cell.field: cell.number for cell in batch.cells if cell.number is not None}
    above = parts_above_wholes(numbers, specs)
    for code, details in above.items():
        answer = once[code]
        batch.rejects.append(rejected("above_input", answer.sheet, answer.at, answer.cell.text, **details).about(code))
    batch.cells = [cell for cell in batch.cells if cell.field not in above]
