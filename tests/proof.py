"""What the proofs of a release share: delivering in another order, killing a run, and what must hold of `published/` at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from publication.folder import read_manifest
from publication.releases import MANIFEST
from storage import Workspace
from storage.workspace import PROJECT
from tests.pipeline import Outcome, command_of, dagster, environment

# What appears below the data folder at five moments of a run, in the order in which it does.
MOMENTS = {
    "the archive has begun": "archive/[0-9a-f]*",
    "the first files are read": "lake/*/edition={edition}/*.parquet",
    "dbt is amid the scores": "dbt/{edition}/run/*/models/scoring/*.sql",
    "rank intervals are drawn": "warehouse/{edition}/analysis/rank_interval.parquet",
    "the release is being written": "published/{edition}/.*.tmp",
}
_PATIENCE = 300
_DAYS = (1_577_836_800, 1_640_995_200)  # 2020 and 2021


def kill_when(workspace: Workspace, edition: str, moment: str) -> bool:
    """Start a run in a session of its own and SIGKILL it at the moment; whether the signal came before the run's own end.

    The run's process alone is killed, as the kernel does where memory runs out: its dbt child must end by itself.
    """
    pattern = MOMENTS[moment].format(edition=edition)
    before, deadline = set(workspace.data.glob(pattern)), time.monotonic() + _PATIENCE
    with subprocess.Popen(
        command_of(edition),
        cwd=PROJECT,
        env=environment(workspace),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while process.poll() is None and not set(workspace.data.glob(pattern)) - before and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
    assert time.monotonic() < deadline, f"{moment}: nothing like {pattern} has appeared"
    assert process.returncode in {-signal.SIGKILL, 0}, f"{moment}: the run ended with {process.returncode} before"
    return process.returncode != 0


def take_deliveries(workspace: Workspace, edition: str) -> Outcome:
    """Archive, read and judge what lies in the inbox, by the job that stops at gate 1."""
    tags = json.dumps({"dagster/partition": edition})
    return dagster(workspace, "job", "execute", "-m", "orchestration.definitions", "-j", "take_deliveries", "--tags", tags)


def shown(workspace: Workspace) -> dict[str, str]:
    """The editions that `current.duckdb` shows, with their releases. Asserts that nothing is half published and no releases are mixed."""
    for folder in workspace.published.glob("*/*"):
        if not folder.name.startswith("."):
            assert (folder / MANIFEST).is_file(), f"{folder} has no manifest"
            read_manifest(folder)
    if not workspace.current.exists():
        return {}
    with duckdb.connect(str(workspace.current), read_only=True) as current:
        releases: dict[str, str] = dict(current.execute("select edition, release from dim_release").fetchall())
        names = [name for (name,) in current.execute("select table_name from information_schema.tables").fetchall()]
        for name in names:
            of = set(current.execute(f'select distinct edition, release from "{name}"').fetchall())
            assert of <= set(releases.items()), f"{name} holds rows of {of}, dim_release of {releases}"
    for edition, release in releases.items():
        assert workspace.release(edition, release).is_dir(), f"{edition} {release} is shown and has no folder"
    return releases


def deliver_shuffled(files: Iterable[Path], inbox: Path, to: Path, between: Callable[[], object]) -> None:
    """Copy the files of one inbox into another, in another order and with other modification times; `between` is done when half are there.

    Every file must say by its dated folder or its delivery note when it was sent.
    """
    chance, shuffled = random.Random(7), sorted(files)
    chance.shuffle(shuffled)
    for number, file in enumerate(shuffled):
        if number == len(shuffled) // 2:
            between()
        copy = to / file.relative_to(inbox)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
        moment = chance.randrange(*_DAYS)
        os.utime(copy, (moment, moment))
