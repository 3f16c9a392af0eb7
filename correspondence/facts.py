"""Receipts as tables: a row a delivery, and a row a line of its receipt. Pure functions of the intake tables, without a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from correspondence.intake import Intake, Row
from correspondence.naming import receipt_paths

_WHOSE = ("source", "dataset", "load_id")
_MOMENT = pl.Datetime("us")
RECEIPTS: dict[str, Any] = {
    **dict.fromkeys(("edition", "source", "dataset", "load_id", "file", "sender"), pl.String),
    "sent_at": _MOMENT,
    "is_late": pl.Boolean,
    "size": pl.Int64,
    "state": pl.String,
    "standing": pl.String,
    **dict.fromkeys(("cells", "cells_counted", "rejects", "missing", "changed"), pl.Int64),
    "previous_load_id": pl.String,
    "receipt": pl.String,
}
LINES: dict[str, Any] = {
    **dict.fromkeys(("edition", "source", "dataset", "load_id", "file", "kind"), pl.String),
    "sent_at": _MOMENT,
    "record_no": pl.Int64,
    **dict.fromkeys(("entity_code", "field", "label_zh", "label_en", "unit", "sheet", "cell", "text", "value", "state", "note"), pl.String),
    "is_counted": pl.Boolean,
    **dict.fromkeys(("because", "rule", "message_zh", "message_en"), pl.String),
    **dict.fromkeys(("before_load_id", "before_cell", "before_text", "before_value"), pl.String),
}
_NOT_GIVEN = (
    "没有可用的数值：没有填写，或填写的内容被退回。",
    "There is no figure that can be used: none was given, or what was given was rejected.",
)
_NO_ROW = ("表中没有这个地区，其他同类表中也没有。", "Neither this table nor another of its kind has a row of this place.")


def lines(intake: Intake) -> pl.DataFrame:
    """One row is a line of a receipt: a cell taken, a reject, an input that is still missing, or a change from the version before.

    `kind`: taken | rejected | missing | changed. Lines belong to (`source`, `dataset`, `load_id`). `value` is as understood, `text` as
    delivered; both are *** of a personal field. Opinion items are counted in `receipts`, and are no lines.
    """
    parts = [_taken(intake), _frame(_rejected(intake)), _frame(_missing(intake)), _frame(_changed(intake))]
    return pl.concat([part.select(list(LINES)) for part in parts]).sort(
        [
            "source",
            "dataset",
            "load_id",
            "kind",
            "record_no",
            "entity_code",
            "field",
            "sheet",
            "cell",
            "rule",
            "message_en",
            "before_load_id",
        ],
        nulls_last=False,
        maintain_order=True,
    )


def receipts(intake: Intake, found: pl.DataFrame) -> pl.DataFrame:
    """One row is a delivered file: what became of it, in numbers, and the path of its receipt, without its ending.

    `standing`: counts | counts_in_part | superseded | nothing_counts | rejected | duplicate | withdrawn. `previous_load_id`: the version
    before, where this one changes something. A duplicate has the lines of the file whose bytes it repeats.
    """
    delivered = intake.tables["deliveries"]
    kinds = _counts(found, [*_WHOSE, "kind"])
    counted, because = _counted(intake)
    before = _previous(found)
    paths = receipt_paths(delivered)
    rows = []
    for row in delivered.rows(named=True):
        whose = row["source"], row["dataset"], row["load_id"]
        rows.append(
            {
                **row,
                "is_late": intake.is_late(row),
                "standing": _standing(row, counted[whose], because.get(whose, set())),
                "cells_counted": counted[whose] if row["state"] == "taken" else 0,
                "rejects": kinds[(*whose, "rejected")],
                "missing": kinds[(*whose, "missing")],
                "changed": kinds[(*whose, "changed")],
                "previous_load_id": before.get(whose),
                "receipt": paths[row["source"], row["sender"], row["dataset"], row["load_id"]],
            }
        )
    return pl.DataFrame(rows, schema=RECEIPTS, orient="row").sort(
        ["source", "dataset", "sent_at", "file", "load_id"], nulls_last=False, maintain_order=True
    )


def _standing(row: Row, counted: int, because: set[str]) -> str:
    if row["state"] != "taken":
        return str(row["state"])
    if counted == 0:
        return "superseded" if because == {"superseded"} else "nothing_counts"
    return "counts" if counted >= row["cells"] and not row["rejects"] else "counts_in_part"


def _counted(intake: Intake) -> tuple[Counter[tuple[Any, ...]], dict[tuple[Any, ...], set[str]]]:
    """By delivery how many of its cells (of a feed: its items) count, and why others do not."""
    cells, items = intake.tables["cells"], intake.tables["opinion_items"]
    counted = _counts(cells.filter("is_counted"), list(_WHOSE))
    because: dict[tuple[Any, ...], set[str]] = {}
    for *whose, why in cells.filter(~pl.col("is_counted")).select(*_WHOSE, "not_counted_because").unique().iter_rows():
        because.setdefault(tuple(whose), set()).add(why)
    of_load = _counts(items.filter("is_counted").unique(["load_id", "line_no"]), ["load_id"])
    feeds = {code for (_, code), dataset in intake.datasets.items() if dataset.layout == "items"}
    for row in intake.tables["deliveries"].filter(pl.col("dataset").is_in(sorted(feeds))).select(_WHOSE).unique().iter_rows():
        counted[row] += of_load[row[2:]]
    return counted, because


def _counts(frame: pl.DataFrame, by: list[str]) -> Counter[tuple[Any, ...]]:
    return Counter({tuple(row[:-1]): row[-1] for row in frame.group_by(by).len().iter_rows()})


def _previous(found: pl.DataFrame) -> dict[tuple[Any, ...], str]:
    """By delivery the version before it; of several the one that it shares most changes with, then the first by name."""
    changes = found.filter(kind="changed").group_by(*_WHOSE, "before_load_id").len()
    ordered = changes.sort("len", "before_load_id", descending=[False, True])
    return {tuple(row[:3]): row[3] for row in ordered.iter_rows()}


# --- lines --------------------------------------------------------------------------------------------------------------


def _frame(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    listed = [{**dict.fromkeys(LINES), **row} for row in rows]
    return pl.DataFrame(listed, schema=LINES, orient="row")


def _taken(intake: Intake) -> pl.DataFrame:
    fields = pl.DataFrame(
        [(*name, field.label_zh, field.label_en, field.unit) for name, field in intake.fields.items()],
        schema=dict.fromkeys(("source", "dataset", "field", "label_zh", "label_en", "unit"), pl.String),
        orient="row",
    )
    cells = intake.shown.join(fields, on=["source", "dataset", "field"], how="left", maintain_order="left")
    taken = cells.with_columns(
        pl.col("shown").alias("value"), pl.col("not_counted_because").alias("because"), pl.lit("taken").alias("kind")
    )
    blank = [pl.lit(None, kind).alias(name) for name, kind in LINES.items() if name not in taken.columns]
    return taken.with_columns(blank)


def _rejected(intake: Intake) -> Iterator[dict[str, Any]]:
    """Every reject; that of a delivery note is a line of the file that it speaks of."""
    files = {(row["source"], row["file"]): row for row in intake.tables["deliveries"].rows(named=True)}
    for reject in intake.tables["rejects"].rows(named=True):
        own = (reject["source"], reject["file"]) in files
        of = None if own else next((files[name] for name in _spoken_of(reject) if name in files), None)
        whose = {name: of[name] for name in ("dataset", "load_id", "file")} if of else {}
        yield {
            **{name: reject[name] for name in ("edition", *_WHOSE, "file", "sheet", "cell", "rule", "message_zh", "message_en")},
            **whose,
            "kind": "rejected",
            "text": reject["value"],
            "entity_code": reject["entity_code"],
            **(_named(intake, {**reject, **whose}, reject["field"]) if reject["field"] else {}),
            "is_counted": False,
            "because": "superseded" if intake.is_outdated(reject) else None,
        }


def _spoken_of(reject: Row) -> Iterator[tuple[str, str]]:
    """The names of files that a note's own name begins with, the longest first."""
    file = reject["file"]
    while "." in file:
        file = file.rpartition(".")[0]
        yield reject["source"], file


