"""The queries that dbt compiled when it built an edition, in the order in which one rests on the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from analysis import Step
from orchestration.dbt import layer, manifest
from orchestration.failures import failure
from storage import Workspace

_LAST = "ranked"


def steps_after(workspace: Workspace, edition: str, changed: str) -> list[Step]:
    """Every model that reads `changed`, however many others lie between, and on which the ranking rests; each after those that it reads.

    Raises Failure where dbt has not built the edition from this folder.
    """
    models = _models(workspace)
    ordered, touched = _ordered(models, _LAST), {changed}
    for name in ordered:
        if touched & set(_reads(models, name)):
            touched.add(name)
    return [_step(workspace, edition, models, models[name]) for name in ordered if name in touched and name != changed]


def _models(workspace: Workspace) -> dict[str, Any]:
    nodes = json.loads(manifest(workspace).read_bytes())["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


def _reads(models: Mapping[str, Any], name: str) -> list[str]:
    parts = (unique_id.split(".") for unique_id in models[name]["depends_on"]["nodes"])
    return sorted(part[-1] for part in parts if part[0] == "model")


def _ordered(models: Mapping[str, Any], last: str) -> list[str]:
    """`last` and all that it rests on, each after what it reads."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in found:
            for read in _reads(models, name):
                visit(read)
            found[name] = None

    visit(last)
    return list(found)


def _step(workspace: Workspace, edition: str, models: Mapping[str, Any], model: Mapping[str, Any]) -> Step:
    path = workspace.dbt / edition / "compiled" / model["package_name"] / model["original_file_path"]
    if not path.exists():
        raise failure(f"{edition}: {path} is missing, which dbt wrote with the scores; run the edition again: make run EDITION={edition}")
    reads = tuple((layer(models[name]), name) for name in _reads(models, model["name"]))
    sql = path.read_text(encoding="utf-8").rstrip().rstrip(";")
    return Step((layer(model), model["name"]), sql, reads, is_view=model["config"]["materialized"] == "view")
