"""Running a gate: what cannot be computed, waivers, the floor, thresholds, and the files that it leaves."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest

from expectations import RULES, run_gate
from expectations.rules import Between
from frameworks.expectations import EXPECTATIONS
from storage import Gate, judged
from storage.workspace import PROJECT
from tests.unit.expectations.tiny_edition import Edition, finding

RESULT_COLUMNS = ["gate", "expectation", "label_zh", "label_en", "severity", "observed", "threshold", "outcome", "waived_by", "reason"]


@pytest.mark.parametrize(
    ("gate", "table", "column", "uncomputable"),
    [
        ("intake", "intake/cells", "is_counted", {"keys_unique", "values_in_range", "every_entity_delivered", "dataset_coverage"}),
        ("intake", "intake/rejects", "source", {"reject_share"}),
        ("intake", "intake/cells", "not_counted_because", {"no_conflicts", "every_entity_delivered"}),
        ("scores", "scoring.indicator_scores", "score", {"scores_not_empty", "scores_complete", "scores_in_range", "levels_add_up"}),
        ("scores", "scoring.normalised", "normalised_used", {"levels_add_up", "scores_complete"}),
        ("scores", "previous/ranking", "total", {"shift_from_previous"}),
        ("ranking", "ranking.fct_ranking", "rank", {"ranking_not_empty", "ranking_complete", "ranks_as_defined", "ranks_monotone"}),
        ("ranking", "ranking.fct_input", "value", {"vetoes_applied", "grades_consistent", "ranks_as_defined"}),
    ],
)
def test_what_cannot_be_computed_has_failed(edition: Edition, gate: Gate, table: str, column: str, uncomputable: set[str]) -> None:
    report = edition.run(gate, without=(table, column))
    for name in uncomputable:
        found = finding(report, name)
        assert found.outcome == "failed"
        assert found.observed is None
        assert "could not be computed" in found.message_en
        assert column in (found.reason or "")


@pytest.mark.parametrize("gate", ["scores", "ranking"])
def test_without_a_warehouse_everything_has_failed(edition: Edition, gate: Gate) -> None:
    edition.run(gate)
    edition.workspace.warehouse("tiny-2020").unlink()
    report = run_gate(gate, edition.workspace, edition.framework())
    assert {found.outcome for found in report.findings} == {"failed"}
    assert not report.passed


def test_file_that_is_no_warehouse_fails_everything(edition: Edition) -> None:
    edition.run("ranking")
    edition.workspace.warehouse("tiny-2020").write_bytes(b"no database" * 1000)
    assert not run_gate("ranking", edition.workspace, edition.framework()).passed


def test_every_expectation_that_a_framework_may_name_is_built() -> None:
    for gate, known in EXPECTATIONS.items():
        rules = RULES[gate]  # type: ignore[index]
        assert rules.keys() == known.keys()
        for name, rule in rules.items():
            if isinstance(rule.check, Between) and name not in {"judged_shift", "refuted_share"}:  # set by `judged`, `confirmation`
                assert (rule.check.bound, known[name].needs_threshold) == (known[name].bound, True)


def test_so_many_failing_rows_as_the_framework_allows_pass(edition: Edition) -> None:
    for entity in ("1100", "1101"):
        edition.find("intake/cells", field="result", entity_code=entity)["number"] = 120.0
    edition.replace("values_in_range: {severity: error, at_most: 0}", "values_in_range: {at_most: 2}")
    found = finding(edition.run("intake"), "values_in_range")
    assert (found.outcome, found.observed, found.threshold) == ("passed", 2, 2)
    edition.replace("values_in_range: {at_most: 2}", "values_in_range: {at_most: 1}")
    assert finding(edition.run("intake"), "values_in_range").outcome == "failed"


def test_failed_warning_stops_nothing(edition: Edition) -> None:
    edition.find("intake/cells", field="result", entity_code="1100")["number"] = 120.0
    edition.replace("values_in_range: {severity: error", "values_in_range: {severity: warning")
    report = edition.run("intake")
    assert finding(report, "values_in_range").outcome == "failed"
    assert report.passed


@pytest.mark.parametrize("gate", ["intake", "scores", "ranking"])
def test_floor_runs_for_a_framework_that_lists_nothing(edition: Edition, gate: Gate) -> None:
    edition.framework_text = edition.framework_text[: edition.framework_text.index("gates:")]
    report = edition.run(gate)
    assert {found.expectation for found in report.findings} == {name for name, known in EXPECTATIONS[gate].items() if known.is_floor}
    assert {found.severity for found in report.findings} == {"error"}
    assert report.passed


def test_every_rule_speaks_both_languages_and_says_what_to_do() -> None:
    for rules in RULES.values():
        for rule in rules.values():
            values = {"count": 1, "examples": "x", "observed": "1", "threshold": "1"}
            for text in (rule.label.zh, rule.fault.zh.format(**values)):
                assert any("一" <= sign <= "鿿" for sign in text)
            assert rule.label.en.isascii()
            assert ";" in rule.fault.en.format(**values)


# --- waivers --------------------------------------------------------------------------------------------------------------


def _no_workbook_of(edition: Edition, *entities: str) -> None:
    for entity in entities:
        edition.drop("intake/cells", dataset="workbook", entity_code=entity)


@pytest.mark.parametrize("entities", ["1202", "西岭县", "南河市西岭县", "*", "1202、1100", "1202；\n 北山市"])
def test_waiver_of_all_failing_entities_lets_the_gate_pass(edition: Edition, entities: str) -> None:
    _no_workbook_of(edition, "1202")
    edition.waive("intake", "every_entity_delivered", entities, reason="该县拒报，省领导同意")
    report = edition.run("intake")
    found = finding(report, "every_entity_delivered")
    assert (found.outcome, found.waived_by, found.reason) == ("waived", "w" * 64, "该县拒报，省领导同意")
    assert found.rows["entity_code"].to_list() == ["1202"]
    assert report.passed
    assert "王某某" not in report.results().write_csv() + report.rows().write_csv()


@pytest.mark.parametrize(
    ("gate", "expectation", "entities", "reason"),
    [
        ("intake", "every_entity_delivered", "1201", "理由"),  # another entity
        ("intake", "every_entity_delivered", "东湖区", "理由"),  # a name that two bear
        ("intake", "dataset_coverage", "1202", "理由"),  # another expectation
        ("scores", "every_entity_delivered", "1202", "理由"),  # another gate
        ("intake", "every_entity_delivered", "1202", ""),  # no reason
    ],
)
def test_waiver_of_something_else_waives_nothing(edition: Edition, gate: str, expectation: str, entities: str, reason: str) -> None:
    _no_workbook_of(edition, "1202")
    edition.waive(gate, expectation, entities, reason)
    report = edition.run("intake")
    assert finding(report, "every_entity_delivered").outcome == "failed"
    assert not report.passed


def test_waiver_of_some_of_the_failing_entities_is_not_enough(edition: Edition) -> None:
    _no_workbook_of(edition, "1201", "1202")
    edition.waive("intake", "every_entity_delivered", "1202 东湖区")
    found = finding(edition.run("intake"), "every_entity_delivered")
    assert found.outcome == "failed"
    assert "names that are no one entity: 东湖区" in found.message_en


def test_two_waivers_cover_together(edition: Edition) -> None:
    _no_workbook_of(edition, "1201", "1202")
    edition.waive("intake", "every_entity_delivered", "1201", "甲")
    edition.waive("intake", "every_entity_delivered", "1202", "乙")
    found = finding(edition.run("intake"), "every_entity_delivered")
    assert (found.outcome, found.reason) == ("waived", "乙；甲")


def test_waiver_that_does_not_count_waives_nothing(edition: Edition) -> None:
    _no_workbook_of(edition, "1202")
    edition.waive("intake", "every_entity_delivered", "1202")
    for row in edition.rows("intake/cells"):
        if row["dataset"] == "waivers":
            row |= {"is_counted": False, "not_counted_because": "withdrawn"}
    assert finding(edition.run("intake"), "every_entity_delivered").outcome == "failed"


def test_what_could_not_be_judged_cannot_be_waived(edition: Edition) -> None:
    edition.waive("scores", "levels_add_up", "*")
    edition.waive("scores", "scores_not_empty", "*")
    report = edition.run("scores", without=("scoring.normalised", "normalised_used"))
    assert finding(report, "levels_add_up").outcome == "failed"
    edition.rows("scoring.indicator_scores").clear()
    assert finding(edition.run("scores"), "scores_not_empty").outcome == "failed"


# --- files ----------------------------------------------------------------------------------------------------------------


def test_report_lies_in_the_stage_with_the_digest_of_what_was_judged(edition: Edition) -> None:
    edition.find("ranking.fct_ranking", entity_code="1202")["rank"] = 2
    report = edition.run("ranking")
    folder = edition.workspace.stage("tiny-2020") / "gates"
    results, rows = pl.read_parquet(folder / "ranking.parquet"), pl.read_parquet(folder / "ranking.rows.parquet")
    assert results.columns == RESULT_COLUMNS
    assert results.equals(report.results())
    assert rows.equals(report.rows())
    assert rows.columns[:5] == ["edition", "gate", "expectation", "entity_code", "name_zh"]
    assert pl.read_parquet_metadata(folder / "ranking.parquet")["judged"] == judged(edition.workspace, "tiny-2020", "ranking")


@pytest.mark.parametrize("gate", ["intake", "ranking"])
def test_same_data_give_the_same_bytes_in_whatever_order_their_rows_lie(edition: Edition, gate: Gate) -> None:
    for entity in ("1100", "1101", "1202"):
        edition.drop("intake/cells", dataset="workbook", entity_code=entity)
        edition.find("ranking.fct_ranking", entity_code=entity)["rank"] = 7
    folder = edition.workspace.stage("tiny-2020") / "gates"
    edition.run(gate)
    first = (folder / f"{gate}.rows.parquet").read_bytes(), pl.read_parquet(folder / f"{gate}.parquet")
    for rows, _ in [*edition.stage.values(), *edition.warehouse.values()]:
        rows.reverse()
    edition.run(gate)
    assert (folder / f"{gate}.rows.parquet").read_bytes() == first[0]
    assert pl.read_parquet(folder / f"{gate}.parquet").equals(first[1])


def test_gate_changes_nothing_that_it_judges(edition: Edition) -> None:
    edition.run("ranking")
    before = edition.workspace.warehouse("tiny-2020").read_bytes()
    run_gate("ranking", edition.workspace, edition.framework())
    assert edition.workspace.warehouse("tiny-2020").read_bytes() == before


def test_importing_the_room_does_not_load_great_expectations() -> None:
    code = "import sys, expectations; sys.exit('great_expectations' in sys.modules or 'sqlalchemy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT)
