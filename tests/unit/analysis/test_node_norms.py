"""Normalising a node's rate within its set: each method against values worked by hand."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from analysis.norms import half_away
from analysis.tree import rated
from tests.unit.analysis.small_tree import held, tree

NAN = math.nan
FOUR = [1.0, 2.0, 2.0, 5.0]  # lowest 1, highest 5, mean 2.5, sd √3, median 2, places 1, 2, 2, 4


def normalised(method: str, values: list[float], *, groups: list[str] | None = None, **rule: Any) -> list[float]:
    """The rate of A, normalised by that method, from its one child."""
    more = {key: rule.pop(key) for key in ("norms", "bands") if key in rule}
    nodes = [{"code": "A", "points": 100, "normalise_method": method} | rule, {"code": "A1", "parent": "A", "points": 100}]
    made = tree(*nodes, groups=groups or ["city"] * len(values), **more)
    node = rated(made, held([[value] for value in values]), np.ones((1, 1)))["A"]
    return [float(rate) for rate in np.where(node.is_present, node.rate, NAN)[0]]


def _reversed(values: list[float]) -> list[float]:
    return [-value for value in values]


@pytest.mark.parametrize(
    ("method", "rule", "expected"),
    [
        ("min_max", {}, [0, 0.25, 0.25, 1]),
        ("min_max", {"range_low": 1.0, "range_high": 100.0}, [1, 25.75, 25.75, 100]),
        ("min_max", {"direction": "lower_is_better"}, [1, 0.75, 0.75, 0]),
        ("z_score", {}, [-1.5 / math.sqrt(3), -0.5 / math.sqrt(3), -0.5 / math.sqrt(3), 2.5 / math.sqrt(3)]),
        ("z_score", {"sd_kind": "population", "output_mean": 10.0, "output_sd": 2.0}, [8, 10 - 2 / 3, 10 - 2 / 3, 10 + 10 / 3]),
        ("percentile_rank", {}, [0, 1 / 3, 1 / 3, 1]),
        ("percentile_rank", {"ties": "average"}, [0, 0.5, 0.5, 1]),
        ("percentile_rank", {"ties": "highest"}, [0, 2 / 3, 2 / 3, 1]),
        ("percentile_rank", {"direction": "lower_is_better"}, [1, 1 / 3, 1 / 3, 0]),
        ("percentile_rank", {"decimals": 2}, [0, 0.33, 0.33, 1]),
        ("rank", {}, [1, 2, 2, 4]),
        ("borda", {}, [0, 1, 1, 3]),
        ("distance_to_target", {"target": 3.0}, [0, 0.5, 0.5, 2]),
        ("distance_to_target", {"target": 3.0, "is_capped": True}, [0, 0.5, 0.5, 1]),
        ("distance_to_reference", {"reference_entity": "0001"}, [0, 1, 1, 4]),
        ("distance_to_reference", {"reference_entity": "0001", "is_capped": True}, [0, 1, 1, 1]),
        ("distance_to_reference", {"reference_entity": "0000"}, [NAN] * 4),  # the reference is the lowest
        ("distance_to_reference", {"reference_entity": "nobody"}, [NAN] * 4),
        ("fraction_of_best", {}, [0.2, 0.4, 0.4, 1]),
        ("fraction_of_best", {"direction": "lower_is_better"}, [1, 0.5, 0.5, 0.2]),
        ("goalposts", {"worst": 0.0, "best": 4.0, "is_capped": True}, [0.25, 0.5, 0.5, 1]),
        ("goalposts", {"worst": 0.0, "best": 4.0, "is_capped": False}, [0.25, 0.5, 0.5, 1.25]),
        ("goalposts", {"worst": 4.0, "best": 0.0, "is_capped": True}, [0.75, 0.5, 0.5, 0]),
        ("ratio_to_target", {"target": 4.0}, [0.25, 0.5, 0.5, 1]),
        ("bands", {"else_value": 0.1, "bands": [("A", 1.5, 1.0), ("A", 4.0, 0.5)]}, [1, 0.5, 0.5, 0.1]),
        ("category_map", {"bands": [("A", 1.0, 0.2), ("A", 2.0, 0.7)]}, [0.2, 0.7, 0.7, NAN]),
        ("none", {}, FOUR),
        ("none", {"direction": "lower_is_better"}, [-1, -2, -2, -5]),
        ("formula", {"formula_sql": '("x" - "median") / nullif("n", 0)'}, [-0.25, 0, 0, 0.75]),
        ("formula", {"formula_sql": 'ln(nullif("x" - "lowest", 0))'}, [NAN, 0, 0, math.log(4)]),
    ],
)
def test_each_method_gives_its_rate(method: str, rule: dict[str, Any], expected: list[float]) -> None:
    assert normalised(method, FOUR, **rule) == pytest.approx(expected, rel=1e-14, abs=1e-15, nan_ok=True)


def test_goalposts_on_the_logarithm() -> None:
    rates = normalised("goalposts", [50.0, 2738.612787525831], worst=100.0, best=75000.0, goalpost_scale="ln", is_capped=True)
    assert rates == pytest.approx([0.0, 0.5])


def test_exponential_of_the_worst_and_the_best() -> None:
    """R = 1 of the best: −23 ln(exp(−100 ÷ 23)) ÷ 100 = 1. R = ½: −0.23 ln(1 − ½ (1 − exp(−100 ÷ 23))) = 0.1564490…"""
    half = -0.23 * math.log(1 - 0.5 * (1 - math.exp(-100 / 23)))
    assert normalised("exponential", [3.0, 8.0], strength=23.0) == pytest.approx([half, 1.0])


def test_normal_scores_are_even_about_the_middle() -> None:
    """Φ⁻¹(¼) = −0.6744897501960817."""
    assert normalised("normal_score", [1.0, 2.0, 3.0]) == pytest.approx([-0.6744897501960817, 0, 0.6744897501960817], abs=1e-15)


def test_normal_scores_by_an_offset() -> None:
    """Blom's 3/8: of 0.625 ÷ 3.25, ½ and 2.625 ÷ 3.25."""
    far = NormalDist().inv_cdf(0.625 / 3.25)
    assert normalised("normal_score", [1.0, 2.0, 3.0], place_offset=0.375) == pytest.approx([far, 0, -far], abs=1e-15)


