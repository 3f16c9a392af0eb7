"""Gate intake: each expectation passes on clean data and fails on the fault that it is there for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.unit.expectations.tiny_edition import FIGURES, Edition, cell, finding


def test_clean_data_pass_every_expectation(edition: Edition) -> None:
    report = edition.run("intake")
    assert {found.expectation: found.outcome for found in report.findings} == dict.fromkeys(
        [
            "dataset_coverage",
            "datasets_delivered",
            "every_entity_delivered",
            "keys_unique",
            "no_conflicts",
            "reject_share",
            "values_in_range",
            "within_period",
        ],
        "passed",
    )
    assert report.passed
    assert report.rows().is_empty()


def _no_results(edition: Edition) -> None:
    edition.drop("intake/deliveries", dataset="results")
    edition.drop("intake/cells", dataset="results")


def _tests_without_rows(edition: Edition) -> None:
    edition.drop("intake/cells", dataset="tests")


def _feed_without_items(edition: Edition) -> None:
    edition.rows("intake/opinion_items").clear()


def _no_workbook(edition: Edition) -> None:
    edition.drop("intake/cells", dataset="workbook", entity_code="1201")


def _blank_workbook(edition: Edition) -> None:
    for row in edition.rows("intake/cells"):
        if row["dataset"] == "workbook" and row["entity_code"] == "1201":
            row |= {"state": "missing", "number": None}


def _half_a_table(edition: Edition) -> None:
    for entity in ("1100", "1101"):
        edition.drop("intake/cells", dataset="results", entity_code=entity)


def _tests_of_one_place_lacking(edition: Edition) -> None:
    edition.drop("intake/cells", dataset="tests", entity_code="1202")


def _above_the_maximum(edition: Edition) -> None:
    edition.find("intake/cells", field="result", entity_code="1100")["number"] = 120.0


def _above_another_input(edition: Edition) -> None:
    edition.find("intake/cells", field="done", entity_code="1100")["number"] = 101.0


def _no_number(edition: Edition) -> None:
    edition.find("intake/cells", field="result", entity_code="1100")["number"] = None


def _not_finite(edition: Edition) -> None:
    edition.find("intake/cells", field="due", entity_code="1100")["number"] = float("inf")


def _quality_above_five(edition: Edition) -> None:
    edition.find("intake/cells", field="quality", entity_code="1100")["number"] = 6.0


def _corrected_out_of_range(edition: Edition) -> None:
    edition.rows("intake/cells").append(cell("correction", "corrections", "1100", "input", "result"))
    edition.rows("intake/cells").append(cell("correction", "corrections", "1100", "value", 101.0))


def _workbook_twice(edition: Edition) -> None:
    edition.rows("intake/cells").append(cell("self_assessment", "workbook", "1100", "due", 90, load_id="another"))


def _test_twice(edition: Edition) -> None:
    test = {"test_no": "T1100", "tested_on": date(2020, 7, 1), "quality": 2, "tester": "李某某"}
    edition.rows("intake/cells").extend(cell("third_party", "tests", "1100", field, value, record_no=2) for field, value in test.items())


def _outside_the_period(edition: Edition) -> None:
    edition.find("intake/cells", field="tested_on", entity_code="1100")["day"] = date(2021, 1, 1)


def _no_date(edition: Edition) -> None:
    edition.drop("intake/cells", field="tested_on", entity_code="1100")


def _item_of_next_year_in_local_time(edition: Edition) -> None:
    """16:30 in UTC on the last day is half past midnight of the next in Shanghai."""
    item = edition.rows("intake/opinion_items")[0]
    item["published_at"] = item["published_at"].replace(month=12, day=31, hour=16, minute=30)


def _contradiction(edition: Edition) -> None:
    for number, load_id in ((101, "one"), (102, "two")):
        row = cell("self_assessment", "workbook", "1202", "due", number, load_id=load_id)
        edition.rows("intake/cells").append(row | {"is_counted": False, "not_counted_because": "conflict"})


@pytest.mark.parametrize(
    ("expectation", "spoil", "observed", "failing"),
    [
        ("datasets_delivered", _no_results, 1, [(None, "results")]),
        ("datasets_delivered", _tests_without_rows, 1, [(None, "tests")]),
        ("datasets_delivered", _feed_without_items, 1, [(None, "items")]),
        ("every_entity_delivered", _no_workbook, 1, [("1201", "workbook")]),
        ("every_entity_delivered", _blank_workbook, 1, [("1201", "workbook")]),
        ("dataset_coverage", _half_a_table, 0.6, [("1100", "results"), ("1101", "results")]),
        ("dataset_coverage", _no_results, 0, [(entity, "results") for entity in ("1100", "1101", "1200", "1201", "1202")]),
        ("dataset_coverage", _tests_of_one_place_lacking, 0.8, [("1202", "tests")]),
        ("values_in_range", _above_the_maximum, 1, [("1100", "result")]),
        ("values_in_range", _above_another_input, 1, [("1100", "done")]),
        ("values_in_range", _no_number, 1, [("1100", "result")]),
        ("values_in_range", _not_finite, 1, [("1100", "due")]),
        ("values_in_range", _quality_above_five, 1, [("1100", "quality")]),
        ("values_in_range", _corrected_out_of_range, 1, [("1100", "result")]),
        ("keys_unique", _workbook_twice, 2, [("1100", "workbook · due")] * 2),
        ("keys_unique", _test_twice, 8, [("1100", f"tests · {field}") for field in ("quality", "test_no", "tested_on", "tester")] * 2),
        ("within_period", _outside_the_period, 1, [("1100", "tests · tested_on")]),
        ("within_period", _no_date, 1, [("1100", "tests · tested_on")]),
        ("within_period", _item_of_next_year_in_local_time, 1, [(None, "items · published_at")]),
        ("no_conflicts", _contradiction, 2, [("1202", "workbook")] * 2),
    ],
)
def test_fault_fails_its_expectation(
    edition: Edition, expectation: str, spoil: Callable[[Edition], None], observed: float, failing: list[tuple[str | None, str]]
) -> None:
    spoil(edition)
    report = edition.run("intake")
    found = finding(report, expectation)
    assert not report.passed
    assert found.outcome == "failed"
    assert found.observed == pytest.approx(observed)
    assert sorted(found.rows.select("entity_code", "item").rows(), key=str) == sorted(failing, key=str)


def test_required_list_may_be_empty_of_rows_but_not_of_files(edition: Edition) -> None:
    assert finding(edition.run("intake"), "datasets_delivered").outcome == "passed"  # `listed` is a file without a row
    edition.drop("intake/deliveries", dataset="listed")
    assert finding(edition.run("intake"), "datasets_delivered").rows["item"].to_list() == ["listed"]


def reject(source: str, dataset: str | None, cell: str | None = "C7", load_id: str = "x") -> dict[str, object]:
    said = {"value": "约95", "rule": "number", "message_zh": "不是数字", "message_en": "is no number"}
    return {"edition": "tiny-2020", "source": source, "dataset": dataset, "load_id": load_id, "file": "成绩.csv", "cell": cell, **said}


def test_rejects_are_weighed_by_dataset_and_all_shown(edition: Edition) -> None:
    """Five results were read: one reject of six is 16.7 %. Twenty cells of tests and one reject are 4.8 %."""
    edition.rows("intake/rejects").extend([reject("provincial", "results"), reject("third_party", "tests")])
    found = finding(edition.run("intake"), "reject_share")
    assert found.outcome == "failed"
    assert found.observed == pytest.approx(1 / 6)
    assert found.rows.select("item", "file", "cell", "value", "expected_zh", "expected_en").rows() == [
        ("results", "成绩.csv", "C7", "约95", "不是数字", "is no number")
    ]


def test_list_of_which_no_row_counts_is_neither_delivered_nor_diluted(edition: Edition) -> None:
    """Sixty rows of places that nobody knows, a name and a number each: 60 rejects and 60 cells held back of 120, whatever else came."""
    for number in range(60):
        row = cell("provincial", "listed", None, "case_no", f"案{number}", record_no=number, load_id="listed-")
        edition.rows("intake/cells").append(row | {"is_counted": False, "not_counted_because": "no_place"})
        edition.rows("intake/rejects").append(reject("provincial", "listed", f"A{number}", "listed-"))
        edition.rows("intake/cells").extend(cell("provincial", "results", entity, "result", 1.0, record_no=number) for entity in FIGURES)
    edition.find("intake/deliveries", dataset="listed").update(cells=60, rejects=60)
    report = edition.run("intake")
    assert finding(report, "reject_share").observed == 1.0
    assert finding(report, "reject_share").rows["item"].unique().to_list() == ["listed"]
    assert finding(report, "datasets_delivered").rows["item"].to_list() == ["listed"]


@pytest.mark.parametrize(
    ("because", "observed"),
    [
        ("incomplete", 5 / 21),
        ("conflict", 5 / 21),
        ("recused", 1 / 21),
        ("superseded", 1 / 21),
        ("duplicate", 1 / 21),
        ("withdrawn", 1 / 17),
    ],
)
def test_a_record_weighs_all_its_cells_where_a_reject_holds_it_back(edition: Edition, because: str, observed: float) -> None:
    """A reject, and the four other cells of its record, of twenty. Records that fall to another one, or to a recusal, are no rejects."""
    edition.rows("intake/rejects").append(reject("third_party", "tests"))
    for row in edition.rows("intake/cells"):
        if row["dataset"] == "tests" and row["entity_code"] == "1202":
            row |= {"is_counted": False, "not_counted_because": because}
    assert finding(edition.run("intake"), "reject_share").observed == pytest.approx(observed)


def test_file_that_cannot_be_read_weighs_what_a_file_of_its_dataset_holds(edition: Edition) -> None:
    """Five workbooks of two cells each, and one that is cut: 2 of 12."""
    edition.rows("intake/rejects").append(reject("self_assessment", "workbook", None))
    assert finding(edition.run("intake"), "reject_share").observed == pytest.approx(2 / 12)


def test_what_was_withdrawn_or_fits_no_dataset_is_no_share_of_any(edition: Edition) -> None:
    edition.rows("intake/rejects").extend([reject("provincial", "results", load_id="gone"), reject("provincial", None, None)])
    gone = edition.find("intake/deliveries", dataset="results") | {"load_id": "gone", "state": "withdrawn"}
    edition.rows("intake/deliveries").append(gone)
    assert finding(edition.run("intake"), "reject_share").observed == 0.0


def test_a_recused_score_is_listed_among_the_rejects_and_is_no_share_of_them(edition: Edition) -> None:
    edition.rows("intake/rejects").append(reject("third_party", "tests") | {"rule": "recused"})
    assert finding(edition.run("intake"), "reject_share").observed == 0.0


def test_correction_stands_in_place_of_what_was_delivered(edition: Edition) -> None:
    edition.find("intake/cells", field="result", entity_code="1100")["number"] = 120.0
    edition.rows("intake/cells").append(cell("correction", "corrections", "1100", "input", "result"))
    edition.rows("intake/cells").append(cell("correction", "corrections", "1100", "value", 100.0))
    assert finding(edition.run("intake"), "values_in_range").outcome == "passed"


def test_failing_row_says_where_it_stands_and_what_is_expected(edition: Edition) -> None:
    row = edition.find("intake/cells", field="done", entity_code="1201")
    row |= {"number": 41.0, "text": "41", "sheet": "依法行政", "cell": "C7"}
    found = finding(edition.run("intake"), "values_in_range")
    assert found.rows.rows(named=True) == [
        {
            "entity_code": "1201",
            "name_zh": "南河市东湖区",
            "item": "done",
            "file": "workbook-1201.xlsx",
            "sheet": "依法行政",
            "cell": "C7",
            "value": "41",
            "expected_zh": "已办数，应不小于 0，应不大于 40 (due)",
            "expected_en": "Done, at least 0, at most 40 (due)",
        }
    ]
    assert found.message_zh == "1 个数值超出规定范围或不是数字：南河市东湖区 done；请核对原件，由报送单位重报或由办公室更正。"
    assert found.reason == f"{found.message_zh} / {found.message_en}"


@pytest.mark.parametrize(
    ("state", "value"),
    [(None, "无"), ({"state": "missing"}, "未计入：空"), ({"is_counted": False, "not_counted_because": "conflict"}, "未计入：conflict")],
)
def test_missing_delivery_says_what_became_of_it(edition: Edition, state: dict[str, object] | None, value: str) -> None:
    if state is None:
        _no_workbook(edition)
    for row in edition.rows("intake/cells"):
        if row["dataset"] == "workbook" and row["entity_code"] == "1201":
            row.update(state or {})
    assert finding(edition.run("intake"), "every_entity_delivered").rows["value"].to_list() == [value]


def test_names_of_testers_are_not_shown(edition: Edition) -> None:
    _test_twice(edition)
    for row in [row for row in edition.rows("intake/cells") if row["dataset"] == "tests" and row["entity_code"] == "1200"]:
        row |= {"is_counted": False, "not_counted_because": "conflict"}
    rows = edition.run("intake").rows()
    assert {"keys_unique", "no_conflicts"} <= set(rows["expectation"])
    assert "李某某" not in rows.write_csv()


def test_nothing_delivered_at_all_fails_whatever_the_framework_asks(edition: Edition) -> None:
    start = edition.framework_text.index("gates:")
    edition.framework_text = edition.framework_text[:start] + "gates: {}\n"
    edition.rows("intake/cells").clear()
    report = edition.run("intake")
    assert {found.expectation: found.outcome for found in report.findings} == dict.fromkeys(
        ["datasets_delivered", "every_entity_delivered", "keys_unique"], "failed"
    )
    assert not report.passed
    assert "nothing to judge" in finding(report, "keys_unique").message_en


@pytest.mark.parametrize(("fault", "expectation"), [(_no_results, "datasets_delivered"), (_no_workbook, "every_entity_delivered")])
def test_what_is_required_is_asked_for_whatever_the_framework_names(
    edition: Edition, fault: Callable[[Edition], None], expectation: str
) -> None:
    start = edition.framework_text.index("gates:")
    edition.framework_text = edition.framework_text[:start] + "gates: {}\n"
    fault(edition)
    report = edition.run("intake")
    assert {found.expectation for found in report.findings if found.outcome == "failed"} == {expectation}
    assert not report.passed


@pytest.mark.parametrize(
    ("expectation", "asked"),
    [
        ("datasets_delivered", [", required: each_entity", ", required: once", "      required: once\n"]),
        ("every_entity_delivered", [", required: each_entity"]),
        ("within_period", [", within: period"]),
    ],
)
def test_what_the_framework_does_not_ask_is_not_applicable(edition: Edition, expectation: str, asked: list[str]) -> None:
    for words in asked:
        edition.replace(words, "")
    found = finding(edition.run("intake"), expectation)
    assert found.outcome == "not_applicable"
    assert found.reason


@pytest.mark.parametrize(
    ("before", "outcome", "observed"),
    [
        ({}, "not_applicable", None),
        ({"tests": 10, "results": 5, "items": 2}, "passed", 0.5),
        ({"tests": 11, "results": 5, "items": 1}, "failed", 5 / 11),
        ({"tests": 5, "results": 5, "items": 3}, "failed", 1 / 3),
        ({"tests": 5, "listed": 4, "items": 1}, "failed", 0.0),
        ({"tests": 5, "waivers": 9}, "passed", 1.0),
    ],
)
def test_dataset_that_halved_since_the_previous_edition_is_noticed(
    edition: Edition, before: dict[str, int], outcome: str, observed: float | None
) -> None:
    """Five tests, five results, one item and no listed case count; every place still has a row. Waivers are compared with nothing."""
    edition.replace("    no_conflicts:", "    rows_against_previous: {severity: warning, at_least: 0.5}\n    no_conflicts:")
    sources = {"tests": "third_party", "results": "provincial", "listed": "provincial", "items": "opinion", "waivers": "correction"}
    edition.rows("previous/records").extend({"source": sources[name], "dataset": name, "records": n} for name, n in before.items())
    report = edition.run("intake")
    found = finding(report, "rows_against_previous")
    assert (found.outcome, found.observed) == (outcome, None if observed is None else pytest.approx(observed))
    assert report.passed
