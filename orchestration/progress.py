"""A run's progress on the terminal: a line a step, with the numbers that its asset reported."""

from __future__ import annotations

from collections import Counter

import dagster as dg
from rich.console import Console
from rich.status import Status
from rich.text import Text

_MANY = 3
_NUMBER = dg.IntMetadataValue


class Progress:
    """Shows events of one run, one after another. A step with many assets (dbt's) is one line that counts them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._numbers: dict[str, dict[str, int]] = {}
        self._tables: Counter[str] = Counter()
        self._tests: Counter[str] = Counter()

    def show(self, event: dg.DagsterEvent) -> None:
        """Take one event; print a line where a step ended or a gate spoke."""
        step = event.step_key or ""
        if event.is_step_start:
            self._working(step)
        elif event.is_step_materialization:
            metadata = event.step_materialization_data.materialization.metadata
            self._tables[step] += 1
            self._numbers[step] = {name: value.value or 0 for name, value in metadata.items() if isinstance(value, _NUMBER)}
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self._check(step, event.asset_check_evaluation_data)
        elif event.event_type == dg.DagsterEventType.STEP_UP_FOR_RETRY:
            self._line("…", "yellow", step, "tried again")
        elif event.is_step_success and not self._is_gate(step):
            self._line("✓", "green", step, self._said(step))
        elif event.is_step_failure and not self._is_gate(step):
            self._line("✗", "red", step, "failed")
        elif event.is_job_success or event.is_job_failure:
            self._stop()

    def _check(self, step: str, check: dg.AssetCheckEvaluation) -> None:
        if not self._is_gate(step):
            self._tests[step] += 1
            return
        mark, colour = ("✓", "green") if check.passed else ("!", "yellow") if check.severity == dg.AssetCheckSeverity.WARN else ("✗", "red")
        self._line(mark, f"bold {colour}", check.check_name.replace("_", " "), (check.description or "").splitlines()[0])

    def _said(self, step: str) -> str:
        if self._tables[step] > 1:
            return f"{self._tables[step]} tables, {self._tests[step]} tests"
        return ", ".join(
            f"{number:,} {name.removeprefix('dagster/').replace('_', ' ')}" for name, number in self._numbers.get(step, {}).items()
        )

    @staticmethod
    def _is_gate(step: str) -> bool:
        return step.startswith("gate__")

    def _working(self, step: str) -> None:
        if self._status is None:
            self._status = self._console.status("")
            self._status.start()
        self._status.update(Text(step.replace("__", "/"), style="dim"))

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _line(self, mark: str, style: str, step: str, text: str) -> None:
        self._console.print(Text.assemble("  ", (mark, style), f" {step.replace('__', '/'):28}", (text, "dim")))