@pytest.mark.parametrize("method", ["min_max", "z_score", "percentile_rank"])
def test_a_set_that_tells_nobody_apart_gives_no_rate(method: str) -> None:
    assert normalised(method, [2.0, 2.0]) == pytest.approx([NAN, NAN], nan_ok=True)
    assert normalised(method, [2.0]) == pytest.approx([NAN], nan_ok=True)


def test_no_fraction_of_a_best_that_is_nothing() -> None:
    assert normalised("fraction_of_best", [-1.0, 0.0]) == pytest.approx([NAN, NAN], nan_ok=True)
    assert normalised("fraction_of_best", [0.0, 5.0], direction="lower_is_better") == pytest.approx([NAN, NAN], nan_ok=True)


def test_sets_are_the_groups_or_all() -> None:
    groups = ["city", "county", "city", "county"]
    assert normalised("min_max", FOUR, groups=groups) == pytest.approx([0, 0, 1, 1])
    assert normalised("min_max", FOUR, groups=groups, within="all") == pytest.approx([0, 0.25, 0.25, 1])


def test_reference_may_be_of_another_group() -> None:
    """Counties of 2 and 5 are held against city 0002: with 2 it is their lowest, which is no way at all; with 3 it is one."""
    groups = ["city", "county", "city", "county"]
    apart = normalised("distance_to_reference", FOUR, groups=groups, reference_entity="0002")
    assert apart == pytest.approx([0, NAN, 1, NAN], nan_ok=True)
    found = normalised("distance_to_reference", [1.0, 2.0, 3.0, 5.0], groups=groups, reference_entity="0002")
    assert found == pytest.approx([0, 0, 1, 3])


def test_missing_values_are_no_part_of_the_set() -> None:
    assert normalised("percentile_rank", [1.0, NAN, 3.0, 2.0]) == pytest.approx([0, NAN, 1, 0.5], nan_ok=True)


def test_a_frozen_set_stays_as_it_was() -> None:
    """Against 0, 10, 10: 5 lies halfway, and has one value below it, so place 2 of 3; nobody's place is beyond the third."""
    norms = [("A", None, 0.0), ("A", None, 10.0), ("A", "city", 10.0), ("A", "county", 99.0)]
    assert normalised("min_max", [5.0, 12.0], within="frozen", norms=norms) == pytest.approx([0.5, 1.2])
    assert normalised("percentile_rank", [5.0, 12.0, -1.0], within="frozen", norms=norms) == pytest.approx([0.5, 1.0, 0.0])
    above = [("A", None, 2.0), ("A", None, 8.0)]
    found = normalised("fraction_of_best", [4.0, 1.0, 0.0, -2.0], direction="lower_is_better", within="frozen", norms=above)
    assert found == pytest.approx([0.5, 2.0, NAN, NAN], nan_ok=True)


def test_what_tells_nobody_apart_is_dropped_and_leaves_its_points() -> None:
    """A is the same of both, so B alone makes the total; a category without a score is missing instead, and counts as nothing."""
    nodes = [
        {"code": "A", "points": 60, "normalise_method": "min_max", "missing_policy": "zero"},
        {"code": "A1", "parent": "A", "points": 60},
        {"code": "B", "points": 40},
    ]
    rates = held([[0.3, 0.5], [0.3, 1.0]])
    assert rated(tree(*nodes, entities=2), rates, np.ones((1, 2)))["TOTAL"].rate.tolist() == [[0.5, 1.0]]
    nodes[0]["normalise_method"] = "category_map"
    assert rated(tree(*nodes, entities=2), rates, np.ones((1, 2)))["TOTAL"].rate[0] == pytest.approx([0.2, 0.4])


def test_rounding_is_half_away_from_zero() -> None:
    assert half_away(np.array([2.675, -2.675, NAN]), 2) == pytest.approx([2.68, -2.68, NAN], nan_ok=True)


def test_order_is_turned_round_by_the_direction() -> None:
    for method in ("min_max", "percentile_rank", "rank", "z_score"):
        assert normalised(method, FOUR, direction="lower_is_better") == pytest.approx(normalised(method, _reversed(FOUR)))
