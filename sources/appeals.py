"""Appeals beside what was decided on them: a row an appeal, and whether it is still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import polars as pl

from frameworks.layouts import ACCEPTED, APPEAL, CORRECTION, NAMING, REFUSED
from frameworks.model import Dataset, FrameworkFile
from sources.batch import Schema

Row = Mapping[str, Any]
_DECISION: Schema = {
    **dict.fromkeys(("decision", "decided_input"), pl.String),
    "decided_value": pl.Float64,
    **dict.fromkeys(("decision_reason", "decided_by"), pl.String),
    "decided_on": pl.Date,
    "decision_sent_at": pl.Datetime("us"),
    **dict.fromkeys(("decision_source", "decision_dataset", "decision_load_id", "decision_file"), pl.String),
    "decision_record_no": pl.Int64,
    **dict.fromkeys(("decision_sheet", "decision_cell"), pl.String),
}
APPEALS: Schema = {
    **dict.fromkeys(("edition", "source", "dataset", "load_id", "file"), pl.String),
    "sent_at": pl.Datetime("us"),
    "record_no": pl.Int64,
    **dict.fromkeys(("sheet", "cell", "entity_code", "subject_kind", "subject"), pl.String),
    **dict.fromkeys(("contested_value", "claimed_value"), pl.Float64),
    **dict.fromkeys(("contested_text", "contested_cell", "claim", "evidence", "state"), pl.String),
    **_DECISION,
}
ORDER = ["entity_code", "subject", "sent_at", "load_id", "record_no"]


@dataclass(frozen=True)
class Subjects:
    """What may be appealed against: of each code its kind (input, measure, indicator) and the inputs that it rests on."""

    kinds: Mapping[str, str]
    rest_on: Mapping[str, frozenset[str]] = field(default_factory=dict)


def subjects(tables: Mapping[str, pl.DataFrame]) -> Subjects:
    """The subjects of a framework, from its tables. Of a code that two kinds bear it is the input's, then the measure's."""
    inputs = {code: frozenset({code}) for code in tables["inputs"]["input_code"]}
    measures: dict[str, set[str]] = {code: set() for code in tables["measures"]["measure_code"]}
    for measure, code in tables["measure_inputs"].select("measure_code", "input_code").iter_rows():
        measures[measure].add(code)
    above = dict(tables["indicators"].select("indicator_code", "parent_code").iter_rows())
    indicators: dict[str, set[str]] = {code: set() for code in above}
    for measure, indicator in tables["measures"].select("measure_code", "indicator_code").iter_rows():
        node: str | None = indicator
        while node:
            indicators[node] |= measures[measure]
            node = above[node]
    kinds: dict[str, str] = {}
    rest_on: dict[str, frozenset[str]] = {}
    for kind, found in (("indicator", indicators), ("measure", measures), ("input", inputs)):
        kinds |= dict.fromkeys(found, kind)
        rest_on |= {code: frozenset(of) for code, of in found.items()}
    return Subjects(kinds, rest_on)


def appeals(file: FrameworkFile, known: Subjects, marked: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One row is an appeal of a known place, from tables of marked cells, with the decision that answers it.

    `state`: open; decided; or, where it does not count and nothing was decided on it, why (superseded, conflict, withdrawn, incomplete,
    contests_other). A decision answers an appeal that was sent no later, until the next appeal of the same place and subject: one on the
    very subject, or on an input that it rests on; the last of several. Texts of fields that name a person are none.
    """
    datasets: dict[tuple[str, str], Dataset] = {
        (source, each.dataset): each for source, listed in file.deliveries.items() for each in listed
    }
    of_kind: dict[str, list[Row]] = {APPEAL: [], CORRECTION: []}
    for table in marked:
        for (source, code), cells in table.group_by("source", "dataset", maintain_order=True):
            dataset = datasets[str(source), str(code)]
            if dataset.kind in of_kind:
                of_kind[dataset.kind].extend(_records(dataset, cells))
    decided: dict[str, list[Row]] = {}
    for row in of_kind[CORRECTION]:
        if row["because"] in (None, "superseded") and (row["value"] is not None or row["decision"] == REFUSED):
            decided.setdefault(row["entity_code"], []).append(row)
    rows = list(_answered(of_kind[APPEAL], decided, known))
    return pl.DataFrame(rows, schema=APPEALS)