def _missing(intake: Intake) -> Iterator[dict[str, Any]]:
    """What a form or table of places was to hold and does not: inputs of the entities that it names, and who stands in no such table."""
    reported = intake.tables["cells"].filter(pl.col("entity_code").is_not_null())
    given: dict[tuple[Any, ...], dict[str, set[str]]] = {}
    for *whose, entity, field, state in reported.select(*_WHOSE, "entity_code", "field", "state").iter_rows():
        own = given.setdefault(tuple(whose), {}).setdefault(entity, set())
        if state == "reported":
            own.add(field)
    named = reported.group_by("source", "dataset").agg(pl.col("entity_code").unique())
    somewhere = {(source, dataset): set(entities) for source, dataset, entities in named.iter_rows()}
    for row in intake.tables["deliveries"].filter(state="taken").rows(named=True):
        dataset = intake.datasets.get((row["source"], row["dataset"]))
        if dataset is None or dataset.layout not in ("form", "places"):
            continue
        of = {name: row[name] for name in ("edition", *_WHOSE, "file")} | {"kind": "missing"}
        entities = given.get((row["source"], row["dataset"], row["load_id"]), {})
        for entity in intake.entities if dataset.layout == "places" else sorted(entities):
            wanted = intake.expected(row["source"], row["dataset"], entity)
            if entity not in entities:
                if wanted and entity not in somewhere.get((row["source"], row["dataset"]), set()):
                    yield {**of, "entity_code": entity, "message_zh": _NO_ROW[0], "message_en": _NO_ROW[1]}
                continue
            for code in wanted:
                if code not in entities[entity]:
                    yield {
                        **of,
                        "entity_code": entity,
                        **_named(intake, row, code),
                        "message_zh": _NOT_GIVEN[0],
                        "message_en": _NOT_GIVEN[1],
                    }


def _changed(intake: Intake) -> Iterator[dict[str, Any]]:
    """The differences that intake found between versions, where both are the same sender's or one of them is nobody's."""
    senders = {row["load_id"]: row["sender"] for row in intake.tables["deliveries"].rows(named=True)}
    for row in intake.tables["versions"].rows(named=True):
        both = {senders.get(row["old_load_id"]), senders.get(row["new_load_id"])} - {None}
        if row["old_load_id"] == row["new_load_id"] or len(both) > 1:
            continue
        field = intake.field(row["source"], row["dataset"], row["field"])
        values = {"value": row["new_value"], "before_value": row["old_value"]}
        yield {
            **{name: row[name] for name in ("edition", "source", "dataset", "entity_code")},
            **_named(intake, row, row["field"]),
            **{name: row[f"new_{name}"] for name in ("load_id", "file", "record_no", "sheet", "cell", "text")},
            **{f"before_{name}": row[f"old_{name}"] for name in ("load_id", "cell", "text")},
            **{name: intake.versioned(field, value) for name, value in values.items()},
            "kind": "changed",
            "is_counted": row["state"] == "counted",
            "because": None if row["state"] == "counted" else row["state"],
        }


def _named(intake: Intake, row: Row, code: str) -> dict[str, str]:
    field = intake.field(row["source"], row["dataset"], code)
    return {"field": code, "label_zh": field.label_zh, "label_en": field.label_en, "unit": field.unit}
