"""Whether a correction or an appeal contests the value that counts: one that names another value was made about something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose
from typing import Any

import polars as pl

from frameworks.layouts import CORRECTION, NAMING, candidates
from frameworks.model import Dataset, FrameworkFile
from sources.batch import Reject, rejected

Row = Mapping[str, Any]
CONTESTING = tuple(NAMING)


@dataclass(frozen=True)
class Standing:
    """A value of one place and input: as a number, as it was written, and since when it has stood."""

    number: float | None
    text: str
    since: datetime


Values = Mapping[tuple[str, str], Sequence[Standing]]


@dataclass(frozen=True)
class Standings:
    """What counts, by (place, input), of the inputs `single`, which are delivered as one value a place; not what is made of records."""

    single: frozenset[str] = frozenset()
    values: Values = field(default_factory=dict)


def standings(file: FrameworkFile, counted: Iterable[pl.DataFrame]) -> Standings:
    """The values that stand in tables of marked cells: delivered ones and, where their tables are among them, decided ones.

    What was decided stood until a later decision took its place, so it could be appealed against then, and that appeal stays one.
    """
    of_input = {code: candidates(file, code)[0] for code, wanted in file.inputs.items() if wanted.aggregate is None}
    sought = {(each.source, each.dataset.dataset, code) for code, each in of_input.items()}
    corrections = {(source, each.dataset) for source, listed in file.deliveries.items() for each in listed if each.kind == CORRECTION}
    # Most cells are of neither: they are left out before any is looked at as a row.
    may = pl.col("field").is_in(sorted(of_input)) | pl.col("dataset").is_in(sorted({dataset for _, dataset in corrections}))
    values: dict[tuple[str, str], list[Standing]] = {}
    for table in counted:
        stood = pl.col("is_counted") | (pl.col("not_counted_because") == "superseded")
        told = table.filter(may & stood & pl.col("entity_code").is_not_null() & (pl.col("state") == "reported"))
        decided: dict[tuple[str, int], list[Row]] = {}
        for row in told.rows(named=True):
            if row["is_counted"] and (row["source"], row["dataset"], row["field"]) in sought:
                values.setdefault((row["entity_code"], row["field"]), []).append(_standing(row))
            elif (row["source"], row["dataset"]) in corrections:
                decided.setdefault((row["load_id"], row["record_no"]), []).append(row)
        for place, found in decided_values(decided.values()).items():
            values.setdefault(place, []).extend(found)
    return Standings(frozenset(of_input), values)


def decided_values(records: Iterable[Sequence[Row]]) -> dict[tuple[str, str], list[Standing]]:
    """The values that corrections decide, by (place, input). Of each record its cells."""
    values: dict[tuple[str, str], list[Standing]] = {}
    for record in records:
        by_field = {row["field"]: row for row in record if row["state"] == "reported"}
        if {"value", "input"} <= set(by_field):
            row = by_field["value"]
            values.setdefault((row["entity_code"] or "", by_field["input"]["code"]), []).append(_standing(row))
    return values


def _standing(row: Row) -> Standing:
    return Standing(row["number"], row["text"], row["sent_at"])


def contests_other(by_field: Mapping[str, Row], dataset: Dataset, known: Standings, decided: Values) -> Reject | None:
    """The reject of a record that contests a value which does not stand; None where it contests none, or one that does.

    `decided`: values that corrections of the same dataset have decided: one that was sent earlier may be contested too.
    """
    named = by_field.get(NAMING.get(dataset.kind or "", ""))
    row = by_field.get("contested_value")
    if named is None or row is None or row["number"] is None or named["code"] not in known.single:
        return None
    place = (row["entity_code"] or "", named["code"])
    standing = [*known.values.get(place, ()), *(each for each in decided.get(place, ()) if each.since < row["sent_at"])]
    if any(each.number is not None and isclose(each.number, row["number"], rel_tol=1e-9, abs_tol=1e-12) for each in standing):
        return None
    counted = max(standing, key=lambda each: each.since).text if standing else None
    said = {"counted_zh": counted or "未报送", "counted_en": counted or "that nothing was delivered"}
    return rejected("contests_other", row["sheet"], row["cell"], row["text"], **said).of(row["entity_code"]).about("contested_value")
