"""What totals and ranks would be without the office's corrections, and with what places report of themselves taken as it is.

The scores are dbt's: the queries that dbt compiled for this very build run again over a copy of the warehouse in which one table was
changed. Nothing is written to the warehouse itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from storage import Workspace, temporary_folder, write_parquet


@dataclass(frozen=True)
class Step:
    """One table of the warehouse and the query by which dbt fills it."""

    schema: str
    name: str
    sql: str


@dataclass(frozen=True)
class Scenario:
    """`model`: the table of `scoring` that is changed; `concerns`: how many of its rows tell that there is anything to change."""

    model: str
    concerns: str
    change: str


SCENARIOS = {
    "uncorrected": Scenario("corrections", "state = 'applied'", "delete from scoring.corrections where state = 'applied'"),
    "reported": Scenario("confirmation_rates", "true", "update scoring.confirmation_rates set rate = 1"),
}
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("edition", "release", "scenario", "entity_code"), pl.String),
    "total": pl.Decimal(18, 9),
    "rank": pl.Int64,
    "grade": pl.String,
    "state": pl.String,
}
_STANDING = "select entity_code, total, rank, grade, state from ranking.ranked order by entity_code"


def write_scenarios(workspace: Workspace, edition: str, release: str, steps: Callable[[str], Sequence[Step]]) -> pl.DataFrame:
    """One row is scenario × entity with its total (points), rank, grade and state. Written to the stage's `analysis` folder.

    `steps` gives the queries that follow from a changed model, down to `ranked`, in an order in which each finds what it reads. A
    scenario that would change nothing (no correction, no input that tests verify) has no row. The same scores give the same bytes.
    """
    tables = [pl.DataFrame(schema=SCHEMA)]
    for name, scenario in SCENARIOS.items():
        standing = _played(workspace, edition, scenario, steps)
        if standing is not None:
            named = {"edition": edition, "release": release, "scenario": name}
            tables.append(standing.select(*(pl.lit(value).alias(key) for key, value in named.items()), pl.all()).cast(SCHEMA))  # type: ignore[arg-type]
    table = pl.concat(tables)
    write_parquet(workspace.stage(edition) / "analysis" / "scenarios.parquet", table)
    return table


def _played(workspace: Workspace, edition: str, scenario: Scenario, steps: Callable[[str], Sequence[Step]]) -> pl.DataFrame | None:
    path = workspace.warehouse(edition)
    with duckdb.connect(str(path), read_only=True) as warehouse:
        found = warehouse.execute(f"select count(*) from scoring.{scenario.model} where {scenario.concerns}").fetchone()
    if not found or not found[0]:
        return None
    with temporary_folder(".scenario-", path.parent) as folder:
        # Of the same name: the compiled queries call the database by it.
        copy = Path(shutil.copy(path, folder))
        with duckdb.connect(str(copy)) as warehouse:
            warehouse.execute("set TimeZone = 'UTC'")
            warehouse.execute(scenario.change)
            replay(warehouse, steps(scenario.model))
            return pl.DataFrame(warehouse.sql(_STANDING).to_arrow_table())


def replay(warehouse: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> None:
    """Fill each table anew by its query, with the columns and types that it has."""
    for step in steps:
        table = f'"{step.schema}"."{step.name}"'
        warehouse.execute(f"delete from {table}")
        warehouse.execute(f"insert into {table} by name (\n{step.sql}\n)")
