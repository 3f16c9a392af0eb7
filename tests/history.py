"""What Dagster remembers of the runs on a workspace: read from its instance, as the UI does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import pytest

from storage import Gate, Workspace
from storage.workspace import PROJECT


@contextmanager
def instance(workspace: Workspace) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance that keeps the workspace's runs."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ZHENGXIN_STATE", str(workspace.data / "dagster"))
        with dg.DagsterInstance.from_config(str(PROJECT)) as opened:
            yield opened


def steps(opened: dg.DagsterInstance) -> set[str]:
    """The steps that the newest run began."""
    records = opened.get_records_for_run(last_run(opened).run_id, of_type=dg.DagsterEventType.STEP_START).records
    return {record.event_log_entry.step_key or "" for record in records}


def verdict(opened: dg.DagsterInstance, gate: Gate) -> dg.AssetCheckEvaluation:
    """What the gate's check said in the newest run."""
    records = opened.get_records_for_run(last_run(opened).run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    events = [record.event_log_entry.dagster_event for record in records]
    said = [event.asset_check_evaluation_data for event in events if event is not None]
    (evaluation,) = [one for one in said if one.check_name == f"gate_{gate}"]
    return evaluation


def last_run(opened: dg.DagsterInstance) -> dg.DagsterRun:
    """The newest run."""
    return opened.get_runs(limit=1)[0]
