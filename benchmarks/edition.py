"""How long the demo and one edition take, beside what any project on these packages pays: `make bench`. Writes benchmarks/README.md.

One edition is compared with the sum of three things that nobody can avoid: importing dagster and dagster-dbt, a dbt build of as many
empty models, importing great_expectations. All are measured in turn within one run, each in a process of its own, so that the ratio
holds on another machine where the seconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Spent, machine, median, spend, versions, write_readme

PROJECT = Path(__file__).resolve().parent.parent
EDITIONS = ("jiangsu-2019", "jiangsu-2020")
EDITION = EDITIONS[-1]
PACKAGES = ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "polars", "great-expectations")


@dataclass(frozen=True)
class Folder:
    """A data folder of its own, with the environment in which a process works on it."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process must find in its environment."""
        return {**os.environ, "ZHENGXIN_DATA": str(self.path), "ZHENGXIN_STATE": str(self.path / "dagster"), "DAGSTER_HOME": str(PROJECT)}

    def run(self, *arguments: str) -> Spent:
        """`python …` in the project, on this data folder."""
        return spend([sys.executable, *arguments], PROJECT, self.environment)


# --- what nobody can avoid ----------------------------------------------------------------------------------------------


def empty_project(folder: Path, models: int) -> Path:
    """A dbt project of so many empty models, a layer deep, on DuckDB."""
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "name: empty\nversion: '1.0.0'\nprofile: empty\nmodels: {empty: {+materialized: table}}\n"
        "flags: {send_anonymous_usage_stats: false}\n"
    )
    (folder / "profiles.yml").write_text("empty: {target: one, outputs: {one: {type: duckdb, path: empty.duckdb, threads: 2}}}\n")
    for number in range(models):
        (folder / "models" / f"empty_{number:03d}.sql").write_text("select 1 as one\n")
    return folder


def build_empty(folder: Path) -> Spent:
    """A dbt build of the project at `folder` from nothing: no warehouse, nothing parsed before."""
    for derived in ("empty.duckdb", "target/partial_parse.msgpack"):
        (folder / derived).unlink(missing_ok=True)
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "build", "--project-dir", str(folder), "--profiles-dir", str(folder)]
    return spend(command, folder, dict(os.environ))


def models_built() -> int:
    """How many models one edition builds."""
    return len(list((PROJECT / "dbt_project" / "models").rglob("*.sql")))


# --- what a run's steps took ----------------------------------------------------------------------------------------------

STEPS = """
import json, dagster as dg
instance = dg.DagsterInstance.get()
run = instance.get_runs(limit=1)[0]
stats = [s for s in instance.get_run_step_stats(run.run_id) if s.start_time and s.end_time]
print(json.dumps([(s.step_key, s.end_time - s.start_time) for s in sorted(stats, key=lambda s: s.start_time)]))
"""


def steps_of_last_run(data: Folder) -> list[tuple[str, float]]:
    """Step and seconds of the newest run that was kept under the data folder, in the order in which they began."""
    environment = {
        **os.environ,
        "ZHENGXIN_DATA": str(data.path),
        "ZHENGXIN_STATE": str(data.path / "dagster"),
        "DAGSTER_HOME": str(PROJECT),
    }
    outcome = subprocess.run([sys.executable, "-c", STEPS], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    return [(step, seconds) for step, seconds in json.loads(outcome.stdout.splitlines()[-1])]


# --- the measurement ------------------------------------------------------------------------------------------------------


def measure(rounds: int, folder: Path) -> dict[str, list[Spent]]:
    """What was spent by what was measured, once a round; within a round one after the other, so that a busy machine troubles all alike."""
    empty = empty_project(folder / "empty", models_built())
    parts: dict[str, Callable[[Path], Spent]] = {
        "import dagster, dagster_dbt": lambda place: Folder(place).run("-c", "import dagster, dagster_dbt"),
        "import great_expectations": lambda place: Folder(place).run("-c", "import great_expectations"),
        "dbt build, empty models": lambda _: build_empty(empty),
        "edition": _edition,
    }
    spent: dict[str, list[Spent]] = {name: [] for name in parts}
    for number in range(rounds):
        for name, part in parts.items():
            spent[name].append(part(folder / f"round-{number}"))
            print(f"round {number + 1} of {rounds}: {name} {_row(spent[name][-1])}", flush=True)
    return spent


def _edition(place: Path) -> Spent:
    """One edition from its inbox to its release, in a fresh data folder; making the deliveries is not counted."""
    data = Folder(place)
    data.run("-m", "examples", EDITION)
    return data.run("-m", "orchestration", "run", EDITION)


def demo(folder: Path) -> dict[str, Spent]:
    """`make demo` without installation: its parts, the whole, and the same once more when there is nothing new."""
    data = Folder(folder / "demo")
    return {
        "making the deliveries of both editions (alone)": Folder(folder / "made").run("-m", "examples", *EDITIONS),
        "`make demo`, first time": data.run("-m", "orchestration", "demo", *EDITIONS),
        "`make demo` again, nothing new": data.run("-m", "orchestration", "demo", *EDITIONS),
    }


# --- the report -------------------------------------------------------------------------------------------------------------


def report(spent: dict[str, list[Spent]], demonstration: dict[str, Spent], steps: list[tuple[str, float]], load: float) -> str:
    """What was measured, as Markdown; `load`: processes that wanted the processor when it began, other than ours."""
    medians = {name: median(values) for name, values in spent.items()}
    edition = medians.pop("edition")
    floor = Spent(sum(value.wall for value in medians.values()), sum(value.cpu for value in medians.values()))
    rounds = len(spent["edition"])
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, load average before {load:.1f}.",
        versions(PACKAGES),
        "",
        f"| one edition (`{EDITION}`, 108 places, {models_built()} models), median of {rounds} rounds | wall s | processor s |",
        "|---|--:|--:|",
        *(f"| {name} | {_row(value)} |" for name, value in medians.items()),
        f"| together | {_row(floor)} |",
        f"| `python -m orchestration run {EDITION}` in a fresh data folder | {_row(edition)} |",
        f"| **ratio** (at most 3 is asked, of wall time) | **{edition.wall / floor.wall:.2f}** | {edition.cpu / floor.cpu:.2f} |",
        "",
        "| demo | wall s | processor s |",
        "|---|--:|--:|",
        *(f"| {name} | {_row(value)} |" for name, value in demonstration.items()),
        "",
        "| step of the last round's edition | wall s |",
        "|---|--:|",
        *(f"| {name} | {value:.1f} |" for name, value in steps),
    ]
    return "\n".join(lines)


def _row(value: Spent) -> str:
    return f"{value.wall:.1f} | {value.cpu:.1f}"


def main() -> None:
    """Measure, print, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="zhengxin-bench-") as folder:
        place = Path(folder)
        load = os.getloadavg()[0]
        spent = measure(rounds, place)
        steps = steps_of_last_run(Folder(place / f"round-{rounds - 1}"))
        measured = report(spent, demo(place), steps, load)
    print(measured)
    write_readme("measured", measured)


if __name__ == "__main__":
    main()
