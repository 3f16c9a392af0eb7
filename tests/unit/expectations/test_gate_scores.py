"""Gate scores: figures are derived anew, so that whatever was changed in the warehouse is caught."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from tests.unit.expectations.tiny_edition import Edition, finding

SCORES = "scoring.indicator_scores"


def _score(edition: Edition, entity: str, indicator: str) -> dict[str, Any]:
    return edition.find(SCORES, entity_code=entity, indicator_code=indicator)


def test_clean_scores_pass_every_expectation(edition: Edition) -> None:
    report = edition.run("scores")
    assert {found.outcome for found in report.findings} == {"passed"}
    assert len(report.findings) == 7
    assert report.passed


def test_empty_table_of_scores_fails(edition: Edition) -> None:
    for table in (SCORES, "scoring.normalised", "scoring.measures"):
        edition.rows(table).clear()
    report = edition.run("scores")
    assert not report.passed
    outcomes = {found.expectation: found.outcome for found in report.findings}
    assert {name for name, outcome in outcomes.items() if outcome == "passed"} == set()


def test_table_without_a_single_score_is_as_good_as_empty(edition: Edition) -> None:
    for row in edition.rows(SCORES):
        row |= {"score": None, "score_exact": None, "rate": None}
    assert finding(edition.run("scores"), "scores_not_empty").outcome == "failed"


@pytest.mark.parametrize(
    ("entity", "indicator", "change"),
    [
        ("1200", "A1", {"score": 33.0}),  # the score alone
        ("1200", "A1", {"score": 33.0, "score_exact": 33.0}),  # with its exact value
        ("1200", "A1", {"score": 33.0, "score_exact": 33.0, "rate": 33 / 40}),  # with its rate too
        ("1200", "A1", {"points": 41.0}),
        ("1200", "A", {"score": 33.0}),
        ("1200", "A", {"rate": 0.6}),
        ("1200", "TOTAL", {"score": 57.0}),
        ("1200", "TOTAL", {"score": 56.01}),
        ("1200", "TOTAL", {"score_exact": 57.0}),
        ("1200", "B1", {"rate": None}),
    ],
)
def test_tampered_score_is_caught(edition: Edition, entity: str, indicator: str, change: dict[str, float]) -> None:
    _score(edition, entity, indicator).update(change)
    report = edition.run("scores")
    found = finding(report, "levels_add_up")
    assert found.outcome == "failed"
    assert not report.passed
    assert (entity, indicator) in found.rows.select("entity_code", "item").rows()


def test_tampering_carried_up_to_the_total_is_caught_at_the_measure(edition: Edition) -> None:
    """B1 of 1202 at 5 of 5 instead of 1: rate 1, score 40, and every sum above made to agree."""
    _score(edition, "1202", "B1").update(rate=1.0, score_exact=40.0, score=40.0)
    _score(edition, "1202", "B").update(rate=1.0, score_exact=40.0, score=40.0)
    _score(edition, "1202", "TOTAL").update(rate=0.44, score_exact=44.0, score=44.0)
    found = finding(edition.run("scores"), "levels_add_up")
    assert found.rows.select("entity_code", "name_zh", "item", "expected_zh").rows() == [("1202", "西岭县", "B1", "得分率应为 0.2")]


def test_score_is_rounded_half_away_from_zero(edition: Edition) -> None:
    """A1 of 1200 at rate 0.800125: 32.005, so 32.01 and not 32.00."""
    for table, column in (("scoring.normalised", "normalised_used"), (SCORES, "rate")):
        key = {"measure_code": "done_rate"} if table == "scoring.normalised" else {"indicator_code": "A1"}
        edition.find(table, entity_code="1200", **key)[column] = 0.800125
    _score(edition, "1200", "A1").update(score_exact=32.005, score=Decimal("32.01"))
    _score(edition, "1200", "A").update(rate=32.005 / 60, score_exact=32.005, score=Decimal("32.01"))
    _score(edition, "1200", "TOTAL").update(rate=0.56005, score_exact=56.005, score=Decimal("56.01"))
    assert finding(edition.run("scores"), "levels_add_up").outcome == "passed"
    for indicator, score in (("A1", "32.00"), ("A", "32.00"), ("TOTAL", "56.00")):
        _score(edition, "1200", indicator)["score"] = Decimal(score)
    assert finding(edition.run("scores"), "levels_add_up").rows["item"].to_list() == ["A1"]


def _reweighted(edition: Edition) -> None:
    """A2 does not apply to 1200: A1 takes all 60 points of A, 0.8 × 60 = 48; the total is 48 + 24 = 72."""
    edition.find("scoring.normalised", entity_code="1200", measure_code="assessed").update(normalised_used=None, state="not_applicable")
    _score(edition, "1200", "A2").update(rate=None, points=0.0, score_exact=0.0, score=0.0)
    _score(edition, "1200", "A1").update(points=60.0, score_exact=48.0, score=48.0)
    _score(edition, "1200", "A").update(rate=0.8, score_exact=48.0, score=48.0)
    _score(edition, "1200", "TOTAL").update(rate=0.72, score_exact=72.0, score=72.0)


def test_points_of_what_does_not_apply_go_to_the_siblings(edition: Edition) -> None:
    _reweighted(edition)
    assert edition.run("scores").passed
    _score(edition, "1200", "A1").update(points=40.0)
    assert finding(edition.run("scores"), "levels_add_up").outcome == "failed"


def test_score_of_what_does_not_apply_is_caught(edition: Edition) -> None:
    _reweighted(edition)
    _score(edition, "1200", "A2").update(score=5.0)
    found = finding(edition.run("scores"), "levels_add_up")
    assert ("1200", "A2") in found.rows.select("entity_code", "item").rows()


def _blocked(edition: Edition) -> None:
    edition.find("scoring.normalised", entity_code="1200", measure_code="assessed").update(normalised_used=None, state="blocked")
    for indicator in ("A2", "A", "TOTAL"):
        _score(edition, "1200", indicator).update(rate=None, score_exact=None, score=None, is_blocked=True)


def test_blocked_entity_has_no_total_and_passes(edition: Edition) -> None:
    _blocked(edition)
    assert edition.run("scores").passed


@pytest.mark.parametrize(
    ("indicator", "change"), [("TOTAL", {"score": 56.0}), ("A", {"is_blocked": False}), ("B", {"score": None}), ("B", {"is_blocked": True})]
)
def test_blocking_is_read_from_the_measures(edition: Edition, indicator: str, change: dict[str, Any]) -> None:
    _blocked(edition)
    _score(edition, "1200", indicator).update(change)
    found = finding(edition.run("scores"), "scores_complete")
    assert ("1200", indicator) in found.rows.select("entity_code", "item").rows()


def test_missing_score_without_a_reason_fails(edition: Edition) -> None:
    _score(edition, "1100", "B1")["score"] = None
    found = finding(edition.run("scores"), "scores_complete")
    assert found.rows.select("entity_code", "item", "value", "expected_zh").rows() == [("1100", "B1", "空", "应有得分")]


def _without_a_row(edition: Edition) -> None:
    edition.drop(SCORES, entity_code="1100", indicator_code="B")


def _row_twice(edition: Edition) -> None:
    edition.rows(SCORES).append(_score(edition, "1100", "B"))


def _unknown_entity(edition: Edition) -> None:
    edition.rows(SCORES).append(_score(edition, "1100", "B") | {"entity_code": "9999"})


def _without_a_measure(edition: Edition) -> None:
    edition.drop("scoring.normalised", entity_code="1100", measure_code="quality")


@pytest.mark.parametrize(
    ("spoil", "failing"),
    [
        (_without_a_row, ("1100", "B")),
        (_row_twice, ("1100", "B")),
        (_unknown_entity, ("9999", "B")),
        (_without_a_measure, ("1100", "quality")),
    ],
)
def test_each_entity_has_each_indicator_and_measure_once(
    edition: Edition, spoil: Callable[[Edition], None], failing: tuple[str, str]
) -> None:
    spoil(edition)
    assert finding(edition.run("scores"), "groups_full").rows.select("entity_code", "item").rows() == [failing]


@pytest.mark.parametrize(
    ("indicator", "change"), [("A2", {"score": -0.01}), ("B1", {"score": 40.01}), ("A1", {"rate": 1.01}), ("TOTAL", {"score": 100.02})]
)
def test_score_outside_its_points_fails(edition: Edition, indicator: str, change: dict[str, float]) -> None:
    _score(edition, "1100", indicator).update(change)
    assert finding(edition.run("scores"), "scores_in_range").rows["item"].to_list() == [indicator]


def test_rounding_may_pass_the_points_by_half_a_unit(edition: Edition) -> None:
    """Points of 20 / 6 = 3.333…: rounded up from 3.335 a score of 3.34 would be no fault of the rules."""
    _score(edition, "1100", "B1").update(points=39.996, score=40.0)
    assert finding(edition.run("scores"), "scores_in_range").outcome == "passed"


def test_comparison_that_tells_nobody_apart_is_a_warning(edition: Edition) -> None:
    for entity in ("1101", "1201", "1202"):
        edition.find("scoring.normalised", entity_code=entity, measure_code="assessed")["value_treated"] = 70.0
    report = edition.run("scores")
    found = finding(report, "norms_informative")
    assert (found.outcome, found.severity, found.rows["item"].to_list()) == ("failed", "warning", ["assessed · county"])
    assert report.passed


def test_comparison_leaves_out_those_to_whom_it_does_not_apply(edition: Edition) -> None:
    edition.find("scoring.measures", entity_code="1100", measure_code="assessed")["applies"] = False
    assert finding(edition.run("scores"), "norms_informative").rows["item"].to_list() == ["assessed · city"]


def test_shift_from_the_previous_edition_is_a_warning(edition: Edition) -> None:
    edition.find("previous/ranking", entity_code="1202")["total"] = Decimal("22.5")
    report = edition.run("scores")
    found = finding(report, "shift_from_previous")
    assert (found.outcome, found.observed, found.rows["entity_code"].to_list()) == ("failed", 10.5, ["1202"])
    assert report.passed


def test_an_entity_that_took_another_in_is_not_compared_with_its_old_half(edition: Edition) -> None:
    edition.find("previous/ranking", entity_code="1202")["total"] = Decimal("22.5")
    row = {"entity_code": "1202", "predecessor_code": "1299"}
    edition.stage["framework/predecessors"] = ([row], dict.fromkeys(row, pl.String))
    assert finding(edition.run("scores"), "shift_from_previous").outcome == "passed"


def test_without_a_previous_release_no_shift_is_judged(edition: Edition) -> None:
    edition.rows("previous/ranking").clear()
    assert finding(edition.run("scores"), "shift_from_previous").outcome == "not_applicable"


def test_previous_release_that_knows_none_of_the_entities_is_no_pass(edition: Edition) -> None:
    for number, row in enumerate(edition.rows("previous/ranking")):
        row["entity_code"] = f"other{number}"
    assert finding(edition.run("scores"), "shift_from_previous").outcome == "failed"
