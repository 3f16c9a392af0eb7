"""How much of what a place reports of itself third-party tests may refute: a warning of gate scores, by the limit of `confirmation`."""

from __future__ import annotations

from tests.unit.expectations.tiny_edition import Edition, cell, finding

FIELDS = (
    "        item: {headers: 指标, type: text}\n"
    "        verdict: {headers: 结果, type: category, values: {ok: 属实, half: 部分属实, wrong: 不属实}}\n"
)
LIMIT = ", refuted_share_at_most: 0.3"
SETTINGS = f"confirmation: {{dataset: tests, indicator: item, outcome: verdict, values: {{ok: 1, half: 0.5, wrong: 0}}{LIMIT}}}\n"


def deliver_tests(edition: Edition, verdicts: dict[str, list[str]], settings: str = SETTINGS) -> None:
    """Let the framework confirm by the dataset of tests, and each entity have tests with those verdicts."""
    edition.replace("        tester: {headers: 测评员", FIELDS + "        tester: {headers: 测评员")
    edition.replace("inputs:\n", settings + "inputs:\n")
    for entity, listed in verdicts.items():
        for number, verdict in enumerate(listed, start=10):
            for field, value in {"item": "A1", "verdict": verdict}.items():
                edition.rows("intake/cells").append(cell("third_party", "tests", entity, field, value, record_no=number))


def test_a_place_of_which_more_than_the_limit_is_refuted_is_a_warning_that_names_it(edition: Edition) -> None:
    # 1100: 1 of 4 refuted, 0.25; 1101: 2 of 5, 0.4; one confirmed in part is not refuted.
    deliver_tests(edition, {"1100": ["ok", "half", "wrong", "ok"], "1101": ["ok", "wrong", "wrong", "half", "half"]})
    report = edition.run("scores")
    found = finding(report, "refuted_share")
    assert (found.outcome, found.severity, found.threshold, found.observed) == ("failed", "warning", 0.3, 0.4)
    assert found.rows.select("entity_code", "value").rows() == [("1101", "2/5")]
    assert report.passed


def test_as_much_as_the_limit_is_no_fault_and_what_does_not_count_is_no_test(edition: Edition) -> None:
    deliver_tests(edition, {"1100": ["wrong"] * 3 + ["ok"] * 7 + ["wrong"]})
    for row in edition.rows("intake/cells")[-2:]:
        row["is_counted"] = False
    found = finding(edition.run("scores"), "refuted_share")
    assert (found.outcome, found.observed) == ("passed", 0.3)


def test_without_a_limit_nothing_is_asked(edition: Edition) -> None:
    deliver_tests(edition, {"1100": ["wrong"]}, SETTINGS.replace(LIMIT, ""))
    assert "refuted_share" not in {found.expectation for found in edition.run("scores").findings}
