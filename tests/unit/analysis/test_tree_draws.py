"""The tree under the undisturbed draw, every factor 1: each rule against a value worked by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from analysis.tree import Tree, rated, totals
from tests.unit.analysis.small_tree import held, tree

NAN = math.nan


def undisturbed(made: Tree, rates: list[list[float]], **why: Any) -> dict[str, list[float]]:
    """The rate of each node of each entity, and under `=` the totals; NaN where there is none."""
    one = np.ones((1, len(made.codes)))
    nodes = rated(made, held(rates, **why), one)
    found = {code: np.where(node.is_present, node.rate, NAN) for code, node in nodes.items()} | {"=": totals(made, nodes)}
    return {code: np.broadcast_to(values, (1, len(rates)))[0].tolist() for code, values in found.items()}


def node(code: str, points: Any, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {"code": code, "points": points, "parent": parent} | more


def two(method: str, **more: Any) -> list[dict[str, Any]]:
    """A of A1 (25 points) and A2 (75)."""
    return [node("A", 100, aggregate=method, **more), node("A1", 25, "A"), node("A2", 75, "A")]


@pytest.mark.parametrize(
    ("method", "more", "expected"),
    [
        ("arithmetic", {}, 0.25 * 0.2 + 0.75 * 0.8),
        ("geometric", {}, 0.2**0.25 * 0.8**0.75),
        ("harmonic", {}, 1 / (0.25 / 0.2 + 0.75 / 0.8)),
        ("generalised", {"aggregate_power": 2.0}, math.sqrt(0.25 * 0.04 + 0.75 * 0.64)),
        ("generalised", {"aggregate_power": -2.0}, (0.25 / 0.04 + 0.75 / 0.64) ** -0.5),
        ("generalised", {"aggregate_power": 0.5}, (0.25 * math.sqrt(0.2) + 0.75 * math.sqrt(0.8)) ** 2),
        ("sum", {}, 25 * 0.2 + 75 * 0.8),  # weights as written, here the points
        ("minimum", {}, 0.2),
        ("mazziotta_pareto", {}, 0.5 - 0.18 / 0.5),  # M = 0.5, S² = 2 × 0.3² = 0.18
        ("mazziotta_pareto", {"penalty": "positive"}, 0.5 + 0.18 / 0.5),
    ],
)
def test_each_method_gives_its_rate(method: str, more: dict[str, Any], expected: float) -> None:
    assert undisturbed(tree(*two(method, **more)), [[0.2, 0.8]])["A"] == [pytest.approx(expected, rel=1e-14)]


@pytest.mark.parametrize("method", ["geometric", "harmonic", "generalised"])
def test_means_of_a_nothing_are_nothing_and_of_a_negative_undefined(method: str) -> None:
    made = tree(*two(method, aggregate_power=-1.5), entities=2)
    found = undisturbed(made, [[0.0, 0.8], [-0.1, 0.8]])
    assert found["A"] == [0.0, pytest.approx(NAN, nan_ok=True)]
    assert found["="] == [0.0, pytest.approx(NAN, nan_ok=True)]  # blocked up to the total


def test_of_a_whole_negative_power_a_nothing_is_nothing_whatever_is_beside_it() -> None:
    """Of 0 and −0.5 the mean of the inverses would be below nothing; −0.5 beside 0.5 by 3 : 1 is undefined."""
    found = undisturbed(tree(*two("generalised", aggregate_power=-1.0), entities=2), [[0.0, -0.5], [0.5, -0.5]])
    assert found["A"] == [0.0, pytest.approx(NAN, nan_ok=True)]


def test_of_one_child_the_penalty_is_nothing_and_of_a_mean_of_nothing_too() -> None:
    found = undisturbed(tree(*two("mazziotta_pareto"), entities=3), [[0.4, NAN], [-0.3, 0.3], [0.5, 0.5]])
    assert found["A"] == [0.4, 0.0, 0.5]


def test_sum_lays_the_weights_of_dropped_children_on_the_others() -> None:
    """A1 of weight 1, A2 of 3: 4 × 0.8 where A1 is dropped."""
    made = tree(node("A", 100, aggregate="sum"), node("A1", 25, "A", weight=1), node("A2", 75, "A", weight=3), entities=2)
    assert undisturbed(made, [[0.2, 0.8], [NAN, 0.8]])["A"] == [pytest.approx(0.2 + 2.4), pytest.approx(3.2)]


# --- missing, not applicable, share of children -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "a", "total"),
    [("reweight", 0.8, 80.0), ("spread", 0.8, 80.0), ("zero", 0.75 * 0.8, 60.0), ("block", NAN, NAN)],
)
def test_missing_child_by_its_policy(policy: str, a: float, total: float) -> None:
    nodes = two("arithmetic")
    nodes[1]["missing_policy"] = policy
    found = undisturbed(tree(*nodes), [[0.0, 0.8]], missing=[(0, 0)])
    assert found["A"] == [pytest.approx(a, nan_ok=True)]
    assert found["="] == [pytest.approx(total, nan_ok=True)]


@pytest.mark.parametrize(("way", "expected"), [("reweight", (20 * 1 + 30 * 0.5) / 50), ("spread", (45 * 1 + 55 * 0.5) / 100)])
def test_points_of_what_does_not_apply_go_in_proportion_or_evenly(way: str, expected: float) -> None:
    """B of 50 drops beside A of 20 and C of 30: in proportion 40 and 60, evenly 45 and 55."""
    made = tree(node("A", 20), node("B", 50), node("C", 30), not_applicable=way)
    assert undisturbed(made, [[1.0, NAN, 0.5]])["="] == [pytest.approx(100 * expected)]


def test_what_tells_nobody_apart_leaves_its_points_in_proportion_even_so() -> None:
    made = tree(node("A", 20), node("B", 50), node("C", 30), not_applicable="spread")
    assert undisturbed(made, [[1.0, NAN, 0.5]], untold=[(0, 1)])["="] == [pytest.approx(70.0)]


def test_missing_that_is_spread_beside_one_that_is_reweighted() -> None:
    """A 20, B 30, C 10 missing and spread, D 40 missing and reweighted. In proportion 20 : 30 of 90, that is 36 and 54; then 5 each."""
    made = tree(node("A", 20), node("B", 30), node("C", 10, missing_policy="spread"), node("D", 40))
    assert undisturbed(made, [[1.0, 0.0, 0.0, 0.0]], missing=[(0, 2), (0, 3)])["="] == [pytest.approx(41.0)]


def test_node_below_which_all_is_missing_is_missing_itself() -> None:
    """A is missing and counts as nothing; where its children do not apply it is dropped."""
    nodes = [node("A", 60, missing_policy="zero"), node("A1", 60, "A"), node("B", 40)]
    found = undisturbed(tree(*nodes, entities=2), [[0.0, 0.5], [NAN, 0.5]], missing=[(0, 0)])
    assert found["="] == [pytest.approx(20.0), pytest.approx(50.0)]


def test_node_with_too_few_children_is_missing() -> None:
    """Two of three at least: with one of them left A drops, and B alone makes the total. What does not apply is no part of the three."""
    nodes = [node("A", 60, at_least=0.66), *(node(f"A{n}", 20, "A") for n in (1, 2, 3)), node("B", 40)]
    rates = [[1, 1, NAN, 0.5], [1, NAN, NAN, 0.5], [1, NAN, NAN, 0.5]]
    found = undisturbed(tree(*nodes, entities=3), rates, missing=[(0, 2), (1, 1), (1, 2)])
    assert found["="] == [pytest.approx(80.0), pytest.approx(50.0), pytest.approx(80.0)]
    assert math.isnan(found["A"][1])


def test_blocked_child_blocks_all_above() -> None:
    found = undisturbed(tree(*two("arithmetic")), [[0.0, 0.8]], blocked=[(0, 0)])
    assert math.isnan(found["A"][0])
    assert math.isnan(found["="][0])


def test_nothing_at_all_is_no_total() -> None:
    assert math.isnan(undisturbed(tree(*two("geometric")), [[NAN, NAN]])["="][0])


# --- points of groups -----------------------------------------------------------------------------------------------------------


def test_each_group_has_its_own_points_and_its_own_tree() -> None:
    """A county has no B: its A has all 100 points. A city: 60 × 0.5 + 40 × 1 = 70."""
    made = tree(node("A", {"city": 60, "county": 100}), node("B", {"city": 40}), groups=["city", "county"])
    assert undisturbed(made, [[0.5, 1.0], [0.5, NAN]])["="] == [pytest.approx(70.0), pytest.approx(50.0)]


def test_share_of_children_is_of_the_groups_own_tree() -> None:
    """Of a county's A two children are there, and both are present; a city has three."""
    nodes = [node("A", 100, at_least=1.0), node("A1", 50, "A"), node("A2", {"city": 30, "county": 50}, "A"), node("A3", {"city": 20}, "A")]
    found = undisturbed(tree(*nodes, groups=["city", "county"]), [[1, 1, NAN], [1, 1, NAN]], missing=[(0, 2), (1, 2)])
    assert [math.isnan(rate) for rate in found["A"]] == [True, False]


