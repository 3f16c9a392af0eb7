"""From a build that disagrees to a small one that still does: examples, entities, nodes and rules taken away one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from tests.oracle.drawing import Batch
from tests.oracle.examples import Example

Fails = Callable[[Batch], bool]
OPTIONAL = ("judged", "vetoes", "tiers", "grades", "screen", "flags", "coverage", "impute", "treat", "rank")
OF_NODE = ("impute", "treat", "missing", "applies_when", "flag", "normalise", "direction", "kind", "opens_at")


def smallest(batch: Batch, fails: Fails, tries: int) -> Batch:
    """The smallest batch found in so many tries that still fails; each try is a build."""
    left = tries
    progress = True
    while progress and left > 0:
        progress = False
        for smaller in _smaller(batch):
            left -= 1
            if fails(smaller):
                batch, progress = smaller, True
                break
            if left <= 0:
                break
    return batch


def _smaller(batch: Batch) -> Iterator[Batch]:
    """Smaller batches, the boldest first."""
    count = len(batch.examples)
    for size in (count // 2, count // 4, 1):
        if 0 < size < count:
            for start in range(0, count, size):
                yield replace(batch, examples=batch.examples[:start] + batch.examples[start + size :])
    world = batch.world
    for key in OPTIONAL:
        if key in world.rules:
            yield replace(batch, world=replace(world, rules={name: rule for name, rule in world.rules.items() if name != key}))
    if world.before is not None:
        yield replace(batch, world=replace(world, before=None))
    units = list(dict.fromkeys(entity.unit for entity in world.entities))
    for size in (len(units) // 2, 1):
        for start in range(0, len(units), max(size, 1)):
            dropped = set(units[start : start + max(size, 1)])
            kept = tuple(entity for entity in world.entities if entity.unit not in dropped)
            if {entity.base for entity in kept} == set(world.groups):
                yield replace(batch, world=replace(world, entities=kept))
    for number, example in enumerate(batch.examples):
        for tree in _simpler(example.tree):
            yield replace(batch, examples=[*batch.examples[:number], _with(example, tree), *batch.examples[number + 1 :]])


def _with(example: Example, tree: dict[str, Any]) -> Example:
    kept = {node["code"]: node for node in _nodes(tree)}
    norms = {(code, group): values for (code, group), values in example.norms.items() if code in kept and _is_frozen(kept[code])}
    weights = {(code, group): weight for (code, group), weight in example.weights.items() if code in kept}
    previous = {(entity, code): value for (entity, code), value in example.previous.items() if code in kept}
    return replace(example, tree=tree, norms=norms, weights=weights, previous=previous)


def _is_frozen(node: dict[str, Any]) -> bool:
    return bool(node.get("normalise", {}).get("within") == "frozen")


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in (*node.get("indicators", []), *node.get("measures", [])):
        yield from _nodes(below)


def _simpler(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in ("indicators", "measures"):
        below = node.get(key, [])
        for position, child in enumerate(below):
            if len(below) > 1 and "share" not in child:
                yield {**node, key: below[:position] + below[position + 1 :]}
        for position, child in enumerate(below):
            for simpler in _simpler(child):
                yield {**node, key: [*below[:position], simpler, *below[position + 1 :]]}
    if node.get("aggregate", {}).get("method", "arithmetic") != "arithmetic":
        yield {**node, "aggregate": {"method": "arithmetic"}}
    if "at_least" in node.get("aggregate", {}):
        yield {**node, "aggregate": {key: value for key, value in node["aggregate"].items() if key != "at_least"}}
    for key in OF_NODE:
        if key in node and not (key in {"normalise", "direction"} and "value" in node):
            yield {name: deepcopy(rule) for name, rule in node.items() if name != key}
