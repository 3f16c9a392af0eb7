"""Runs by what arrives, off until somebody switches them on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG, RUN_KEY_TAG

from orchestration.jobs import evaluate_edition
from orchestration.partitions import editions
from orchestration.resources import REFUSED, REFUSED_TAG, STARTS_WITHIN, WAITING
from storage import SOURCES, Workspace, is_locked

_SECONDS = 30


class Sight(NamedTuple):
    """What the sensor knows of an edition's inbox: its digest when last looked at, the one a run was last asked for, and with which key."""

    seen: str = ""
    asked: str = ""
    key: str = ""


@dg.sensor(
    job=evaluate_edition,
    minimum_interval_seconds=_SECONDS,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Runs an edition when files have arrived in its inbox and are still. 收件箱有新文件且不再变化时，运行该期评价。",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Ask for a run of each edition whose inbox changed 收件箱有新文件 and has then been still for one look 且不再变化."""
    workspace = Workspace.from_environment()
    sights = {code: Sight(*sight) for code, sight in json.loads(context.cursor or "{}").items()}
    loaded = editions.get_partition_keys()
    requests, waits = [], []
    for code in workspace.editions():
        sight, digest = sights.get(code, Sight()), digest_of_inbox(workspace, code)
        if not digest or (digest == sight.asked and not was_refused(context.instance, sight.key)):
            continue
        if code not in loaded:
            waits.append(f"{code}: its framework file is newer than this code location; reload the code location")
        elif digest != sight.seen:
            waits.append(f"{code}: files are still arriving")
        elif is_busy(context.instance, workspace, code):
            waits.append(f"{code}: a run is writing this edition")
        else:
            # Dagster takes a key once. The key before is part of the next, so that of a run asked for again is another.
            sight = sight._replace(asked=digest, key=_digest(f"{code}\n{digest}\n{sight.key}"))
            requests.append(dg.RunRequest(run_key=sight.key, partition_key=code))
        sights[code] = sight._replace(seen=digest)
    skip = None if requests else dg.SkipReason("; ".join(waits) or "Nothing new in the inbox.")
    return dg.SensorResult(run_requests=requests, skip_reason=skip, cursor=json.dumps(sights))


def digest_of_inbox(workspace: Workspace, edition: str) -> str:
    """SHA-256 over names, sizes and modification times of the edition's delivered files; empty where there is none."""
    lines = [line for source in SOURCES for line in _lines(workspace.inbox(edition, source))]
    return _digest("\n".join(lines)) if lines else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _lines(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            yield f"{folder.name}/{path.relative_to(folder).as_posix()}\t{state.st_size}\t{state.st_mtime_ns}"


def is_busy(instance: dg.DagsterInstance, workspace: Workspace, edition: str) -> bool:
    """Whether a run of the edition is about to start or holds its lock; a killed run does neither, whatever Dagster's record says."""
    young = dg.RunsFilter(tags={PARTITION_NAME_TAG: edition}, statuses=WAITING, created_after=datetime.now(UTC) - STARTS_WITHIN)
    return instance.get_runs_count(filters=young) > 0 or is_locked(workspace, edition)


def was_refused(instance: dg.DagsterInstance, key: str) -> bool:
    """Whether the run that was asked for with this key found the edition held by another run, and so took nothing of the inbox."""
    return instance.get_runs_count(filters=dg.RunsFilter(tags={RUN_KEY_TAG: key, REFUSED_TAG: REFUSED})) > 0
