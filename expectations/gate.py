"""Running a gate: which expectations, in which order, and what their results mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from expectations import intake, ranking, scores
from expectations.asking import asker
from expectations.questions import Question, Verdict
from expectations.report import Finding, GateReport, Outcome, Severity, no_rows, write_report
from expectations.rules import Between, RowCount, Rule
from expectations.scratch import NotComputed, attach, bound, holds, judge, open_scratch
from expectations.waivers import Waiver, covering, read_waivers
from frameworks.asked import asked_unnamed
from frameworks.expectations import EXPECTATIONS
from frameworks.model import Expectation, FrameworkFile, Label
from storage import Gate, Workspace, judged

if TYPE_CHECKING:
    from frameworks import Framework

RULES: dict[Gate, dict[str, Rule]] = {
    "intake": {rule.name: rule for rule in intake.RULES},
    "scores": {rule.name: rule for rule in scores.RULES},
    "ranking": {rule.name: rule for rule in ranking.RULES},
}
_EXAMPLES = 5


@dataclass
class _Case:
    """One expectation on its way to a finding."""

    rule: Rule
    severity: Severity
    threshold: float
    values: dict[str, str]
    rows: pl.DataFrame = field(default_factory=no_rows)
    observed: float | None = None
    error: str | None = None
    not_applicable: Label | None = None
    verdict: Verdict | None = None
    guards: Sequence[Verdict] = ()


def prepare() -> None:
    """Have Great Expectations imported meanwhile, in its own process. A gate that comes earlier waits for it."""
    asker().start()


def run_gate(gate: Gate, workspace: Workspace, framework: Framework) -> GateReport:
    """Judge an edition at one gate, and write the report into the stage folder.

    `intake` reads the stage's tables; `scores` and `ranking` the warehouse too, read-only. The expectations are those that the
    framework names for the gate, and those that every framework is held to. One that cannot be computed has failed. Takes seconds the
    first time: Great Expectations.
    """
    file = framework.file
    digest = _digest(gate, workspace, file.edition)
    warehouse = None if gate == "intake" else workspace.warehouse(file.edition)
    with TemporaryDirectory(prefix="gate-") as folder:
        database = Path(folder) / "scratch.duckdb"
        with open_scratch(database, workspace, file) as scratch:
            cases = [_judged(scratch, case, warehouse) for case in _cases(gate, file)]
            waivers = _waivers(scratch, gate)
        _ask(database, [case for case in cases if not case.error and not case.not_applicable])
    report = GateReport(file.edition, gate, tuple(_finding(gate, case, waivers) for case in cases))
    write_report(workspace, report, digest)
    return report


def _digest(gate: Gate, workspace: Workspace, edition: str) -> str:
    try:
        return judged(workspace, edition, gate)
    except duckdb.Error:
        return ""  # Nothing to judge: every expectation will fail for the same reason, and no release can bear this digest.


def _cases(gate: Gate, file: FrameworkFile) -> list[_Case]:
    named = _named(gate, file)
    cases = list[_Case]()
    for name, known in sorted(EXPECTATIONS[gate].items()):
        if not known.is_floor and name not in named:
            continue
        expectation = named.get(name, Expectation())
        stated = expectation.at_least if known.bound == "at_least" else expectation.at_most
        threshold = float(RULES[gate][name].threshold if stated is None else stated)
        values = {"threshold": f"{threshold!r}::double", "decimals": str(file.round.decimals)}
        cases.append(_Case(RULES[gate][name], expectation.severity, threshold, values))
    return cases


def _named(gate: Gate, file: FrameworkFile) -> dict[str, Expectation]:
    """What the framework names for the gate, and what is asked of it besides."""
    named: dict[str, Expectation] = getattr(file.gates, gate)
    limits = {name: most for asked_by, name, most in asked_unnamed(file) if asked_by == gate}
    asked = {name: named.get(name, Expectation(severity="warning")).model_copy(update={"at_most": most}) for name, most in limits.items()}
    return named | asked


def _judged(scratch: duckdb.DuckDBPyConnection, case: _Case, warehouse: Path | None) -> _Case:
    """The case with its failing rows and what is observed, or with the reason why there is none."""
    rule = case.rule
    try:
        if warehouse:
            attach(scratch, warehouse)
        if rule.not_applicable and holds(scratch, rule.not_applicable[0]):
            case.not_applicable = rule.not_applicable[1]
        else:
            case.rows, case.observed = judge(scratch, rule, case.values)
    except NotComputed as error:
        case.error = str(error)
    return case


def _waivers(scratch: duckdb.DuckDBPyConnection, gate: Gate) -> list[Waiver]:
    try:
        return [waiver for waiver in read_waivers(scratch) if waiver.gate == gate]
    except duckdb.Error:
        return []  # Without the intake tables nothing is waived.


def _ask(database: Path, cases: Sequence[_Case]) -> None:
    """Put each case's check and guards to Great Expectations."""
    questions, owners = list[Question](), list[_Case]()
    for case in cases:
        checks = (case.rule.check, *case.rule.guards)
        questions += [Question(case.rule.name, check, case.threshold, bound(case.rule.failing, case.values)) for check in checks]
        owners += [case] * len(checks)
    for case, verdict in zip(owners, asker().ask(database, questions) if questions else [], strict=True):
        if case.verdict is None:
            case.verdict = verdict
        else:
            case.guards = (*case.guards, verdict)


