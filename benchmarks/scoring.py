"""How long scores take in SQL, beside the same arithmetic in hand-written Polars: `make bench-scoring`. Writes benchmarks/README.md.

Both start from one stage folder and leave the same figures, a row an entity × measure, a row an entity × indicator, and the ranking; they
are compared to 1e-9, the ranks exactly. dbt builds the project over the stage folder first, all that the ranking rests on; what counts
is its SQL run again without dbt (scoring_sql.py), in turn with Polars (scoring_polars.py), each time in a fresh process whose own start is
not counted. What dbt itself took, and how much memory, stands beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measuring import Spent, machine, median, spend, versions, write_readme
from benchmarks.scoring_world import ASEM, EDITION, World, asem_world, made_up_asem, made_up_world, write_world
from storage import Workspace
from storage.workspace import PROJECT

DBT = PROJECT / "dbt_project"
PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "polars")
CLOSE = 1e-9
# What is compared: Polars' table, its code, the column, and the model that has it too.
COLUMNS = (
    ("measures", "measure_code", "value_treated", "normalised"),
    ("measures", "measure_code", "normalised", "normalised"),
    ("measures", "measure_code", "share_used", "normalised"),
    ("nodes", "indicator_code", "rate", "indicator_scores"),
    ("nodes", "indicator_code", "points", "indicator_scores"),
    ("nodes", "indicator_code", "score_exact", "indicator_scores"),
    ("nodes", "indicator_code", "coverage", "indicator_scores"),
)


# The headings of what is measured of a case: the three, then SQL by Polars.
COMPARED = ("SQL s", "cpu s", "one entity s", "cpu s", "Polars s", "cpu s", "÷ s", "÷ cpu", "÷ s, net", "÷ cpu, net", "asked")


@dataclass(frozen=True)
class Case:
    """One index of one size, and how often it is measured. `at_most`: the ratio that is asked for."""

    name: str
    make: Callable[[], World]
    rounds: int
    at_most: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What a case took: dbt's build, and by round the SQL without dbt, the same over one entity, and Polars; cpu seconds by model."""

    case: Case
    dbt: Spent
    sql: list[Spent]
    one: list[Spent]
    polars: list[Spent]
    models: dict[str, float]

    @property
    def ratios(self) -> tuple[float, float, float, float]:
        """SQL ÷ Polars, of the medians: by the clock, in processor seconds, and both with the build over one entity taken off."""
        sql, one, polars = median(self.sql), median(self.one), median(self.polars)
        whole = sql.wall / polars.wall, sql.cpu / polars.cpu
        return *whole, (sql.wall - one.wall) / polars.wall, (sql.cpu - one.cpu) / polars.cpu


def cases(rounds: int) -> list[Case]:
    """What the figures in benchmarks/README.md are of."""
    asem = ("ASEM, 51 × 49, the whole chain", asem_world) if ASEM.is_dir() else ("made up, 51 × 49", made_up_asem)
    return [
        Case("1,000 × 60", lambda: made_up_world(1_000), rounds),
        Case("3,000 × 60", lambda: made_up_world(3_000), rounds, 3),
        Case("10,000 × 60", lambda: made_up_world(10_000), rounds),
        Case("100,000 × 60", lambda: made_up_world(100_000), 1),
        Case("panel, 3,200 × 36 months × 60", lambda: made_up_world(3_200, 36), 1),
        Case(*asem, rounds, 5),
    ]


def measure(case: Case, folder: Path) -> Outcome:
    """Build by dbt, then SQL and Polars in turn; exits where their figures differ."""
    world = case.make()
    workspace, single = write_world(folder / "all", world), write_world(folder / "one", world.of_one())
    stage, index, out, target = workspace.stage(EDITION), folder / "index.pickle", folder / "out", folder / "target"
    index.write_bytes(pickle.dumps(world.index))
    out.mkdir()
    dbt = build_by_dbt(workspace, target)
    taken: dict[str, list[Spent]] = {"sql": [], "one": [], "polars": []}
    models: dict[str, float] = {}
    for _ in range(case.rounds):
        said = _sql(target, stage, stage)
        models = {name: float(spent["cpu"]) for name, spent in said["models"].items()}
        taken["sql"].append(_spent(said))
        taken["polars"].append(_spent(_script("scoring_polars", stage, index, out)))
        taken["one"].append(_spent(_sql(target, stage, single.stage(EDITION))))
        print(f"{case.name}: " + ", ".join(f"{name} {row(spent[-1])}" for name, spent in taken.items()), flush=True)
    differences = compare(workspace, out)
    if differences:
        sys.exit(f"{case.name}: SQL and Polars differ: {'; '.join(differences)}.")
    return Outcome(case, dbt, **taken, models=models)


def _sql(target: Path, compiled: Path, stage: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="zhengxin-bench-", dir=target) as folder:
        # A file of the same name as dbt's, for its SQL says the database.
        return _script("scoring_sql", target, Path(folder) / f"{EDITION}.duckdb", compiled, stage)


