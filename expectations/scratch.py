"""A gate's scratch database: the stage's tables as views, the warehouse beside them read-only, and the rows that each rule judges.

One DuckDB file that lives as long as the gate runs. Nothing of the stage or the warehouse is written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any

import duckdb
import polars as pl

from expectations.report import ROW_COLUMNS, no_rows
from expectations.rules import Rule
from frameworks.model import Column, FrameworkFile
from storage import Workspace

_FOLDERS = ("framework", "intake", "previous")
_FIELDS = {
    "source": pl.String,
    "dataset": pl.String,
    "field": pl.String,
    "minimum": pl.Float64,
    "maximum": pl.Float64,
    "is_within_period": pl.Boolean,
    "is_personal": pl.Boolean,
}
# A name that several entities bear stands with its city before it.
_NAMES = """
    select e.entity_code, concat(if(count(*) over (partition by e.name_zh) > 1, p.name_zh, ''), e.name_zh) as name_zh
    from framework.entities as e left join framework.entities as p on p.entity_code = e.parent_code
"""


class NotComputed(Exception):
    """Rows could not be judged; the message says why in one line."""


def open_scratch(path: Path, workspace: Workspace, file: FrameworkFile) -> duckdb.DuckDBPyConnection:
    """The scratch database: schemas `framework`, `intake` and `previous` show the stage's tables, `gate` and `judged` are its own."""
    scratch = duckdb.connect(str(path))
    scratch.execute("set TimeZone = 'UTC'")
    scratch.create_function("normal_quantile", _normal_quantile, ["DOUBLE"], "DOUBLE")
    for schema in (*_FOLDERS, "gate", "judged"):
        scratch.execute(f"create schema {schema}")
    stage = workspace.stage(file.edition)
    for folder in _FOLDERS:
        for table in sorted((stage / folder).glob("*.parquet")):
            scratch.execute(f'create view {folder}."{table.stem}" as from read_parquet({_quoted(table)})')
    scratch.register("fields", _fields(file))
    scratch.execute("create table gate.fields as from fields")
    return scratch


def attach(scratch: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Lay the warehouse beside the scratch tables, read-only, as catalog `warehouse`. Raises NotComputed where it cannot be opened."""
    try:
        scratch.execute(f"attach if not exists {_quoted(warehouse)} as warehouse (read_only)")
    except duckdb.Error as error:
        raise NotComputed(_first_line(error)) from error


def _vetoes(scratch: duckdb.DuckDBPyConnection) -> str:
    """SQL of the vetoes that hold: entity × veto, each condition evaluated over the entity's inputs, a column an input."""
    codes = [code for (code,) in scratch.execute("select input_code from framework.inputs order by all").fetchall()]
    columns = "".join(f", max(i.value) filter (where i.input_code = '{code}') as \"{code}\"" for code in codes)
    wide = f"""
        select e.entity_code{columns}
        from framework.entities as e left join warehouse.ranking.fct_input as i on i.entity_code = e.entity_code group by e.entity_code
    """
    vetoes = scratch.execute("select veto_code, when_sql from framework.vetoes order by position").fetchall()
    held = ["select null::varchar as entity_code, null::varchar as veto_code where false"]
    held += [f"select entity_code, {_text(code)} from wide where {when}" for code, when in vetoes]
    return f"""
        with wide as ({wide}), held as ({" union all ".join(held)})
        select h.entity_code, h.veto_code, v.position, v.effect, v.effect_value
        from held as h join framework.vetoes as v on v.veto_code = h.veto_code
    """


def _normal_quantile(share: float) -> float:
    """The point below which that share of a standard normal distribution lies; no number of a share outside 0–1."""
    return NormalDist().inv_cdf(share) if 0 < share < 1 else math.nan


def _formulas(scratch: duckdb.DuckDBPyConnection) -> str:
    """SQL of the expression by which the framework normalises an indicator, by `indicator_code`."""
    rows = scratch.execute(
        "select indicator_code, formula_sql from framework.indicators where formula_sql is not null order by all"
    ).fetchall()
    return "case indicator_code " + " ".join(f"when {_text(code)} then ({sql})" for code, sql in [*rows, ("", "null")]) + " end"


def judge(scratch: duckdb.DuckDBPyConnection, rule: Rule, values: Mapping[str, str]) -> tuple[pl.DataFrame, float | None]:
    """Keep the rows that the rule judges as `judged.<name>`; gives the failing rows and what is observed. `values`: see `bound`.

    Raises NotComputed where any of it cannot be.
    """
    try:
        judged = bound(rule.judged, values)
        if "$vetoes" in judged:
            judged = judged.replace("$vetoes", f"({_vetoes(scratch)})")
        if "$formulas" in judged:
            judged = judged.replace("$formulas", _formulas(scratch))
        scratch.execute(f'create table judged."{rule.name}" as {judged}')
        failing = scratch.sql(f'select * from judged."{rule.name}" where {bound(rule.failing, values)}').pl()
        rows = scratch.sql(bound(rule.rows, values)).pl() if rule.rows else failing
        observed = _single(scratch, rule.measured) if rule.measured else failing.height
        names = scratch.sql(_NAMES).pl()
    except duckdb.Error as error:
        raise NotComputed(_first_line(error)) from error
    return _readable(rows, names), None if observed is None else float(observed)


def bound(sql: str, values: Mapping[str, str]) -> str:
    """The SQL with each `$name` replaced by the SQL literal that `values` gives for it."""
    for name, literal in values.items():
        sql = sql.replace(f"${name}", literal)
    return sql


def holds(scratch: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """The one boolean that the query gives; null is false. Raises NotComputed where it cannot be had."""
    try:
        return bool(_single(scratch, sql))
    except duckdb.Error as error:
        raise NotComputed(_first_line(error)) from error


def _single(scratch: duckdb.DuckDBPyConnection, sql: str) -> Any:
    ((value,),) = scratch.execute(sql).fetchall()
    return value


def _readable(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Rows with ROW_COLUMNS alone, the entity's name beside its code, sorted by all columns."""
    if rows.is_empty():
        return no_rows()
    if "entity_code" in rows.columns:
        rows = rows.drop("name_zh", strict=False).join(names.unique("entity_code"), on="entity_code", how="left")
    columns = [
        (pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, dtype=kind)).alias(name) for name, kind in ROW_COLUMNS.items()
    ]
    return rows.select(columns).sort(list(ROW_COLUMNS), nulls_last=True)


def _fields(file: FrameworkFile) -> pl.DataFrame:
    """One row is a field of a dataset: what its values may be, as the framework file says."""
    rows = [
        _field(source, dataset.dataset, code, column)
        for source, datasets in file.deliveries.items()
        for dataset in datasets
        for code, column in dataset.columns.items()
    ]
    return pl.DataFrame(rows, schema=_FIELDS, orient="row")


def _field(source: str, dataset: str, code: str, column: Column) -> tuple[str | float | bool | None, ...]:
    return source, dataset, code, column.minimum, column.maximum, column.within == "period", column.personal


def _quoted(path: Path) -> str:
    return _text(str(path))


def _text(value: object) -> str:
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
