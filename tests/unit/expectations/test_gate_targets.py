"""Targets and reference entities that are not better than the worst of a set: a warning of gate scores, wherever distances are measured."""

from __future__ import annotations

import polars as pl
import pytest

from expectations import Finding, run_gate
from tests.unit.expectations.tiny_edition import Edition, finding

# The results: cities 90 and 80, counties 70, 70 and 60. The rates of A: cities 0.6667 and 0.5333, counties 0.9333, 0.9333 and 0.0667.


def normalised_by(edition: Edition, method: str) -> Finding:
    """What gate scores finds where A2's measure is normalised by that method."""
    edition.replace("round: {at: lowest_indicator, decimals: 2}", "round: {at: total, decimals: 2}")
    edition.replace("normalise: {method: min_max}", f"normalise: {method}")
    return finding(edition.run("scores"), "targets_above_worst")


@pytest.mark.parametrize(
    ("method", "items"),
    [
        ("{method: distance_to_target, target: 100}", []),
        ("{method: distance_to_target, target: 80.5}", []),
        ("{method: distance_to_target, target: 80}", ["assessed · city: 80 ≤ 80"]),
        ("{method: distance_to_target, target: 65}", ["assessed · city: 65 ≤ 80"]),
        ("{method: distance_to_target, target: 50, cap: true}", ["assessed · city: 50 ≤ 80", "assessed · county: 50 ≤ 60"]),
        ("{method: distance_to_target, target: 65, within: all}", []),
        ("{method: distance_to_target, target: 60, within: pooled}", ["assessed: 60 ≤ 60"]),
        ("{method: distance_to_target, target: 100}\n            direction: lower_is_better", None),
        ("{method: distance_to_reference, entity: '1101', within: all}", []),
        ("{method: distance_to_reference, entity: '1202', within: all}", ["assessed: 60 ≤ 60"]),
        ("{method: distance_to_reference, entity: '1101'}", ["assessed · city: 70 ≤ 80"]),
        ("{method: distance_to_reference, entity: '1100'}", []),  # a city, better than the worst county too
    ],
)
def test_an_aim_that_is_no_better_than_the_worst_of_a_set_is_a_warning(edition: Edition, method: str, items: list[str] | None) -> None:
    if items is None:
        edition.replace(
            "            direction: higher_is_better\n            normalise: {method: min_max}", "            normalise: {method: min_max}"
        )
        items = ["assessed · city: 100 ≥ 90", "assessed · county: 100 ≥ 70"]
    found = normalised_by(edition, method)
    assert (found.outcome, found.severity, found.observed) == ("failed" if items else "passed", "warning", len(items))
    assert found.rows["item"].to_list() == items


def test_the_warning_says_which_target_and_what_to_do_in_both_languages(edition: Edition) -> None:
    found = normalised_by(edition, "{method: distance_to_target, target: 65}")
    assert found.message_zh == (
        "1 个参照组的目标值（或参照对象的数值）不优于组内最差值，得分次序因此颠倒或没有区分度：assessed · city: 65 ≤ 80；"
        "请在框架中修改目标值或参照对象，或改用 goalposts。"
    )
    assert found.message_en == (
        "in 1 sets the target, or the reference entity's value, is not better than the worst value, which turns the order of scores "
        "round or tells nothing: assessed · city: 65 ≤ 80; mend the target or the reference entity in the framework, "
        "or normalise by goalposts."
    )
    assert found.rows.select("value", "expected_zh", "expected_en").rows() == [
        (
            "65",
            "考核得分：目标值为 65，应优于该参照组的最差值 80",
            "Result: the target is 65, to be better than the worst value of the set, 80",
        )
    ]


def test_values_are_judged_as_they_are_compared(edition: Edition) -> None:
    """Treatment lifts the worst county to 66, above the target; who is screened out or to whom it does not apply is in no set."""
    method = "{method: distance_to_target, target: 65}"
    edition.find("scoring.normalised", entity_code="1202", measure_code="assessed")["value_treated"] = 66.0
    edition.find("scoring.screened", entity_code="1200")["is_screened_out"] = True
    edition.find("scoring.measures", entity_code="1100", measure_code="assessed")["applies"] = False
    assert normalised_by(edition, method).rows["item"].to_list() == ["assessed · county: 65 ≤ 66"]


