"""From the lake's cells and items to records that can be judged, and back: which cells and items count, and the rejects of conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from frameworks.layouts import CORRECTION
from frameworks.model import Dataset
from frameworks.published_names import published_name
from sources.batch import Reject, rejected
from sources.contested import CONTESTING, Standings, contests_other, decided_values
from sources.counting import Because, Content, Record, Verdicts, content_of, differing, judge, typed
from sources.places import Places
from sources.sidecar import is_day
from sources.tables import HIDDEN
from sources.text import key, squeezed
from sources.versions import VERSIONS, changes

Row = Mapping[str, Any]
_OfRecord = Mapping[tuple[str, int], Sequence[Row]]
_TOLD = ("recused", "names_nothing")  # why a record is left out, where nothing else has told it


@dataclass(frozen=True)
class Told:
    """A reject that comes of comparing deliveries: of which delivery and dataset it is."""

    load_id: str
    dataset: str
    reject: Reject


@dataclass(frozen=True)
class Marked:
    """A table of the lake with `is_counted` and, for cells, `not_counted_because`; the rejects that marking gave; what versions changed."""

    frame: pl.DataFrame
    told: list[Told]
    versions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VERSIONS))


@dataclass(frozen=True)
class Known:
    """What records are held against.

    The edition's places, the deliveries withdrawn, the counted opinion items as (place, id), the values that a record may contest, and the
    last day on which a new version counts, with the moment (UTC) from which on it is late.
    """

    places: Places
    gone: frozenset[str] = frozenset()
    items: frozenset[tuple[str, str]] = frozenset()
    standings: Standings = field(default_factory=Standings)
    deadline: date | None = None
    late_from: datetime | None = None


# --- cells --------------------------------------------------------------------------------------------------------------


def mark_cells(cells: pl.DataFrame, dataset: Dataset, known: Known) -> Marked:
    """The cells of all deliveries of one dataset (columns of the lake, load_id, file, sent_at), each marked as counted or not."""
    records: list[Record] = []
    of_record: dict[tuple[str, int], Sequence[Row]] = {}
    rows = cells.sort("load_id", "record_no", maintain_order=True).rows(named=True)
    for (load_id, number), group in groupby(rows, key=lambda row: (row["load_id"], row["record_no"])):
        of_record[load_id, number] = own = list(group)
        records.append(_record(own, dataset, known))
    told = list[Told]()
    if dataset.kind in CONTESTING:
        records, told = _contesting(records, of_record, dataset, known)
    verdicts = judge(records)
    told += [_conflict(record, other, of_record, dataset) for record, other in verdicts.conflicts]
    told += [_late(record, other, of_record, dataset, known) for record, other in verdicts.late]
    told += [_left_out(of_record[record.name], dataset, known, record.excluded) for record in records if record.excluded in _TOLD]
    return Marked(_with(cells, verdicts), told, changes(records, of_record, dataset, verdicts))


def _contesting(records: Sequence[Record], of_record: _OfRecord, dataset: Dataset, known: Known) -> tuple[list[Record], list[Told]]:
    """The records, those that contest another value than the one that stands left out; and what is told of these."""
    may_count = [of_record[record.name] for record in records if not record.excluded]
    decided = decided_values(may_count) if dataset.kind == CORRECTION else {}
    held, told = list[Record](), list[Told]()
    for record in records:
        by_field = {row["field"]: row for row in of_record[record.name]}
        reject = None if record.excluded else contests_other(by_field, dataset, known.standings, decided)
        told += [Told(record.load_id, dataset.dataset, reject)] if reject else []
        held.append(replace(record, excluded="contests_other") if reject else record)
    return held, told


def _record(rows: Sequence[Row], dataset: Dataset, known: Known) -> Record:
    first, by_field = rows[0], {row["field"]: row for row in rows}
    content = content_of(rows)
    entity = first["entity_code"] or ""
    said_at = typed(by_field[dataset.latest_by]) if dataset.latest_by in by_field else ""
    return Record(
        load_id=first["load_id"],
        number=first["record_no"],
        file=first["file"],
        key=_key(entity, by_field, dataset, content),
        moment=(said_at, first["sent_at"]),
        content=content,
        excluded=_excluded(first, by_field, dataset, known),
        is_late=known.late_from is not None and dataset.kind is None and first["sent_at"] >= known.late_from,
    )


def _key(entity: str, by_field: Mapping[str, Row], dataset: Dataset, content: Content) -> tuple[str, ...]:
    """A form's or a table's record is its place's; one of records its place's and key's, and without a key it is told by what it says."""
    if dataset.layout in ("form", "places"):
        return (entity,)
    if not dataset.key:
        return (entity, *(f"{name}={value}" for name, value in sorted(content)))
    return (entity, *(squeezed(typed(by_field[name])) if name in by_field else "" for name in dataset.key))


def _excluded(first: Row, by_field: Mapping[str, Row], dataset: Dataset, known: Known) -> Because | None:
    if first["load_id"] in known.gone:
        return "withdrawn"
    if first["held"]:
        return "no_place" if first["held"] == "no_place" else "incomplete"
    if dataset.recuse and first["entity_code"]:
        employer = by_field.get(dataset.recuse.employer)
        if employer and _comes_from(key(employer["text"] or ""), first["entity_code"], known.places):
            return "recused"
    if dataset.kind == "decision" and (first["entity_code"], key(by_field["item_id"]["text"] or "")) not in known.items:
        return "names_nothing"
    return None


def _comes_from(employer: str, entity: str, places: Places) -> bool:
    """Whether an employer's name holds the full name of the place or of its city, or begins with one of their names or the province's."""
    for code in filter(None, (entity, places.city_of(entity))):
        full, *others = places.names_of(code)
        if full in employer or employer.startswith(
            (*others, *(before + name for before in places.province_names(code) for name in others))
        ):
            return True
    return False


