"""Gate scores, every method of a node: figures worked by hand agree, and one that is a thousandth off does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.gate import RULES
from expectations.scratch import attach, judge, open_scratch
from tests.unit.expectations.tiny_edition import FIGURES, Edition, Row, finding, rates

SCORES = "scoring.indicator_scores"
RATES = {entity: (own["A1"], own["A2"]) for entity, own in rates().items()}  # A1 of 40 points, A2 of 20
QUALITY = {entity: own["B1"] for entity, own in rates().items()}


def failing(edition: Edition, expectation: str = "levels_add_up") -> list[tuple[str | None, str]]:
    """Entity and item of the rows at fault, without the way through Great Expectations."""
    edition.lay()
    file = edition.framework().file
    with open_scratch(Path(edition.workspace.data) / f"{expectation}.duckdb", edition.workspace, file) as scratch:
        attach(scratch, edition.workspace.warehouse(file.edition))
        rows, _ = judge(scratch, RULES["scores"][expectation], {"threshold": "0.0::double", "decimals": str(file.round.decimals)})
    (Path(edition.workspace.data) / f"{expectation}.duckdb").unlink()
    return rows.select("entity_code", "item").rows()


def node(edition: Edition, rules: str) -> None:
    """Give A these rules beside its points; scores are rounded at the total alone."""
    edition.replace("round: {at: lowest_indicator, decimals: 2}", "round: {at: total, decimals: 2}")
    edition.replace("    points: 60\n    indicators:", f"    points: 60\n    {rules}\n    indicators:")


def row(edition: Edition, entity: str, indicator: str) -> Row:
    return edition.find(SCORES, entity_code=entity, indicator_code=indicator)


def score(edition: Edition, entity: str, a: float | None, **state: Any) -> None:
    """Write A's rate and what follows of it: its score, the total."""
    b = QUALITY[entity] * 40
    if a is None:
        row(edition, entity, "A").update(rate=None, points=0.0, score_exact=0.0, score=Decimal(0), **state)
        for below in ("A1", "A2"):
            row(edition, entity, below).update(points=0.0, score_exact=0.0, score=Decimal(0))
        row(edition, entity, "B").update(points=100.0, score_exact=b * 2.5, score=Decimal(f"{b * 2.5:.9f}"))
        row(edition, entity, "B1").update(points=100.0, score_exact=b * 2.5, score=Decimal(f"{b * 2.5:.9f}"))
        total = b * 2.5
    else:
        row(edition, entity, "A").update(rate=a, score_exact=a * 60, score=Decimal(f"{a * 60:.9f}"))
        total = a * 60 + b
    rounded = Decimal(f"{total:.9f}").quantize(Decimal("0.01"), ROUND_HALF_UP)
    row(edition, entity, "TOTAL").update(rate=total / 100, score_exact=total, score=rounded)


def write(edition: Edition, found: dict[str, float]) -> None:
    for entity, a in found.items():
        score(edition, entity, a)


def each(method: Any) -> dict[str, float]:
    return {entity: method(*pair) for entity, pair in RATES.items()}


W1, W2 = 2 / 3, 1 / 3
METHODS: dict[str, tuple[str, dict[str, float]]] = {
    "arithmetic": ("aggregate: {method: arithmetic}", each(lambda x, y: W1 * x + W2 * y)),
    "sum": ("aggregate: {method: sum}", each(lambda x, y: 40 * x + 20 * y)),
    "minimum": ("aggregate: {method: minimum}", each(min)),
    "power of 2": ("aggregate: {method: generalised, power: 2}", each(lambda x, y: math.sqrt(W1 * x**2 + W2 * y**2))),
    # 1101 and 1201 (0.9, 1) tie and beat 1100 (0.5, 1 of city) in no set: cities and counties are apart.
    # Of 1100 (0.5, 1) and 1200 (0.8, 0): 40 points of 60 for 1200. Of counties the two win one pair each, 1202 loses both.
    "copeland": ("aggregate: {method: copeland}", {"1100": -1, "1200": 1, "1101": 1, "1201": 1, "1202": -2}),
    # All five: 1101 and 1201 beat 1200 in both, 1100 in A1 (40) and tie in A2 (20): 40 + 10 of 60; 1200 beats 1100; 1202 loses to all,
    # against 1200 in A1 with A2 tied.
    "copeland of all": ("aggregate: {method: copeland, within: all}", {"1100": -2, "1200": 0, "1101": 3, "1201": 3, "1202": -4}),
}


