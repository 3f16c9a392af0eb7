"""What totals and ranks would be without the office's corrections, all of them and each alone, and with self-reports taken as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from analysis.replay import Replica, Step, replica
from storage import Workspace, write_parquet

WITHOUT_ALL, WITHOUT_ONE, REPORTED = "uncorrected", "without_one", "reported"
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("edition", "release", "scenario", "corrected_entity_code", "input_code", "entity_code"), pl.String),
    "total": pl.Decimal(18, 9),
    "rank": pl.Int64,
    "grade": pl.String,
    "state": pl.String,
}
_CORRECTIONS, _RATES = "corrections", "confirmation_rates"
_APPLIED = "state = 'applied'"


@dataclass(frozen=True)
class _Scenario:
    """One change of a table of scores, and of which correction it is, where of one alone."""

    name: str
    statement: str
    parameters: tuple[str, ...] = ()

    def change(self, memory: duckdb.DuckDBPyConnection) -> None:
        memory.execute(self.statement, list(self.parameters))


def write_scenarios(workspace: Workspace, edition: str, release: str, steps: Callable[[str], Sequence[Step]]) -> pl.DataFrame:
    """One row is scenario × entity with its total (points), rank, grade and state. Written to the stage's `analysis` folder.

    Scenarios: `uncorrected`, as if no correction had been made; `without_one`, as if that of one entity and input alone had not;
    `reported`, as if what tests verify had been confirmed. One that would change nothing has no row.
    `steps` gives the queries that follow from a changed table, down to `ranked`, in an order in which each finds what it reads. The same
    scores give the same bytes.
    """
    after = {model: steps(model) for model in (_CORRECTIONS, _RATES)}
    tables = [pl.DataFrame(schema=SCHEMA)]
    with replica(workspace.warehouse(edition), [step for listed in after.values() for step in listed]) as copy:
        if copy.count(f"scoring.{_RATES}", "true"):
            reported = _Scenario(REPORTED, f"update scoring.{_RATES} set rate = 1")
            tables.append(_named(copy.after(reported.change, after[_RATES]), edition, release, reported))
        tables += [_named(standing, edition, release, each) for each, standing in _corrected(copy, after[_CORRECTIONS])]
    table = pl.concat(tables)
    write_parquet(workspace.stage(edition) / "analysis" / "scenarios.parquet", table)
    return table


def _corrected(copy: Replica, steps: Sequence[Step]) -> list[tuple[_Scenario, pl.DataFrame]]:
    """The standings without all corrections and without each; where there is one alone, the two are the same."""
    applied = copy.rows(f"select entity_code, input_code from scoring.{_CORRECTIONS} where {_APPLIED} order by all").rows()
    if not applied:
        return []
    every = _Scenario(WITHOUT_ALL, f"delete from scoring.{_CORRECTIONS} where {_APPLIED}")
    standing = copy.after(every.change, steps)
    found = [(every, standing)]
    for which in applied:
        one = _Scenario(WITHOUT_ONE, f"delete from scoring.{_CORRECTIONS} where entity_code = ? and input_code = ?", which)
        found.append((one, standing if len(applied) == 1 else copy.after(one.change, steps)))
    return found


def _named(standing: pl.DataFrame, edition: str, release: str, scenario: _Scenario) -> pl.DataFrame:
    entity, code = scenario.parameters or (None, None)
    named = {"edition": edition, "release": release, "scenario": scenario.name, "corrected_entity_code": entity, "input_code": code}
    return standing.select(*(pl.lit(value, pl.String).alias(key) for key, value in named.items()), pl.exclude("group_code")).cast(SCHEMA)  # type: ignore[arg-type]
