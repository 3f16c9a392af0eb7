"""Excel workbooks (.xlsx) as grids: what a person saw in each cell, its format, and why a container cannot be read."""

from __future__ import annotations

import io
import itertools
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl

from sources.batch import UnreadableDelivery, rejected
from sources.container import xml_parts
from sources.grid import Delivered, Fault, Grid, GridCell
from sources.text import visible

_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET_PART = re.compile(rb'PartName="/([^"]+)" ContentType="[^"]*worksheet\+xml"|ContentType="[^"]*worksheet\+xml" PartName="/([^"]+)"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet[ >/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_MOST_MERGED = 10_000
_IS_ENCRYPTED = 0x1
_LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')  # what a number format shows as it stands, or not at all


def is_container(content: bytes) -> bool:
    """Whether the bytes are a workbook, a ZIP archive or an old Office file, whatever the file is named."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE2))


def read_workbook(content: bytes) -> list[Grid]:
    """Every worksheet, hidden ones too, in the workbook's order. Raises UnreadableDelivery where the file is no sound workbook."""
    parts = _parts(content)
    has_formulas = any(_FORMULA.search(part) for name, part in parts.items() if name.startswith("xl/worksheets/"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-downs and drawings that it does not keep
            # Cached results first; the formulas, which openpyxl gives only by reading again, only where there are any.
            values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(content)) if has_formulas else None
        _refuse_lost(values, parts["xl/workbook.xml"])
        day_zero = values.epoch.date()
        return [_grid(sheet, formulas[sheet.title] if formulas else None, day_zero) for sheet in values.worksheets]
    except (MemoryError, UnreadableDelivery):
        raise
    except Exception as error:
        raise UnreadableDelivery(rejected("damaged_workbook", fault=type(error).__name__)) from error


def _refuse_lost(workbook: Any, part: bytes) -> None:
    """Refuse a workbook that names a sheet which leads nowhere: openpyxl passes over it without a word."""
    if len(workbook.sheetnames) < len(_SHEET.findall(part)):
        raise UnreadableDelivery(rejected("damaged_workbook", fault="a sheet is missing"))


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


def _grid(sheet: Any, formulas: Any, day_zero: date) -> Grid:
    # The sheet's own cells: its rows and columns by number would also make every cell up to the furthest one, 17 billion at most.
    rows: dict[int, dict[int, GridCell]] = {}
    own: Mapping[tuple[int, int], Any] = sheet._cells  # noqa: SLF001
    written: Mapping[tuple[int, int], Any] = formulas._cells if formulas else {}  # noqa: SLF001
    hidden = _Hidden.of(sheet)
    for row, column in sorted(own):
        cell = own[row, column]
        if cell.value is None and (row, column) not in written:
            continue
        marks = ("hidden",) if hidden.holds(row, column) else ()
        rows.setdefault(row, {})[column] = _cell(cell, written.get((row, column)), marks, day_zero)
    return Grid(visible(sheet.title), rows, *_merged(sheet))


@dataclass(frozen=True)
class _Hidden:
    """What of a sheet a person who opens it does not see."""

    is_sheet: bool
    rows: frozenset[int]
    columns: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, sheet: Any) -> _Hidden:
        rows = frozenset(row for row, dimension in sheet.row_dimensions.items() if dimension.hidden)
        hidden = (dimension for dimension in sheet.column_dimensions.values() if dimension.hidden)
        columns = [(dimension.min or 0, dimension.max or 0) for dimension in hidden]
        return cls(sheet.sheet_state != "visible", rows, columns)

    def holds(self, row: int, column: int) -> bool:
        return self.is_sheet or row in self.rows or any(first <= column <= last for first, last in self.columns)


def _cell(cell: Any, formula: Any, marks: tuple[str, ...], day_zero: date) -> GridCell:
    value, is_percent = _plain_value(cell.value), "%" in _LITERAL.sub("", str(cell.number_format))
    is_formula = formula is not None and formula.data_type == "f"
    if value is None and is_formula:
        text = str(getattr(formula.value, "text", formula.value))
        return GridCell(None, text, is_percent, "formula_without_value", marks, day_zero)
    fault: Fault | None = "excel_error" if cell.data_type == "e" else None
    marks = ("cached_formula", *marks) if is_formula else marks
    return GridCell(value, as_text(value, is_percent=is_percent), is_percent, fault, marks, day_zero)


def _plain_value(value: Any) -> Delivered:
    if isinstance(value, timedelta):
        return str(value)
    return value if value is None or isinstance(value, str | int | float | bool | datetime | date | time) else str(value)


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


def _merged(sheet: Any) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], tuple[int, int]]]:
    """Both ways in which a grid knows merged cells; areas of more cells than a table can mean are no matter of a value."""
    merged: dict[tuple[int, int], int] = {}
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        first = (area.min_row, area.min_col)
        if area.max_row - area.min_row < _MOST_MERGED:
            merged.update({(row, area.min_col): area.min_row for row in range(area.min_row + 1, area.max_row + 1)})
        if area.size["rows"] * area.size["columns"] + len(owners) < _MOST_MERGED * 10:
            within = itertools.product(range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1))
            owners.update({cell: first for cell in within if cell != first})
    return merged, owners
