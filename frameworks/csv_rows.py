"""CSV files that a framework names: rows under checked headers, every mistake with the file's own line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from frameworks.days import day_of
from frameworks.mistakes import Mistake


class Rows:
    """A CSV file's rows under checked headers; notes mistakes with the file's own line."""

    def __init__(
        self, content: bytes, file: str, needed: Iterable[str], optional: Iterable[str], takes: re.Pattern[str] | None = None
    ) -> None:
        """`takes`: what other headers may be called; the columns under them are kept as they are."""
        self.file = file
        self.headers: list[str] = []
        self.mistakes: list[Mistake] = []
        self.rows: list[tuple[int, dict[str, str]]] = []
        try:
            reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
            headers = [header.strip() for header in reader.fieldnames or []]
            reader.fieldnames = headers
            for header in needed:
                if header not in headers:
                    self.note(1, f"the column {header} is missing; add it.")
            for header in headers:
                is_known = header in {*needed, *optional} or (takes is not None and takes.match(header))
                near = get_close_matches(header, optional, n=1, cutoff=0.88) if takes and header not in {*needed, *optional} else []
                if near:
                    self.note(1, f"the column {header} is not known; did you mean {near[0]}?")
                elif not is_known or headers.count(header) > 1:
                    self.note(
                        1,
                        f"the column {header or '(nameless)'} is not known or stands twice; known are {', '.join((*needed, *optional))}"
                        + (", and attributes in small letters, digits and _." if takes else "."),
                    )
            self.headers = headers
            if not self.mistakes:
                self.rows = [(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}) for row in reader]
        except UnicodeDecodeError:
            self.note(0, "the file is not UTF-8 text; save it as UTF-8.")
        except csv.Error as error:
            self.note(0, f"the CSV cannot be read ({error}); save it again with commas and double quotes.")

    def note(self, line: int, message: str) -> None:
        """Note a mistake in a line."""
        self.mistakes.append(Mistake(self.file, line, "", message))

    def text(self, line: int, row: dict[str, str], column: str) -> str:
        """The text in a column, which may not be blank."""
        if not row.get(column):
            self.note(line, f"{column} is blank; fill it in.")
        return row.get(column, "")

    def number(self, line: int, row: dict[str, str], column: str) -> float | None:
        """The number in a column, which may not be blank."""
        text = row.get(column) or ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.note(line, f"{column} “{text[:40]}” is no number; write one.")
            return None
        return value

    def day(self, line: int, row: dict[str, str], column: str) -> date | None:
        """The day in a column; None where it is blank."""
        text = row.get(column) or ""
        day = day_of(text)
        if text and day is None:
            self.note(line, f"{column} “{text[:40]}” is no date; write it as 2020-12-31.")
        return day