# --- bonus and deduction --------------------------------------------------------------------------------------------------------


def test_bonus_opens_from_a_total_and_stands_on_top_of_it() -> None:
    made = tree(node("A", 100), node("B", 10, kind="bonus", opens_at=80.0), entities=3)
    assert undisturbed(made, [[0.8, 0.5], [0.79, 1.0], [0.9, NAN]])["="] == [pytest.approx(85), pytest.approx(79), pytest.approx(90)]


def test_deduction_takes_what_is_lacking_and_never_more_than_there_is() -> None:
    made = tree(node("A", 100), node("D", 10, kind="deduction"), entities=3)
    assert undisturbed(made, [[0.5, 0.6], [0.05, 0.0], [0.5, 1.0]])["="] == [pytest.approx(46), 0.0, pytest.approx(50)]


def test_what_stands_beside_the_scale_has_no_part_in_its_points() -> None:
    """A drops: B takes its points, the bonus does not."""
    made = tree(node("A", 60), node("B", 40), node("X", 5, kind="bonus"), entities=1)
    assert undisturbed(made, [[NAN, 0.5, 1.0]])["="] == [pytest.approx(55)]


# --- Copeland --------------------------------------------------------------------------------------------------------------------


def test_copeland_counts_whom_one_outranks() -> None:
    """x is better than y in A2 (75), y than x in A1; z is the worst in both. x 2, y 0, z −2."""
    found = undisturbed(tree(*two("copeland"), entities=3), [[0.5, 0.9], [0.6, 0.8], [0.1, 0.1]])
    assert found["A"] == [2.0, 0.0, -2.0]