def _bring_above_nothing(edition: Edition) -> dict[str, tuple[float, float]]:
    """Rates that a logarithm takes: A2 a half of what it is, and a quarter more."""
    pairs = {entity: (x, 0.25 + y / 2) for entity, (x, y) in RATES.items()}
    for entity, (_, y) in pairs.items():
        edition.find("scoring.normalised", entity_code=entity, measure_code="assessed").update(normalised=y, normalised_used=y)
        row(edition, entity, "A2").update(rate=y, score_exact=y * 20, score=Decimal(f"{y * 20:.9f}"))
    edition.replace("normalise: {method: min_max}", "normalise: {method: min_max, range: [0.25, 0.75]}")
    return pairs


@pytest.mark.parametrize("name", METHODS)
def test_each_method_of_a_node_is_derived_anew(edition: Edition, name: str) -> None:
    rules, found = METHODS[name]
    node(edition, rules)
    write(edition, found)
    for entity in FIGURES:
        row(edition, entity, "A1")["score"] = Decimal(f"{RATES[entity][0] * 40:.9f}")
    assert failing(edition) == []
    assert failing(edition, "scores_complete") == []
    score(edition, "1202", found["1202"] + 0.001)
    assert failing(edition) == [("1202", "A")]


@pytest.mark.parametrize(
    ("rules", "method"),
    [
        ("aggregate: {method: geometric}", lambda x, y: x**W1 * y**W2),
        ("aggregate: {method: harmonic}", lambda x, y: 1 / (W1 / x + W2 / y)),
        ("aggregate: {method: generalised, power: -2}", lambda x, y: (W1 / x**2 + W2 / y**2) ** -0.5),
        ("aggregate: {method: generalised, power: 0.5}", lambda x, y: (W1 * math.sqrt(x) + W2 * math.sqrt(y)) ** 2),
    ],
)
def test_each_method_that_wants_rates_above_nothing(edition: Edition, rules: str, method: Any) -> None:
    node(edition, rules)
    pairs = _bring_above_nothing(edition)
    write(edition, {entity: method(*pair) for entity, pair in pairs.items()})
    assert failing(edition) == []
    score(edition, "1101", method(*pairs["1101"]) - 0.001)
    assert failing(edition) == [("1101", "A")]


@pytest.mark.parametrize(("penalty", "sign"), [("negative", -1), ("positive", 1)])
def test_mazziotta_pareto_takes_what_is_unbalanced(edition: Edition, penalty: str, sign: int) -> None:
    """M of 1100 = 0.75, S² = 2 × 0.25² = 0.125: 0.75 ∓ 0.125 ÷ 0.75. Equal weights: A1 and A2 of 30."""
    node(edition, f"aggregate: {{method: mazziotta_pareto, penalty: {penalty}}}")
    edition.replace(
        "        points: 40\n        measures:\n          - code: done_rate",
        "        points: 30\n        measures:\n          - code: done_rate",
    )
    edition.replace("        points: 20\n", "        points: 30\n")
    for entity, pair in RATES.items():
        for indicator, rate in zip(("A1", "A2"), pair, strict=True):
            row(edition, entity, indicator).update(points=30.0, score_exact=rate * 30, score=Decimal(f"{rate * 30:.9f}"))
    found = each(lambda x, y: (x + y) / 2 + sign * ((x - y) ** 2 / 2) / ((x + y) / 2))
    write(edition, found)
    assert failing(edition) == []
    score(edition, "1100", found["1100"] + 0.001)
    assert failing(edition) == [("1100", "A")]


# --- a node that is normalised -----------------------------------------------------------------------------------------------------

SUMS = each(lambda x, y: W1 * x + W2 * y)  # cities 0.6667, 0.5333; counties 0.9333, 0.9333, 0.0667


