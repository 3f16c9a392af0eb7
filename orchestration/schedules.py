"""Runs by the calendar, off until somebody switches them on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from frameworks import Framework, FrameworkError, load_framework
from frameworks.model import FrameworkFile
from orchestration.jobs import evaluate_edition
from orchestration.partitions import editions
from storage import Workspace

# What a framework has that states none: a clock of the office, not of the machine.
TIME_ZONE = str(FrameworkFile.model_fields["time_zone"].default)


@dg.schedule(
    job=evaluate_edition,
    cron_schedule="0 3 1 * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="On the first of each month, every edition whose collection window is open. 每月1日运行征集期内的各期评价。",
)
def monthly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """On the first of each month 每月一次: every edition whose collection window is open 征集期内的各期评价."""
    workspace, moment = Workspace.from_environment(), context.scheduled_execution_time
    is_idle, loaded = True, editions.get_partition_keys()
    for code in workspace.editions():
        if code not in loaded:
            context.log.warning("%s is left out: its framework file is newer than this code location; reload the code location.", code)
            continue
        try:
            framework = load_framework(workspace, code)
        except FrameworkError as error:
            context.log.warning("%s is left out: %s", code, "; ".join(str(mistake) for mistake in error.mistakes))
            continue
        if is_collecting(framework, moment):
            is_idle = False
            yield dg.RunRequest(run_key=f"{code}:{moment:%Y-%m}", partition_key=code)
    if is_idle:
        yield dg.SkipReason("No edition is collecting deliveries today (the frameworks' `collection`).")


def is_collecting(framework: Framework, moment: datetime) -> bool:
    """Whether the edition's collection window is open at `moment`, by the edition's own time zone; both its days are included."""
    window = framework.file.collection
    if window is None:
        return False
    return window.opens <= moment.astimezone(ZoneInfo(framework.file.time_zone)).date() <= window.deadline
