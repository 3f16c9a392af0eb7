"""One delivered cell against one field: a typed value, nothing delivered, or the rule that it breaks. Knows no file and no place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from frameworks.model import ValueType
from sources.grid import GridCell
from sources.text import key, plain, squeezed
from sources.words import Words

# As people write it, and as programs do: .5 and 1.5e-06. A spreadsheet's 1.23E+11 has lost digits, and is none.
_NUMBER = re.compile(r"[+-]?(?:[0-9](?:\.[0-9]+)?e[+-][0-9]{1,2}|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)")
# Raised, circled and fractional digits, which NFKC would bring down to the line: 10² is not 102.
_ODD_DIGITS = re.compile(r"[²³¹⁰-₟⅐-↏①-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿¼-¾]")
_EXCEL_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)", re.IGNORECASE)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # days of 1954 to 2119, counted as spreadsheets do
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII
)
_CLOCK = re.compile(
    r"T?(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.(\d{1,6})\d*)?秒?|分)?(?: ?(Z|UTC|[+-]\d{2}:?\d{2}))?", re.IGNORECASE | re.ASCII
)


Bare = Literal["percent", "share", "ask", "noted"]


@dataclass(frozen=True)
class Spec:
    """What one field holds. `categories`: text (`text.key`) → code; `scores`: code → the score that an input takes for it.

    `period`: first and last day that a date may have. `zone`: of moments delivered without one. `written_unit`: the unit, as people write
    it, in which a header or a title says that the numbers are; '' where nothing says so. `bare`: what a number without a per cent sign is
    where percents are asked: `percent`; `share` of 1; where it is above 0 and up to 1, to be asked (`ask`), or `noted` as a percent.
    """

    code: str
    label: str
    type: ValueType
    zone: ZoneInfo
    unit: str | None = None
    categories: Mapping[str, str] = field(default_factory=dict)
    expected: str = ""
    scores: Mapping[str, float] | None = None
    minimum: float | None = None
    maximum: float | None = None
    maximum_input: str | None = None
    period: tuple[date, date] | None = None
    is_personal: bool = False
    written_unit: str = ""
    bare: Bare = "percent"


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value; exactly one is set, `moment` in UTC without a zone. `notes`: how the cell was understood, no part of what it says."""

    number: float | None = None
    day: date | None = None
    moment: datetime | None = None
    code: str | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing was delivered, or a sign that says so."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The rule that the cell breaks, and what its sentence names."""

    rule: str
    details: Mapping[str, object] = field(default_factory=dict)


def read_value(cell: GridCell, spec: Spec, words: Words, missing_codes: frozenset[str] = frozenset()) -> Value | Blank | Bad:
    """The cell's value for that field. `missing_codes`: further texts of the dataset that stand for missing, as `text.key` writes them."""
    if cell.fault:
        return Bad(cell.fault)
    text = key(cell.text)
    if text in spec.categories:
        return _category(spec, spec.categories[text])
    if words.is_missing(cell.text) or text in missing_codes or (missing_codes and _is_code(text, missing_codes)):
        return Blank()
    value = _typed(cell, spec, words)
    return value if isinstance(value, Bad) else _within(value, spec)


def _is_code(text: str, codes: frozenset[str]) -> bool:
    """Whether the text is a number that one of the codes is: -999.0 is what -999 stands for."""
    return bool(_NUMBER.fullmatch(text)) and _number_of(text) in _numbers(codes)


@lru_cache(maxsize=64)
def _numbers(codes: frozenset[str]) -> frozenset[Decimal]:
    return frozenset(_number_of(code) for code in codes if _NUMBER.fullmatch(code))


def _number_of(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _typed(cell: GridCell, spec: Spec, words: Words) -> Value | Bad:
    match spec.type:
        case "number" | "integer":
            return _number(cell, spec, words)
        case "boolean":
            return Bad("not_a_boolean", {"expected": spec.expected})
        case "category":
            return Bad("unknown_category", {"expected": spec.expected})
        case "date":
            day = read_day(cell)
            return Value(day=day, notes=_of_number(cell)) if day else Bad("not_a_date")
        case "moment":
            moment = read_moment(cell, spec.zone)
            return Value(moment=moment, notes=_of_number(cell)) if moment else Bad("not_a_moment")
        case "text":
            return Value(code=plain(cell.text))


def _category(spec: Spec, code: str) -> Value:
    if spec.type == "boolean":
        return Value(number=1.0 if code == "true" else 0.0)
    return Value(code=code) if spec.scores is None else Value(number=spec.scores[code])


# --- numbers ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A number as it stands in a cell: whether as a percentage (`is_percent`, then as a share: 98% is 0.98), and what stands behind it."""

    number: Decimal
    is_percent: bool = False
    unit: str = ""
    notes: tuple[str, ...] = ()


def _number(cell: GridCell, spec: Spec, words: Words) -> Value | Bad:
    found = _found(cell)
    if found is None:
        return Bad("excel_error" if is_excel_error(cell.text) else "not_a_number")
    number, notes = found.number, found.notes
    if found.is_percent and spec.unit == "percent":
        number *= 100
    elif not found.unit and spec.unit == "percent" and 0 < number <= 1:
        if spec.bare == "ask":
            return Bad("percent_or_share", {"percent": exact(float(number * 100))})
        number, notes = (number * 100, (*notes, "share_of_column")) if spec.bare == "share" else (number, notes)
        notes += ("percent_of_column",) if spec.bare == "noted" else ()
    elif found.is_percent and spec.unit != "ratio":
        return Bad("percent_not_expected", {"unit": words.unit_name(spec.unit)})
    if unit := found.unit or ("" if found.is_percent else spec.written_unit):
        factor = words.units.get(spec.unit or "", {}).get(unit)
        if factor is None:
            return Bad("other_unit", {"unit": words.unit_name(spec.unit)}) if words.is_unit(unit) else Bad("not_a_number")
        number *= factor
        notes += ("converted_unit",) if factor != 1 else ("unit_in_value",) if found.unit else ()
    if spec.type == "integer" and number != number.to_integral_value():
        return Bad("not_an_integer")
    value = float(number)
    return Value(number=value, notes=notes) if math.isfinite(value) else Bad("not_a_number")


def _found(cell: GridCell) -> _Found | None:
    """The exact number of the cell. Not `float()`, which takes `nan` and `1_0`."""
    if isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, int | float):
        number = Decimal(repr(cell.value))
        notes = ("percent_of_format",) if cell.is_percent else ()
        return _Found(number, cell.is_percent, notes=notes) if number.is_finite() else None
    text = plain(cell.text)
    match = _NUMBER.match(text)
    if not isinstance(cell.value, str) or _ODD_DIGITS.search(cell.value) or not match:
        return None
    number, behind = _number_of(match[0]), squeezed(text[match.end() :])
    return _Found(number / 100, is_percent=True) if behind == "%" else _Found(number, unit=behind)