@pytest.mark.parametrize(
    ("rules", "city", "county"),
    [
        ("normalise: {method: min_max}", (1, 0), (1, 1, 0)),
        ("normalise: {method: min_max, range: [1, 100]}", (100, 1), (100, 100, 1)),
        ("normalise: {method: percentile_rank}", (1, 0), (0.5, 0.5, 0)),
        ("normalise: {method: percentile_rank, ties: average, decimals: 1}", (1, 0), (0.8, 0.8, 0)),  # 2.5 of 1–3: 0.75
        ("normalise: {method: rank}\n    direction: lower_is_better", (1, 2), (1, 1, 3)),
        ("normalise: {method: borda, ties: highest}", (1, 0), (2, 2, 0)),
        ("normalise: {method: z_score, mean: 10, sd: 2}", (10 + math.sqrt(2), 10 - math.sqrt(2)), (11.1547005, 11.1547005, 7.6905989)),
        ("normalise: {method: distance_to_reference, entity: '1100', within: all}", None, None),
        ("normalise: {method: distance_to_target, target: 0.8, within: all, cap: true}", None, None),
        ("normalise: {method: fraction_of_best, within: pooled}", None, None),
        ("normalise: {method: fraction_of_best, within: pooled}\n    direction: lower_is_better", None, None),
        ("normalise: {method: normal_score}", (0.4307273, -0.4307273), (0, 0, -0.6744898)),
        ("normalise: {method: normal_score, offset: 0.5}", (0.6744898, -0.6744898), (0, 0, -0.9674216)),
        ("normalise: {method: exponential}", (1, None), (None, None, None)),
        ("normalise: {method: goalposts, worst: 0.2, best: 0.8}", (0.7777778, 0.5555556), (1, 1, 0)),
        ("normalise: {method: goalposts, worst: 0.2, best: 0.8, cap: false}", (0.7777778, 0.5555556), (1.2222222, 1.2222222, -0.2222222)),
        ("normalise: {method: bands, table: {0.1: 0.2, 0.6: 0.7}, else: 1}", (1, 0.7), (1, 1, 0.2)),
        ("normalise: {method: ratio_to_target, target: 0.8}", (0.8333333, 0.6666667), (1, 1, 0.0833333)),
        ("normalise: {method: formula, of: (x - lowest) / n, within: group}", (0.0666667, 0), (0.2888889, 0.2888889, 0)),
    ],
)
def test_node_is_normalised_anew_within_its_set(edition: Edition, rules: str, city: Any, county: Any) -> None:
    node(edition, rules)
    wanted = _wanted(rules, city, county)
    write(edition, wanted)
    assert failing(edition) == []
    assert failing(edition, "scores_complete") == []
    score(edition, "1200", wanted["1200"] + 0.01)
    assert failing(edition) == [("1200", "A")]


def _wanted(rules: str, city: Any, county: Any) -> dict[str, float]:
    """To all digits: those given to seven say which figure it is."""
    lowest, best = min(SUMS.values()), max(SUMS.values())
    exact: dict[str, Callable[[float], float]] = {
        "distance_to_reference": lambda s: (s - lowest) / (SUMS["1100"] - lowest),
        "distance_to_target": lambda s: min(1, (s - lowest) / (0.8 - lowest)),
        "fraction_of_best": lambda s: lowest / s if "lower" in rules else s / best,
        "cap: false": lambda s: (s - 0.2) / 0.6,
        "goalposts": lambda s: min(1, max(0, (s - 0.2) / 0.6)),
        "ratio_to_target": lambda s: min(1, s / 0.8),
    }
    whole = next((of for word, of in sorted(exact.items(), key=lambda pair: pair[0] != "cap: false") if word in rules), None)
    figures = [None if whole is None else whole(SUMS[entity]) for entity in SUMS]
    given = [*(city or (None, None)), *(county or (None, None, None))]
    if "exponential" in rules:
        places, sizes = (2, 1, 2, 2, 1), (2, 2, 3, 3, 3)
        figures = [-0.23 * math.log(1 - p / n * (1 - math.exp(-100 / 23))) for p, n in zip(places, sizes, strict=True)]
    if "normal_score" in rules:
        figures = [0.430727299295457, -0.430727299295457, 0.0, 0.0, -0.674489750196082]
    if "offset" in rules:  # of 1.5 ÷ 2, 0.5 ÷ 2, 1.5 ÷ 3, 0.5 ÷ 3
        figures = [0.674489750196082, -0.674489750196082, 0.0, 0.0, -0.967421566101701]
    if "z_score" in rules:
        figures = [10 + math.sqrt(2), 10 - math.sqrt(2), *(10 + 2 * z for z in (1 / math.sqrt(3), 1 / math.sqrt(3), -2 / math.sqrt(3)))]
    if "formula" in rules:
        figures = [(SUMS["1100"] - SUMS["1200"]) / 2, 0.0, *[(SUMS[e] - SUMS["1202"]) / 3 for e in ("1101", "1201", "1202")]]
    found = [exactly if exactly is not None else float(seven) for exactly, seven in zip(figures, given, strict=True)]
    for one, other in zip(found, given, strict=True):
        assert other is None or one == pytest.approx(other, abs=1e-6)
    return dict(zip(SUMS, found, strict=True))