def test_copeland_of_equal_halves_is_a_tie() -> None:
    nodes = [node("A", 100, aggregate="copeland"), node("A1", 50, "A"), node("A2", 50, "A")]
    assert undisturbed(tree(*nodes, entities=2), [[0.5, 0.9], [0.6, 0.8]])["A"] == [0.0, 0.0]


def test_copeland_compares_by_the_children_that_both_have_whatever_their_order() -> None:
    """x has no A2: against it A1 alone decides, and y and z are decided by both."""
    rates = [[0.5, NAN], [0.6, 0.1], [0.4, 0.9]]
    found = undisturbed(tree(*two("copeland"), entities=3), rates)["A"]
    assert found == [0.0, 0.0, 0.0]  # y > x, x > z, z > y
    assert undisturbed(tree(*two("copeland"), entities=3), rates[::-1])["A"] == found[::-1]


def test_copeland_is_within_the_group_unless_it_is_said_otherwise() -> None:
    groups = ["city", "county", "city"]
    assert undisturbed(tree(*two("copeland"), groups=groups), [[0.5, 0.5], [0.9, 0.9], [0.1, 0.1]])["A"] == [1.0, 0.0, -1.0]
    everybody = two("copeland", aggregate_within="all")
    assert undisturbed(tree(*everybody, groups=groups), [[0.5, 0.5], [0.9, 0.9], [0.1, 0.1]])["A"] == [0.0, 2.0, -2.0]


@pytest.mark.parametrize("why", [{}, {"missing": [(1, 0), (1, 1)]}, {"blocked": [(1, 0)]}])
def test_copeland_leaves_out_who_has_no_rate(why: dict[str, Any]) -> None:
    """Also one who is blocked by A1 and has a rate of A2."""
    found = undisturbed(tree(*two("copeland"), entities=3), [[0.5, 0.5], [NAN, 0.9 if "blocked" in why else NAN], [0.1, 0.1]], **why)["A"]
    assert (found[0], found[2]) == (1.0, -1.0)
    assert math.isnan(found[1])


# --- draws -----------------------------------------------------------------------------------------------------------------------


def test_factors_move_the_weights_and_a_nodes_points_are_those_below_it() -> None:
    """A1 doubled: A weighs 125 ÷ 50 beside B of 50; within A 50 : 75."""
    made = tree(node("A", 50), node("A1", 25, "A"), node("A2", 25, "A"), node("B", 50))
    nodes = rated(made, held([[1.0, 0.0, 0.5]]), np.array([[2.0, 1.0, 1.0]]))
    assert nodes["A"].rate.item() == pytest.approx(2 / 3)
    assert totals(made, nodes).item() == pytest.approx(100 * (75 * 2 / 3 + 50 * 0.5) / 125)


def test_each_draw_of_a_relative_node_has_its_own_set() -> None:
    """A of A1 and A2 is ranked by percentile: who is first depends on the draw."""
    nodes = [node("A", 100, normalise_method="percentile_rank"), node("A1", 50, "A"), node("A2", 50, "A")]
    made = tree(*nodes, entities=3)
    drawn = rated(made, held([[1, 0], [0, 1], [0, 0]]), np.array([[2.0, 1.0], [1.0, 2.0], [1.0, 1.0]]))["A"].rate
    assert drawn.tolist() == [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.5, 0.5, 0.0]]


def test_draws_of_copeland_follow_the_drawn_points() -> None:
    nodes = [node("A", 100, aggregate="copeland"), node("A1", 50, "A"), node("A2", 50, "A")]
    drawn = rated(tree(*nodes, entities=2), held([[1, 0], [0, 1]]), np.array([[2.0, 1.0], [1.0, 2.0], [1.0, 1.0]]))["A"].rate
    assert drawn.tolist() == [[1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]]
