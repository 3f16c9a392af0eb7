"""What a gate says: findings, the report, and how both lie in the stage folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from storage import Gate, Workspace, write_parquet

Outcome = Literal["passed", "failed", "waived", "not_applicable"]
Severity = Literal["error", "warning"]

ROW_COLUMNS: dict[str, type[pl.DataType]] = {
    "entity_code": pl.String,
    "name_zh": pl.String,
    "item": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "value": pl.String,
    "expected_zh": pl.String,
    "expected_en": pl.String,
}
_RESULT: dict[str, type[pl.DataType]] = {
    "gate": pl.String,
    "expectation": pl.String,
    "label_zh": pl.String,
    "label_en": pl.String,
    "severity": pl.String,
    "observed": pl.Float64,
    "threshold": pl.Float64,
    "outcome": pl.String,
    "waived_by": pl.String,
    "reason": pl.String,
}


def no_rows() -> pl.DataFrame:
    """An empty table of failing rows."""
    return pl.DataFrame(schema=ROW_COLUMNS)


@dataclass(frozen=True)
class Finding:
    """What one expectation found.

    `observed` is the number of failing rows, or the quantity that the label names; null where nothing could be computed. `threshold`
    is the bound that the label states. `waived_by` holds load_ids, comma between them. `rows` has ROW_COLUMNS: a row one fault.
    """

    gate: Gate
    expectation: str
    label_zh: str
    label_en: str
    severity: Severity
    observed: float | None
    threshold: float
    outcome: Outcome
    waived_by: str | None
    reason: str | None
    message_zh: str
    message_en: str
    rows: pl.DataFrame = field(repr=False)

    @property
    def blocks(self) -> bool:
        """Whether what follows the gate must not run."""
        return self.outcome == "failed" and self.severity == "error"


@dataclass(frozen=True)
class GateReport:
    """All findings of one gate, sorted by expectation."""

    edition: str
    gate: Gate
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """No expectation of severity error has failed, and there was one at all."""
        return bool(self.findings) and not any(finding.blocks for finding in self.findings)

    def results(self) -> pl.DataFrame:
        """One row is an expectation; columns as in `fct_gate_result` after `release`."""
        return pl.DataFrame([{name: getattr(finding, name) for name in _RESULT} for finding in self.findings], schema=_RESULT)

    def rows(self) -> pl.DataFrame:
        """One row is a fault: edition, gate, expectation, then ROW_COLUMNS; sorted by all columns."""
        frames = [
            finding.rows.select(
                pl.lit(self.edition).alias("edition"),
                pl.lit(self.gate).alias("gate"),
                pl.lit(finding.expectation).alias("expectation"),
                pl.all(),
            )
            for finding in self.findings
        ]
        keys: dict[str, type[pl.DataType]] = {"edition": pl.String, "gate": pl.String, "expectation": pl.String}
        frame = pl.concat([pl.DataFrame(schema=keys | ROW_COLUMNS), *frames])
        return frame.sort(frame.columns, nulls_last=True)


def write_report(workspace: Workspace, report: GateReport, judged: str) -> None:
    """Put the report into the stage folder: `gates/<gate>.parquet` with the digest `judged`, and `gates/<gate>.rows.parquet`."""
    folder = workspace.stage(report.edition) / "gates"
    write_parquet(folder / f"{report.gate}.rows.parquet", report.rows())
    write_parquet(folder / f"{report.gate}.parquet", report.results(), metadata={"judged": judged})