# --- policies, groups, what stands beside the scale ------------------------------------------------------------------------------------


def _missing(edition: Edition, entity: str = "1200") -> None:
    """The assessed result of 1200 is missing under `reweight`, and so is A2."""
    edition.find("scoring.normalised", entity_code=entity, measure_code="assessed").update(normalised_used=None, state="missing")
    row(edition, entity, "A2").update(rate=None, points=0.0, score_exact=0.0, score=Decimal(0), is_missing=True)
    row(edition, entity, "A1").update(points=60.0, score_exact=48.0, score=Decimal(48))
    row(edition, entity, "A").update(rate=0.8, score_exact=48.0, score=Decimal(48))
    row(edition, entity, "TOTAL").update(rate=0.72, score_exact=72.0, score=Decimal(72))


def test_missing_node_is_marked_and_leaves_its_points(edition: Edition) -> None:
    _missing(edition)
    assert (failing(edition), failing(edition, "scores_complete")) == ([], [])
    row(edition, "1200", "A2")["is_missing"] = False
    assert ("1200", "A2") in failing(edition, "scores_complete")


def test_missing_node_counts_as_nothing_where_it_says_so(edition: Edition) -> None:
    edition.replace("        points: 20\n", "        points: 20\n        missing: {policy: zero}\n")
    _missing(edition)
    assert ("1200", "A2") in failing(edition) + failing(edition, "scores_complete")
    row(edition, "1200", "A2").update(rate=0.0, points=20.0)
    row(edition, "1200", "A1").update(points=40.0, score_exact=32.0, score=Decimal(32))
    row(edition, "1200", "A").update(rate=32 / 60, score_exact=32.0, score=Decimal(32))
    row(edition, "1200", "TOTAL").update(rate=0.56, score_exact=56.0, score=Decimal(56))
    assert (failing(edition), failing(edition, "scores_complete")) == ([], [])


def test_missing_node_blocks_all_above_where_it_says_so(edition: Edition) -> None:
    edition.replace("        points: 20\n", "        points: 20\n        missing: {policy: block}\n")
    _missing(edition)
    assert ("1200", "A2") in failing(edition, "scores_complete")
    row(edition, "1200", "A2").update(points=20.0, score=None, score_exact=None, is_blocked=True)
    row(edition, "1200", "A1").update(points=40.0, score_exact=32.0, score=Decimal(32))
    for indicator in ("A", "TOTAL"):
        row(edition, "1200", indicator).update(rate=None, score=None, score_exact=None, is_blocked=True)
    assert (failing(edition), failing(edition, "scores_complete")) == ([], [])


def test_node_with_too_few_children_is_missing(edition: Edition) -> None:
    """One of two is less than 0.8 of them: A drops, and B has all points: 0.6 × 100."""
    node(edition, "aggregate: {method: arithmetic, at_least: 0.8}")
    _missing(edition)
    assert ("1200", "A") in failing(edition) + failing(edition, "scores_complete")
    score(edition, "1200", None, is_missing=True)
    row(edition, "1200", "A1")["rate"] = RATES["1200"][0]
    assert (failing(edition, "levels_add_up"), failing(edition, "scores_complete")) == ([], [])


