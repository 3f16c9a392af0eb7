"""The three gates as asset checks: a failed one stops all that follows in the run, and says on which rows and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.failures import told_plainly
from orchestration.resources import Edition
from orchestration.tables import table
from storage import Gate

if TYPE_CHECKING:
    from expectations import Finding, GateReport

_ROWS = 200


def _gate(gate: Gate, judged: dg.AssetKey, title: str) -> dg.AssetChecksDefinition:
    description = f"{title} Thresholds and severities: the framework's `gates.{gate}`."

    @dg.asset_check(asset=judged, name=f"gate_{gate}", blocking=True, description=description)
    def check(edition: dg.ResourceParam[Edition]) -> dg.AssetCheckResult:
        # Great Expectations takes seconds to import: only where a gate runs.
        from expectations import run_gate

        with told_plainly():
            report = run_gate(gate, edition.workspace, edition.framework)
        return result(report)

    return check


def result(report: GateReport) -> dg.AssetCheckResult:
    """A gate's report as Dagster shows it: blocking where an expectation of severity error failed, a warning where only others did."""
    failed = [finding for finding in report.findings if finding.outcome == "failed"]
    rows = report.rows().drop("edition", "gate")
    metadata: dict[str, dg.MetadataValue] = {"expectations": table(report.results().drop("gate"), _ROWS)}
    if not rows.is_empty():
        metadata["failing rows"] = table(rows.select(column for column in rows if column.null_count() < rows.height), _ROWS)
    for outcome in ("passed", "failed", "waived", "not_applicable"):
        metadata[outcome] = dg.MetadataValue.int(sum(finding.outcome == outcome for finding in report.findings))
    return dg.AssetCheckResult(
        passed=report.passed and not failed,
        severity=dg.AssetCheckSeverity.WARN if report.passed else dg.AssetCheckSeverity.ERROR,
        description="\n".join(_said(finding) for finding in failed) or _silent(report),
        metadata=metadata,
    )


def _silent(report: GateReport) -> str:
    return "Passed 通过" if report.passed else "Nothing was judged 未作任何检查"


def _said(finding: Finding) -> str:
    kind = "FAILED 未通过" if finding.blocks else "Warning 提醒"
    return f"{kind} · {finding.expectation} · {finding.message_en} {finding.message_zh}"


gate_intake = _gate("intake", dg.AssetKey(["stage", "intake"]), "GATE 1 门禁一: is what came complete and sane?")
gate_scores = _gate("scores", dg.AssetKey(["scoring", "indicator_scores"]), "GATE 2 门禁二: may these scores be ranked?")
gate_ranking = _gate("ranking", dg.AssetKey(["ranking", "fct_ranking"]), "GATE 3 门禁三: may this ranking be published?")

GATE_CHECKS = [gate_intake, gate_scores, gate_ranking]
