"""A gate's report as a blocking asset check: which expectation failed, on which rows, in tables that a person can read."""

from __future__ import annotations

import dagster as dg
import polars as pl

from expectations import Finding, GateReport
from orchestration.tables import escape, table

_ROWS = 200
_OUTCOMES = {"failed": "failed 未通过", "waived": "waived 已豁免", "passed": "passed 通过", "not_applicable": "not applicable 不适用"}
# Columns of the table of expectations, the first two before all others.
_COLUMNS = ("expectation", "outcome", "observed", "threshold", "severity", "reason", "waived_by", "label_zh", "label_en")


def check_name(gate: str) -> str:
    """What the gate's check is called."""
    return f"gate_{gate}"


def check_spec(gate: str, asset: dg.AssetKey) -> dg.AssetCheckSpec:
    """The gate's check on its own asset: where it fails, nothing that follows is run."""
    description = (
        f"Every expectation of `gates.{gate}` in the edition's framework, with its threshold and severity 评价框架所列的检查项、阈值和级别."
    )
    return dg.AssetCheckSpec(check_name(gate), asset=asset, blocking=True, description=description)


def check_result(report: GateReport) -> dg.AssetCheckResult:
    """The report as Dagster shows it: blocking where an expectation of severity error failed, a warning where only others did."""
    has_failed = any(finding.outcome == "failed" for finding in report.findings)
    return dg.AssetCheckResult(
        check_name=check_name(report.gate),
        passed=report.passed and not has_failed,
        severity=dg.AssetCheckSeverity.WARN if report.passed else dg.AssetCheckSeverity.ERROR,
        description="\n\n".join(escape(line) for line in summary(report)),
        metadata=_tables(report),
    )


def summary(report: GateReport) -> list[str]:
    """The edition, then a line an expectation that failed or was waived, as plain text."""
    told = [_told(finding) for finding in report.findings if finding.outcome in {"failed", "waived"}]
    nothing = "Passed 通过" if report.passed else "Nothing was judged, so it has failed 未作任何检查，视为未通过"
    return [report.edition, *(told or [nothing])]


def outcomes(report: GateReport) -> dict[str, int]:
    """How many expectations came out how, those that none did left out."""
    counts = {label: sum(finding.outcome == outcome for finding in report.findings) for outcome, label in _OUTCOMES.items()}
    return {label: count for label, count in counts.items() if count}


def _tables(report: GateReport) -> dict[str, dg.MetadataValue]:
    rows = report.rows().drop("edition", "gate")
    metadata: dict[str, dg.MetadataValue] = {"edition 评价批次": dg.MetadataValue.text(report.edition)}
    if not rows.is_empty():
        metadata["at fault: number of rows 有问题的行数"] = dg.MetadataValue.int(rows.height)
        metadata["at fault: rows 有问题的行"] = table(_filled(rows), _ROWS)
    results = report.results().sort(pl.col("outcome").cast(pl.Enum(list(_OUTCOMES))), "expectation").select(_COLUMNS)
    # Why one failed is told above, in lines of their own.
    results = results.with_columns(pl.when(pl.col("outcome") == "not_applicable").then("reason").alias("reason"))
    return metadata | {"expectations 检查项": table(_filled(results), _ROWS)}


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that hold anything."""
    return frame.select(column for column in frame if column.null_count() < frame.height)


def _told(finding: Finding) -> str:
    kind = "FAILED 未通过" if finding.blocks else "Waived 已豁免" if finding.outcome == "waived" else "Warning 提醒"
    return f"{kind} · {finding.expectation} · {finding.message_en} {finding.message_zh}"