def test_points_are_spread_evenly_where_the_framework_says_so(edition: Edition) -> None:
    """Of A1, A2 and A3 (30, 20, 10) A3 does not apply and leaves 5 each: 35 and 25. In proportion it would be 36 and 24."""
    edition.replace("decimals: 2\nround", "decimals: 2\nnot_applicable: spread\nround")
    third = "      - code: A3\n        name: {zh: 三, en: Third}\n        points: 10\n        measures:\n"
    third += "          - {code: third, value: result, unit: points, direction: higher_is_better, applies_when: done > 1000, "
    third += "normalise: {method: goalposts, worst: 0, best: 100}, "
    third += "label: {zh: 三, en: Third}}\n"
    edition.replace("  - code: B\n", third + "  - code: B\n")
    edition.replace(
        "        points: 40\n        measures:\n          - code: done_rate",
        "        points: 30\n        measures:\n          - code: done_rate",
    )
    for entity, (x, y) in RATES.items():
        for indicator, rate, points in (("A1", x, 35.0), ("A2", y, 25.0)):
            row(edition, entity, indicator).update(points=points, score_exact=rate * points, score=round(rate * points, 2))
        a = (x * 35 + y * 25) / 60
        row(edition, entity, "A").update(rate=a, score_exact=a * 60, score=round(a * 60, 2))
        total = a * 60 + QUALITY[entity] * 40
        row(edition, entity, "TOTAL").update(rate=total / 100, score_exact=total, score=round(total, 2))
        gone = row(edition, entity, "A2") | {"indicator_code": "A3", "rate": None, "points": 0.0, "score_exact": 0.0, "score": 0.0}
        edition.rows(SCORES).append(gone)
        edition.rows("scoring.normalised").append(
            edition.find("scoring.normalised", entity_code=entity, measure_code="assessed")
            | {"measure_code": "third", "indicator_code": "A3", "normalised": None, "normalised_used": None, "state": "not_applicable"}
        )
    assert failing(edition) == []
    edition.replace("not_applicable: spread", "not_applicable: reweight")
    assert ("1100", "A1") in failing(edition)


def test_a_group_has_its_own_points(edition: Edition) -> None:
    """Of counties A has 100 points and B is no part of the tree: A1 and A2 by 80 and 20 of them."""
    edition.replace("    points: 60\n", "    points: {city: 60, county: 100}\n")
    edition.replace("    points: 40\n    indicators:", "    points: {city: 40}\n    indicators:")
    edition.replace(
        "        points: 40\n        measures:\n          - code: done_rate",
        "        points: {city: 40, county: 80}\n        measures:\n          - code: done_rate",
    )
    edition.replace(
        "        points: 40\n        measures:\n          - code: quality",
        "        points: {city: 40}\n        measures:\n          - code: quality",
    )
    assert ("1101", "A") in failing(edition)
    for entity in ("1101", "1201", "1202"):
        x, y = RATES[entity]
        for indicator, rate, points in (("A1", x, 80.0), ("A2", y, 20.0), ("A", 0.8 * x + 0.2 * y, 100.0)):
            row(edition, entity, indicator).update(rate=rate, points=points, score_exact=rate * points, score=round(rate * points, 2))
        total = row(edition, entity, "A")["score_exact"]
        row(edition, entity, "TOTAL").update(rate=total / 100, score_exact=total, score=round(total, 2))
        for indicator in ("B", "B1"):
            row(edition, entity, indicator).update(rate=None, points=0.0, score_exact=0.0, score=0.0)
    assert [failing(edition, name) for name in ("levels_add_up", "scores_complete", "scores_in_range", "groups_full")] == [[]] * 4
    edition.drop(SCORES, entity_code="1101", indicator_code="B1")  # nobody asks for it
    edition.drop("scoring.normalised", entity_code="1101", measure_code="quality")
    assert failing(edition, "groups_full") == []
    row(edition, "1101", "B")["score"] = 1.0
    assert failing(edition) == [("1101", "B")]


def _beside(edition: Edition, kind: str, totals: dict[str, float]) -> None:
    """B of 40 stands beside the scale, A has all 100: A1 66.67, A2 33.33."""
    edition.replace("round: {at: lowest_indicator, decimals: 2}", "round: {at: total, decimals: 2}")
    edition.replace("    points: 60\n    indicators:", "    weight: 1\n    indicators:")
    edition.replace(
        "        points: 40\n        measures:\n          - code: done_rate",
        "        weight: 2\n        measures:\n          - code: done_rate",
    )
    edition.replace("        points: 20\n", "        weight: 1\n")
    edition.replace("    points: 40\n    indicators:", f"    points: 40\n    {kind}\n    indicators:")
    for entity, (x, y) in RATES.items():
        a = W1 * x + W2 * y
        for indicator, rate, points in (("A1", x, 200 / 3), ("A2", y, 100 / 3), ("A", a, 100.0)):
            row(edition, entity, indicator).update(points=points, score_exact=rate * points, score=Decimal(f"{rate * points:.9f}"))
        row(edition, entity, "A")["rate"] = a
        row(edition, entity, "TOTAL").update(rate=totals[entity] / 100, score_exact=totals[entity], score=round(totals[entity], 2))


