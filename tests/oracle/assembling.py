"""Several examples laid side by side as one edition: each a first-level indicator with codes of its own, entities and groups shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from typing import Any

from tests.oracle.edition import Before, Edition
from tests.oracle.examples import Example
from tests.oracle.worlds import World

PLAIN, JUDGED = "provincial", "expert_review"
EDITION, BEFORE = "drawn", "before"


def side_by_side(world: World, examples: Sequence[Example]) -> Edition:
    """The edition of these examples; the code X of the first becomes X1, of the second X2, and so on."""
    numbered = [_renamed(example, number) for number, example in enumerate(examples, start=1)]
    trees = [example.tree for example in numbered]
    if world.is_weighted:
        trees[0] = {**trees[0], "weight": 2}
    elif not any(tree.get("kind", "part") == "part" for tree in trees):
        trees[0] = {key: rule for key, rule in trees[0].items() if key not in {"kind", "opens_at"}}
    scale = 100 if world.is_weighted else sum(tree["points"] for tree in trees if tree.get("kind", "part") == "part")
    trees = [{**tree, "opens_at": tree["opens_at"] * scale / 100} if "opens_at" in tree else tree for tree in trees]
    inputs = {code: column for example in numbered for code, column in example.inputs.items()}
    inputs |= world.events if "vetoes" in world.rules else {}
    norms = {key: values for example in numbered for key, values in example.norms.items()}
    weights = {key: weight for example in numbered for key, weight in example.weights.items()}
    for tree in trees:
        _confine(tree, world.groups, weights)
    # Of what some measure reads, so that some is left without it.
    judged = {code for example in numbered for code in example.judged if code in inputs} - {"x1_1"}
    rules = {**_about(world, scale), **_delivered(world, inputs, judged), "indicators": trees}
    if not judged:
        rules.pop("judged", None)
    rules |= ({"norms": "norms.csv"} if norms else {}) | ({"weights": "weights.csv"} if weights else {})
    previous = {key: value for example in numbered for key, value in example.previous.items()}
    return Edition(rules, list(world.entities), inputs, before=_before(world), previous=previous, norms=norms, weights=weights)


def _before(world: World) -> Before | None:
    """The edition before without the units of then that went into one which the world no longer has."""
    units = {entity.unit for entity in world.entities}
    return world.before and replace(world.before, gone=tuple((unit, into) for unit, into in world.before.gone if into in units))


def _confine(node: dict[str, Any], groups: Sequence[str], weights: dict[tuple[str, str], float]) -> None:
    """Take out what a node, and all below it, says of groups in whose tree its parent is not."""
    frozen = weights.pop((node["code"], ""), None)
    weights.update({(node["code"], group): frozen for group in groups} if frozen else {})
    for key in ("points", "weight"):
        if isinstance(node.get(key), dict):
            node[key] = {group: value for group, value in node[key].items() if group in groups}
            node[key] = node[key] if any(node[key].values()) else dict.fromkeys(groups, 1)
            groups = [group for group, value in node[key].items() if value]
    for below in (*node.get("indicators", []), *node.get("measures", [])):
        _confine(below, groups, weights)


def _about(world: World, scale: float) -> dict[str, Any]:
    times = sorted({entity.time for entity in world.entities if entity.time is not None})
    panel = {"panel": {"from": times[0], "to": times[-1]}} if times else {}
    return {
        "edition": EDITION,
        "title": {"zh": "抽样", "en": "Drawn"},
        "period": {"from": "2020-01-01", "to": "2020-12-31"},
        "entities": {"registry": "drawn.csv", "as_of": "2020-12-31", "groups": list(world.groups), **panel},
        **({"previous": BEFORE} if world.before is not None else {}),
        "scale": scale,
        **world.rules,
        **{key: [_scaled(step, scale) for step in world.rules[key]] for key in ("tiers", "grades", "vetoes") if key in world.rules},
    }


def _delivered(world: World, inputs: Iterable[str], judged: Set[str]) -> dict[str, Any]:
    dataset: dict[str, Any] = {"files": "*f*", "layout": "places", "entity": "code"}
    dataset |= {"time": ["year"]} if world.is_panel else {}
    sources = {code: JUDGED if "judged" in world.rules and code in judged else PLAIN for code in inputs}
    return {
        "deliveries": {
            source: [{"dataset": f"of_{source}", **dataset, "columns": {code: [code] for code in inputs if sources[code] == source}}]
            for source in sorted(set(sources.values()))
        },
        "inputs": {code: {"source": sources[code], "unit": "units", "label": {"zh": code, "en": code}} for code in inputs},
    }


def _scaled(step: dict[str, Any], scale: float) -> dict[str, Any]:
    """A tier or grade with its limit, or a veto with its total, on the scale and not in hundredths of it."""
    if isinstance(step.get("effect"), dict) and "fixed_score" in step["effect"]:
        return {**step, "effect": {"fixed_score": step["effect"]["fixed_score"] * scale / 100}}
    return {key: value * scale / 100 if key == "at_least" else value for key, value in step.items()}


def example_of(code: str) -> int:
    """Which example (0 the first) a code of the edition belongs to."""
    found = re.match(r"[Xx](\d+)", code)
    assert found
    return int(found[1]) - 1


def _renamed(example: Example, number: int) -> Example:
    def text(value: str) -> str:
        return re.sub(r"\b([Xx])(?=[._]|\b)", rf"\g<1>{number}", value)

    def renamed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: renamed(below, name) for name, below in value.items()}
        if isinstance(value, list):
            return [renamed(below) for below in value]
        return text(value) if isinstance(value, str) and key in {"code", "value", "applies_when", "zh", "en"} else value

    return Example(
        renamed(example.tree),
        {text(code): column for code, column in example.inputs.items()},
        {(text(code), group): values for (code, group), values in example.norms.items()},
        {(text(code), group): weight for (code, group), weight in example.weights.items()},
        {(entity, text(code)): value for (entity, code), value in example.previous.items()},
        frozenset(text(code) for code in example.judged),
    )
