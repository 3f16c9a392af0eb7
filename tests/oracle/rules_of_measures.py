"""Random rules of a measure: how it is imputed, treated and normalised."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle.worlds import World

RISING = ("ratio_to_target", "none")
FALLING = ("deduction",)
OF_SET = (
    "min_max", "percentile_rank", "z_score", "rank", "borda", "distance_to_target", "distance_to_reference", "fraction_of_best",
    "exponential", "normal_score", "formula",
)  # fmt: skip
SURE_TO_RANK = ("goalposts", "min_max", "percentile_rank", "exponential", "rank")
SURE_OF_ZEROS = {"z_score", "borda", "normal_score", "distance_to_target", "distance_to_reference"}
FORMULAS = ("(x - mean) / (highest - lowest)", "x / sd", "place / n", "ln(x - lowest + 1)", "(x - median) / n")


@st.composite
def normalise_rules(draw: st.DrawFn, world: World, *, of_node: bool, positive: bool, direction: str) -> dict[str, Any]:
    """A rule for a measure, or for the rate of an indicator. `positive`: not one that is sure to hold zeros or negatives.

    In a world in which all are ranked then none that may hold negatives at all.
    """
    methods = ["goalposts", "bands", *OF_SET]
    if not of_node:
        methods += ["category_map", *(RISING if direction == "higher_is_better" else FALLING)]
    if positive and world.is_ranked:
        methods = list(SURE_TO_RANK)
    method = draw(st.sampled_from([name for name in methods if not (positive and name in SURE_OF_ZEROS)]))
    rule: dict[str, Any] = {"method": method} | _PARAMETERS.get(method, lambda *_: {})(draw, world, direction)
    if method in OF_SET and draw(st.booleans()):
        rule["within"] = draw(st.sampled_from((*world.sets, *(() if positive and world.is_ranked else ("frozen",)))))
    if method in {"min_max", "percentile_rank", "exponential", "goalposts"} and (positive or draw(st.integers(0, 2)) == 0):
        rule["range"] = draw(st.sampled_from(([1, 100], [0.5, 1]) if positive else ([0, 100], [1, 100], [70, 130], [-1, 1])))
    if draw(st.integers(0, 4)) == 0:
        rule["decimals"] = draw(st.sampled_from((0, 1, 2, 4)))
        if positive:
            del rule["decimals"]
    if positive and world.is_ranked:
        rule.pop("cap", None)
    return rule


def _ties(draw: st.DrawFn, world: World, direction: str) -> dict[str, Any]:
    return {"ties": draw(st.sampled_from(("lowest", "average", "highest")))} if draw(st.booleans()) else {}


def _goalposts(draw: st.DrawFn, world: World, direction: str) -> dict[str, Any]:
    low, high = draw(st.sampled_from(((0, 4), (1, 100), (-2.5, 1), (0.5, 2500), (0, 1))))
    worst, best = (low, high) if direction == "higher_is_better" else (high, low)
    rule: dict[str, Any] = {"worst": worst, "best": best}
    if low > 0 and draw(st.booleans()):
        return {**rule, "scale": "ln"}
    return {**rule, "cap": False} if draw(st.integers(0, 2)) == 0 else rule


def _target(draw: st.DrawFn, world: World, direction: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"target": draw(st.sampled_from((-3, 0, 1, 2.5, 5, 100)))}
    return {**rule, "cap": True} if draw(st.booleans()) else rule


def _reference(draw: st.DrawFn, world: World, direction: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"entity": draw(st.sampled_from(world.codes))}
    return {**rule, "cap": True} if draw(st.booleans()) else rule


def _z_score(draw: st.DrawFn, world: World, direction: str) -> dict[str, Any]:
    return draw(st.sampled_from(({}, {"mean": 10, "sd": 2}, {"of": "population"}, {"mean": 100, "sd": 10, "of": "population"})))


_PARAMETERS: dict[str, Any] = {
    "goalposts": _goalposts,
    "distance_to_target": _target,
    "distance_to_reference": _reference,
    "z_score": _z_score,
    "percentile_rank": _ties,
    "rank": _ties,
    "borda": _ties,
    "normal_score": lambda draw, world, direction: _ties(draw, world, direction) | draw(st.sampled_from(({}, {"offset": 0.375}))),
    "exponential": lambda draw, world, direction: _ties(draw, world, direction) | draw(st.sampled_from(({}, {"strength": 10}))),
    "formula": lambda draw, *_: {"of": draw(st.sampled_from(FORMULAS))},
    "ratio_to_target": lambda draw, *_: {"target": draw(st.sampled_from((1, 4, 100)))},
    "bands": lambda draw, *_: draw(
        st.sampled_from(({"table": {1: 0, 2: 0.5, 10: 1}, "else": 0.25}, {"table": {-1: 1, 0: 0.5}}, {"table": {2.5: 0.3}}))
    ),
    "category_map": lambda *_: {"values": {0: 0, 1: 0.25, 2: 0.5, 7: 1}},
    "deduction": lambda draw, *_: draw(st.sampled_from(({}, {"floor": 0.25}))),
}


@st.composite
def impute_rules(draw: st.DrawFn, world: World, *, is_alone: bool) -> Any:
    """A measure's own rule, or the word that takes the edition's away."""
    methods = ["none", "zero", "value", "mean", "median", *(() if is_alone else ("siblings_mean", "siblings_median"))]
    methods += ["latest", "linear", "constant"] if world.is_panel else []
    methods += ["previous", "previous"] if world.before is not None else []
    methods += [] if world.is_ranked else ["block"]
    method = draw(st.sampled_from(methods))
    if method == "none":
        return "none"
    rule: dict[str, Any] = {"method": method}
    if method == "value":
        rule["value"] = draw(st.sampled_from((0.5, 2, -1)))
    if method in {"mean", "median", "siblings_mean", "siblings_median"} and draw(st.booleans()):
        rule["within"] = draw(st.sampled_from(world.sets))
    if method == "latest" and draw(st.booleans()):
        rule["at_most"] = 1
    return rule


@st.composite
def treat_rules(draw: st.DrawFn, world: World) -> Any:
    """A measure's own rule, or the word that takes the edition's away."""
    method = draw(st.sampled_from(("none", "winsorise", "winsorise", "log", "log_plus", "log_shifted", "log_gii", "box_cox")))
    if method == "none":
        return "none"
    rule = _transform(draw, method)
    if method == "winsorise":
        rule["at_most"] = draw(st.sampled_from((1, 2, 5, None)))
        if draw(st.booleans()):
            rule["otherwise"] = _transform(draw, draw(st.sampled_from(("log", "log_plus", "log_shifted", "log_gii", "box_cox"))))
            rule |= {"combine": True} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        rule |= {"skewness": draw(st.sampled_from((0.5, 1))), "kurtosis": draw(st.sampled_from((0.5, 2)))}
    if draw(st.booleans()):
        rule["within"] = draw(st.sampled_from(world.sets))
    return rule


def _transform(draw: st.DrawFn, method: str) -> dict[str, Any]:
    return {"method": method} | ({"power": draw(st.sampled_from((0, 0.5, 2)))} if method == "box_cox" else {})
