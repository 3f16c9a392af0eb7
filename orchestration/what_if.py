"""What if one input had been another: total and rank of every entity before and after. Nothing is written to warehouse or releases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from frameworks import Framework
from frameworks.model import Input
from orchestration.entities import NoSuchEntity, entity_code
from orchestration.scratch import ScratchRefused, build_models, rows_of, scratch_edition
from storage import Workspace, write_parquet

# Later than any delivery, so that this correction is the one that counts.
_SENT_AT = datetime(9999, 1, 1)  # noqa: DTZ001 — moments of the stage are UTC without a zone
_DATASET = "what-if"
_FLAGS = {"true": 1.0, "1": 1.0, "false": 0.0, "0": 0.0}
_STANDING = "select entity_code, group_code, total, rank, grade, state from ranking.ranked"


def what_if(workspace: Workspace, framework: Framework, entity: str, input_code: str, value: str) -> pl.DataFrame:
    """Every entity that would move if `input_code` of `entity` (a code or a name, see `entity_code`) were `value`, the entity itself first.

    One row is an entity: entity_code, name_zh, name_en, group_code, total_before, total_after (points), rank_before, rank_after,
    grade_before, grade_after, state_before, state_after. The value is in the input's unit, of a category its code; it counts as a
    decided correction does, so no confirmation rate is applied to it.
    Raises ScratchRefused, with a sentence for each mistake, where there is no such entity, input or value, or no scores of these data.
    """
    code, number = _checked(framework, entity, input_code, value)
    edition = framework.edition
    with scratch_edition(workspace, framework) as scratch:
        _correct(scratch, edition, code, input_code, number)
        build_models(scratch, edition, "+ranked")
        before, after = (rows_of(place, edition, _STANDING) for place in (workspace, scratch))
        names = pl.read_parquet(scratch.stage(edition) / "framework" / "entities.parquet", columns=["entity_code", "name_zh", "name_en"])
    return _moved(before, after, names, code)


def _checked(framework: Framework, entity: str, input_code: str, value: str) -> tuple[str, float]:
    """The entity's code, and the value as a number; ScratchRefused with every mistake at once."""
    edition, mistakes, code, number = framework.edition, list[str](), "", 0.0
    try:
        code = entity_code(framework.tables()["entities"], edition, entity)
    except NoSuchEntity as unknown:
        mistakes.append(str(unknown))
    wanted = framework.file.inputs.get(input_code)
    if wanted is None:
        known = ", ".join(sorted(framework.file.inputs))
        mistakes.append(f"{edition}: there is no input {input_code}; give one of {known}.")
    else:
        try:
            number = _number(input_code, wanted, value.strip())
        except ScratchRefused as refused:
            mistakes.append(f"{edition}: {refused}")
    if mistakes:
        raise ScratchRefused("\n".join(mistakes))
    return code, number


def _number(code: str, wanted: Input, text: str) -> float:
    if wanted.type == "category":
        if text not in wanted.values:
            raise ScratchRefused(f"“{text}” is no value of {code}; give one of {', '.join(wanted.values)}.")
        return wanted.values[text]
    if wanted.type == "boolean":
        if text.lower() not in _FLAGS:
            raise ScratchRefused(f"“{text}” is no value of {code}; give true or false.")
        return _FLAGS[text.lower()]
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not float("-inf") < number < float("inf") or (wanted.type == "integer" and number % 1):
        raise ScratchRefused(f"“{text}” is no value of {code}; give {'a whole number' if wanted.type == 'integer' else 'a number'}.")
    low, high = wanted.minimum, wanted.maximum
    if (low is not None and number < low) or (isinstance(high, float) and number > high):
        raise ScratchRefused(f"{text} of {code} would be rejected; give a value from {_shown(low)} to {_shown(high)}.")
    return number


def _shown(bound: float | str | None) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound or "any")


def _correct(scratch: Workspace, edition: str, entity: str, input_code: str, number: float) -> None:
    """Lay a correction of the one input into the scratch stage, of a dataset of its own: a framework may name none."""
    intake, framework = (scratch.stage(edition) / folder for folder in ("intake", "framework"))
    said = {"source": "correction", "dataset": _DATASET}
    _add(framework / "datasets.parquet", [{**said, "layout": "records", "kind": "correction", "has_entity": True}])
    record = {
        **said,
        "edition": edition,
        "load_id": _DATASET,
        "file": _DATASET,
        "sent_at": _SENT_AT,
        "record_no": 1,
        "entity_code": entity,
        "state": "reported",
        "is_counted": True,
    }
    cells = [
        {**record, "field": "input", "cell": "input", "text": input_code, "code": input_code},
        {**record, "field": "value", "cell": "value", "text": str(number), "number": number},
    ]
    _add(intake / "cells.parquet", cells)


def _add(path: Path, rows: list[dict[str, Any]]) -> None:
    stands = pl.read_parquet(path)
    listed = [{column: row.get(column) for column in stands.columns} for row in rows]
    write_parquet(path, pl.concat([stands, pl.DataFrame(listed, schema=stands.schema)]))


def _moved(before: pl.DataFrame, after: pl.DataFrame, names: pl.DataFrame, entity: str) -> pl.DataFrame:
    """The rows in which anything differs, with both figures of each; the entity itself first, then by group and new rank."""
    figures = ("total", "rank", "grade", "state")
    both = before.join(after.drop("group_code"), on="entity_code", suffix="_after", validate="1:1").rename(
        {f: f"{f}_before" for f in figures}
    )
    differs = pl.any_horizontal(pl.col(f"{figure}_before").ne_missing(pl.col(f"{figure}_after")) for figure in figures)
    moved = both.filter(differs).join(names, on="entity_code", validate="1:1")
    ordered = moved.sort(pl.col("entity_code") != entity, "group_code", "rank_after", "entity_code", nulls_last=True)
    return ordered.select(
        "entity_code", "name_zh", "name_en", "group_code", *(f"{figure}_{when}" for figure in figures for when in ("before", "after"))
    )
