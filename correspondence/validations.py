"""Excel's own checks of what is typed into a cell: ranges, whole numbers, days, drop-downs, and what they say."""

from __future__ import annotations

from datetime import date
from typing import Any

from correspondence.book import Choice, Said

_LARGEST = 1e15  # the whole numbers that a spreadsheet keeps exactly
_EARLIEST, _LATEST = date(1900, 3, 1), date(9999, 12, 31)  # before that Excel counts a day that never was
_TITLE, _MESSAGE = 32, 255


def choose(choice: Choice) -> dict[str, Any]:
    """A drop-down."""
    return {"validate": "list", "source": choice.source, **_says(Said("请从下拉框选择", "choose from the list"))}


def number(
    what: Said, *, is_whole: bool, minimum: float | None, maximum: float | None = None, whole_at: str | None = None
) -> dict[str, Any]:
    """A number within limits; `whole_at`: the cell of the figure of which this is a part, no limit while that is no number."""
    most: float | str = _plain(_LARGEST if maximum is None else maximum)
    if whole_at is not None:
        most = f"=IF(ISNUMBER({whole_at}),{whole_at},{_LARGEST:.0f})"
    least = _plain(-_LARGEST if minimum is None else minimum)
    return {"validate": "integer" if is_whole else "decimal", "criteria": "between", "minimum": least, "maximum": most, **_says(what)}


def _plain(limit: float) -> float:
    """Without a point where it has nothing behind it."""
    return int(limit) if float(limit).is_integer() else limit


def day(within: tuple[date, date] | None) -> dict[str, Any]:
    """A day, of the period where it must be."""
    first, last = within or (_EARLIEST, _LATEST)
    span = (f"{first}至{last}之间", f", {first} to {last}") if within else ("", "")
    what = Said(f"请填{span[0]}日期，如{(within or (date(2020, 3, 1),))[0]}", f"a day{span[1]}")
    return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, **_says(what)}


def _says(what: Said) -> dict[str, Any]:
    text = f"{what.zh}\n{what.en}"[:_MESSAGE]
    return {
        "input_title": "填写要求 What to enter"[:_TITLE],
        "input_message": text,
        "error_title": "请改正 Please correct"[:_TITLE],
        "error_message": text,
        "ignore_blank": True,
    }
