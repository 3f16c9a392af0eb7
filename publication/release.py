"""Publishing: the one function through which anything reaches `published/`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from filelock import FileLock, Timeout

from frameworks import Framework
from publication.counted import counted_records
from publication.current import check_others, refresh
from publication.effects import effects
from publication.errors import PublicationRefused
from publication.folder import differing, read_manifest, remove_leftovers, write_folder
from publication.gates import passed_gates
from publication.identity import Identity, deliveries, identify, published_files
from publication.previous import staged_previous
from publication.releases import Release, latest_release, record, record_unrecorded
from publication.tables import gate_results, release_row, scored_release, warehouse_tables, wide_rankings
from publication.words import release_words
from storage import Workspace
from storage.atomic import sync_folder

_WAIT_SECONDS = 600
# A delivery's reason is free text, which may name a person, and is not published.
_DELIVERED = {"source": "source", "dataset": "dataset", "file": "file", "sha256": "load_id", "sender": "sender", "sent_at": "sent_at"}


@dataclass(frozen=True)
class Publication:
    """What publishing came to. `state`: a new release, the latest one unchanged, or an earlier one that holds again."""

    release: Release
    folder: Path
    state: Literal["new", "unchanged", "returned"]

    @property
    def is_new(self) -> bool:
        """Whether a release folder was written that was not there before."""
        return self.state == "new"


def publish(workspace: Workspace, framework: Framework, release: str) -> Publication:
    """Publish what lies in the edition's stage and warehouse as `release`, and show it in `current.duckdb`.

    The same release again publishes nothing. Killed at any moment and called again, it ends as if it had not been killed.
    Raises PublicationRefused, and leaves `published/` as it was, where a gate has not passed this very data, where the data are not
    those that `release` is named by, where a release of this name holds other bytes, or where another edition's latest release was changed.
    """
    edition = framework.file.edition
    with _published_lock(workspace, edition):
        identity = _checked_identity(workspace, framework, release)
        results = passed_gates(workspace, framework)
        tables = _tables(workspace, framework, identity, results)
        check_others(workspace, edition)
        remove_leftovers(workspace)
        is_new = _place(workspace, framework, identity, tables, results)
        record_unrecorded(workspace)
        entry = latest_release(workspace, edition)
        holds = entry is not None and entry.release == release
        entry = entry if entry and holds else record(workspace, edition, release)
        refresh(workspace)
    return Publication(entry, workspace.release(edition, release), "new" if is_new else "unchanged" if holds else "returned")


@contextmanager
def _published_lock(workspace: Workspace, edition: str) -> Iterator[None]:
    """One lock for all editions, since all stand in one `current.duckdb`; it lies outside `published/` and dies with its holder."""
    workspace.prepare()
    path = workspace.published.with_suffix(".lock")
    lock = FileLock(path, timeout=_WAIT_SECONDS, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise PublicationRefused(
            f"{edition}: not published, because another run has held {path} for {_WAIT_SECONDS} seconds; "
            "wait for it to end, or stop it, and start again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _checked_identity(workspace: Workspace, framework: Framework, release: str) -> Identity:
    """The release's identity, taken anew from what lies in the stage now: it must be what the run began with."""
    edition = framework.file.edition
    identity = identify(workspace, framework)
    faults = []
    if identity.release != release:
        faults.append(f"framework, deliveries, code or the previous release have changed since (they now give release {identity.release})")
    if staged_previous(workspace.stage(edition)) != identity.previous_release:
        faults.append("another release of the previous edition was compared with than its latest")
    if not workspace.warehouse(edition).exists():
        faults.append(f"{workspace.warehouse(edition)} is missing")
    elif scored_release(workspace, edition) != release:
        faults.append("the warehouse's scores were computed from other data, rules or code")
    if faults:
        raise PublicationRefused(f"{edition}: release {release} is not published, because {'; '.join(faults)}; run the edition again.")
    return identity


def _tables(workspace: Workspace, framework: Framework, identity: Identity, results: pl.DataFrame) -> dict[str, pl.DataFrame]:
    edition = framework.file.edition
    tables = warehouse_tables(workspace, edition, identity.release, published_files(workspace, framework))
    return {
        **tables,
        **effects(workspace, framework, identity.release, tables),
        **wide_rankings(tables, _ranked_groups(framework)),
        "fct_gate_result": gate_results(results, edition, identity.release),
        "dim_release": release_row(framework, identity, results, len(deliveries(workspace, framework))),
    }


def _ranked_groups(framework: Framework) -> dict[str, list[str]]:
    """Of each group of the framework the groups in which is ranked: in a panel one a time."""
    every = framework.registry.all_groups
    return {group: [code for code, base, _ in every if base == group] for group in framework.file.entities.groups}


def _place(workspace: Workspace, framework: Framework, identity: Identity, tables: dict[str, pl.DataFrame], results: pl.DataFrame) -> bool:
    """Put the release's folder in its place, or find the same bytes there; true where it is new."""
    folder = workspace.release(framework.file.edition, identity.release)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    write_folder(temporary, tables, release_words(workspace, framework), _facts(workspace, framework, identity, results))
    try:
        if not folder.exists():
            temporary.rename(folder)
            sync_folder(folder.parent)
            sync_folder(workspace.published)
            return True
        read_manifest(folder)
        if different := differing(temporary, folder):
            raise PublicationRefused(
                f"{folder}: this release holds other bytes in {', '.join(different)} than the same framework, deliveries and code "
                "give now, which is a fault of the program: keep the folder and the warehouse, and report both."
            )
        return False
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _told(delivery: dict[str, Any], neutral: str | None) -> dict[str, Any]:
    """What the manifest says of a delivery; of one that may name persons neither its own name nor its sender."""
    told = {said: delivery[field] for said, field in _DELIVERED.items()}
    return told | {"file": neutral, "sender": None} if neutral else told


def _facts(workspace: Workspace, framework: Framework, identity: Identity, results: pl.DataFrame) -> dict[str, Any]:
    """What the manifest says beside its tables: what the release was made of, and what the gates said of it."""
    file = framework.file
    previous = {"edition": file.previous, "release": identity.previous_release} if identity.previous_release else None
    neutral = published_files(workspace, framework)
    delivered = [_told(delivery, neutral.get((delivery["load_id"], delivery["file"]))) for delivery in deliveries(workspace, framework)]
    return {
        "edition": file.edition,
        "release": identity.release,
        "title": {"zh": file.title.zh, "en": file.title.en},
        "period": {"from": file.period.from_.isoformat(), "to": file.period.to.isoformat()},
        "framework_hash": framework.hash,
        "code_version": identity.code_version,
        "previous": previous,
        "deliveries": delivered,
        "records": counted_records(workspace, framework),
        "gates": results.drop("label_zh", "label_en").rows(named=True),
    }
