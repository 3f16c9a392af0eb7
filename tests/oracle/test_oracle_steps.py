"""The oracle's own steps, against figures worked by hand and the vectors that the field's toolkit gives."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.oracle.aggregating import Undefined, aggregated, copeland
from tests.oracle.arithmetic import computed, rounded
from tests.oracle.edition import Entity
from tests.oracle.normalising import NOTHING_TOLD, Case, normalised
from tests.oracle.sharing import Child, weights_used
from tests.oracle.statistics_of import Norms
from tests.oracle.treating import kurtosis, passes, skewness, transformed, treated, winsorised

VECTOR = [1.0, 2.0, 2.0, 5.0, 100.0]


def of_set(rule: dict[str, Any], x: list[float], sign: int = 1, reference: float | None = None) -> list[Any]:
    """Every value of the set normalised by the rule; numbers of six decimals."""
    norms = Norms([sign * v for v in x])
    results = [normalised(Case(v, sign, rule, norms, 10, reference)) for v in x]
    return [round(result, 6) if isinstance(result, float) else result for result in results]


def test_skewness_and_kurtosis_are_those_of_the_toolkit() -> None:
    assert skewness(VECTOR) == pytest.approx(2.229523152, abs=1e-9)
    assert kurtosis(VECTOR) == pytest.approx(4.976061475, abs=1e-9)
    assert skewness([1, 2]) is None
    assert kurtosis([1, 2, 3]) is None
    assert passes([1, 2, 3], {}) is None
    assert passes([7, 7, 7, 7], {}) is None


def test_log_with_a_small_offset_is_that_of_the_toolkit() -> None:
    assert transformed(VECTOR, {"method": "log"}) == pytest.approx([-0.0100503, 0.6881346, 0.6881346, 1.6074359, 4.6050702], abs=1e-7)


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        # shifted: ln(x − 1 + 1) = ln x; gii: ln(99 × (x − 1) ÷ 99 + 1) = ln x
        ("log_shifted", [0, math.log(2), math.log(2), math.log(5), math.log(100)]),
        ("log_gii", [0, math.log(2), math.log(2), math.log(5), math.log(100)]),
        ("log_plus", [-0.0100503, 0.6881346, 0.6881346, 1.6074359, 4.6050702]),  # skewed to the right: as `log`
    ],
)
def test_logarithms(method: str, wanted: list[float]) -> None:
    assert transformed(VECTOR, {"method": method}) == pytest.approx(wanted, abs=1e-7)


def test_a_set_skewed_to_the_left_is_logged_from_its_top() -> None:
    # −VECTOR: highest −1, span 99: −ln(−1 + 0.99 − x), so the mirror image of the other
    turned = transformed([-v for v in VECTOR], {"method": "log_plus"})
    assert turned == pytest.approx([0.0100503, -0.6881346, -0.6881346, -1.6074359, -4.6050702], abs=1e-7)


def test_box_cox() -> None:
    # x − 1 + 1 = x; (x² − 1) ÷ 2
    assert transformed([1, 3], {"method": "box_cox", "power": 2}) == [0, 4]
    assert transformed([1, math.e], {"method": "box_cox", "power": 0}) == pytest.approx([0, 1])


def test_the_outermost_point_takes_the_next_value_and_no_more_than_need_be() -> None:
    assert winsorised(VECTOR, {"method": "winsorise", "at_most": 5}) == [1, 2, 2, 5, 5]
    assert treated(VECTOR, {"method": "winsorise"}) == [1, 2, 2, 5, 5]
    assert treated([-v for v in VECTOR], {"method": "winsorise"}) == [-1, -2, -2, -5, -5]


def test_winsorising_that_would_leave_all_alike_is_not_done() -> None:
    x = [0.0] * 9 + [1.0]
    assert treated(x, {"method": "winsorise"}) == x


def test_points_that_were_at_the_new_bound_already_are_not_counted_as_pulled_in() -> None:
    # −1000 is one point of five; after it 1, 1, 1, 1, 1, 4 is still skewed, and pulling 4 in would leave all alike
    x = [1.0, 1, 1, 4, 1, -1000]
    assert winsorised(x, {"method": "winsorise", "at_most": 1}) == [1, 1, 1, 4, 1, 1]
    assert winsorised(x, {"method": "winsorise", "at_most": 5}) is None


def test_what_comes_otherwise_starts_from_the_delivered_values() -> None:
    x = [0.0, 0, 0, 0, 0, 0, 0, 0, 1, 900, 1000]
    rule = {"method": "winsorise", "at_most": 1, "skewness": 0.5, "kurtosis": -5, "otherwise": {"method": "log_shifted"}}
    assert treated(x, rule) == pytest.approx([math.log(v + 1) for v in x])
    combined = [0.0] * 8 + [math.log(2), math.log(901), math.log(901)]
    assert treated(x, {**rule, "combine": True}) == pytest.approx(combined)


@pytest.mark.parametrize(
    ("rule", "x", "wanted"),
    [
        ({"method": "percentile_rank"}, VECTOR, [0, 0.25, 0.25, 0.75, 1]),
        ({"method": "percentile_rank", "ties": "average"}, VECTOR, [0, 0.375, 0.375, 0.75, 1]),
        ({"method": "rank", "ties": "highest"}, VECTOR, [1, 3, 3, 4, 5]),
        ({"method": "borda"}, VECTOR, [0, 1, 1, 3, 4]),
        ({"method": "z_score", "mean": 10, "sd": 2}, [1, 2, 4], [8.254257, 9.563564, 12.182179]),
        ({"method": "z_score", "of": "population"}, [1, 3], [-1, 1]),
        ({"method": "min_max", "range": [1, 100]}, [2, 4, 6], [1, 50.5, 100]),
        ({"method": "distance_to_target", "target": 5}, [1, 3, 7], [0, 0.5, 1.5]),
        ({"method": "distance_to_target", "target": 5, "cap": True}, [1, 3, 7], [0, 0.5, 1]),
        ({"method": "fraction_of_best"}, [1, 2, 4], [0.25, 0.5, 1]),
        ({"method": "goalposts", "worst": 0, "best": 4}, [-1, 1, 5], [0, 0.25, 1]),
        ({"method": "goalposts", "worst": 0, "best": 4, "cap": False, "range": [0, 100]}, [-1, 1, 5], [-25, 25, 125]),
        ({"method": "goalposts", "worst": 1, "best": 100, "scale": "ln"}, [1, 10, 1000], [0, 0.5, 1]),
        # R = 1/2 and 1: −23 × ln(1 − (1 − e^(−100/23)) ÷ 2) ÷ 100 = 0.156468
        ({"method": "exponential"}, [3, 8], [0.156468, 1]),
        ({"method": "normal_score"}, [1, 2, 3], [-0.67449, 0, 0.67449]),
        ({"method": "formula", "of": "(x - mean) / (highest - lowest) + place / n"}, [1, 3], [0, 1.5]),
        ({"method": "bands", "table": {1: 1, 2: 0.5}, "else": 0.1}, [1, 1.5, 9], [1, 0.5, 0.1]),
        ({"method": "ratio_to_target", "target": 4}, [-1, 1, 5], [0, 0.25, 1]),
        ({"method": "category_map", "values": {1: 0.3}}, [1, 2], [0.3, None]),
        ({"method": "deduction"}, [4, 20], [0.6, 0]),
        ({"method": "none", "decimals": 1}, [0.25, -0.25], [0.3, -0.3]),
    ],
)
def test_each_method_by_hand(rule: dict[str, Any], x: list[float], wanted: list[Any]) -> None:
    assert of_set(rule, x) == wanted


def test_where_lower_is_better_the_order_turns_and_is_never_reversed() -> None:
    assert of_set({"method": "min_max"}, [1, 2, 5], -1) == [1, 0.75, 0]
    assert of_set({"method": "fraction_of_best"}, [1, 2, 4], -1) == [1, 0.5, 0.25]
    assert of_set({"method": "percentile_rank"}, [1, 2, 2, 5], -1) == [1, 0.333333, 0.333333, 0]


def test_a_set_that_tells_nothing_is_said_to() -> None:
    for method in ("min_max", "percentile_rank", "z_score"):
        assert of_set({"method": method}, [3, 3]) == [NOTHING_TOLD, NOTHING_TOLD]
        assert of_set({"method": method}, [3]) == [NOTHING_TOLD]
    assert of_set({"method": "fraction_of_best"}, [-1, 0]) == [NOTHING_TOLD, NOTHING_TOLD]
    assert of_set({"method": "fraction_of_best"}, [0, 1], -1) == [NOTHING_TOLD, NOTHING_TOLD]
    assert of_set({"method": "distance_to_reference", "entity": "r"}, [1, 2], reference=1) == [NOTHING_TOLD, NOTHING_TOLD]


def test_distance_to_a_reference() -> None:
    assert of_set({"method": "distance_to_reference", "entity": "r"}, [1, 3, 7], reference=5) == [0, 0.5, 1.5]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"method": "arithmetic"}, 0.5),
        ({"method": "geometric"}, 0.2**0.25 * 0.6**0.75),
        ({"method": "harmonic"}, 4 / (1 / 0.2 + 3 / 0.6)),
        ({"method": "generalised", "power": 2}, math.sqrt((0.04 + 3 * 0.36) / 4)),
        ({"method": "sum"}, 0.2 + 3 * 0.6),
        ({"method": "minimum"}, 0.2),
        # mean 0.4, sd² 0.08: 0.4 ∓ 0.08 ÷ 0.4
        ({"method": "mazziotta_pareto"}, 0.2),
        ({"method": "mazziotta_pareto", "penalty": "positive"}, 0.6),
    ],
)
def test_each_mean_of_two_rates(rule: dict[str, Any], wanted: float) -> None:
    assert aggregated(rule, [0.2, 0.6], [1, 3]) == pytest.approx(wanted, rel=1e-12)


def test_a_mean_over_nothing_to_take_it_of() -> None:
    for rule in ({"method": "geometric"}, {"method": "harmonic"}, {"method": "generalised", "power": -2}):
        assert aggregated(rule, [0, 0.5], [1, 1]) == 0
    for rule in ({"method": "geometric"}, {"method": "harmonic"}, {"method": "generalised", "power": 0.5}):
        with pytest.raises(Undefined):
            aggregated(rule, [-0.1, 0.5], [1, 1])
    with pytest.raises(Undefined):
        aggregated({"method": "generalised", "power": 3}, [-1, 0.5], [1, 1])


def test_a_mean_that_noise_alone_keeps_from_0_divides_nothing() -> None:
    assert aggregated({"method": "mazziotta_pareto"}, [0.1, 0.2, -0.3], [1, 1, 1]) == 0


def test_pairs_are_won_by_the_heavier_children() -> None:
    weights = {entity: {"A": 2.0, "B": 1.0} for entity in "xyz"}
    # x beats y on A; x and z are alike on A, z ahead on B; y has no B: z beats y on A
    rates = {"x": {"A": 0.9, "B": 0.1}, "y": {"A": 0.5}, "z": {"A": 0.9, "B": 0.2}}
    assert copeland(weights, rates) == {"x": 0, "y": -2, "z": 2}


def test_what_is_dropped_goes_in_proportion_or_evenly() -> None:
    kept = [Child("A", 3, "present", 1), Child("B", 1, "present", 1)]
    assert weights_used([*kept, Child("C", 4, "missing")]) == {"A": 6, "B": 2, "C": 0}
    assert weights_used([*kept, Child("C", 4, "missing", leaves="spread")]) == {"A": 5, "B": 3, "C": 0}
    assert weights_used([Child("C", 4, "missing")]) == {"C": 0}


def test_expressions_pass_on_what_is_missing() -> None:
    assert computed("100.0 * a / b", {"a": 1, "b": 4}) == 25
    assert computed("a / b", {"a": 1, "b": 0}) is None
    assert computed("a + b", {"a": 1, "b": None}) is None
    assert computed("ln(a)", {"a": 0}) is None


def test_halves_are_rounded_away_from_zero() -> None:
    assert [float(rounded(v, 2)) for v in (2.675, -2.675, 0.005, 1.004999999)] == [2.68, -2.68, 0.01, 1.0]


def test_sets_of_a_panel() -> None:
    entity = Entity("AFG-1990", "country-1990", "AFG", 1990, "country", (("region", "asia"), ("income", None)))
    words = ("group", "all", "pooled", "group_pooled", "frozen", "region", "income")
    assert [entity.set_code(word) for word in words] == ["country-1990", "1990", "", "country", "country", "asia@1990", None]
