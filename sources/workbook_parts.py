"""What the XML parts of a workbook say, each read once as it was written: its sheets, shared texts, formats and cells; no meaning yet.

The parts are read by the standard library's parser (expat); what Excel means by a number format or a day's number is openpyxl's knowledge.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring, iterparse

from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from sources.grid import reference
from sources.text import remembered

WORKBOOK = "xl/workbook.xml"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
Plain = str | int | float | bool | datetime | date | time | timedelta | None
Area = tuple[int, int, int, int]

_NAMESPACES = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_NAMES = ("row", "c", "v", "f", "is", "t", "r", "si", "col", "mergeCell", "sheet", "workbookPr", "numFmt", "cellXfs", "xf", "alignment")
# Both ways of writing a workbook, the usual one and the strict one, differ in their namespaces alone.
_KINDS = {f"{{{namespace}}}{name}": name for namespace in _NAMESPACES for name in _NAMES}
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')  # what a number format shows as it stands, or not at all
# Days and hours as Excel's Chinese, Japanese and Korean editions write them, which have no code in the file (ECMA-376, 18.8.30).
_EAST_ASIAN_DAYS = (*range(27, 37), *range(50, 59))


def _parsed(part: bytes) -> Element:
    """The whole part. None with an entity or a reference to another file gets here: sources/container.py refuses them."""
    return fromstring(part)  # noqa: S314


def _elements(part: bytes) -> Iterator[Element]:
    """Each element at its end, so that what was read can be let go of."""
    return (element for _, element in iterparse(io.BytesIO(part)))  # noqa: S314


class DamagedPart(Exception):
    """What is wrong with a part, in a few words."""


@dataclass(frozen=True)
class Format:
    """What a cell's format says of its value, and by how many steps it is indented."""

    is_percent: bool = False
    is_day: bool = False
    is_duration: bool = False
    indent: int = 0


class Written(NamedTuple):
    """A cell as written: its value (of a formula the cached one), the formula, if there is one, and whether the value is an error."""

    value: Plain
    formula: str | None
    format: Format
    is_error: bool = False


@dataclass
class Sheet:
    """One worksheet: cells by row, then column; merged areas (first row and column, last row and column); what is hidden of it."""

    name: str
    is_hidden: bool
    rows: dict[int, dict[int, Written]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """A workbook's parts by their names. Whatever is wrong with them raises DamagedPart, or what the parser raises."""

    parts: Mapping[str, bytes]

    @cached_property
    def epoch(self) -> datetime:
        """The day from which the workbook counts days."""
        properties = next((each for each in self._root.iter() if _KINDS.get(each.tag) == "workbookPr"), None)
        epoch: datetime = MAC_EPOCH if properties is not None and _is_true(properties.get("date1904")) else WINDOWS_EPOCH
        return epoch

    def sheets(self) -> Iterator[Sheet]:
        """Every worksheet, hidden ones too, in the workbook's order; sheets that are charts hold no cells."""
        names = set[str]()
        for listed in (each for each in self._root.iter() if _KINDS.get(each.tag) == "sheet"):
            name = listed.get("name", "")
            kind, target = self._targets.get(next((value for key, value in listed.items() if key.endswith("}id")), ""), ("", ""))
            if target not in self.parts:
                raise DamagedPart("a sheet is missing")
            if name.casefold() in names:
                raise DamagedPart("two sheets of one name")
            names.add(name.casefold())
            if not kind.endswith("/chartsheet"):
                yield _Reading(self, Sheet(name, listed.get("state", "visible") != "visible")).read(self.parts[target])

    @cached_property
    def _root(self) -> Element:
        return _parsed(self.parts[WORKBOOK])

    @cached_property
    def _targets(self) -> dict[str, tuple[str, str]]:
        """The parts that the workbook names, by the id under which it does: their kind and name."""
        folder, name = posixpath.split(WORKBOOK)
        links = self.parts.get(f"{folder}/_rels/{name}.rels")
        named = {}
        for each in _parsed(links) if links else ():
            if each.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))
                named[each.get("Id", "")] = each.get("Type", ""), target.lstrip("/")
        return named

    def _part(self, kind: str) -> bytes | None:
        return next((self.parts[name] for type_, name in self._targets.values() if type_.endswith(f"/{kind}") and name in self.parts), None)

    @cached_property
    def texts(self) -> Sequence[str]:
        """The texts that cells name by their number."""
        part = self._part("sharedStrings")
        texts = []
        for element in _elements(part) if part else ():
            if _KINDS.get(element.tag) == "si":
                texts.append(_text(element))
                element.clear()
        return texts

    @cached_property
    def formats(self) -> Sequence[Format]:
        """The formats that cells name by their number."""
        part = self._part("styles")
        root = _parsed(part) if part else Element("none")
        codes = {each.get("numFmtId"): each.get("formatCode") for each in root.iter() if _KINDS.get(each.tag) == "numFmt"}
        listed = next((each for each in root if _KINDS.get(each.tag) == "cellXfs"), ())
        formats = []
        for each in listed:
            number, aligned = each.get("numFmtId", "0"), next((child for child in each if _KINDS.get(child.tag) == "alignment"), None)
            indent = int(aligned.get("indent", "0")) if aligned is not None else 0
            formats.append(_format(codes.get(number) or "", int(number), indent))
        return formats or [Format()]