def test_bonus_is_opened_by_the_parts_alone(edition: Edition) -> None:
    """Opened from 60: 1100 has 66.67 and gains 32, 1101 and 1201 93.33 + 40; 1200 has 53.33 and 1202 6.67, which gain nothing."""
    totals = {"1100": 200 / 3 + 32, "1200": 160 / 3, "1101": 280 / 3 + 40, "1201": 280 / 3 + 40, "1202": 20 / 3}
    _beside(edition, "kind: bonus\n    opens_at: 60", totals)
    for entity in ("1200", "1202"):
        for indicator in ("B", "B1"):
            row(edition, entity, indicator).update(score_exact=0.0, score=Decimal(0))
    assert [failing(edition, name) for name in ("levels_add_up", "scores_complete", "scores_in_range")] == [[]] * 3
    row(edition, "1200", "B").update(score_exact=24.0, score=Decimal(24))
    assert failing(edition) == [("1200", "B"), ("1200", "TOTAL")]


def test_deduction_takes_what_lacks_and_leaves_no_total_below_nothing(edition: Edition) -> None:
    """−(1 − rate) × 40: 1100 loses 8, 1200 16, 1202 32 of 6.67 and is left with 0."""
    totals = {"1100": 200 / 3 - 8, "1200": 160 / 3 - 16, "1101": 280 / 3, "1201": 280 / 3, "1202": 0.0}
    _beside(edition, "kind: deduction", totals)
    for entity, rate in QUALITY.items():
        for indicator in ("B", "B1"):
            row(edition, entity, indicator).update(score_exact=(rate - 1) * 40, score=Decimal(f"{(rate - 1) * 40:.9f}"))
    assert [failing(edition, name) for name in ("levels_add_up", "scores_complete", "scores_in_range")] == [[]] * 3
    row(edition, "1202", "TOTAL").update(score_exact=-76 / 3, score=round(-76 / 3, 2))
    assert failing(edition) == failing(edition, "scores_in_range") == [("1202", "TOTAL")]


def test_roundings_are_held_to_the_scale(edition: Edition) -> None:
    """Thirds of 100 twice and 33.335, all full: 33.33 + 33.33 + 33.34. A1 and A2 of 33.335, B1 of 33.33: 33.34 twice is 0.01 too much;
    both are lifted by 0.005, the first in the tree is rounded down."""
    for old, new in (
        ("    points: 60\n", "    points: 66.67\n"),
        ("    points: 40\n    indicators:", "    points: 33.33\n    indicators:"),
    ):
        edition.replace(old, new)
    edition.replace(
        "        points: 40\n        measures:\n          - code: done_rate",
        "        points: 33.335\n        measures:\n          - code: done_rate",
    )
    edition.replace("        points: 20\n", "        points: 33.335\n")
    edition.replace(
        "        points: 40\n        measures:\n          - code: quality",
        "        points: 33.33\n        measures:\n          - code: quality",
    )
    for found in edition.rows("scoring.normalised"):
        found |= {"normalised": 1.0, "normalised_used": 1.0}
    points = {"A1": 33.335, "A2": 33.335, "B1": 33.33, "A": 66.67, "B": 33.33, "TOTAL": 100.0}
    rounded = {"A1": "33.33", "A2": "33.34", "B1": "33.33", "A": "66.67", "B": "33.33", "TOTAL": "100"}
    for found in edition.rows(SCORES):
        code = found["indicator_code"]
        found |= {"rate": 1.0, "points": points[code], "score_exact": points[code], "score": Decimal(rounded[code])}
    assert failing(edition) == []
    for indicator, score_ in (("A1", "33.34"), ("A", "66.68"), ("TOTAL", "100.01")):
        row(edition, "1100", indicator)["score"] = Decimal(score_)
    assert failing(edition) == [("1100", "A1")]


def test_screened_out_entity_has_no_rows_to_have(edition: Edition) -> None:
    edition.find("scoring.screened", entity_code="1202")["is_screened_out"] = True
    assert {entity for entity, _ in failing(edition)} == {"1202"}  # who is screened out has no score
    for table in (SCORES, "scoring.normalised"):
        edition.drop(table, entity_code="1202")
    for entity in ("1101", "1201"):  # min-max of the two that are left tells nobody apart
        edition.find("scoring.normalised", entity_code=entity, measure_code="assessed").update(normalised_used=1.0)
    assert [failing(edition, name) for name in ("levels_add_up", "scores_complete", "groups_full")] == [[]] * 3
    assert failing(edition, "norms_informative") == [(None, "assessed · county")]


