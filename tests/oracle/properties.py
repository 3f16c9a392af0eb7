"""Which examples a property is promised for, and what is done to them to see it hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.oracle.examples import Example

OF_VALUES = {"goalposts", "bands", "ratio_to_target", "category_map", "deduction", "none"}  # looks at nobody else
RISING = {
    "goalposts",
    "min_max",
    "z_score",
    "percentile_rank",
    "rank",
    "borda",
    "exponential",
    "normal_score",
    "ratio_to_target",
    "deduction",
    "none",
}
UNSCALED = {"deduction", "none", "formula"}  # in points, in 0–1, and formulas with a number of their own


def nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The indicator and all below it."""
    yield tree
    for below in (*tree.get("indicators", []), *tree.get("measures", [])):
        yield from nodes(below)


def measures(example: Example) -> list[dict[str, Any]]:
    """Its measures, in the order of the tree."""
    return [node for node in nodes(example.tree) if "value" in node]


def stands_alone(example: Example) -> bool:
    """Whether an entity's rate depends on nobody else's value: norms are fixed, and nothing is taken from others or held against them."""
    return all(_is_fixed(node) for node in nodes(example.tree))


def _is_fixed(node: dict[str, Any]) -> bool:
    normalise, aggregate = node.get("normalise"), node.get("aggregate", {})
    is_fixed = normalise is None or normalise["method"] in OF_VALUES or normalise.get("within") == "frozen"
    is_fixed = is_fixed and (normalise or {}).get("method") != "distance_to_reference" and aggregate.get("method") != "copeland"
    imputes = node.get("impute", "none")
    is_own = imputes == "none" or imputes["method"] in {"zero", "value", "block"}
    return is_fixed and is_own and node.get("treat", "none") == "none" and node.get("missing", {}).get("policy") != "group_median"


def rises(example: Example) -> bool:
    """Whether an entity's rate never falls when one of its values gets better.

    Not promised: bands and categories may score as they like; a target or reference below the set's worst turns the order round; a formula
    says anything; treatment may begin with the better value; Mazziotta-Pareto takes off for unevenness; a rate that is compared once
    more (an indicator's own normalising, Copeland) moves with those of others; what is imputed from siblings takes its place from them.
    """
    return all(_is_rising(node) for node in nodes(example.tree))


def _is_rising(node: dict[str, Any]) -> bool:
    if "value" not in node:
        return "normalise" not in node and node.get("aggregate", {}).get("method") not in {"copeland", "mazziotta_pareto"}
    plain = node["value"] == node["code"] and "applies_when" not in node
    return plain and node["normalise"]["method"] in RISING and node.get("treat", "none") == "none" and node.get("impute", "none") == "none"


def improved(example: Example, code: str, entity: str, by: float) -> Example:
    """The example with one entity's value of one measure better by so much."""
    measure = next(node for node in measures(example) if node["code"] == code)
    old = example.inputs[code][entity]
    assert old is not None
    new = old + by if measure["direction"] == "higher_is_better" else old - by
    return replace(example, inputs={**example.inputs, code: {**example.inputs[code], entity: new}})


def is_scalable(example: Example) -> bool:
    """Whether another unit of the values, with the goalposts in it, is promised to give the same rates: not with logarithms and powers."""
    return all(_is_scalable(node) for node in measures(example))


def _is_scalable(measure: dict[str, Any]) -> bool:
    treat, impute = measure.get("treat", "none"), measure.get("impute", "none")
    is_linear = "/" not in measure["value"] and "applies_when" not in measure and measure["normalise"]["method"] not in UNSCALED
    is_pulled = treat == "none" or (treat["method"] == "winsorise" and "otherwise" not in treat)
    return is_linear and is_pulled and (impute == "none" or impute["method"] != "value")


def scaled(example: Example, factor: float) -> Example:
    """The example in another unit: its values and frozen values, and what its measures' rules say in it."""
    inputs = {code: {entity: None if v is None else v * factor for entity, v in column.items()} for code, column in example.inputs.items()}
    codes = {measure["code"] for measure in measures(example)}
    norms = {key: [v * factor for v in values] if key[0] in codes else values for key, values in example.norms.items()}
    return replace(example, tree=_rescaled(example.tree, factor), inputs=inputs, norms=norms)


def _rescaled(node: dict[str, Any], factor: float) -> dict[str, Any]:
    changed = dict(node)
    for key in ("indicators", "measures"):
        if key in node:
            changed[key] = [_rescaled(below, factor) for below in node[key]]
    if "value" in node:
        rule = dict(node["normalise"])
        for key in ("worst", "best", "target"):
            if key in rule:
                rule[key] = rule[key] * factor
        for key in ("table", "values"):
            if key in rule:
                rule[key] = {limit * factor: score for limit, score in rule[key].items()}
        changed["normalise"] = rule
    return changed
