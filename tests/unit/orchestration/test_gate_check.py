from dataclasses import replace

import dagster as dg
import polars as pl
import pytest

from expectations import ROW_COLUMNS, Finding, GateReport
from orchestration.checks import check_result, summary

ROWS = pl.DataFrame({name: ["2020_甲市*.xlsx" if name == "file" else None] for name in ROW_COLUMNS}, schema=ROW_COLUMNS)
PASSED = Finding(
    gate="intake",
    expectation="keys_unique",
    label_zh="键唯一",
    label_en="Keys are unique",
    severity="error",
    observed=0.0,
    threshold=0.0,
    outcome="passed",
    waived_by=None,
    reason=None,
    message_zh="通过。",
    message_en="Passed.",
    rows=ROWS.clear(),
)
FAILED = replace(
    PASSED,
    expectation="files_whole",
    outcome="failed",
    rows=ROWS,
    message_en="1 file is cut: 2020_甲市*.xlsx.",
    message_zh="1 个文件不完整。",
)


def report(*findings: Finding) -> GateReport:
    return GateReport("north-2030", "intake", findings)


def rows(result: dg.AssetCheckResult, name: str) -> list[dict[str, object]]:
    value = result.metadata[name]
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


@pytest.mark.parametrize(
    ("findings", "passed", "severity"),
    [
        ([PASSED], True, dg.AssetCheckSeverity.WARN),
        ([PASSED, FAILED], False, dg.AssetCheckSeverity.ERROR),
        ([PASSED, replace(FAILED, severity="warning")], False, dg.AssetCheckSeverity.WARN),
        ([PASSED, replace(FAILED, outcome="waived", waived_by="abc")], True, dg.AssetCheckSeverity.WARN),
        ([PASSED, replace(PASSED, expectation="shift", outcome="not_applicable")], True, dg.AssetCheckSeverity.WARN),
        ([], False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_only_an_error_blocks_and_nothing_judged_is_an_error(
    findings: list[Finding], *, passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    result = check_result(report(*findings))
    assert result.passed is passed
    if not passed:
        assert result.severity == severity


def test_the_text_names_edition_expectation_and_rows_and_is_no_markup() -> None:
    assert summary(report(PASSED, FAILED)) == [
        "north-2030",
        "FAILED 未通过 · files_whole · 1 file is cut: 2020_甲市*.xlsx. 1 个文件不完整。",
    ]
    assert r"files\_whole · 1 file is cut: 2020\_甲市\*.xlsx." in (check_result(report(PASSED, FAILED)).description or "")


def test_a_warning_and_a_waiver_are_told_and_a_pass_is_short() -> None:
    warned = replace(FAILED, severity="warning")
    waived = replace(FAILED, outcome="waived", waived_by="abc")
    told = summary(report(PASSED, warned, waived))
    assert [line.split(" · ")[0] for line in told[1:]] == ["Warning 提醒", "Waived 已豁免"]
    assert summary(report(PASSED)) == ["north-2030", "Passed 通过"]


def test_the_rows_at_fault_come_without_empty_columns_and_what_failed_comes_first() -> None:
    result = check_result(report(PASSED, FAILED))
    assert rows(result, "at fault: rows 有问题的行") == [{"expectation": "files_whole", "file": "2020_甲市*.xlsx"}]
    assert [row["expectation"] for row in rows(result, "expectations 检查项")] == ["files_whole", "keys_unique"]
    assert "at fault: rows 有问题的行" not in check_result(report(PASSED)).metadata