def bare_number(cell: GridCell) -> Decimal | None:
    """The number of a cell that says neither that it is a percentage nor of what unit it is; None for every other cell."""
    found = None if cell.fault else _found(cell)
    return found.number if found and not found.is_percent and not found.unit else None


def is_excel_error(text: str) -> bool:
    """Whether the text is one of Excel's errors, as a workbook or what was exported from it writes them."""
    return bool(_EXCEL_ERROR.fullmatch(plain(text)))


def exact(number: float) -> str:
    """A number as people write it: no exponent, no needless zero."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- days and moments ---------------------------------------------------------------------------------------------------


def read_day(cell: GridCell) -> date | None:
    """The day that the cell states, also where it states an hour too."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    counted = _counted(cell)
    if counted is not None:
        return counted.date()
    found = _day_and_rest(cell)
    if found is None:
        return None
    day, rest = found
    return day if not rest or _clock(rest) else None


def read_moment(cell: GridCell, zone: ZoneInfo) -> datetime | None:
    """The moment that the cell states, in UTC without a zone; the day's beginning where it states no hour; `zone` where it states none."""
    if isinstance(cell.value, datetime):
        return _utc(cell.value if cell.value.tzinfo else cell.value.replace(tzinfo=zone))
    if isinstance(cell.value, date):
        return _utc(datetime.combine(cell.value, time(), zone))
    counted = _counted(cell)
    if counted is not None:
        return _utc(counted.replace(tzinfo=zone))
    found = _day_and_rest(cell)
    if found is None:
        return None
    day, rest = found
    clock = _clock(rest) if rest else (time(), None)
    if clock is None:
        return None
    return _utc(datetime.combine(day, clock[0], clock[1] or zone))


def _counted(cell: GridCell) -> datetime | None:
    """The moment of a number of days that lost its date format, in a workbook, whose days are counted from a known one."""
    value = cell.value
    if cell.day_zero is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return None
    return datetime.combine(cell.day_zero, time()) + timedelta(seconds=round(value * 86_400))


def _of_number(cell: GridCell) -> tuple[str, ...]:
    return () if _counted(cell) is None else ("day_number",)


def _day_and_rest(cell: GridCell) -> tuple[date, str] | None:
    if isinstance(cell.value, bool | float | time):
        return None
    text = plain(cell.text)
    match = _DAY.match(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day), text[match.end() :].strip()
    except ValueError:
        return None


def _clock(text: str) -> tuple[time, timezone | None] | None:
    match = _CLOCK.fullmatch(text)
    if not match:
        return None
    hour, minute, second, fraction, zone = match.groups()
    try:
        return time(int(hour), int(minute), int(second or 0), int((fraction or "0").ljust(6, "0"))), _zone(zone)
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text.upper() in ("Z", "UTC"):
        return UTC
    sign = -1 if text.startswith("-") else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return None


# --- limits -------------------------------------------------------------------------------------------------------------


def _within(value: Value, spec: Spec) -> Value | Bad:
    if value.number is not None:
        if spec.minimum is not None and value.number < spec.minimum:
            return Bad("below_minimum", {"minimum": exact(spec.minimum)})
        if spec.maximum is not None and value.number > spec.maximum:
            return Bad("above_maximum", {"maximum": exact(spec.maximum)})
    day = value.day or (_local_day(value.moment, spec.zone) if value.moment else None)
    if day and spec.period and not spec.period[0] <= day <= spec.period[1]:
        return Bad("outside_period", {"start": spec.period[0], "end": spec.period[1]})
    return value


def _local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def shown_value(value: Value) -> str:
    """A typed value as a sentence shows it."""
    if value.number is not None:
        return exact(value.number)
    return str(value.day or value.moment or value.code)
