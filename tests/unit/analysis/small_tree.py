"""A tree as the framework's tables state it, from a line a node: what the tests of the draws are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from analysis.building import build_tree
from analysis.methods import Floats
from analysis.tree import Held, Tree
from frameworks.schemas import NORM_COLUMNS

PLAIN: dict[str, Any] = {
    "aggregate": "arithmetic",
    "aggregate_power": None,
    "aggregate_within": None,
    "penalty": None,
    "at_least": None,
    "missing_policy": "reweight",
    "kind": "part",
    "opens_at": None,
    "direction": "higher_is_better",
} | dict.fromkeys(NORM_COLUMNS)


def tables(
    *nodes: dict[str, Any],
    groups: list[str],
    scale: float = 100,
    not_applicable: str = "reweight",
    norms: list[tuple[str, str | None, float]] | None = None,
    bands: list[tuple[str, float, float]] | None = None,
) -> dict[str, pl.DataFrame]:
    """The framework's tables of nodes such as {"code": "A1", "parent": "A", "points": 20}, in depth-first order.

    `points` and `weight` may be a dictionary by group. Entities are 0000, 0001, …, one for each of `groups`.
    """
    parents = {node.get("parent") for node in nodes}
    names = sorted(set(groups))
    rows, points = [], []
    for position, node in enumerate(nodes, start=1):
        code, parent = node["code"], node.get("parent")
        rest = {key: value for key, value in node.items() if key not in {"code", "parent", "points", "weight"}}
        rows.append({"indicator_code": code, "parent_code": parent, "position": position, "is_lowest": code not in parents} | PLAIN | rest)
        for group in names:
            own = node["points"].get(group, 0) if isinstance(node["points"], dict) else node["points"]
            if own > 0:
                points.append((group, code, float(own), float(node.get("weight") or own)))
    entities = [f"{place:04}" for place in range(len(groups))]
    sets = [(code, "group", group) for code, group in zip(entities, groups, strict=True)]
    sets += [(code, word, value) for word, value in (("all", ""), ("pooled", "")) for code in entities]
    sets += [(code, "frozen", group) for code, group in zip(entities, groups, strict=True)]
    return {
        "edition": pl.DataFrame([{"scale": float(scale), "not_applicable": not_applicable}]),
        "entities": pl.DataFrame({"entity_code": entities, "group_code": groups, "unit_code": entities, "time": [0] * len(entities)}),
        "indicators": pl.DataFrame(rows, infer_schema_length=None),
        "indicator_points": pl.DataFrame(points, schema=["group_code", "indicator_code", "points", "weight"], orient="row"),
        "reference_sets": pl.DataFrame(sets, schema=["entity_code", "within", "set_code"], orient="row"),
        "norms": pl.DataFrame(norms or [], schema={"node_code": pl.String, "group_code": pl.String, "value": pl.Float64}, orient="row"),
        "node_bands": pl.DataFrame(bands or [], schema={"node_code": pl.String, "at_most": pl.Float64, "score": pl.Float64}, orient="row"),
    }


def tree(*nodes: dict[str, Any], entities: int = 1, groups: list[str] | None = None, **more: Any) -> Tree:
    """The tree of those nodes, for so many entities of one group, or one an element of `groups`."""
    held = tables(*nodes, groups=groups or ["city"] * entities, **more)
    return build_tree(held, held["entities"]["entity_code"].to_list())


Places = Sequence[tuple[int, int]]


def held(rates: list[list[float]], missing: Places = (), blocked: Places = (), untold: Places = ()) -> Held:
    """Entities × lowest indicators; at which (entity, column) one is missing, blocked, or its set tells nobody apart."""
    matrix: Floats = np.array(rates, dtype=np.float64)
    flags = [np.zeros(matrix.shape, dtype=np.bool_) for _ in range(3)]
    for flag, places in zip(flags, (missing, blocked, untold), strict=True):
        for place in places:
            flag[place] = True
            matrix[place] = np.nan
    return Held(matrix, *flags)
