"""Text files as grids: delimiter and quotes. Commas, semicolons and tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from sources.batch import UnreadableDelivery, rejected
from sources.encodings import decode, misread
from sources.grid import Grid, GridCell
from sources.headers import Hints, find_header

DELIMITERS = (",", ";", "\t", "，")
_LONGEST_FIELD = 16 * 1024 * 1024


def read_delimited(content: bytes, wanted: Mapping[str, Sequence[str]], hints: Hints) -> Grid:
    """The file's only table, its delimiter the one under which the header names most of the `wanted` fields.

    Rows count as the file's lines do: a record takes the number of the line on which it begins.
    """
    text = decode(content)
    best, most, faults = None, -1, list[UnreadableDelivery]()
    for delimiter in DELIMITERS:
        try:
            grid = _grid(text, delimiter)
        except UnreadableDelivery as error:
            faults.append(error)
            continue
        header = find_header(grid, wanted, hints)
        if (header.found if header else 0) > most:
            best, most = grid, header.found if header else 0
    if fault := misread(content, text, wanted, most):
        raise UnreadableDelivery(rejected(fault))
    if best is None or (not most and faults):
        raise faults[0]
    return best


def _grid(text: str, delimiter: str) -> Grid:
    csv.field_size_limit(_LONGEST_FIELD)  # opinion bodies are longer than the module's own limit
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: dict[int, dict[int, GridCell]] = {}
    widths: dict[int, int] = {}
    begins = 1
    try:
        for record in reader:
            cells = {column: GridCell(field, field) for column, field in enumerate(record, start=1) if field}
            if cells:
                rows[begins], widths[begins] = cells, len(record)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableDelivery(rejected("damaged_table", line=begins)) from error
    return Grid(None, rows, cut=_cut(text, widths))


def _cut(text: str, widths: Mapping[int, int]) -> int | None:
    """The last row, where the text breaks off in it: it does not end its line, and has fewer fields than every other row has."""
    last = max(widths, default=0)
    others = [width for row, width in widths.items() if row != last]
    is_cut = not text.endswith(("\n", "\r")) and bool(others) and widths[last] < min(others)
    return last if is_cut else None