# --- sets that tell nobody apart --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "items"),
    [
        ("{method: rank}", []),
        ("{method: rank, within: all}", []),
        ("{method: distance_to_target, target: 60}", ["assessed · county"]),
        ("{method: distance_to_target, target: 60, within: all}", ["assessed"]),
        ("{method: distance_to_reference, entity: '1101', within: all}", []),
        ("{method: distance_to_reference, entity: '1202', within: all}", ["assessed"]),  # the lowest
        ("{method: distance_to_reference, entity: '1100'}", []),  # of another group: it has a value for all
        ("{method: distance_to_reference, entity: '1202'}", ["assessed · county"]),  # worse than all cities: `targets_above_worst`
        ("{method: fraction_of_best}", []),
    ],
)
def test_each_relative_method_has_something_to_tell(edition: Edition, method: str, items: list[str]) -> None:
    edition.replace("round: {at: lowest_indicator, decimals: 2}", "round: {at: total, decimals: 2}")
    edition.replace("normalise: {method: min_max}", f"normalise: {method}")
    assert failing(edition, "norms_informative") == [(None, item) for item in items]


def test_nothing_is_a_fraction_of_a_best_that_is_nothing(edition: Edition) -> None:
    edition.replace("normalise: {method: min_max}", "normalise: {method: fraction_of_best}")
    for entity, value in (("1101", -1.0), ("1201", -2.0), ("1202", 0.0)):
        edition.find("scoring.normalised", entity_code=entity, measure_code="assessed")["value_treated"] = value
    assert failing(edition, "norms_informative") == [(None, "assessed · county")]


@pytest.mark.parametrize("other", [0.3, 0.1 + 0.2])  # rates are compared to twelve digits
def test_a_node_that_tells_nobody_apart_is_told_of_too(edition: Edition, other: float) -> None:
    node(edition, "normalise: {method: percentile_rank}")
    for entity, rate in (("1100", 0.3), ("1200", other)):
        for indicator in ("A1", "A2"):
            row(edition, entity, indicator)["rate"] = rate
    assert failing(edition, "norms_informative") == [(None, "A · city")]


# --- shares of what was imputed and screened out -----------------------------------------------------------------------------------------


def _asks(edition: Edition, expectation: str) -> None:
    edition.replace("norms_informative: {severity: warning, at_most: 0}", expectation)


def test_share_of_imputed_points_is_held_to(edition: Edition) -> None:
    """The measure of A1 is imputed of 1200: 40 points of 100; of 1101 that of A2, where B1 does not apply: 20 of 60."""
    _asks(edition, "imputed_share: {severity: warning, at_most: 0.35}")
    edition.find("scoring.normalised", entity_code="1200", measure_code="done_rate")["state"] = "imputed"
    edition.find("scoring.normalised", entity_code="1101", measure_code="assessed")["state"] = "imputed"
    edition.find("scoring.normalised", entity_code="1101", measure_code="quality")["state"] = "not_applicable"
    found = finding(edition.run("scores"), "imputed_share")
    assert (found.outcome, found.severity, found.observed) == ("failed", "warning", 0.4)
    assert found.rows.select("entity_code", "value").rows() == [("1200", "40.0%")]
    edition.find("scoring.normalised", entity_code="1200", measure_code="done_rate")["state"] = "delivered"
    found = finding(edition.run("scores"), "imputed_share")
    assert found.outcome == "passed"
    assert found.observed == pytest.approx(1 / 3)


def test_share_of_those_screened_out_is_held_to(edition: Edition) -> None:
    _asks(edition, "screened_share: {severity: error, at_most: 0.2}")
    edition.find("scoring.screened", entity_code="1202")["is_screened_out"] = True
    assert finding(edition.run("scores"), "screened_share").outcome == "passed"  # one of five
    edition.find("scoring.screened", entity_code="1201")["is_screened_out"] = True
    found = finding(edition.run("scores"), "screened_share")
    assert found.outcome == "failed"
    assert found.observed == pytest.approx(0.4)
    assert found.rows["entity_code"].to_list() == ["1201", "1202"]


def test_shares_of_nothing_are_no_pass(edition: Edition) -> None:
    _asks(edition, "imputed_share: {severity: error, at_most: 1}")
    edition.rows("scoring.normalised").clear()
    assert finding(edition.run("scores"), "imputed_share").outcome == "failed"
