"""Running one edition from the command line: the same job in the same Dagster instance as the UI's, its events shown as they come."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.utils import make_new_run_id

from orchestration.vocabulary import RELEASE_LABEL, STATE_LABEL, gate_key
from sources import readers
from storage import GATES, Gate

_SECONDS = 0.3
RELEASE = dg.AssetKey("release")
_STOPPED = "The run was stopped; start it again to finish it."
# Every event is in the instance; the log on the terminal would say all of it a second time.
_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Run:
    """One run as it ended.

    `gates`: those that spoke in it. `failures`: what each failed step said, a gate that stopped the run left out: its report says more.
    """

    run_id: str
    success: bool
    gates: frozenset[Gate]
    failures: list[str]
    release: str = ""
    state: str = ""


def run_edition(edition: str, show: Callable[[dg.DagsterEvent], None]) -> Run:
    """Run `evaluate_edition` for one edition in this process, and call `show` with each event soon after it happened."""
    readers().start()  # while Dagster is imported, which takes as long
    try:
        from orchestration.definitions import defs
    except dg.Failure as unread:  # dbt's project is read before there is a run
        return Run("", success=False, gates=frozenset(), failures=[unread.description or ""])

    instance, run_id = dg.DagsterInstance.get(), make_new_run_id()
    job = defs.resolve_job_def("evaluate_edition")
    with _following(instance, run_id, show), _output_kept(Path(os.environ["ZHENGXIN_STATE"]) / "terminal.log"):
        outcome = job.execute_in_process(instance=instance, partition_key=edition, run_id=run_id, raise_on_error=False, run_config=_SILENT)
    made = {event.asset_key: event for event in outcome.all_events if event.is_step_materialization}
    gates = frozenset(gate for gate in GATES if gate_key(gate) in made)
    judged = {gate_key(gate).to_python_identifier() for gate in gates}
    failed = [event for event in outcome.all_events if event.is_step_failure]
    failures = [_told(event) for event in failed if event.step_key not in judged or event.step_failure_data.user_failure_data is None]
    if not outcome.success and not failed:  # stopped between two steps
        failures = [_STOPPED]
    said = _metadata(made[RELEASE]) if RELEASE in made else {}
    release, state = (said.get(label, "") for label in (RELEASE_LABEL, STATE_LABEL))
    return Run(run_id, outcome.success, gates, list(dict.fromkeys(failures)), release, state)


def _metadata(event: dg.DagsterEvent) -> dict[str, Any]:
    return {name: value.value for name, value in event.step_materialization_data.materialization.metadata.items()}


def _told(event: dg.DagsterEvent) -> str:
    """What a failed step said to a person; of our own bug, its kind and message."""
    failed = event.step_failure_data
    if failed.user_failure_data is not None:
        return failed.user_failure_data.description or ""
    error = failed.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return ""
    return _STOPPED if error.cls_name == "DagsterExecutionInterruptedError" else error.message.strip()


@contextmanager
def _following(instance: dg.DagsterInstance, run_id: str, show: Callable[[dg.DagsterEvent], None]) -> Iterator[None]:
    """Hand on the run's events from a thread of its own, until the run has ended and all are handed on."""
    ended = threading.Event()

    def follow() -> None:
        cursor = None
        while True:
            is_last = ended.wait(_SECONDS)
            page = instance.get_records_for_run(run_id, cursor=cursor)
            cursor = page.cursor
            for record in page.records:
                if record.event_log_entry.dagster_event is not None:
                    show(record.event_log_entry.dagster_event)
            if is_last and not page.has_more:
                return

    thread = threading.Thread(target=follow, name="progress")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _output_kept(path: Path) -> Iterator[None]:
    """Send what this process and its children print to a file: the terminal shows progress alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    with path.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, handle in zip((1, 2), kept, strict=True):
            os.dup2(handle, number)
            os.close(handle)
