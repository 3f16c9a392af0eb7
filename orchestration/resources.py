"""What a run holds from its start to its end: the edition, under its lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cached_property

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG

from expectations import prepare
from frameworks import Framework, load_framework
from orchestration.failures import failure, told_plainly
from storage import EditionLocked, Workspace, edition_lock, sweep

# On a run that found the edition held by another: whoever asked for it may ask again.
REFUSED_TAG, REFUSED = "zhengxin/refused", "locked"
_UNFINISHED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
# A run about to start holds no lock yet; one that has not started after this long was killed on the way.
WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]
STARTS_WITHIN = timedelta(minutes=10)


class Edition:
    """One edition in the hands of one run.

    Whether the run may write is asked with each use, in the step that uses it: so a run that may not ends with one sentence there.
    """

    def __init__(self, workspace: Workspace, code: str, refusal: str | None) -> None:
        self._workspace = workspace
        self._code = code
        self._refusal = refusal

    @property
    def workspace(self) -> Workspace:
        """The folders, for a run that holds the edition's lock. Raises Failure with one sentence for any other."""
        if self._refusal is not None:
            raise failure(self._refusal)
        return self._workspace

    @property
    def code(self) -> str:
        """The edition's code, which is the partition key."""
        return self._code

    @cached_property
    def framework(self) -> Framework:
        """The edition's rules, read once a run. Raises Failure with a sentence for each mistake of the file."""
        with told_plainly():
            return load_framework(self.workspace, self._code)


@dg.resource(description="The edition that the run writes, held under its lock from the run's start to its end 本次运行独占的评价批次.")
def edition_resource(context: dg.InitResourceContext) -> Iterator[Edition]:
    """Take the edition's lock for this run and give it back when the run ends, whatever its end."""
    workspace = Workspace.from_environment()
    code = context.run.tags.get(PARTITION_NAME_TAG, "") if context.run else ""
    if context.run is None or not code:
        yield Edition(workspace, code, "No edition was named: choose a partition and start again.")
        return
    workspace.prepare()
    with ExitStack() as stack:
        try:
            stack.enter_context(edition_lock(workspace, code, context.run.run_id))
        except EditionLocked as locked:
            if context.instance is not None:
                context.instance.add_run_tags(context.run.run_id, {REFUSED_TAG: REFUSED})
            yield Edition(workspace, code, str(locked))
            return
        if context.instance is not None:
            close_dead_runs(context.instance, code, context.run.run_id)
        sweep(workspace, code)
        prepare()  # Great Expectations, for the gates of this run
        yield Edition(workspace, code, None)


def close_dead_runs(instance: dg.DagsterInstance, edition: str, holder: str) -> None:
    """Mark as failed the runs of the edition that were killed: whoever holds the lock knows that no other run of the edition lives."""
    tags = {PARTITION_NAME_TAG: edition}
    unfinished = dg.RunsFilter(tags=tags, statuses=_UNFINISHED)
    unstarted = dg.RunsFilter(tags=tags, statuses=WAITING, created_before=datetime.now(UTC) - STARTS_WITHIN)
    for run in (*instance.get_runs(filters=unfinished), *instance.get_runs(filters=unstarted)):
        if run.run_id != holder:
            instance.report_run_failed(run, f"This run was killed: run {holder} found the edition's lock free and took over.")
