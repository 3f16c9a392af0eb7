"""Text files as grids: encoding, delimiter, quotes. CSV, semicolons and tabs; JSON Lines take only the decoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from sources.batch import UnreadableDelivery, rejected
from sources.grid import Grid, GridCell
from sources.headers import Hints, find_header

DELIMITERS = (",", ";", "\t")
_LONGEST_FIELD = 16 * 1024 * 1024


def decode(content: bytes) -> str:
    """The text in UTF-8 (with or without a mark) or GB18030, strictly. Raises UnreadableDelivery where it is neither."""
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise UnreadableDelivery(rejected("not_text"))


def read_delimited(content: bytes, wanted: Mapping[str, Sequence[str]], hints: Hints) -> Grid:
    """The file's only table, its delimiter the one under which the header names most of the `wanted` fields.

    Rows count as the file's lines do: a record takes the number of the line on which it begins.
    """
    text = decode(content)
    best, most, faults = None, -1, []
    for delimiter in DELIMITERS:
        try:
            grid = _grid(text, delimiter)
        except UnreadableDelivery as error:
            faults.append(error)
            continue
        header = find_header(grid, wanted, hints)
        if (header.found if header else 0) > most:
            best, most = grid, header.found if header else 0
    if best is None or (not most and faults):
        raise faults[0]
    return best


def _grid(text: str, delimiter: str) -> Grid:
    csv.field_size_limit(_LONGEST_FIELD)  # opinion bodies are longer than the module's own limit
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: dict[int, dict[int, GridCell]] = {}
    begins = 1
    try:
        for record in reader:
            cells = {column: GridCell(field, field) for column, field in enumerate(record, start=1) if field}
            if cells:
                rows[begins] = cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableDelivery(rejected("damaged_table", line=begins)) from error
    return Grid(None, rows)