@pytest.mark.parametrize(("of_2020", "items"), [(65.0, []), (60.0, ["assessed: 60 ≤ 60"]), (None, [])])
def test_in_a_panel_a_unit_is_held_to_be_better_at_each_of_its_times(edition: Edition, of_2020: float | None, items: list[str]) -> None:
    """U is 1100 in 2019 (90) and 1201 in 2020, the other places are other units; all years are one set, whose worst value is 60."""
    edition.replace("normalise: {method: min_max}", "normalise: {method: distance_to_reference, entity: '1100', within: pooled}")
    edition.find("scoring.normalised", entity_code="1201", measure_code="assessed")["value_treated"] = of_2020
    edition.lay()
    folder = edition.workspace.stage("tiny-2020") / "framework"
    units = {"1100": ("U", "2019"), "1200": ("V", "2019"), "1101": ("V", "2020"), "1201": ("U", "2020"), "1202": ("W", "2020")}
    frame = pl.read_parquet(folder / "entities.parquet").with_columns(
        *(pl.col("entity_code").replace_strict({code: pair[at] for code, pair in units.items()}).alias(name)
          for at, name in enumerate(("unit_code", "time")))
    )  # fmt: skip
    frame.write_parquet(folder / "entities.parquet")
    measures = pl.read_parquet(folder / "measures.parquet")
    measures.with_columns(reference_entity=pl.lit("U")).write_parquet(folder / "measures.parquet")
    report = run_gate("scores", edition.workspace, edition.framework())
    assert finding(report, "targets_above_worst").rows["item"].to_list() == items
    # Who has no value in 2020 tells those of 2020 nothing.
    assert (finding(report, "norms_informative").outcome == "failed") == (of_2020 != 65.0)


@pytest.mark.parametrize(
    ("rules", "items"),
    [
        ("normalise: {method: distance_to_target, target: 0.5}", ["A · city: 0.5 ≤ 0.533333333333"]),
        ("normalise: {method: distance_to_target, target: 0.9}", []),
        ("normalise: {method: distance_to_target, target: 0.9}\n    direction: lower_is_better", ["A · city: 0.9 ≥ 0.666666666667"]),
        ("normalise: {method: distance_to_reference, entity: '1200', within: all}", []),
        ("normalise: {method: distance_to_reference, entity: '1202'}",
         ["A · city: 0.0666666666667 ≤ 0.533333333333", "A · county: 0.0666666666667 ≤ 0.0666666666667"]),
    ],
)  # fmt: skip
def test_an_indicator_that_is_normalised_is_told_of_too(edition: Edition, rules: str, items: list[str]) -> None:
    edition.replace("round: {at: lowest_indicator, decimals: 2}", "round: {at: total, decimals: 2}")
    edition.replace("    points: 60\n    indicators:", f"    points: 60\n    {rules}\n    indicators:")
    assert finding(edition.run("scores"), "targets_above_worst").rows["item"].to_list() == items


def test_an_edition_that_measures_no_distance_is_not_asked(edition: Edition) -> None:
    asked = {found.expectation for found in edition.run("scores").findings}
    assert "targets_above_worst" not in asked
    edition.replace("norms_informative: {severity: warning, at_most: 0}", "targets_above_worst: {severity: error}")
    assert finding(edition.run("scores"), "targets_above_worst").outcome == "not_applicable"


def test_a_framework_may_make_it_an_error(edition: Edition) -> None:
    edition.replace("norms_informative: {severity: warning, at_most: 0}", "targets_above_worst: {severity: error}")
    assert normalised_by(edition, "{method: distance_to_target, target: 65}").severity == "error"
    assert ("scores", "targets_above_worst", "error", None, None) in edition.framework().tables()["gates"].rows()
