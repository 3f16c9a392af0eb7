"""What changed from one version of a record to the next, cell by cell: a row a field that says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from frameworks.model import Dataset
from sources.batch import Schema
from sources.counting import Record, Verdicts, typed
from sources.tables import HIDDEN

Row = Mapping[str, Any]
_SIDE: Schema = {
    **dict.fromkeys(("load_id", "file"), pl.String),
    "sent_at": pl.Datetime("us"),
    "record_no": pl.Int64,
    **dict.fromkeys(("sheet", "cell", "text", "value"), pl.String),
}
VERSIONS: Schema = {
    **dict.fromkeys(("edition", "source", "dataset", "entity_code", "field"), pl.String),
    **{f"{side}_{name}": kind for side in ("old", "new") for name, kind in _SIDE.items()},
    "state": pl.String,
}
ORDER = ["source", "dataset", "entity_code", "new_sent_at", "new_load_id", "new_record_no", "field"]


def changes(
    records: Sequence[Record], of_record: Mapping[tuple[str, int], Sequence[Row]], dataset: Dataset, verdicts: Verdicts
) -> pl.DataFrame:
    """One row is a field in which a version of a record says something else than the version before it, in the order of their moments.

    A version that cannot count, or that says the same again, is none. `value` is typed, so that 1,000 and 1000 are the same; a field with
    a person's data shows neither text nor value. `state`: whether the later version counts, or why it does not.
    What the office decides has no versions: a later decision takes an earlier one's place and is a decision of its own.
    """
    has_versions = not dataset.kind and (dataset.layout != "records" or dataset.key)
    rows = list(_changes(records, of_record, dataset, verdicts)) if has_versions else []
    return pl.DataFrame(rows, schema=VERSIONS, orient="row")


def _changes(
    records: Sequence[Record], of_record: Mapping[tuple[str, int], Sequence[Row]], dataset: Dataset, verdicts: Verdicts
) -> Iterator[tuple[Any, ...]]:
    by_key: dict[tuple[str, ...], list[Record]] = {}
    for record in sorted(records, key=lambda each: (each.moment, each.file, each.name)):
        if not record.excluded and verdicts.because.get(record.name) != "duplicate":
            by_key.setdefault(record.key, []).append(record)
    for versions in by_key.values():
        for old, new in pairwise(versions):
            before, after = (_fields(of_record[each.name]) for each in (old, new))
            for field in sorted({name for name, _ in old.content ^ new.content}):
                either = of_record[new.name][0]
                sides = (_side(of_record[old.name][0], before.get(field), dataset), _side(either, after.get(field), dataset))
                state = verdicts.because.get(new.name, "counted")
                yield (either["edition"], either["source"], dataset.dataset, either["entity_code"], field, *sides[0], *sides[1], state)


def _fields(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["field"]: row for row in rows}


def _side(of: Row, row: Row | None, dataset: Dataset) -> tuple[Any, ...]:
    """One version's part of the row; of a field that it leaves out only which version it is."""
    which = (of["load_id"], of["file"], of["sent_at"], of["record_no"])
    if row is None:
        return *which, None, None, None, None
    column = dataset.columns.get(row["field"])
    if column and column.personal:
        return *which, row["sheet"], row["cell"], HIDDEN, HIDDEN
    return *which, row["sheet"], row["cell"], row["text"], typed(row) or None