def _records(dataset: Dataset, cells: pl.DataFrame) -> Iterator[Row]:
    """A row a record of a known place that says what it is about: its fields' values, and where it lies."""
    naming = NAMING[dataset.kind or ""]
    placed = cells.filter(pl.col("entity_code").is_not_null())
    for _, of in placed.group_by("load_id", "record_no", maintain_order=True):
        by_field = {row["field"]: row for row in of.rows(named=True)}
        named = by_field.get(naming)
        if named is None or named["not_counted_because"] == "duplicate":
            continue
        texts = {code: _text(dataset, by_field.get(code)) for code in ("claim", "evidence", "reason", "decided_by", "contested_value")}
        numbers = {code: by_field[code]["number"] if code in by_field else None for code in ("contested_value", "claimed_value", "value")}
        day = by_field["decided_on"]["day"] if "decided_on" in by_field else None
        decision = (by_field["decision"]["code"] if "decision" in by_field else None) or ACCEPTED
        own = {**named, "because": named["not_counted_because"], "decision": decision, "day": day, "text": texts}
        own["value_cell"] = by_field["value"]["cell"] if numbers["value"] is not None else named["cell"]
        yield {**own, **numbers, "contested_cell": by_field["contested_value"]["cell"] if "contested_value" in by_field else None}


def _text(dataset: Dataset, row: Row | None) -> str | None:
    column = dataset.columns.get(row["field"]) if row else None
    return row["text"].strip() or None if row and row["text"] and not (column and column.personal) else None


def _answered(raised: Sequence[Row], decided: Mapping[str, Sequence[Row]], known: Subjects) -> Iterator[dict[str, Any]]:
    by_subject: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(raised, key=lambda row: (row["sent_at"], row["load_id"], row["record_no"])):
        if row["code"] in known.kinds:
            by_subject.setdefault((row["entity_code"], row["code"]), []).append(row)
    for (entity, subject), of in by_subject.items():
        own = [row for row in decided.get(entity, ()) if row["code"] == subject or row["code"] in known.rest_on[subject]]
        standing = [row for row in of if row["because"] in (None, "superseded")]
        until = {id(row): later["sent_at"] for row, later in pairwise(standing)}
        for row in of:
            answers = [
                each
                for each in own
                if each["sent_at"] >= row["sent_at"] and (id(row) not in until or each["sent_at"] < until[id(row)])
            ]  # fmt: skip
            is_standing = any(row is each for each in standing)
            last = max(answers, key=lambda each: (each["sent_at"], each["because"] is None, each["record_no"])) if answers else None
            yield _row(row, last if is_standing else None, known)


def _row(row: Row, decision: Row | None, known: Subjects) -> dict[str, Any]:
    names = ("edition", "source", "dataset", "load_id", "file", "sent_at", "record_no", "sheet", "cell", "entity_code")
    said = {
        **{name: row[name] for name in (*names, "contested_value", "claimed_value", "contested_cell")},
        "subject": row["code"],
        "subject_kind": known.kinds[row["code"]],
        "contested_text": row["text"]["contested_value"],
        "claim": row["text"]["claim"],
        "evidence": row["text"]["evidence"],
        "state": "decided" if decision else row["because"] or "open",
    }
    if decision is None:
        return {**dict.fromkeys(_DECISION), **said}
    where = ("source", "dataset", "load_id", "file", "record_no", "sheet", "sent_at")
    return {
        **said,
        **{f"decision_{name}": decision[name] for name in where},
        "decision": decision["decision"],
        "decided_input": decision["code"],
        "decided_value": decision["value"],
        "decision_reason": decision["text"]["reason"],
        "decided_by": decision["text"]["decided_by"],
        "decided_on": decision["day"],
        "decision_cell": decision["value_cell"],
    }
