"""`current.duckdb`: every edition's latest release in one file, rebuilt from the release folders and swapped in one rename.

It holds nothing that the folders and the ledger do not say, so it can be deleted. Readers keep the file that they opened.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb

from publication.folder import read_manifest
from publication.releases import Release, latest_releases
from publication.words import source_words
from storage import Workspace
from storage.atomic import sync_folder

# The newest format that DuckDB 1.4 reads.
_STORAGE_VERSION = "v1.2.0"
_RELEASES = "dim_release"


def refresh(workspace: Workspace) -> bool:
    """Rebuild `current.duckdb` where it does not show each edition's latest release; true where it was rebuilt.

    The caller holds the lock of `published/`. PublicationRefused where a release's folder was changed.
    """
    latest = list(latest_releases(workspace).values())
    if _shown(workspace.current) == {(entry.edition, entry.release, entry.sequence) for entry in latest}:
        return False
    manifests = {entry: read_manifest(workspace.release(entry.edition, entry.release)) for entry in latest}
    temporary = workspace.current.with_name(f".{workspace.current.name}.{os.getpid()}.tmp")
    _build(temporary, workspace, manifests)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    # A tool that would open it for writing is refused. What one wrote all the same must not be replayed into the new file.
    temporary.chmod(0o444)
    workspace.current.with_name(f"{workspace.current.name}.wal").unlink(missing_ok=True)
    temporary.replace(workspace.current)
    sync_folder(workspace.published)
    return True


def check_others(workspace: Workspace, edition: str) -> None:
    """PublicationRefused where the latest release of another edition was changed: `refresh` could not show it beside this one."""
    for entry in latest_releases(workspace).values():
        if entry.edition != edition:
            read_manifest(workspace.release(entry.edition, entry.release))


def _shown(path: Path) -> set[tuple[str, str, int]] | None:
    if not path.exists():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            return set(database.execute(f"select edition, release, sequence from {_RELEASES}").fetchall())
    except duckdb.Error:
        return None


def _build(path: Path, workspace: Workspace, manifests: dict[Release, dict[str, Any]]) -> None:
    with duckdb.connect() as database:
        # One thread and sorted files: rows lie in the order of edition and key.
        database.execute("set threads = 1")
        database.execute(f"attach '{_quoted(str(path))}' as built (storage_version '{_STORAGE_VERSION}')")
        database.begin()
        for table in sorted({table for manifest in manifests.values() for table in manifest["tables"]}):
            holders = [entry for entry, manifest in manifests.items() if table in manifest["tables"]]
            files = [str(workspace.release(entry.edition, entry.release) / f"{table}.parquet") for entry in holders]
            database.execute(f'create table built."{table}" as from read_parquet(?, union_by_name = true)', [files])
        _add_clock(database, list(manifests))
        for manifest in manifests.values():
            _comment(database, manifest["tables"])
        database.commit()
        database.execute("detach built")


def _add_clock(database: duckdb.DuckDBPyConnection, entries: list[Release]) -> None:
    database.execute(f"alter table built.{_RELEASES} add column sequence integer")
    database.execute(f"alter table built.{_RELEASES} add column made_at timestamp")
    for column in ("sequence", "made_at"):
        said = source_words()[_RELEASES]["columns"][column]
        database.execute(f"comment on column built.{_RELEASES}.{column} is '{_quoted(said)}'")
    for entry in entries:
        database.execute(
            f"update built.{_RELEASES} set sequence = ?, made_at = ? where edition = ? and release = ?",
            [entry.sequence, entry.made_at.replace(tzinfo=None), entry.edition, entry.release],
        )


def _comment(database: duckdb.DuckDBPyConnection, tables: dict[str, Any]) -> None:
    for name, table in tables.items():
        database.execute(f"comment on table built.\"{name}\" is '{_quoted(table['description'])}'")
        for column in table["columns"]:
            database.execute(f'comment on column built."{name}"."{column["name"]}" is \'{_quoted(column["description"])}\'')


def _quoted(text: str) -> str:
    return text.replace("'", "''")