@remembered(1024)
def _format(own: str, number: int, indent: int) -> Format:
    code = own or BUILTIN_FORMATS.get(number, "")
    is_day = is_date_format(code) or (not own and number in _EAST_ASIAN_DAYS)
    return Format("%" in _LITERAL.sub("", code), is_day, is_timedelta_format(code), indent)


# --- cells --------------------------------------------------------------------------------------------------------------


class _Reading:
    """Reads one sheet, row by row."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._row = 0
        self._shared: dict[str | None, tuple[str, str]] = {}

    def read(self, part: bytes) -> Sheet:
        for element in _elements(part):
            match _KINDS.get(element.tag):
                case "row":
                    self._read_row(element)
                    element.clear()
                case "mergeCell":
                    self._sheet.merged.append(_area(element.get("ref", "")))
                case "col":
                    if _is_true(element.get("hidden")):
                        self._sheet.hidden_columns.append((int(element.get("min", "0")), int(element.get("max", "0"))))
        return self._sheet

    def _read_row(self, row: Element) -> None:
        stated = row.get("r")
        self._row, column = int(stated) if stated else self._row + 1, 0
        if _is_true(row.get("hidden")):
            self._sheet.hidden_rows.add(self._row)
        for cell in row:
            if _KINDS.get(cell.tag) != "c":
                continue
            at = cell.get("r")
            line, column = _place(at) if at else _within(self._row, column + 1)
            if not len(cell):
                continue  # a format without a value
            written = self._written(cell, line, column)
            if written.value is not None or written.formula is not None:
                cells = self._sheet.rows.setdefault(line, {})
                if column in cells:
                    raise DamagedPart(f"{reference(line, column)} is there twice")  # nobody knows which of the two a person saw
                cells[column] = written

    def _written(self, cell: Element, line: int, column: int) -> Written:
        value = found = None
        kind = cell.get("t", "n")
        for child in cell:
            match _KINDS.get(child.tag):
                case "v":
                    value = child.text or ("" if kind == "str" else None)
                case "f":
                    found = child
                case "is" if kind == "inlineStr":
                    value = _text(child)
        style = self._book.formats[_index(cell.get("s", "0"))]
        formula = None if found is None else self._formula(found, line, column, is_shown=value is None)
        if value is None:
            return Written(None, formula, style)
        plain, is_error = self._value(value, kind, style)
        return Written(plain, formula, style, is_error=is_error)

    def _value(self, value: str, kind: str, style: Format) -> tuple[Plain, bool]:
        match kind:
            case "s":
                return self._book.texts[_index(value)], False
            case "n" if style.is_day:
                try:
                    return from_excel(_number(value), self._book.epoch, timedelta=style.is_duration), False
                except (OverflowError, ValueError):
                    return "#VALUE!", True  # as Excel shows a number that is no day
            case "n":
                return _number(value), False
            case "b":
                return bool(_index(value)), False
            case "d":
                return from_ISO8601(value), False
            case "str":
                return _unescaped(value), False
            case _:
                return value, kind == "e"

    def _formula(self, element: Element, line: int, column: int, *, is_shown: bool) -> str:
        """The formula; one that is shared says itself in its first cell alone, and is brought to its own cell where it `is_shown`."""
        text = "=" + (element.text or "")
        if element.get("t") != "shared":
            return text
        at = reference(line, column)
        first = self._shared.setdefault(element.get("si"), (text, at))
        return str(Translator(*first).translate_formula(at)) if is_shown and first != (text, at) else text


def _place(text: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(text)
    if not match:
        raise DamagedPart(f"{text[:20]} is no cell")
    return _within(int(match[2]), _column(match[1]))


def _within(row: int, column: int) -> tuple[int, int]:
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise DamagedPart(f"{reference(row, column)} is no cell")
    return row, column


@lru_cache(maxsize=LAST_COLUMN)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _area(text: str) -> Area:
    first, _, last = text.partition(":")
    area = (*_place(first), *_place(last or first))
    if area[0] > area[2] or area[1] > area[3]:
        raise DamagedPart(f"{text[:20]} is no area")
    return area


def _number(text: str) -> int | float:
    """The number as written; what has neither point nor exponent is whole, however long."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text):
        raise DamagedPart(f"{text[:20]} is no number")
    return float(text)


def _index(text: str) -> int:
    """A number that counts from 0; no negative one, which would count from the end."""
    if not _WHOLE.fullmatch(text) or int(text) < 0:
        raise DamagedPart(f"{text[:20]} is no index")
    return int(text)


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")


# --- texts --------------------------------------------------------------------------------------------------------------


def _text(element: Element) -> str:
    """A text with its parts of different fonts put together, without how it is pronounced."""
    texts = []
    for child in element:
        match _KINDS.get(child.tag):
            case "t":
                texts.append(child.text or "")
            case "r":
                texts.extend(part.text or "" for part in child if _KINDS.get(part.tag) == "t")
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    """Signs that XML cannot hold stand in a workbook as _x000D_ and the like."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
