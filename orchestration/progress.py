"""A run's progress on the terminal: a line a step, with the numbers that its asset reported."""

from __future__ import annotations

from collections import Counter

import dagster as dg
from rich.console import Console
from rich.status import Status
from rich.text import Text

from orchestration.vocabulary import english

_PASSED, _WARNED, _FAILED = range(3)
_SIGNS = {_PASSED: ("✓", "green"), _WARNED: ("!", "bold yellow"), _FAILED: ("✗", "bold red")}
_NAMES = {"dagster/row_count": "rows"}


class Progress:
    """Shows events of one run, one after another. A step with many assets (dbt's) is one line that counts them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._numbers: dict[str, dict[str, int]] = {}
        self._tables: Counter[str] = Counter()
        self._tests: Counter[str] = Counter()
        self._marks: dict[str, int] = {}

    def show(self, event: dg.DagsterEvent) -> None:
        """Take one event; print a line where a step ended or a gate spoke."""
        step = event.step_key or ""
        if event.is_step_start:
            self.working_on(step)
        elif event.is_step_materialization:
            metadata = event.step_materialization_data.materialization.metadata
            self._tables[step] += 1
            self._numbers[step] = {name: value.value or 0 for name, value in metadata.items() if isinstance(value, dg.IntMetadataValue)}
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self._tests[step] += 1
            self._marks[step] = max(self._marks.get(step, _PASSED), _mark(event.asset_check_evaluation_data))
        elif event.event_type == dg.DagsterEventType.STEP_UP_FOR_RETRY:
            self._line(_WARNED, step, "could not read or write; tried again")
        elif event.is_step_success:
            seconds = f"{event.step_success_data.duration_ms / 1000:.1f} s"
            self._line(self._marks.get(step, _PASSED), step, " · ".join(part for part in (self._said(step), seconds) if part))
        elif event.is_step_failure:
            self._line(_FAILED, step, self._said(step))
        elif event.is_job_success or event.is_job_failure:
            self._stop()

    def _said(self, step: str) -> str:
        if self._tables[step] > 1:
            return f"{self._tables[step]} tables, {self._tests[step]} tests"
        return ", ".join(f"{number:,} {_NAMES.get(name, english(name))}" for name, number in self._numbers.get(step, {}).items())

    def working_on(self, step: str) -> None:
        """Show what is being done now, until the next thing."""
        if self._status is None:
            self._status = self._console.status("")
            self._status.start()
        self._status.update(Text(_shown(step), style="dim"))

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _line(self, mark: int, step: str, text: str) -> None:
        sign, style = _SIGNS[mark]
        line = Text.assemble("  ", (sign, style), f" {_shown(step):24}", (text, "dim"))
        self._console.print(line, no_wrap=True, overflow="ellipsis")


def _mark(check: dg.AssetCheckEvaluation) -> int:
    if check.passed:
        return _PASSED
    return _WARNED if check.severity == dg.AssetCheckSeverity.WARN else _FAILED


def _shown(step: str) -> str:
    return step.replace("__", "/").replace(".", "/")
