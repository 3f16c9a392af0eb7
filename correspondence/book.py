"""Workbooks as we send them: the same content gives the same bytes, texts are never formulas, drop-downs however long their lists are."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

LISTS = "选项"  # the hidden sheet of lists that are too long for a drop-down of their own
_LONGEST_LIST = 255  # what Excel takes as a list inside of a validation
_LONGEST_NAME = 31
_LOWEST = 20.0  # of one line
_FIRST_CHINESE = "\u2e80"
_NAME_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
_GRID = {**_FONT, "border": 1, "border_color": "#BFBFBF", "text_wrap": True}
_FILL_IN = {**_GRID, "bg_color": "#FFF9DB", "locked": False}
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "plain": _FONT,
    "zh": {**_FONT, "text_wrap": True},
    "en": {**_FONT, "font_size": 8, "font_color": "#7F7F7F", "text_wrap": True},
    "en_line": {**_FONT, "font_size": 8, "font_color": "#7F7F7F"},
    "heading": {**_FONT, "bold": True, "text_wrap": True},
    "title": {**_FONT, "bold": True, "font_size": 15, "font_color": "#1F3864"},
    "label": {**_GRID, "bold": True, "bg_color": "#EAF1FB"},
    "text": _GRID,
    "caption": {**_FONT, "font_size": 8, "font_color": "#7F7F7F", "text_wrap": True, "valign": "bottom"},
    "head": {**_GRID, "bold": True, "bg_color": "#DDEBF7", "align": "center"},
    "head_fill": {**_GRID, "bold": True, "bg_color": "#FFE699", "align": "center"},
    "link": {**_GRID, "font_color": "#1F4E9E", "underline": 1},
    "state": {**_GRID, "bold": True},
    "fill": {**_FILL_IN, "align": "right"},
    "fill_whole": {**_FILL_IN, "align": "right", "num_format": "#,##0"},
    "fill_text": {**_FILL_IN, "num_format": "@"},
    "fill_choice": {**_FILL_IN, "align": "center"},
    "fill_day": {**_FILL_IN, "align": "center", "num_format": "yyyy-mm-dd"},
    "fill_moment": {**_FILL_IN, "align": "center", "num_format": "yyyy-mm-dd hh:mm"},
    "good": {"bg_color": "#E2F0D9", "font_color": "#375623"},
    "open": {"bg_color": "#FFF2CC", "font_color": "#7F6000"},
    "bad": {"bg_color": "#F8CBAD", "font_color": "#9C0006"},
}
# Without a password: it keeps hands off by mistake, and whoever must can lift it.
_MAY = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}
_MAY_IN_TABLES = {**_MAY, "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True, "format_cells": True}


@dataclass(frozen=True)
class Said:
    """A text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}".strip()


@dataclass(frozen=True)
class Choice:
    """What a drop-down offers: `source` as a validation names it, and a formula's test of whether a cell holds one of the items."""

    source: list[str] | str
    items: tuple[str, ...]

    def holds(self, cell: str) -> str:
        """The test of a cell, as a formula without its equals sign."""
        if isinstance(self.source, str):
            return f"COUNTIF({self.source.removeprefix('=')},{cell})>0"
        return f"OR({','.join(f'{cell}={quoted(item)}' for item in self.items)})"


class Book:
    """A workbook in the making. `created` stands in its properties, so that no clock does."""

    def __init__(self, title: str, created: date) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._book.set_properties({"title": title, "created": datetime(created.year, created.month, created.day)})  # noqa: DTZ001 - Excel knows no zone
        self._formats: dict[str, Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self._list_sheet: Any = None

    def format(self, name: str) -> Any:
        """One of the formats that all our workbooks share."""
        if name not in self._formats:
            self._formats[name] = self._book.add_format(dict(_FORMATS[name]))
        return self._formats[name]

    def sheet(self, name: str, widths: Sequence[float], *, is_table: bool = False) -> Any:
        """A new sheet, landscape on A4, one page wide; all but its unlocked cells protected, rows of a table may come and go."""
        sheet = self._book.add_worksheet(sheet_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.format("plain"))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.protect("", _MAY_IN_TABLES if is_table else _MAY)
        return sheet

    def say(self, sheet: Any, row: int, column: int, text: Said, cell: str = "text") -> None:
        """Write Chinese with the English small below it."""
        if not text.en or text.en == text.zh:
            sheet.write_string(row, column, text.zh, self.format(cell))
        else:
            sheet.write_rich_string(row, column, self.format("zh"), text.zh, self.format("en"), "\n" + text.en, self.format(cell))

    def choice(self, items: Sequence[str]) -> Choice:
        """A drop-down of these items, in a hidden sheet where Excel would not take them otherwise."""
        listed = tuple(items)
        if len(",".join(listed)) <= _LONGEST_LIST and not any("," in item for item in listed):
            return Choice(list(listed), listed)
        if listed not in self._lists:
            self._lists[listed] = self._listed(listed)
        return Choice(self._lists[listed], listed)

    def _listed(self, items: tuple[str, ...]) -> str:
        if self._list_sheet is None:
            self._list_sheet = self._book.add_worksheet(LISTS)
            self._list_sheet.hide()
            self._list_sheet.protect("")
        column = 2 * len(self._lists)  # a blank column between lists, and no header: so no reader takes them for a table
        for row, item in enumerate(items):
            self._list_sheet.write_string(row, column, item)
        letter = xl_col_to_name(column, col_abs=True)
        return f"='{LISTS}'!{letter}$1:{letter}${len(items)}"

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._buffer.getvalue()


def sheet_name(text: str) -> str:
    """A text as a sheet may be called: without the signs that Excel refuses, 31 at most."""
    return " ".join(text.translate(_NAME_SIGNS).split())[:_LONGEST_NAME].strip() or "-"


def quoted(text: str) -> str:
    """A text inside a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def height(*texts: tuple[str, float]) -> float:
    """The height of a row in points: each text's lines, Chinese and the smaller English below it, in a column of that width."""
    return max((_LOWEST, *(_high(text, width) for text, width in texts if 2 * len(text) >= width or "\n" in text)))


@lru_cache(maxsize=65_536)
def _high(text: str, width: float) -> float:
    return 5.0 + sum(_points(line, width) for line in text.split("\n"))


def _points(line: str, width: float) -> float:
    """The points that a line takes once it is broken: Chinese signs are two wide, small letters three quarters of one."""
    is_chinese = any(sign >= _FIRST_CHINESE for sign in line)
    wide = sum(2.0 if sign >= _FIRST_CHINESE else 1.0 for sign in line) if is_chinese else 0.75 * len(line)
    return (15.0 if is_chinese else 11.5) * max(1, math.ceil(wide / (width - 1)))
