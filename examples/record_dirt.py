"""What goes wrong with rows of records on their way: rows twice, tests of another year, unknown places, a score given again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from examples.places import Place
from examples.profile import Dirt, Moment, Records, Serial
from examples.records import Record, Value
from frameworks.model import Dataset

UNKNOWN_PLACES = ("江北新城", "市本级", "滨江片区")


def with_dirty_rows(
    dataset: Dataset, profile: Records, dirt: Dirt, records: list[Record], stream: Random
) -> tuple[list[Record], list[str]]:
    """The records with some more among them, and how each one's place is written. No record is lost: dirt is added rows."""
    # A reader may know by the file's other rows which place is meant; without a number of its own the row would then contradict another.
    is_numbered = any(isinstance(field, Serial) for field in profile.fields.values())
    ambiguous = sorted({record.place.name for record in records if is_numbered and not record.place.is_name_unique})
    rows: list[Record] = []
    names: list[str] = []
    for record in records:
        rows.append(record)
        names.append(_written(record.place, stream))
        chance = stream.random()
        if chance < (edge := dirt.duplicate_row):
            rows.append(record)
            names.append(names[-1])
        elif chance < (edge := edge + dirt.outside_period):
            if early := _a_year_early(dataset, profile, record):
                rows.append(early)
                names.append(names[-1])
        elif chance < (edge := edge + dirt.unknown_place):
            rows.append(_another(profile, record))
            names.append(stream.choice(UNKNOWN_PLACES))
        elif chance < edge + dirt.ambiguous_place and ambiguous:
            rows.append(_another(profile, record))
            names.append(stream.choice(ambiguous))
    return rows, names


def _written(place: Place, stream: Random) -> str:
    return place.full_name if stream.random() < 0.3 else place.plain_name


def _another(profile: Records, record: Record) -> Record:
    """The same test with a number of its own."""
    fields: dict[str, Value] = {
        code: f"{value}-补" if isinstance(profile.fields[code], Serial) else value for code, value in record.fields.items()
    }
    return replace(record, fields=fields)


def _a_year_early(dataset: Dataset, profile: Records, record: Record) -> Record | None:
    """The same test on a day of the year before, where the dataset has a day that must lie in the period."""
    early = _another(profile, record)
    bound = [code for code, column in dataset.columns.items() if column.within == "period" and isinstance(early.fields.get(code), date)]
    if not bound:
        return None
    for code in bound:
        day = early.fields[code]
        if isinstance(day, date):
            early.fields[code] = day - timedelta(days=364)
    return early


def scored_again(dataset: Dataset, profile: Records, record: Record, stream: Random) -> Record:
    """A score that its author announced once more: some days later, a few points away."""
    fields = dict(record.fields)
    for code, field in profile.fields.items():
        value = fields.get(code)
        if isinstance(field, Moment) and isinstance(value, datetime):
            fields[code] = value + timedelta(days=4)
        elif field.kind == "score" and isinstance(value, (int, float)):
            column = dataset.columns[code]
            highest = column.maximum if column.maximum is not None else value + 5
            fields[code] = min(value + stream.choice((-4, -3, 2, 3)), round(highest))
    return replace(record, fields=fields)
