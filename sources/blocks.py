"""Which parts of a sheet are tables: where each begins and ends, in which unit and of which year its title says that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sources.accounting import pass_over
from sources.batch import Batch
from sources.context import Context
from sources.grid import Grid, reference
from sources.headers import Header, find_header, read_header
from sources.text import key, plain, squeezed
from sources.values import Bare, Spec, bare_number

ENTITY = "@entity"  # no field's code may hold this sign
CITY = "@city"
TIME = "@time"
_MOST_BESIDE = 64  # a row that repeats one header more often is no row of tables side by side
_UNIT = re.compile(r"单位:\s*([^()\[\]]+)")
_UNITS_APART = re.compile(r"[、,;/\s]+")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?!\d{1,2}月)")


@dataclass(frozen=True)
class Block:
    """One table of a sheet: its header, the rows below it up to the next one, and the unit that the title above says for all of it."""

    header: Header
    lines: Sequence[int]
    title_lines: Sequence[int]
    unit: str = ""
    within: range | None = None


def wanted(context: Context) -> dict[str, Sequence[str]]:
    """The headers sought, by field: the place's and the time's first, a city's beside it last."""
    place = {ENTITY: context.dataset.entity} if context.dataset.entity else {}
    place |= {TIME: context.dataset.time} if context.dataset.time else {}
    city = {CITY: context.words.of("city_header")} if context.dataset.entity else {}
    return {**place, **context.fields.headers, **city}


def blocks_of(grid: Grid, context: Context, batch: Batch) -> list[Block]:
    """The tables of a sheet, in order: one below the other wherever a header stands again, one beside the other where the place's does."""
    first = find_header(grid, wanted(context), context.hints)
    if first is None:
        return []
    return [block for within in _beside(grid, first, context) for block in _below(grid, first.row, within, context, batch)]


def _beside(grid: Grid, first: Header, context: Context) -> list[range | None]:
    """The columns of each table, where the place's header stands several times in the row and each time with something behind it."""
    starts = first.twice.get(ENTITY, ())
    starts = starts if len(starts) <= _MOST_BESIDE else ()
    parts = [range(start, end) for start, end in zip(starts, [*starts[1:], 1 << 14], strict=True)] if starts else []
    whole = [read_header(grid, first.row, wanted(context), context.hints, part) for part in parts]
    return list(parts) if whole and all(header.found >= 2 and not header.twice for header in whole) else [None]


def _below(grid: Grid, row: int, within: range | None, context: Context, batch: Batch) -> Iterator[Block]:
    header = read_header(grid, row, wanted(context), context.hints, within)
    synonyms = {key(text) for texts in wanted(context).values() for text in texts}
    above = [line for line in sorted(grid.rows) if line < row]
    unit, lines = _unit(grid, above, within, context), list[int]()
    for line in (line for line in sorted(grid.rows) if line > row):
        again = _again(grid, line, header, synonyms, within, context)
        if again is None:
            lines.append(line)
            continue
        batch.left_out["header"] += 1
        if again.columns == header.columns and again.units == header.units:
            pass_over(batch, grid, [line], "header", within)
        else:
            yield Block(header, lines, above, unit, within)
            unit, above, header, lines = _unit(grid, lines, within, context) or unit, lines, again, []
    yield Block(header, lines, above, unit, within)


def _again(grid: Grid, line: int, header: Header, synonyms: set[str], within: range | None, context: Context) -> Header | None:
    """The header that this row is again, of the same table or another; None where it is no header."""
    texts = [key(cell.text) for column, cell in grid.rows[line].items() if not cell.is_blank and (within is None or column in within)]
    entity = header.columns.get(ENTITY)
    place = key(grid.spread(line, entity).text) if entity else ""
    is_place = bool(place) and place in {key(text) for text in context.dataset.entity}
    if not is_place and sum(text in synonyms for text in texts) * 2 <= min(len(header.columns), len(texts)):
        return None
    if not is_place and sum(text in synonyms for text in texts) < min(2, len(header.columns)):
        return None
    return read_header(grid, line, wanted(context), context.hints, within)


# --- what the title says ------------------------------------------------------------------------------------------------


def _titles(grid: Grid, lines: Sequence[int], within: range | None = None) -> Iterator[tuple[int, int, str]]:
    for line in lines:
        for column, cell in sorted(grid.rows[line].items()):
            if isinstance(cell.value, str) and (within is None or column in within or column < within.start):
                yield line, column, plain(cell.text)


def _unit(grid: Grid, lines: Sequence[int], within: range | None, context: Context) -> str:
    """The unit that a line above the header gives for all of the table; '' where none does, or several."""
    stated = [_UNITS_APART.split(match[1].strip()) for _, _, text in _titles(grid, lines, within) for match in _UNIT.finditer(text)]
    units = [squeezed(part) for parts in stated for part in parts if context.words.is_unit(part)]
    return units[0] if len(set(units)) == 1 else ""


def other_year(grid: Grid, block: Block, context: Context) -> tuple[str, int] | None:
    """The cell and the year of a title that names other years alone; the figures below it are another edition's.

    Not asked where the framework itself says of which time an input is, nor of panels, whose rows say it.
    """
    inputs = [context.framework.inputs[code] for code in block.header.columns if code in context.framework.inputs]
    if not context.years or context.dataset.layout != "places" or any(entry.as_of or entry.vintage for entry in inputs):
        return None
    found = [
        (reference(line, column), int(year)) for line, column, text in _titles(grid, block.title_lines) for year in _YEAR.findall(text)
    ]
    return found[0] if found and not any(year in context.years for _, year in found) else None


# --- specs of the block's columns ---------------------------------------------------------------------------------------


def specs_of(grid: Grid, block: Block, lines: Sequence[int], context: Context) -> Mapping[str, Spec]:
    """The specs of the fields as this table writes them: in which unit, and what a number without a per cent sign is in it."""
    specs = dict(context.fields.specs)
    for code, column in block.header.columns.items():
        spec = specs.get(code)
        if spec is None or spec.type not in ("number", "integer"):
            continue
        unit = block.header.units.get(code, "")
        title = block.unit if block.unit in context.words.units.get(spec.unit or "", {}) else ""
        spec = replace(spec, written_unit=unit or title)
        if spec.unit == "percent" and not spec.written_unit and context.dataset.layout == "places":
            spec = replace(spec, bare=_bare(grid, lines, column, spec))
        specs[code] = spec
    return specs


def _bare(grid: Grid, lines: Sequence[int], column: int, spec: Spec) -> Bare:
    """What a column's numbers without a sign are: percents where one of them is above 1, shares where none is and one is a fraction."""
    bare = [number for line in lines if (number := bare_number(grid.cell(line, column))) is not None]
    if any(number > 1 for number in bare):
        return "noted"
    return "share" if any(0 < number < 1 for number in bare) else "ask" if any(bare) else spec.bare