def build_by_dbt(workspace: Workspace, target: Path) -> Spent:
    """All that the ranking rests on, by dbt, from nothing."""
    environment = {
        **os.environ,
        "ZHENGXIN_STAGE": str(workspace.stage(EDITION)),
        "ZHENGXIN_WAREHOUSE": str(workspace.warehouse(EDITION)),
    }
    command = [
        sys.executable, "-m", "dbt.cli.main", "--quiet", "run", "--select", "+ranked",
        "--project-dir", str(DBT), "--profiles-dir", str(DBT),
        "--target-path", str(target), "--log-path", str(target), "--vars", f'{{edition: {EDITION}, release: "0123456789ab"}}',
    ]  # fmt: skip
    return spend(command, PROJECT, environment)


def _script(name: str, *arguments: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _spent(said: dict[str, Any]) -> Spent:
    return Spent(said["wall"], said["cpu"], said["peak"])


def compare(workspace: Workspace, out: Path) -> list[str]:
    """Which figures of the warehouse and of Polars' tables differ by more than 1e-9, and which ranks; empty where none does."""
    found: list[str] = []
    with duckdb.connect(str(workspace.warehouse(EDITION)), read_only=True) as warehouse:
        for table, code, column, model in COLUMNS:
            apart = warehouse.execute(
                f"select count(*) from scoring.{model} as ours full join read_parquet('{out}/{table}.parquet') as theirs "
                f"on ours.entity_code = theirs.entity_code and ours.{code} = theirs.{code} "
                f"where ours.{column} is distinct from theirs.{column} "
                f"and not coalesce(abs(ours.{column} - theirs.{column}) <= {CLOSE} * greatest(abs(theirs.{column}), 1e-3), false)"
            ).fetchall()[0][0]
            if apart:
                found.append(f"{apart} values of {column}")
        states = warehouse.execute(
            f"select count(*) from scoring.normalised as ours full join read_parquet('{out}/measures.parquet') as theirs "
            "using (entity_code, measure_code) where ours.state is distinct from cast(theirs.state as varchar)"
        ).fetchall()[0][0]
        if states:
            found.append(f"{states} states of measures")
        ranks = warehouse.execute(
            f"select count(*) from ranking.ranked as ours full join read_parquet('{out}/ranking.parquet') as theirs using (entity_code) "
            "where ours.rank is distinct from theirs.rank "
            f"or not coalesce(abs(cast(ours.total as double) - theirs.total) <= {CLOSE}, false)"
        ).fetchall()[0][0]
    return [*found, f"{ranks} totals or ranks"] if ranks else found


# --- the report -------------------------------------------------------------------------------------------------------------


def report(outcomes: list[Outcome], load: float) -> str:
    """What was measured, as Markdown; `load`: processes that wanted the processor when it began, other than ours."""
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, load average before {load:.1f}, after {os.getloadavg()[0]:.1f}.",
        versions(PACKAGES),
        "",
        f"| entities × measures (rounds) | {' | '.join(COMPARED)} |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(_compared(outcome) for outcome in outcomes),
        "",
        "| by dbt, its start included (`dbt run --select +ranked`) | wall s | cpu s | peak MB | SQL alone, MB | Polars, MB |",
        "|---|--:|--:|--:|--:|--:|",
        *(
            f"| {one.case.name} | {row(one.dbt)} | {one.dbt.peak:,.0f} | {median(one.sql).peak:,.0f} | {median(one.polars).peak:,.0f} |"
            for one in outcomes
        ),
        "",
        *(f"{one.case.name}, processor s by model: {_slowest(one)}." for one in outcomes if one.case.at_most),
    ]
    return "\n".join(lines)


def _compared(one: Outcome) -> str:
    spent = " | ".join(row(median(part)) for part in (one.sql, one.one, one.polars))
    ratios = " | ".join(f"{ratio:.1f}" for ratio in one.ratios)
    asked = f"at most {one.case.at_most:g}" if one.case.at_most else ""
    return f"| {one.case.name} ({one.case.rounds}) | {spent} | {ratios} | {asked} |"


def _slowest(one: Outcome) -> str:
    slowest = sorted(one.models.items(), key=lambda model: -model[1])[:8]
    return ", ".join(f"{name} {seconds:.2f}" for name, seconds in slowest)


def row(value: Spent) -> str:
    """Wall and processor seconds, as two cells."""
    return f"{value.wall:.2f} | {value.cpu:.2f}"


def main() -> None:
    """Measure, print, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="cases whose name holds this; nothing is written down")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    chosen = [case for case in cases(arguments.rounds) if arguments.only is None or arguments.only in case.name]
    outcomes: list[Outcome] = []
    for case in chosen:
        with tempfile.TemporaryDirectory(prefix="zhengxin-bench-") as folder:
            outcomes.append(measure(case, Path(folder)))
    measured = report(outcomes, load)
    print(measured)
    if arguments.only is None:
        write_readme("scoring", measured)


if __name__ == "__main__":
    main()
