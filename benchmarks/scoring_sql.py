"""The SQL that dbt wrote for an edition's scores, run without dbt: what benchmarks/scoring.py sets beside Polars.

A build before has compiled the project and says which model reads which; here the models that the ranking rests on are built anew, one
after the other, into a fresh DuckDB file with the settings of dbt_project/profiles.yml. So dbt's own start and its work around each model
are left out, and planning the SQL is not.
Run as a script in a process of its own: `python -m benchmarks.scoring_sql TARGET WAREHOUSE COMPILED STAGE` (dbt's target folder; the file
to build; the stage folder for which was compiled; the one to read, of the same framework).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

GOAL = "model.zhengxin.ranked"
SETTINGS = "set threads = 2; set TimeZone = 'UTC'; set memory_limit = '3GB'"
SCHEMAS = ("staging", "scoring", "ranking")


def models_of(manifest: dict[str, Any], goal: str) -> list[dict[str, Any]]:
    """The models that `goal` rests on and itself, each after those that it reads."""
    parents: dict[str, list[str]] = {}
    wanted = [goal]
    while wanted:
        name = wanted.pop()
        if name not in parents:
            parents[name] = sorted(parent for parent in manifest["parent_map"][name] if parent.startswith("model."))
            wanted += parents[name]
    return [manifest["nodes"][name] for name in TopologicalSorter(parents).static_order()]


def build(target: Path, warehouse: Path, compiled: Path, stage: Path) -> dict[str, dict[str, float]]:
    """Build the models into `warehouse`, which must not exist: wall and processor seconds by model.

    Views that only name a file of the stage folder are not counted.
    """
    models = models_of(json.loads((target / "manifest.json").read_text(encoding="utf-8")), GOAL)
    spent: dict[str, dict[str, float]] = {}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(SETTINGS)
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        for model in models:
            kind = model["config"]["materialized"]
            sql = (target / "compiled" / model["package_name"] / model["original_file_path"]).read_text(encoding="utf-8")
            statement = f"create {kind} {model['schema']}.{model['name']} as (\n{sql.replace(str(compiled), str(stage))}\n)"
            wall, cpu = time.perf_counter(), time.process_time()
            connection.execute(statement)
            if (kind, model["schema"]) != ("view", "staging"):
                spent[model["name"]] = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return spent


def main(target: Path, warehouse: Path, compiled: Path, stage: Path) -> None:
    """Build, and say what it took: in all, by model, and the peak of memory in MB."""
    spent = build(target, warehouse, compiled, stage)
    whole = {name: sum(model[name] for model in spent.values()) for name in ("wall", "cpu")}
    print(json.dumps(whole | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "models": spent}))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
