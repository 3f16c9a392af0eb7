"""What if one input had been another: total and rank of every entity before and after. Nothing is written to warehouse or releases."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import duckdb
import polars as pl

from analysis import Step, replica
from frameworks import Framework
from frameworks.hints import near
from frameworks.model import Input
from orchestration.compiled import steps_after
from orchestration.entities import NoSuchEntity, entity_code
from orchestration.scratch import ScratchRefused, scored_edition
from storage import Workspace

_INPUTS = ("scoring", "inputs")
_FLAGS = {"true": 1.0, "1": 1.0, "false": 0.0, "0": 0.0}


def what_if(workspace: Workspace, framework: Framework, entity: str, input_code: str, value: str) -> pl.DataFrame:
    """Every entity that would move if `input_code` of `entity` (a code or a name, see `entity_code`) were `value`, the entity itself first.

    One row is an entity: entity_code, name_zh, name_en, group_code, total_before, total_after (points), rank_before, rank_after,
    grade_before, grade_after, state_before, state_after. The value is in the input's unit, of a category its code; it counts as a
    decided correction does, so no confirmation rate is applied to it.
    Raises ScratchRefused, with a sentence for each mistake, where there is no such entity, input or value, or no scores of these data.
    """
    code, number = _checked(framework, entity, input_code, value)
    edition = framework.edition
    with scored_edition(workspace, framework):
        steps = _steps(workspace, edition)
        with replica(workspace.warehouse(edition), steps) as copy:
            (inputs,) = [step for step in steps if step.table == _INPUTS]
            before, after = copy.standing(), copy.after(_correction(inputs, code, input_code, number), steps)
    names = framework.tables()["entities"].select("entity_code", "name_zh", "name_en")
    return _moved(before, after, names, code)


def _steps(workspace: Workspace, edition: str) -> list[Step]:
    """What follows from a correction; ScratchRefused where dbt's queries are not there."""
    try:
        return steps_after(workspace, edition, "corrections")
    except dg.Failure as missing:
        raise ScratchRefused(missing.description or "") from None


def _checked(framework: Framework, entity: str, input_code: str, value: str) -> tuple[str, float]:
    """The entity's code, and the value as a number; ScratchRefused with every mistake at once."""
    edition, mistakes, code, number = framework.edition, list[str](), "", 0.0
    try:
        code = entity_code(framework.tables()["entities"], edition, entity)
    except NoSuchEntity as unknown:
        mistakes.append(str(unknown))
    wanted = framework.file.inputs.get(input_code)
    if wanted is None:
        mistakes.append(f"{edition}: there is no input {input_code}; {near(input_code, sorted(framework.file.inputs))}")
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


def _correction(inputs: Step, entity: str, input_code: str, number: float) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """The change that gives this input that value, as a decision of the office would; also where the framework knows no such decisions."""

    def change(memory: duckdb.DuckDBPyConnection) -> None:
        schema, view = inputs.table
        here = f"entity_code = {_literal(entity)} and input_code = {_literal(input_code)}"
        memory.execute(f"""create or replace view "{schema}"."{view}" as
            select * replace (
                if({here}, cast({number!r} as double), value) as value,
                if({here}, null, confirmation_rate) as confirmation_rate,
                if({here}, 'corrected', state) as state
            ) from ({inputs.sql})""")

    return change


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
