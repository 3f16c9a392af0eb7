"""Gate ranking: ranks, grades and vetoes are found anew from the scores and the inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.expectations.tiny_edition import Edition, finding

RANKING = "ranking.fct_ranking"


def _entity(edition: Edition, entity: str, **change: Any) -> None:
    edition.find(RANKING, entity_code=entity).update(change)


def test_clean_ranking_passes_every_expectation(edition: Edition) -> None:
    report = edition.run("ranking")
    assert {found.expectation: found.outcome for found in report.findings if found.outcome != "passed"} == {
        "ranks_within_as_defined": "not_applicable", "unjudged_as_defined": "not_applicable",
    }  # fmt: skip
    assert len(report.findings) == 10
    assert report.passed


def test_empty_ranking_fails_every_expectation(edition: Edition) -> None:
    edition.rows(RANKING).clear()
    edition.rows("ranking.fct_indicator_score").clear()
    assert {found.outcome for found in edition.run("ranking").findings} == {"failed", "not_applicable"}


def test_group_without_a_ranked_entity_fails(edition: Edition) -> None:
    for entity in ("1100", "1200"):
        _entity(edition, entity, rank=None, state="low_coverage")
    assert finding(edition.run("ranking"), "ranking_not_empty").rows["item"].to_list() == ["city"]


def _entity_lacking(edition: Edition) -> None:
    edition.drop(RANKING, entity_code="1202")


def _entity_twice(edition: Edition) -> None:
    edition.rows(RANKING).append(edition.find(RANKING, entity_code="1202"))


def _other_group(edition: Edition) -> None:
    _entity(edition, "1202", group_code="city")


def _left_out_without_a_reason(edition: Edition) -> None:
    _entity(edition, "1202", rank=None, state="blocked")


def _ranked_in_spite_of_low_coverage(edition: Edition) -> None:
    edition.find("scoring.indicator_scores", entity_code="1202", indicator_code="TOTAL")["coverage"] = 0.4


@pytest.mark.parametrize(
    "spoil", [_entity_lacking, _entity_twice, _other_group, _left_out_without_a_reason, _ranked_in_spite_of_low_coverage]
)
def test_each_entity_is_ranked_once_or_has_a_reason(edition: Edition, spoil: Callable[[Edition], None]) -> None:
    spoil(edition)
    assert finding(edition.run("ranking"), "ranking_complete").rows["entity_code"].to_list() == ["1202"]


def test_low_coverage_is_scored_and_not_ranked(edition: Edition) -> None:
    _ranked_in_spite_of_low_coverage(edition)
    _entity(edition, "1202", rank=None, rank_low=None, rank_high=None, state="low_coverage", coverage=0.4)
    assert edition.run("ranking").passed


@pytest.mark.parametrize(
    ("entity", "change", "failing"),
    [
        ("1200", {"rank": 1}, ["1200"]),  # a duplicate rank
        ("1201", {"rank": 2}, ["1201"]),  # a tie not shared
        ("1202", {"rank": 2}, ["1202"]),  # 1, 1, 2
        ("1202", {"total": 13.0}, ["1202"]),  # a total other than scored
        ("1202", {"total_exact": 13.0}, ["1202"]),
    ],
)
def test_rank_and_total_must_follow_from_the_scores(edition: Edition, entity: str, change: dict[str, Any], failing: list[str]) -> None:
    _entity(edition, entity, **change)
    report = edition.run("ranking")
    assert finding(report, "ranks_as_defined").rows["entity_code"].to_list() == failing
    assert not report.passed


def test_ranks_swapped_with_their_totals_are_caught(edition: Edition) -> None:
    """Total and rank of two cities exchanged: monotone in itself, and not what was scored."""
    first, second = (edition.find(RANKING, entity_code=entity) for entity in ("1100", "1200"))
    for column in ("total", "total_exact", "rank", "rank_low", "rank_high"):
        first[column], second[column] = second[column], first[column]
    report = edition.run("ranking")
    assert finding(report, "ranks_monotone").outcome == "passed"
    assert finding(report, "ranks_as_defined").rows["entity_code"].to_list() == ["1100", "1200"]


def test_ranking_on_exact_totals_tells_apart_what_rounding_ties(edition: Edition) -> None:
    edition.replace("decimals: 2\nround", "decimals: 2\nrank_on: exact\nround")
    for table, key in ((RANKING, {}), ("scoring.indicator_scores", {"indicator_code": "TOTAL"})):
        row = edition.find(table, entity_code="1201", **key)
        row["total_exact" if table == RANKING else "score_exact"] = 95.999
    edition.find("ranking.fct_indicator_score", entity_code="1201", indicator_code="TOTAL")["score_exact"] = 95.999
    assert finding(edition.run("ranking"), "ranks_as_defined").rows["entity_code"].to_list() == ["1201"]
    _entity(edition, "1201", rank=2)
    assert edition.run("ranking").passed


@pytest.mark.parametrize(
    ("entity", "change"), [("1200", {"rank": 1}), ("1200", {"total": 73.0}), ("1201", {"rank": 2}), ("1100", {"total": None})]
)
def test_higher_total_never_ranks_lower(edition: Edition, entity: str, change: dict[str, Any]) -> None:
    _entity(edition, entity, **change)
    assert finding(edition.run("ranking"), "ranks_monotone").outcome == "failed"


@pytest.mark.parametrize(
    ("entity", "grade"),
    [
        ("1101", "B"),  # 96.00 earns A
        ("1100", "B"),  # 72.00 would earn B, but is capped at C
        ("1202", None),
    ],
)
def test_grade_must_follow_from_total_and_cap(edition: Edition, entity: str, grade: str | None) -> None:
    _entity(edition, entity, grade=grade)
    assert finding(edition.run("ranking"), "grades_consistent").rows["entity_code"].to_list() == [entity]


@pytest.mark.parametrize(("entity", "vetoes"), [("1100", None), ("1200", "much_undone"), ("1100", "much_undone,other")])
def test_vetoes_must_follow_from_the_inputs(edition: Edition, entity: str, vetoes: str | None) -> None:
    _entity(edition, entity, vetoes=vetoes)
    assert finding(edition.run("ranking"), "vetoes_applied").rows["entity_code"].to_list() == [entity]


def test_veto_whose_figures_were_changed_is_caught(edition: Edition) -> None:
    edition.find("ranking.fct_input", entity_code="1200", input_code="done")["value"] = 10.0
    assert finding(edition.run("ranking"), "vetoes_applied").rows["entity_code"].to_list() == ["1200"]


def test_failed_by_a_veto_is_neither_scored_nor_ranked(edition: Edition) -> None:
    edition.replace("effect: {cap_grade: C}", "effect: fail")
    assert {"vetoes_applied", "ranking_complete", "ranks_as_defined"} <= {
        found.expectation for found in edition.run("ranking").findings if found.blocks
    }
    _entity(edition, "1100", rank=None, rank_low=None, rank_high=None, total=None, total_exact=None, grade=None, state="failed")
    _entity(edition, "1200", rank=1, rank_low=1, rank_high=1)
    assert edition.run("ranking").passed


def test_fixed_score_stands_in_place_of_the_total(edition: Edition) -> None:
    edition.replace("effect: {cap_grade: C}", "effect: {fixed_score: 30}")
    assert finding(edition.run("ranking"), "ranks_as_defined").rows["entity_code"].to_list() == ["1100", "1200"]
    _entity(edition, "1100", total=30.0, total_exact=30.0, rank=2, rank_low=2, rank_high=2)
    _entity(edition, "1200", rank=1, rank_low=1, rank_high=1)
    assert edition.run("ranking").passed


@pytest.mark.parametrize(
    "change", [{"rank_low": 2}, {"rank_high": None}, {"rank_low": 0}, {"rank_high": 4}, {"rank_low": None, "rank_high": None}]
)
def test_interval_must_hold_the_rank(edition: Edition, change: dict[str, Any]) -> None:
    _entity(edition, "1101", **change)
    assert finding(edition.run("ranking"), "intervals_hold_rank").rows["entity_code"].to_list() == ["1101"]


@pytest.mark.parametrize(
    "change", [{"score": 33.0}, {"score": None}, {"points": 41.0}, {"score_exact": 33.0}, {"score_rate": 0.9}, {"indicator_code": "Z"}]
)
def test_score_changed_after_it_was_judged_is_caught(edition: Edition, change: dict[str, Any]) -> None:
    edition.find("ranking.fct_indicator_score", entity_code="1200", indicator_code="A1").update(change)
    report = edition.run("ranking")
    assert ("1200", "A1") in finding(report, "scores_as_judged").rows.select("entity_code", "item").rows()
    assert not report.passed


def test_framework_without_grades_and_vetoes_has_neither_to_judge(edition: Edition) -> None:
    lines = edition.framework_text.splitlines()
    edition.framework_text = "\n".join(line for line in lines if not line.startswith(("grades:", "vetoes:", "  - {code: much_undone")))
    for row in edition.rows(RANKING):
        row |= {"grade": None, "vetoes": None}
    report = edition.run("ranking")
    assert finding(report, "grades_consistent").outcome == "not_applicable"
    assert finding(report, "vetoes_applied").outcome == "not_applicable"
    assert report.passed


# --- order, ties, tiers, screen, judgement ---------------------------------------------------------------------------------------


def _ranked(edition: Edition, **ranks: int) -> None:
    for entity, rank in ranks.items():
        _entity(edition, entity.removeprefix("e"), rank=rank, rank_low=1, rank_high=rank)


def test_lowest_total_first_is_held_to(edition: Edition) -> None:
    edition.replace("decimals: 2\nround", "decimals: 2\nrank: {order: lowest_first}\nround")
    report = edition.run("ranking")
    assert finding(report, "ranks_as_defined").rows["entity_code"].to_list() == ["1100", "1101", "1200", "1201", "1202"]
    assert finding(report, "ranks_monotone").outcome == "failed"
    _ranked(edition, e1100=2, e1200=1, e1101=2, e1201=2, e1202=1)
    report = edition.run("ranking")
    assert finding(report, "ranks_as_defined").outcome == finding(report, "ranks_monotone").outcome == "passed"


def test_ties_are_apart_by_the_nodes_that_the_framework_names(edition: Edition) -> None:
    """1101 and 1201 tie in total and in A1; the measure quality is a tenth less of 1101."""
    edition.replace("decimals: 2\nround", "decimals: 2\nrank: {ties_by: [A1, quality]}\nround")
    assert finding(edition.run("ranking"), "ranks_as_defined").outcome == "passed"  # alike in both: shared
    edition.find("scoring.normalised", entity_code="1101", measure_code="quality")["normalised_used"] = 0.9
    assert finding(edition.run("ranking"), "ranks_as_defined").rows["entity_code"].to_list() == ["1101"]
    _ranked(edition, e1101=2)
    report = edition.run("ranking")
    assert finding(report, "ranks_as_defined").outcome == finding(report, "ranks_monotone").outcome == "passed"
    edition.find("scoring.normalised", entity_code="1201", measure_code="quality")["normalised_used"] = None  # missing comes last
    assert finding(edition.run("ranking"), "ranks_as_defined").rows["entity_code"].to_list() == ["1101", "1201"]


def test_ties_are_apart_by_the_code_where_it_says_so(edition: Edition) -> None:
    edition.replace("decimals: 2\nround", "decimals: 2\nrank: {ties_by: [entity_code]}\nround")
    assert finding(edition.run("ranking"), "ranks_as_defined").rows["entity_code"].to_list() == ["1201"]
    _ranked(edition, e1201=2)
    assert edition.run("ranking").passed


@pytest.mark.parametrize(
    ("tiers", "wanted"),
    [
        ("[{tier: one, top: 1}, {tier: rest}]", {"1100": "one", "1101": "one", "1201": "one"}),
        ("[{tier: one, share: 0.4}, {tier: rest}]", {"1100": "one", "1101": "one", "1201": "one"}),  # ⌈0.4 × 2⌉ = 1, ⌈0.4 × 3⌉ = 2
        ("[{tier: one, at_least: 72}, {tier: rest}]", {"1100": "one", "1101": "one", "1201": "one"}),
    ],
)
def test_tiers_follow_from_ranks_or_totals(edition: Edition, tiers: str, wanted: dict[str, str]) -> None:
    edition.replace("decimals: 2\nround", f"decimals: 2\ntiers: {tiers}\nround")
    edition.replace("grades_consistent: {severity: error, at_most: 0}", "tiers_consistent: {severity: error, at_most: 0}")
    for row in edition.rows(RANKING):
        row["tier"] = wanted.get(row["entity_code"], "rest")
    assert finding(edition.run("ranking"), "tiers_consistent").outcome == "passed"
    _entity(edition, "1202", tier="one")
    _entity(edition, "1101", tier=None)
    assert finding(edition.run("ranking"), "tiers_consistent").rows["entity_code"].to_list() == ["1101", "1202"]


def test_framework_without_tiers_has_none_to_judge(edition: Edition) -> None:
    edition.replace("grades_consistent: {severity: error, at_most: 0}", "tiers_consistent: {severity: error, at_most: 0}")
    assert finding(edition.run("ranking"), "tiers_consistent").outcome == "not_applicable"


def _screened_out(edition: Edition) -> None:
    edition.find("scoring.screened", entity_code="1202")["is_screened_out"] = True
    for table in ("scoring.indicator_scores", "ranking.fct_indicator_score"):
        for row in edition.rows(table):
            if row["entity_code"] == "1202":
                row |= {"rate": None, "score": None, "score_exact": None, "points": 0.0, "score_rate": None}


def test_who_is_screened_out_is_listed_and_neither_scored_nor_ranked(edition: Edition) -> None:
    _screened_out(edition)
    report = edition.run("ranking")
    assert finding(report, "ranking_complete").rows["entity_code"].to_list() == ["1202"]
    assert finding(report, "ranks_as_defined").rows["entity_code"].to_list() == ["1202"]
    gone = {"rank": None, "rank_low": None, "rank_high": None, "total": None, "total_exact": None, "grade": None}
    _entity(edition, "1202", state="blocked", **gone)
    assert finding(edition.run("ranking"), "ranking_complete").rows["expected_en"].to_list() == ["screened out, for want of data"]
    _entity(edition, "1202", state="screened_out")
    assert edition.run("ranking").passed


def _judged(edition: Edition) -> None:
    edition.replace("decimals: 2\nround", "decimals: 2\njudged: {sources: [self_assessment], ranks_at_most: 1}\nround")
    for row in edition.rows(RANKING):
        row |= {"rank_unjudged": row["rank"], "total_unjudged": row["total"]}
    edition.rows("scoring.indicator_scores_unjudged").extend(dict(row) for row in edition.rows("scoring.indicator_scores"))


def test_judgement_that_moves_a_rank_too_far_is_a_warning(edition: Edition) -> None:
    _judged(edition)
    _entity(edition, "1101", rank_unjudged=2)  # one rank: as far as it may
    assert finding(edition.run("ranking"), "judged_shift").outcome == "passed"
    _entity(edition, "1201", rank_unjudged=2)
    _entity(edition, "1202", rank_unjudged=1, total_unjudged=99)
    edition.find("scoring.indicator_scores_unjudged", entity_code="1202", indicator_code="TOTAL")["score"] = 99
    report = edition.run("ranking")
    found = finding(report, "judged_shift")
    assert (found.outcome, found.severity, found.threshold, found.observed) == ("failed", "warning", 1, 2)
    assert found.rows["entity_code"].to_list() == ["1202"]
    assert report.passed


def test_judgement_without_a_rank_beside_it_is_no_pass(edition: Edition) -> None:
    _judged(edition)
    for row in edition.rows(RANKING):
        row["rank_unjudged"] = None
    assert finding(edition.run("ranking"), "judged_shift").outcome == "failed"


def test_judgement_that_is_not_named_is_not_judged(edition: Edition) -> None:
    edition.replace("intervals_hold_rank: {severity: error, at_most: 0}", "judged_shift: {severity: error}")
    assert finding(edition.run("ranking"), "judged_shift").outcome == "not_applicable"


@pytest.mark.parametrize(
    ("entity", "change"), [("1200", {"rank_unjudged": 1}), ("1202", {"total_unjudged": 13}), ("1101", {"rank_unjudged": None})]
)
def test_totals_and_ranks_without_judgement_follow_from_their_own_scores(edition: Edition, entity: str, change: dict[str, Any]) -> None:
    _judged(edition)
    assert finding(edition.run("ranking"), "unjudged_as_defined").outcome == "passed"
    _entity(edition, entity, **change)
    report = edition.run("ranking")
    assert finding(report, "unjudged_as_defined").rows["entity_code"].to_list() == [entity]
    assert not report.passed


# --- ranks within ----------------------------------------------------------------------------------------------------------------


def _ranked_within(edition: Edition) -> None:
    """Cities 1100 C, 1200 C: 1 and 2; counties 1101 and 1201 A, both 1, and 1202 C, alone in its group."""
    edition.replace("decimals: 2\nround", "decimals: 2\nrank: {within: [grade]}\nround")
    ranks = {"1100": 1, "1200": 2, "1101": 1, "1201": 1, "1202": 1}
    for row in edition.rows(RANKING):
        within = {"attribute": "grade", "value": row["grade"], "rank": ranks[row["entity_code"]]}
        edition.rows("ranking.fct_rank_within").append(
            {**{key: row[key] for key in ("edition", "release", "entity_code", "group_code")}, **within}
        )


@pytest.mark.parametrize(
    "change", [{"rank": 2}, {"rank": None}, {"value": "B"}, {"group_code": "county"}, {"attribute": "tier"}]
)  # fmt: skip
def test_ranks_within_a_grade_follow_from_rank_and_grade(edition: Edition, change: dict[str, Any]) -> None:
    _ranked_within(edition)
    report = edition.run("ranking")
    assert finding(report, "ranks_within_as_defined").outcome == "passed"
    edition.find("ranking.fct_rank_within", entity_code="1100").update(change)
    report = edition.run("ranking")
    assert set(finding(report, "ranks_within_as_defined").rows["entity_code"]) == {"1100"}
    assert not report.passed


def test_ranks_within_must_be_there(edition: Edition) -> None:
    _ranked_within(edition)
    edition.drop("ranking.fct_rank_within", entity_code="1202")
    assert finding(edition.run("ranking"), "ranks_within_as_defined").rows["entity_code"].to_list() == ["1202"]
