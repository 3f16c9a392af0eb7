"""A release's folder: Parquet and manifest.json, written beside its place, renamed once, never changed again."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from publication.errors import PublicationRefused
from publication.releases import MANIFEST
from storage import Workspace, write_parquet, write_text
from storage.atomic import sync_folder

_READ_ONLY = 0o444


def write_folder(folder: Path, tables: dict[str, pl.DataFrame], words: dict[str, Any], facts: dict[str, Any]) -> None:
    """Write the tables and the manifest (`facts`; of each table rows, SHA-256, columns and `words`) into `folder`: flushed, read-only."""
    folder.mkdir(parents=True)
    for name, frame in tables.items():
        write_parquet(folder / f"{name}.parquet", frame.rechunk())
    with duckdb.connect() as reader:
        described = {name: _described(reader, folder / f"{name}.parquet", words.get(name, {})) for name in sorted(tables)}
    content = json.dumps({**facts, "tables": described}, ensure_ascii=False, indent=2, sort_keys=True)
    write_text(folder / MANIFEST, f"{content}\n")
    for path in folder.iterdir():
        path.chmod(_READ_ONLY)
    sync_folder(folder)


def _described(reader: duckdb.DuckDBPyConnection, path: Path, words: dict[str, Any]) -> dict[str, Any]:
    columns = reader.execute("describe from read_parquet(?)", [str(path)]).fetchall()
    counted = reader.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    said = words.get("columns", {})
    return {
        "rows": counted[0] if counted else 0,
        "sha256": _digest(path),
        "description": words.get("description", ""),
        "columns": [{"name": name, "type": kind, "description": said.get(name, "")} for name, kind, *_ in columns],
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release; PublicationRefused where a file of the folder is not what the manifest says."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    expected = {f"{name}.parquet": table["sha256"] for name, table in manifest["tables"].items()}
    found = {path.name: _digest(path) for path in folder.glob("*.parquet")}
    changed = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if changed:
        raise PublicationRefused(
            f"{folder}: {', '.join(changed)} is not what {MANIFEST} says, so the release was changed after it was published; "
            "put the folder back from a copy, or delete it whole and run the edition again."
        )
    return manifest


def differing(one: Path, other: Path) -> list[str]:
    """Names of the files that the two folders do not hold with the same bytes."""
    names = {path.name for folder in (one, other) for path in folder.iterdir()}
    return sorted(name for name in names if _bytes(one / name) != _bytes(other / name))


def remove_leftovers(workspace: Workspace) -> None:
    """Remove what killed runs were writing. The caller holds the lock of `published/`."""
    for path in [*workspace.published.glob(".*.tmp*"), *workspace.published.glob("*/.*.tmp")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
