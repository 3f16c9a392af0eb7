"""Excel workbooks (.xlsx) as grids: what a person saw in each cell, its format, and why a container cannot be read."""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sources.batch import UnreadableDelivery, rejected
from sources.container import xml_parts
from sources.grid import Delivered, Fault, Grid, GridCell
from sources.text import visible
from sources.workbook_parts import Area, Book, DamagedPart, Sheet, Written

_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET_PART = re.compile(rb'PartName="/([^"]+)" ContentType="[^"]*worksheet\+xml"|ContentType="[^"]*worksheet\+xml" PartName="/([^"]+)"')
_MOST_MERGED = 10_000
_IS_ENCRYPTED = 0x1


def is_container(content: bytes) -> bool:
    """Whether the bytes are a workbook, a ZIP archive or an old Office file, whatever the file is named."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE2))


def read_workbook(content: bytes) -> list[Grid]:
    """Every worksheet, hidden ones too, in the workbook's order. Raises UnreadableDelivery where the file is no sound workbook."""
    book = Book(_parts(content))
    try:
        day_zero = book.epoch.date()
        return [_grid(sheet, day_zero) for sheet in book.sheets()]
    except MemoryError:
        raise
    except DamagedPart as error:
        raise UnreadableDelivery(rejected("damaged_workbook", fault=str(error))) from error
    except Exception as error:
        raise UnreadableDelivery(rejected("damaged_workbook", fault=type(error).__name__)) from error


def _parts(content: bytes) -> dict[str, bytes]:
    """The container's XML parts, checked to be whole: openpyxl passes over a sheet whose part is missing without a word."""
    if content.startswith(_OLE2):
        raise UnreadableDelivery(rejected("password_protected" if _ENCRYPTED in content else "old_excel"))
    if content.startswith(b"%PDF"):
        raise UnreadableDelivery(rejected("pdf"))
    if not content.startswith(b"PK"):
        raise UnreadableDelivery(rejected("not_a_workbook"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, struct.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableDelivery(rejected("cut_file")) from error
    with archive:
        if any(info.flag_bits & _IS_ENCRYPTED for info in archive.infolist()):
            raise UnreadableDelivery(rejected("password_protected"))
        try:
            return _checked(archive)
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise UnreadableDelivery(rejected("damaged_workbook", fault=type(error).__name__)) from error


def _checked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise UnreadableDelivery(rejected("zip_without_workbook"))
    parts = xml_parts(archive)
    listed = {(first or second).decode() for first, second in _SHEET_PART.findall(parts["[Content_Types].xml"])}
    if lost := sorted(listed - names):
        raise UnreadableDelivery(rejected("damaged_workbook", fault=f"{lost[0]} is missing"))
    return parts


# --- cells --------------------------------------------------------------------------------------------------------------


def _grid(sheet: Sheet, day_zero: date) -> Grid:
    rows: dict[int, dict[int, GridCell]] = {}
    merged, owners = _merged(sheet.merged)
    wide = [area for area in sheet.merged if _size(area) >= _MOST_MERGED]
    for row in sorted(sheet.rows):
        is_hidden = sheet.is_hidden or row in sheet.hidden_rows
        cells = {}
        for column, cell in sorted(sheet.rows[row].items()):
            if (row, column) in owners or any(_covers(area, row, column) for area in wide):
                continue  # what lies under a merged cell is shown to nobody
            marks = ("hidden",) if is_hidden or any(first <= column <= last for first, last in sheet.hidden_columns) else ()
            cells[column] = _cell(cell, marks, day_zero)
        if cells:
            rows[row] = cells
    return Grid(visible(sheet.name), rows, merged, owners)


def _cell(cell: Written, marks: tuple[str, ...], day_zero: date) -> GridCell:
    is_percent, indent = cell.format.is_percent, cell.format.indent
    if cell.value is None:
        return GridCell(None, cell.formula or "", is_percent, "formula_without_value", marks, day_zero, indent)
    value = str(cell.value) if isinstance(cell.value, timedelta) else cell.value
    fault: Fault | None = "excel_error" if cell.is_error else None
    marks = marks if cell.formula is None else ("cached_formula", *marks)
    return GridCell(value, as_text(value, is_percent=is_percent), is_percent, fault, marks, day_zero, indent)


def as_text(value: Delivered, *, is_percent: bool = False) -> str:
    """The value as a person saw it, near enough to recognise it."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if is_percent:
            return _exact(value, 100) + "%"
        case int() | float():
            return _exact(value, 1)
        case datetime() if value.time() == time():
            return str(value.date())
        case _:
            return str(value)


def _exact(value: float, factor: int) -> str:
    number = Decimal(repr(value)) * factor
    if not number.is_finite():
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _merged(areas: Sequence[Area]) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], tuple[int, int]]]:
    """Both ways in which a grid knows merged cells; areas of more cells than a table can mean are no matter of a value."""
    merged: dict[tuple[int, int], int] = {}
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for area in areas:
        top, left, bottom, right = area
        if bottom - top < _MOST_MERGED:
            merged.update({(row, left): top for row in range(top + 1, bottom + 1)})
        if _size(area) < _MOST_MERGED:
            within = itertools.product(range(top, bottom + 1), range(left, right + 1))
            owners.update({cell: (top, left) for cell in within if cell != (top, left)})
    return merged, owners


def _size(area: Area) -> int:
    top, left, bottom, right = area
    return (bottom - top + 1) * (right - left + 1)


def _covers(area: Area, row: int, column: int) -> bool:
    """Whether the cell lies in the area and is not its first one."""
    top, left, bottom, right = area
    return top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
