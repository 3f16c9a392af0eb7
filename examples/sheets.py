"""Tables as files: CSV in the encodings, and workbooks in the layout, that people send. The same table gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import xlsxwriter

from examples.profile import FileStyle

Cell = str | int | float | date | datetime | None
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Table:
    """A table with what stands around it."""

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    notes: Sequence[str] = field(default_factory=list)
    sheet: str = "Sheet1"


def table_bytes(table: Table, style: FileStyle, created: date) -> bytes:
    """The file: CSV without title or notes, or a workbook with both. `created` stands in the workbook's properties."""
    if style.format == "csv":
        return _csv(table, style)
    return _xlsx(table, created)


def _csv(table: Table, style: FileStyle) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow([_csv_cell(cell, style.dates) for cell in row])
    return text.getvalue().encode(style.encoding)


def _csv_cell(cell: Cell, dates: str) -> Cell:
    if isinstance(cell, datetime):
        return cell.strftime(f"{dates} %H:%M")
    return cell.strftime(dates) if isinstance(cell, date) else cell


def new_workbook(buffer: io.BytesIO, created: date, author: str = "") -> xlsxwriter.Workbook:
    """A workbook whose bytes depend on what is put into it alone."""
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"author": author, "created": datetime(created.year, created.month, created.day)})  # noqa: DTZ001 - Excel knows no zone
    return book


def _xlsx(table: Table, created: date) -> bytes:
    buffer = io.BytesIO()
    book = new_workbook(buffer, created)
    sheet = book.add_worksheet(table.sheet)
    title = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    head = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1, "align": "center", "text_wrap": True})
    formats = {
        str: book.add_format({"border": 1}),
        int: book.add_format({"border": 1, "num_format": "#,##0"}),
        float: book.add_format({"border": 1, "num_format": "#,##0.00"}),
        date: book.add_format({"border": 1, "num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"border": 1, "num_format": "yyyy-mm-dd hh:mm"}),
        type(None): book.add_format({"border": 1}),
    }
    last = len(table.header) - 1
    top = 0
    if table.title:
        sheet.merge_range(0, 0, 0, last, table.title, title)
        sheet.set_row(0, 28)
        top = 2
    sheet.write_row(top, 0, table.header, head)
    for line, row in enumerate(table.rows, top + 1):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell, formats[type(cell)])
    for offset, note in enumerate(table.notes, top + 1 + len(table.rows)):
        sheet.write_string(offset, 0, note)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, last, 15)
    sheet.freeze_panes(top + 1, 1)
    book.close()
    return buffer.getvalue()
