"""What a release is named by: a digest over all that it depends on, and over nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from frameworks import Framework
from frameworks.published_names import datasets_of_file, published_name
from publication.errors import PublicationRefused
from publication.releases import latest_release
from storage import Workspace
from storage.workspace import PROJECT

_COMPUTING = ("sources", "analysis", "expectations", "publication", "storage", "dbt_project")
_MADE_BY_TOOLS = {"__pycache__", "target", "logs", "dbt_packages"}
_DELIVERY = ("source", "dataset", "file", "load_id", "sender", "sent_at", "reason")


@dataclass(frozen=True)
class Identity:
    """A release's name and the two parts of it that are no framework and no delivery."""

    release: str
    code_version: str
    previous_release: str | None


def release_id(workspace: Workspace, framework: Framework) -> str:
    """The first 12 hex digits of a SHA-256 over framework, deliveries, code, and the previous edition's latest release.

    Reads the deliveries that intake has assembled; raises PublicationRefused where it has not.
    """
    return identify(workspace, framework).release


def identify(workspace: Workspace, framework: Framework) -> Identity:
    """The release's name with its parts; PublicationRefused where no deliveries have been assembled."""
    code = code_version()
    previous = framework.file.previous
    earlier = latest_release(workspace, previous) if previous else None
    earlier_id = earlier.release if earlier else None
    delivered = [deliveries(workspace, framework), _notes_refused(workspace, framework)]
    content = json.dumps([framework.hash, *delivered, code, earlier_id], ensure_ascii=False, sort_keys=True)
    return Identity(hashlib.sha256(content.encode()).hexdigest()[:12], code, earlier_id)


def deliveries(workspace: Workspace, framework: Framework) -> list[dict[str, Any]]:
    """The edition's deliveries, sorted: source, dataset, file, load_id (SHA-256), sender, sent_at (UTC, ISO 8601), reason."""
    rows = assembled(workspace, framework, "deliveries").select(_DELIVERY).rows(named=True)
    named = [{**row, "sent_at": _moment(row["sent_at"])} for row in rows]
    return sorted(named, key=lambda row: json.dumps([row[field] for field in _DELIVERY], ensure_ascii=False))


def assembled(workspace: Workspace, framework: Framework, table: str) -> pl.DataFrame:
    """A table of intake; PublicationRefused where intake has assembled none."""
    edition = framework.file.edition
    path = workspace.stage(edition) / "intake" / f"{table}.parquet"
    if not path.exists():
        raise PublicationRefused(f"{edition}: no {table} have been assembled ({path} is missing); run the intake first.")
    return pl.read_parquet(path)


def published_files(workspace: Workspace, framework: Framework) -> dict[tuple[str, str], str]:
    """By load_id and name the names under which files that may name persons are published; every other file keeps its own."""
    listed = pl.concat(
        assembled(workspace, framework, table).select("source", "dataset", "load_id", "file") for table in ("deliveries", "rejects")
    ).unique()
    names = {}
    for source, dataset, load_id, file in listed.sort(listed.columns).rows():
        name = published_name(file, load_id, dataset or source, datasets_of_file(framework.file, source, dataset))
        if name != file:
            names[load_id, file] = name
    return names


def _notes_refused(workspace: Workspace, framework: Framework) -> list[list[str | None]]:
    """The rejects that are of no delivery, sorted: wrong delivery notes, which no other part of the name tells of but the release shows."""
    rejects, listed = (assembled(workspace, framework, table) for table in ("rejects", "deliveries"))
    rows = rejects.join(listed, on=["source", "load_id", "file"], how="anti").rows()
    return sorted((list(row) for row in rows), key=lambda row: json.dumps(row, ensure_ascii=False))


def code_version(project: Path = PROJECT) -> str:
    """SHA-256 over the folders that compute and the lock: sorted relative paths and bytes, whatever the version control says."""
    digest = hashlib.sha256()
    for path in sorted(_code(project), key=lambda path: path.relative_to(project).as_posix()):
        digest.update(f"{path.relative_to(project).as_posix()}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _code(project: Path) -> list[Path]:
    files = [
        path for folder in _COMPUTING for path in (project / folder).rglob("*") if _is_code(path.relative_to(project)) and path.is_file()
    ]
    return [*files, *(project / "frameworks").glob("*.py"), project / "requirements.lock"]


def _is_code(path: Path) -> bool:
    return (
        not _MADE_BY_TOOLS.intersection(path.parts) and not any(part.startswith(".") for part in path.parts) and not path.name.endswith("~")
    )


def _moment(value: datetime | str | None) -> str | None:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
