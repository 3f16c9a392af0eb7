"""One delivered cell against one field: a typed value, nothing delivered, or the rule that it breaks. Knows no file and no place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from frameworks.model import ValueType
from sources.grid import GridCell
from sources.text import key, plain
from sources.words import Words

# As people write it, and as programs do: .5 and 1.5e-06. A spreadsheet's 1.23E+11 has lost digits, and is none.
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+|[0-9](?:\.[0-9]+)?e[+-][0-9]{1,2})")
# Raised, circled and fractional digits, which NFKC would bring down to the line: 10² is not 102.
_ODD_DIGITS = re.compile(r"[²³¹⁰-₟⅐-↏①-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿¼-¾]")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII
)
_CLOCK = re.compile(
    r"T?(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.(\d{1,6})\d*)?秒?|分)?(?: ?(Z|UTC|[+-]\d{2}:?\d{2}))?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Spec:
    """What one field holds. `categories`: text (`text.key`) → code; `scores`: code → the score that an input takes for it.

    `period`: first and last day that a date may have. `zone`: of moments delivered without one.
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


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value; exactly one is set, `moment` in UTC without a zone."""

    number: float | None = None
    day: date | None = None
    moment: datetime | None = None
    code: str | None = None


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
    value = _typed(cell, spec)
    return value if isinstance(value, Bad) else _within(value, spec)


def _is_code(text: str, codes: frozenset[str]) -> bool:
    """Whether the text is a number that one of the codes is: -999.0 is what -999 stands for."""
    return bool(_NUMBER.fullmatch(text)) and _number_of(text) in _numbers(codes)


@lru_cache(maxsize=64)
def _numbers(codes: frozenset[str]) -> frozenset[Decimal]:
    return frozenset(_number_of(code) for code in codes if _NUMBER.fullmatch(code))


def _number_of(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _typed(cell: GridCell, spec: Spec) -> Value | Bad:
    match spec.type:
        case "number" | "integer":
            return _number(cell, spec)
        case "boolean":
            return Bad("not_a_boolean", {"expected": spec.expected})
        case "category":
            return Bad("unknown_category", {"expected": spec.expected})
        case "date":
            day = read_day(cell)
            return Value(day=day) if day else Bad("not_a_date")
        case "moment":
            moment = read_moment(cell, spec.zone)
            return Value(moment=moment) if moment else Bad("not_a_moment")
        case "text":
            return Value(code=plain(cell.text))


def _category(spec: Spec, code: str) -> Value:
    if spec.type == "boolean":
        return Value(number=1.0 if code == "true" else 0.0)
    return Value(code=code) if spec.scores is None else Value(number=spec.scores[code])


# --- numbers ------------------------------------------------------------------------------------------------------------


def _number(cell: GridCell, spec: Spec) -> Value | Bad:
    found = _decimal(cell)
    if found is None:
        return Bad("not_a_number")
    number, is_percent = found
    if is_percent and spec.unit == "percent":
        number *= 100
    elif is_percent and spec.unit != "ratio":
        return Bad("percent_not_expected", {"unit": spec.unit or "–"})
    if spec.type == "integer" and number != number.to_integral_value():
        return Bad("not_an_integer")
    return Value(number=float(number))


def _decimal(cell: GridCell) -> tuple[Decimal, bool] | None:
    """The exact number and whether it was a percentage, then as a share: 98% is 0.98. Not `float()`, which takes `nan` and `1_0`."""
    if isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, int | float):
        number = Decimal(repr(cell.value))
        return (number, cell.is_percent) if number.is_finite() else None
    text = plain(cell.text)
    is_percent = text.endswith("%")
    text = text.removesuffix("%").rstrip()
    if not isinstance(cell.value, str) or _ODD_DIGITS.search(cell.value) or not _NUMBER.fullmatch(text):
        return None
    number = _number_of(text)
    return (number / 100 if is_percent else number), is_percent


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
    found = _day_and_rest(cell)
    if found is None:
        return None
    day, rest = found
    clock = _clock(rest) if rest else (time(), None)
    if clock is None:
        return None
    return _utc(datetime.combine(day, clock[0], clock[1] or zone))


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