def _finding(gate: Gate, case: _Case, waivers: Sequence[Waiver]) -> Finding:
    outcome, message, may_be_waived = _outcome(case)
    reason = f"{message.zh} / {message.en}" if outcome in {"failed", "not_applicable"} else None
    waived_by = None
    asked = [waiver for waiver in waivers if waiver.expectation == case.rule.name]
    if outcome == "failed" and case.severity == "error" and asked:
        if used := covering(asked, case.rows) if may_be_waived else []:
            outcome, waived_by = "waived", ",".join(sorted({waiver.load_id for waiver in used}))
            reason = "；".join(sorted({waiver.reason for waiver in used}))
        else:
            message = _not_waived(message, asked)
            reason = f"{message.zh} / {message.en}"
    return Finding(
        gate=gate,
        expectation=case.rule.name,
        label_zh=case.rule.label.zh,
        label_en=case.rule.label.en,
        severity=case.severity,
        observed=case.observed,
        threshold=case.threshold,
        outcome=outcome,
        waived_by=waived_by,
        reason=reason,
        message_zh=message.zh,
        message_en=message.en,
        rows=case.rows if outcome in {"failed", "waived"} else no_rows(),
    )


def _outcome(case: _Case) -> tuple[Outcome, Label, bool]:
    """Outcome, message, and whether a waiver may apply: only to rows that it can name, never to what could not be judged."""
    if case.not_applicable:
        return "not_applicable", case.not_applicable, False
    error = case.error or next((verdict.error for verdict in (case.verdict, *case.guards) if verdict and verdict.error), None)
    if error or case.verdict is None:
        why = error or "no result"
        return (
            "failed",
            Label(
                zh=f"{case.rule.label.zh}：无法计算，视为未通过（{why}）。",
                en=f"{case.rule.label.en}: could not be computed, so it has failed ({why}).",
            ),
            False,
        )
    if not all(verdict.success for verdict in case.guards):
        return (
            "failed",
            Label(
                zh=f"{case.rule.label.zh}：没有可供检查的数据，视为未通过。",
                en=f"{case.rule.label.en}: there is nothing to judge, so it has failed.",
            ),
            False,
        )
    match case.rule.check:
        case Between() | RowCount():
            has_passed = case.verdict.success and case.rows.is_empty()
        case _:
            has_passed = max(case.verdict.count or 0, case.rows.height) <= case.threshold
    if has_passed:
        return "passed", Label(zh=f"{case.rule.label.zh}：通过。", en=f"{case.rule.label.en}: passed."), False
    return "failed", _fault(case), True


def _fault(case: _Case) -> Label:
    observed = "—" if case.observed is None else f"{case.observed:.4g}"
    known = {"count": case.rows.height, "observed": observed, "threshold": f"{case.threshold:.4g}"}
    examples = _examples(case.rows)
    return Label(
        zh=case.rule.fault.zh.format(examples="、".join(examples), **known),
        en=case.rule.fault.en.format(examples=", ".join(examples), **known),
    )


def _examples(rows: pl.DataFrame) -> list[str]:
    """The first failing rows in a word each: the entity and the item, else the file and cell."""
    words = list[str]()
    for row in rows.iter_rows(named=True):
        who, what = row["name_zh"] or row["entity_code"], row["item"]
        where = " ".join(part for part in (row["file"], row["sheet"], row["cell"]) if part)
        words.append(f"{who} {what}" if who and what else who or where or what or "?")
        if len(words) > _EXAMPLES * 20:
            break
    distinct = list(dict.fromkeys(words))
    return distinct[:_EXAMPLES] + (["…"] if len(distinct) > _EXAMPLES else [])


def _not_waived(message: Label, waivers: Sequence[Waiver]) -> Label:
    """The message with a word on waivers that were delivered and do not cover what failed."""
    unknown = sorted({name for waiver in waivers for name in waiver.unknown})
    zh = f"{message.zh}已报送的豁免未涵盖全部问题" + (f"；不能认定为一个评价对象的名称：{'、'.join(unknown)}" if unknown else "") + "。"
    en = (
        f"{message.en} The waivers delivered do not cover all of it"
        + (f"; names that are no one entity: {', '.join(unknown)}" if unknown else "")
        + "."
    )
    return Label(zh=zh, en=en)
