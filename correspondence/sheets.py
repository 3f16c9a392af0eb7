"""A page as a workbook: the facts on its first sheet, then a sheet a table. Same page, same bytes; no text is a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter

from correspondence.book import height, sheet_name
from correspondence.page import Cell, Page, Table
from correspondence.signs import shown

_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top", "text_wrap": True}
_GRID = {**_FONT, "border": 1, "border_color": "#C9C9C9"}
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "title": {**_FONT, "bold": True, "font_size": 15, "font_color": "#1F3864", "text_wrap": False},
    "line": {**_FONT, "font_color": "#595959", "text_wrap": False},
    "verdict": {**_FONT, "font_size": 12, "bold": True, "text_wrap": False},
    "head": {**_GRID, "bold": True, "bg_color": "#DDEBF7"},
    "upright": {**_GRID, "bold": True, "bg_color": "#DDEBF7", "rotation": 90, "valign": "bottom", "font_size": 9},
    "plain": _GRID,
    "good": {**_GRID, "bg_color": "#E2F0D9", "font_color": "#2B5016"},
    "open": {**_GRID, "bg_color": "#FFF2CC", "font_color": "#6B5200"},
    "bad": {**_GRID, "bg_color": "#F8CBAD", "font_color": "#8C0000"},
    "quiet": {**_GRID, "font_color": "#8A8A8A"},
}
_FIRST = "概要"
_WIDTHS = (30, 90)
_HEIGHTS = (26, 16, 20, 16)


def workbook(page: Page, created: date) -> bytes:
    """The page as .xlsx. `created` stands in its properties, so that no clock does."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": f"{page.title.zh} {page.subtitle.zh}"[:255], "created": datetime(created.year, created.month, created.day)}  # noqa: DTZ001 - Excel knows no zone
    )
    formats = {name: book.add_format(dict(of)) for name, of in _FORMATS.items()}
    names = _sheet_names(page)
    _summary(book.add_worksheet(_FIRST), page, names, formats)
    for table, name in zip(page.tables, names, strict=True):
        _table(book.add_worksheet(name), table, formats)
    book.close()
    return buffer.getvalue()


def _sheet_names(page: Page) -> list[str]:
    names: list[str] = []
    for number, table in enumerate(page.tables, start=1):
        name = sheet_name(table.heading.zh)[:28]
        names.append(name if name not in (*names, _FIRST) else f"{name} {number}")
    return names


def _summary(sheet: Any, page: Page, names: list[str], formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, _WIDTHS[0])
    sheet.set_column(1, 1, _WIDTHS[1])
    for number, points in enumerate(_HEIGHTS):
        sheet.set_row(number, points)
    sheet.write_string(0, 0, f"{page.title.zh} {page.title.en}", formats["title"])
    sheet.write_string(1, 0, f"{page.subtitle.zh} {page.subtitle.en}", formats["line"])
    sheet.write_string(2, 0, page.verdict.text, formats["verdict"])
    sheet.write_string(3, 0, page.verdict.small, formats["line"])
    row = 5
    for said, value in page.facts:
        _fact(sheet, row, str(said), _text(value), formats[value.tone or "plain"], formats)
        row += 1
    row += 1
    for table, name in zip(page.tables, names, strict=True):
        _fact(sheet, row, name, f"{len(table.rows)} · {table.note or table.heading}", formats["plain"], formats)
        row += 1
    _printed(sheet)


def _fact(sheet: Any, row: int, name: str, value: str, style: Any, formats: Mapping[str, Any]) -> None:
    sheet.set_row(row, height((name, _WIDTHS[0]), (value, _WIDTHS[1])))
    sheet.write_string(row, 0, name, formats["head"])
    sheet.write_string(row, 1, value, style)


def _table(sheet: Any, table: Table, formats: Mapping[str, Any]) -> None:
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(
            0,
            number,
            f"{column.above}：{column.head.zh}" if column.is_narrow else str(column.head),
            formats["upright" if column.is_narrow else "head"],
        )
    is_matrix = any(column.is_narrow for column in table.columns)
    sheet.set_row(0, 120 if is_matrix else height(*((str(column.head), column.width) for column in table.columns)))
    widths = [column.width for column in table.columns]
    for line, row in enumerate(table.rows, start=1):
        texts = [_text(cell) for cell in row]
        # Excel makes rows as high as their texts when it opens a file; other programs do not, and would hide the end of each.
        sheet.set_row(line, height(*zip(texts, widths, strict=True)))
        for number, (cell, text) in enumerate(zip(row, texts, strict=True)):
            sheet.write_string(line, number, text, formats[cell.tone or "plain"])
    if not table.rows:
        sheet.write_string(1, 0, str(table.empty), formats["quiet"])
    elif len(table.columns) > 1:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    _printed(sheet)


def _printed(sheet: Any) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _text(cell: Cell) -> str:
    """Excel takes 32,767 signs in a cell."""
    return shown(f"{cell.text}\n{cell.small}" if cell.small else cell.text)[:32767]