def _left_out(rows: Sequence[Row], dataset: Dataset, known: Known, because: Because | None) -> Told:
    """What is told of a record that is left out whole: whose expert's score it is, without his name, or which item it decides on."""
    by_field = {row["field"]: row for row in rows}
    if because == "recused" and dataset.recuse:
        row = by_field[dataset.recuse.employer]
        reject = rejected("recused", row["sheet"], row["cell"], HIDDEN, place=known.places.full_name(row["entity_code"]))
    else:
        row = by_field["item_id"]
        reject = rejected("unknown_item", row["sheet"], row["cell"], row["text"])
    return Told(row["load_id"], dataset.dataset, reject.of(row["entity_code"]))


def _conflict(record: Record, other: Record, of_record: _OfRecord, dataset: Dataset) -> Told:
    row, value, where = _compared(record, other, of_record, dataset)
    return Told(record.load_id, dataset.dataset, rejected("conflict", row["sheet"], row["cell"], value, other=where).of(row["entity_code"]))


def _late(record: Record, other: Record, of_record: _OfRecord, dataset: Dataset, known: Known) -> Told:
    row, value, where = _compared(record, other, of_record, dataset)
    reject = rejected("late", row["sheet"], row["cell"], value, other=where, deadline=known.deadline)
    return Told(record.load_id, dataset.dataset, reject.of(row["entity_code"]))


def _compared(record: Record, other: Record, of_record: _OfRecord, dataset: Dataset) -> tuple[Row, str | None, str]:
    """The first cell in which a record differs from another, its text as it may be shown, and where the other one has it."""
    differs = differing(record, other)
    rows = of_record[record.name]
    row = next((row for row in rows if row["field"] == differs), rows[0])
    column = dataset.columns.get(row["field"])
    value = HIDDEN if column and column.personal else row["text"]
    beside = next((each for each in of_record[other.name] if each["field"] == differs), of_record[other.name][0])
    return row, value, " · ".join(filter(None, (_shown(other, dataset), beside["sheet"], beside["cell"])))


def _shown(record: Record, dataset: Dataset) -> str:
    return published_name(record.file, record.load_id, dataset.dataset, [dataset])


def _with(cells: pl.DataFrame, verdicts: Verdicts) -> pl.DataFrame:
    names = list(verdicts.because)
    because = pl.DataFrame(
        {
            "load_id": [load_id for load_id, _ in names],
            "record_no": [number for _, number in names],
            "not_counted_because": list(verdicts.because.values()),
        },
        schema={"load_id": pl.String, "record_no": pl.Int64, "not_counted_because": pl.String},
    )
    marked = cells.join(because, on=["load_id", "record_no"], how="left", maintain_order="left")
    return marked.with_columns(is_counted=pl.col("not_counted_because").is_null())


# --- opinion items ------------------------------------------------------------------------------------------------------


def mark_items(items: pl.DataFrame, dataset: Dataset, gone: frozenset[str]) -> Marked:
    """The items of all feeds (columns of the lake, load_id, file, sender, sent_at).

    Of one provider's items of one id the text sent, then published, last counts; where another item altogether bore the id, that is told.
    """
    lines = items.unique(["load_id", "line_no"], keep="first", maintain_order=True)
    of_record = {(row["load_id"], row["line_no"]): row for row in lines.rows(named=True)}
    records = [_item(row, gone) for row in of_record.values()]
    verdicts = judge(records)
    pairs = [("conflict", *pair) for pair in verdicts.conflicts]
    pairs += [("id_used_again", *pair) for pair in _replaced(records, verdicts) if _differ(*(of_record[each.name] for each in pair))]
    told = [
        Told(
            record.load_id,
            dataset.dataset,
            rejected(rule, None, f"line {record.number}", record.key[-1], other=f"{_shown(other, dataset)} · line {other.number}"),
        )
        for rule, record, other in pairs
    ]
    marked = _with(items.rename({"line_no": "record_no"}), verdicts).rename({"record_no": "line_no"})
    return Marked(marked.drop("not_counted_because"), told)


def _item(row: Row, gone: frozenset[str]) -> Record:
    published: datetime = row["published_at"]
    return Record(
        load_id=row["load_id"],
        number=row["line_no"],
        file=row["file"],
        key=(_provider(row), row["item_id"]),
        moment=(row["sent_at"].isoformat(), published),
        content=frozenset({("text", row["text_hash"])}),
        excluded="withdrawn" if row["load_id"] in gone else None,
    )


def _provider(row: Row) -> str:
    """Whose ids these are: the first folder below the source's that is named by no day, else the sender."""
    folders = PurePosixPath(row["file"]).parts[:-1]
    return folders[0] if folders and not is_day(folders[0]) else row["sender"] or ""


def _replaced(records: Sequence[Record], verdicts: Verdicts) -> Iterator[tuple[Record, Record]]:
    """Each superseded record with the one of its key that counts."""
    counted = {record.key: record for record in records if record.name not in verdicts.because}
    for record in sorted(records, key=lambda record: (record.key, record.file, record.name)):
        if verdicts.because.get(record.name) == "superseded" and record.key in counted:
            yield record, counted[record.key]


def _differ(row: Row, other: Row) -> bool:
    """Whether two items are different ones, not two versions of one: title and outlet both differ."""
    return all(row[field] != other[field] for field in ("title", "site_name"))


def counted_values(marked: pl.DataFrame, field: str) -> Iterator[Row]:
    """The counted cells of one field."""
    yield from marked.filter((pl.col("field") == field) & pl.col("is_counted")).rows(named=True)
