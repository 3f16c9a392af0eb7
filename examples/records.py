"""Rows of records, made by the rows of `records`: tests, bodies on the court's list, experts' scores. No file is known here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from examples.draws import by_share, logistic, poisson
from examples.places import Country, Place
from examples.profile import (
    Author,
    CaseNumber,
    Chance,
    Choice,
    Cycle,
    Day,
    Each,
    FieldProfile,
    HowMany,
    Later,
    Mark,
    Moment,
    Named,
    OfAuthor,
    Records,
    Serial,
    WholeNumber,
)
from examples.quantities import NotDescribed
from frameworks import Framework
from frameworks.model import Dataset

SEEN_AFTER_THE_PERIOD = 10  # days: what happened later is not in the files, which are handed in soon after
Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Record:
    """One row: the place that it is about, who made it, its fields by code."""

    place: Place
    author: int
    fields: dict[str, Value]


@dataclass
class _Row:
    """A row while it is made."""

    place: Place
    author: Author | None
    each: str | None
    number: int
    serial: int
    stream: Random
    fields: dict[str, Value]


class RecordMaker:
    """Makes the records of one dataset for all places of an edition."""

    def __init__(self, framework: Framework, country: Country, dataset: Dataset, profile: Records) -> None:
        self.framework = framework
        self.country = country
        self.dataset = dataset
        self.profile = profile
        self.period = framework.file.period
        calendar = framework.calendar
        self.is_workday = dict(zip(calendar.days, calendar.is_workday, strict=True)) if calendar else {}
        self.serial = 0
        for code in dataset.columns:
            if code not in profile.fields:
                raise NotDescribed(
                    f"examples/profiles.yaml records.{dataset.dataset}.fields: there is no row for the column {code}; add one."
                )

    def make(self, authors: list[Author]) -> list[Record]:
        """Records of all places. Testers share the places out by city; experts each look at all of them."""
        records: list[Record] = []
        cities = sorted({place.city or place.code for place in self.country.places})
        present: Sequence[Author | None] = authors or (None,)
        for position, author in enumerate(present):
            for place in self.country.places:
                if self.profile.authors == "testers" and cities.index(place.city or place.code) % len(authors) != position:
                    continue
                records += [Record(place, position, fields) for fields in self._rows(place, author)]
        return records

    def _rows(self, place: Place, author: Author | None) -> Iterator[dict[str, Value]]:
        name = author.name if author and self.profile.authors == "experts" else ""
        stream = self.country.draws.stream("records", self.country.edition, self.dataset.dataset, place.code, name)
        rows = self.profile.rows
        for each in self._each(rows):
            for number in range(self._how_many(rows, place, stream)):
                self.serial += 1
                row = _Row(place, author, each, number, self.serial, stream, {})
                for code, field in self.profile.fields.items():
                    if code in self.dataset.columns:
                        row.fields[code] = self._value(row, code, field)
                yield row.fields

    def _each(self, rows: HowMany) -> list[str | None]:
        if rows.for_each == "verified":
            return [*sorted({spec.verify.tests for spec in self.framework.file.inputs.values() if spec.verify})]
        return [*rows.for_each] if rows.for_each else [None]

    def _how_many(self, rows: HowMany, place: Place, stream: Random) -> int:
        if rows.each is not None:
            return rows.few_each if rows.few and stream.random() < rows.few else rows.each
        return poisson(stream, rows.mean * math.exp(rows.quality * place.quality))

    def _value(self, row: _Row, code: str, field: FieldProfile) -> Value:
        match field:
            case Serial():
                return f"{field.prefix}-{self.period.to.year}-{row.serial:05d}"
            case Each():
                return row.each
            case Cycle():
                return field.values[row.number % len(field.values)]
            case Named():
                return f"{row.place.full_name}{row.stream.choice(field.names[str(row.fields[field.by])])}"
            case CaseNumber():
                return f"（{self.period.to.year}）苏{row.place.code[2:]}执{row.serial:04d}号"
            case OfAuthor():
                return getattr(row.author, field.of) if row.author else None
            case Day() | Moment() | Later():
                return self._time(row, code, field)
            case Chance() | Choice() | WholeNumber() | Mark():
                return self._judged(row, code, field)

    def _time(self, row: _Row, code: str, field: Day | Moment | Later) -> Value:
        match field:
            case Day():
                return self._day(row.stream, field.from_, field.to, working=field.working)
            case Moment():
                day = self._day(row.stream, field.from_, field.to, working=True)
                return datetime.combine(day, time(9 + row.stream.randrange(8), row.stream.randrange(60)))
            case Later():
                return self._later(row, code, field)

    def _judged(self, row: _Row, code: str, field: Chance | Choice | WholeNumber | Mark) -> Value:
        z = self.country.particular(row.place, "records", self.dataset.dataset, code)
        q = row.place.quality
        match field:
            case Chance():
                return row.stream.random() < logistic(field.rate, field.quality * q + field.spread * z)
            case Choice():
                return _choice(field, row.stream, field.quality * q + field.spread * z)
            case WholeNumber():
                return row.stream.randint(field.from_, field.to) if row.stream.random() < field.rate else None
            case Mark():
                leaning = self.country.draws.normal("leaning", row.author.name) if row.author else 0
                mean = field.mean + field.quality * q + field.place_sd * z + field.author_sd * leaning
                return self._mark(code, row.stream.gauss(mean, field.sd), field.decimals)

    def _mark(self, code: str, value: float, decimals: int) -> Value:
        column = self.dataset.columns[code]
        value = min(
            max(value, column.minimum if column.minimum is not None else value), column.maximum if column.maximum is not None else value
        )
        return round(value, decimals) if decimals else round(value)

    def _day(self, stream: Random, start: float, end: float, *, working: bool) -> date:
        days = (self.period.to - self.period.from_).days
        day = self.period.from_ + timedelta(days=round(days * stream.uniform(start, end)))
        return self._working(day) if working else day

    def _working(self, day: date) -> date:
        """The day, or the last working day before it."""
        while not self.is_workday.get(day, True):
            day -= timedelta(days=1)
        return day

    def _later(self, row: _Row, code: str, field: Later) -> date | None:
        start = row.fields[field.after]
        chance, z = row.stream.random(), row.stream.gauss(0, 1)
        if not isinstance(start, date) or chance < field.absent or (field.only_if and not row.fields[field.only_if]):
            return None
        median = field.median if isinstance(field.median, (int, float)) else field.median[str(row.fields[field.by or ""])]
        own = self.country.particular(row.place, "records", self.dataset.dataset, code)
        days = round(median * math.exp(field.spread * z + field.place_spread * own + field.quality * row.place.quality))
        day = start + timedelta(days=days) if field.count == "days" else self._workdays_after(start, days)
        return day if day <= self.period.to + timedelta(days=SEEN_AFTER_THE_PERIOD) else None

    def _workdays_after(self, day: date, days: int) -> date:
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_workday.get(day, True)
        return day


def _choice(field: Choice, stream: Random, shift: float) -> str:
    first, *others = field.shares
    if not field.quality and not field.spread:
        return by_share(field.shares, stream.random())
    if stream.random() < logistic(field.shares[first], shift):
        return first
    return by_share({code: field.shares[code] for code in others}, stream.random())
