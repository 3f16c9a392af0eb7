"""Random examples: one first-level indicator with all below it, and a column of values for each of its measures.

Codes are X, X.1, X.1.2 for indicators, x_1, x_2 for measures and inputs; laid side by side, each X and x gets a number behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.oracle.columns import KINDS, columns
from tests.oracle.edition import Value
from tests.oracle.rules_of_measures import impute_rules, normalise_rules, treat_rules
from tests.oracle.worlds import World

MEANS = ("arithmetic", "arithmetic", "geometric", "harmonic", "generalised", "sum", "minimum", "copeland", "mazziotta_pareto")
KINDS_OF_NODES: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {}, {}, {}, {"kind": "bonus", "opens_at": 0}, {"kind": "bonus", "opens_at": 50}, {"kind": "deduction"},
)  # fmt: skip
BY_SPREAD = {"min_max", "z_score", "percentile_rank"}  # normalising that tells nobody apart by equal values
POSITIVE = {"geometric", "harmonic"}  # means that ask for children above zero; generalised with a power below it too


@dataclass
class Example:
    """`tree`: the indicator as the framework writes it. `inputs`: input → entity → value.

    Frozen: `norms` (node, group) → values, and `weights` (node, group) → weight of the nodes that state none.
    `previous`: (entity of the edition before, measure) → the value that its release has; not every pair is in it.
    `judged`: the inputs that a source delivers which rests on judgement.
    """

    tree: dict[str, Any]
    inputs: dict[str, dict[str, Value]]
    norms: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    weights: dict[tuple[str, str], float] = field(default_factory=dict)
    previous: dict[tuple[str, str], Value] = field(default_factory=dict)
    judged: frozenset[str] = frozenset()


@st.composite
def examples(draw: st.DrawFn, world: World) -> Example:
    """A tree of one to three levels, uneven, with everything that a node can say drawn for each."""
    example = Example({}, {})
    depth = draw(st.sampled_from((1, 1, 2, 2, 3)))
    example.tree = _indicator(draw, world, example, "X", depth)
    if world.is_weighted:  # the first of a batch is part of every group's tree (assembling.py), another perhaps of some
        weight = {group: draw(st.integers(0, 5)) for group in world.groups}
        example.tree |= {"weight": weight if any(weight.values()) else 1}
    else:
        example.tree |= {"points": draw(st.integers(1, 20))} | draw(st.sampled_from(KINDS_OF_NODES))
    _tell_apart(example, example.tree, world.groups)
    return example


def _indicator(draw: st.DrawFn, world: World, example: Example, code: str, depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"code": code, "name": {"zh": code, "en": code}}
    is_lowest = depth == 1
    aggregate = draw(_aggregates(world))
    if not is_lowest and (world.rules["round"]["at"] == "lowest_indicator" or (world.is_ranked and _may_block(aggregate))):
        aggregate = {"method": "arithmetic"}
    if draw(st.integers(0, 3)) == 0:
        aggregate["at_least"] = draw(st.sampled_from((0.4, 0.6, 1.0)))
    node["aggregate"] = aggregate
    is_equal, positive = aggregate["method"] == "mazziotta_pareto", _asks_positive(aggregate) or (world.is_ranked and _may_block(aggregate))
    if is_lowest:
        node["measures"] = _measures(draw, world, example, is_equal=is_equal, positive=positive)
    else:
        children = draw(st.integers(1, 3))
        below = [
            _indicator(draw, world, example, f"{code}.{number + 1}", draw(st.integers(1, depth - 1)) if number else depth - 1)
            for number in range(children)
        ]
        for child in below:
            if is_equal or draw(st.integers(0, 3)):
                child |= {"weight": 1 if is_equal else draw(st.integers(1, 4))}
            else:
                example.weights[child["code"], ""] = draw(st.integers(1, 4))
            if positive:
                _keep_positive(example, child)
        node["indicators"] = below
    node |= _of_node(draw, world, code, positive=False)
    _freeze(draw, world, example, node)
    return node


def _freeze(draw: st.DrawFn, world: World, example: Example, node: dict[str, Any]) -> None:
    """Frozen values for a node that is compared with such."""
    if node.get("normalise", {}).get("within") == "frozen":
        numbers = KINDS[draw(st.sampled_from(("ties", "unit", "negative", "outliers", "constant")))]
        for group in world.groups:
            count = draw(st.integers(1, 6))
            example.norms[node["code"], group] = [float(numbers[draw(st.integers(0, 7))]) for _ in range(count)]


def _tell_apart(example: Example, node: dict[str, Any], groups: Sequence[str], *, is_everywhere: bool = True) -> None:
    """Frozen values that are equal in all groups in which a node counts are a mistake of a framework; in some of them they are drawn."""
    is_everywhere = is_everywhere and not isinstance(node.get("weight"), dict)
    is_spread = node.get("normalise", {}).get("method") in BY_SPREAD
    sets = [example.norms[node["code"], group] for group in groups if is_spread and (node["code"], group) in example.norms]
    even = [values for values in sets if len(set(values)) == 1]
    for values in (even[:1] if len(even) == len(sets) else []) if is_everywhere else even:
        values.append(values[0] + abs(values[0]) + 1)
    for below in (*node.get("indicators", []), *node.get("measures", [])):
        _tell_apart(example, below, groups, is_everywhere=is_everywhere)


def _asks_positive(aggregate: dict[str, Any]) -> bool:
    return aggregate["method"] in POSITIVE or (aggregate["method"] == "generalised" and aggregate["power"] <= 0)


def _may_block(aggregate: dict[str, Any]) -> bool:
    """Whether there are rates that have no such mean. What is below such a mean then stays above 0 in a world in which all are ranked."""
    return aggregate["method"] in POSITIVE or (aggregate["method"] == "generalised" and aggregate["power"] != 2)


def _of_node(draw: st.DrawFn, world: World, code: str, *, positive: bool) -> dict[str, Any]:
    """What any indicator may say beside its children: a normalising of its own, what its parent does where it is missing."""
    said: dict[str, Any] = {}
    if world.rules["round"]["at"] == "total" and draw(st.integers(0, 4)) == 0:
        said["normalise"] = draw(normalise_rules(world, of_node=True, positive=positive, direction="higher_is_better"))
        if draw(st.integers(0, 3)) == 0:
            said["direction"] = "lower_is_better"
            said["normalise"] = draw(normalise_rules(world, of_node=True, positive=positive, direction="lower_is_better"))
    policies = ("reweight", "spread", "zero") + (() if world.is_ranked else ("block",))
    if draw(st.integers(0, 3)) == 0:
        said["missing"] = {"policy": draw(st.sampled_from(policies))}
    return said


def _keep_positive(example: Example, child: dict[str, Any]) -> None:
    """A child of a geometric mean is not normalised onto a scale that is sure to hold zeros."""
    child.pop("normalise", None)
    child.pop("direction", None)
    for key in [key for key in example.norms if key[0] == child["code"]]:
        del example.norms[key]


@st.composite
def _aggregates(draw: st.DrawFn, world: World) -> dict[str, Any]:
    method = draw(st.sampled_from(MEANS))
    rule: dict[str, Any] = {"method": method}
    if method == "generalised":
        rule["power"] = draw(st.sampled_from((-1, -0.5, 0.5, 2, 3)))
    if method == "mazziotta_pareto":
        rule["penalty"] = draw(st.sampled_from(("negative", "positive")))
    if method == "copeland":
        rule["within"] = draw(st.sampled_from(("group", "all")))
    return rule


def _measures(draw: st.DrawFn, world: World, example: Example, *, is_equal: bool, positive: bool) -> list[dict[str, Any]]:
    count = draw(st.sampled_from((1, 2, 2, 3)))
    weighting = "none" if is_equal else draw(st.sampled_from(("none", "weight", "share", "groups", "frozen")))
    measures = [_measure(draw, world, example, positive=positive, is_alone=count == 1) for _ in range(count)]
    shares = {1: (1.0,), 2: (0.25, 0.75), 3: (0.2, 0.3, 0.5)}[count]
    for number, measure in enumerate(measures):
        match weighting:
            case "weight":
                measure["weight"] = draw(st.integers(1, 4))
            case "share":
                measure["share"] = shares[number]
            case "frozen":
                example.weights[measure["code"], ""] = draw(st.integers(1, 4))
            case "groups":  # the first measure applies everywhere, so that no group is left with none
                measure["weight"] = {group: draw(st.integers(0 if number else 1, 3)) for group in world.groups}
                if not any(measure["weight"].values()):
                    measure["weight"] = 1
    return measures


def _measure(draw: st.DrawFn, world: World, example: Example, *, positive: bool, is_alone: bool) -> dict[str, Any]:
    code = f"x_{len([name for name in example.inputs if not name.endswith('d')]) + 1}"
    direction = draw(st.sampled_from(("higher_is_better", "lower_is_better")))
    example.inputs[code] = draw(columns(world))
    measure: dict[str, Any] = {
        "code": code, "value": code, "unit": "units", "direction": direction, "label": {"zh": code, "en": code},
        "normalise": draw(normalise_rules(world, of_node=False, positive=positive, direction=direction)),
    }  # fmt: skip
    if "judged" in world.rules and draw(st.integers(0, 2)) == 0:
        example.judged |= {code}
    if draw(st.integers(0, 7)) == 0:
        example.inputs[f"{code}d"] = draw(columns(world, kind="positive"))
        measure["value"] = draw(st.sampled_from((f"100.0 * {code} / {code}d", f"{code} - {code}d", f"abs({code}) + {code}d")))
    if draw(st.integers(0, 7)) == 0:
        example.inputs[f"{code}d"] = example.inputs.get(f"{code}d") or draw(columns(world, kind="positive"))
        measure["applies_when"] = f"{code}d > {draw(st.sampled_from((1, 3)))}"
    if draw(st.integers(0, 2)) == 0:
        policies = ("zero", "group_median", "reweight", "spread") + (() if world.is_ranked else ("block",))
        measure["missing"] = {"policy": draw(st.sampled_from(policies))}
    if draw(st.integers(0, 2)) == 0:
        # From siblings come twelve digits: beside an endless fraction that is the same on paper they make a set whose spread is noise.
        measure["impute"] = draw(impute_rules(world, is_alone=is_alone or "/" in measure["value"]))
    if draw(st.integers(0, 2)) == 0:
        measure["treat"] = draw(treat_rules(world))
    if draw(st.integers(0, 5)) == 0:
        measure["flag"] = draw(st.sampled_from((0.5, 0.8, 1)))
    if world.before is not None:
        numbers = KINDS[draw(st.sampled_from(("ties", "negative", "positive")))]
        places = {entity: draw(st.integers(0, 9)) for entity in world.before.released}
        example.previous |= {(entity, code): None if place == 8 else float(numbers[place]) for entity, place in places.items() if place < 9}
    _freeze(draw, world, example, measure)
    return measure
