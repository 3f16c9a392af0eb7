"""What each gate judges, as a digest: a gate notes it, publication compares, so that nothing can change between verdict and release."""

from __future__ import annotations

import hashlib
from typing import Literal

import duckdb

from storage.workspace import Workspace

Gate = Literal["intake", "scores", "ranking"]
GATES: tuple[Gate, ...] = ("intake", "scores", "ranking")
_FOLDERS = ("framework", "intake")
_SCHEMAS = {"scores": "scoring", "ranking": "ranking"}


def judged(workspace: Workspace, edition: str, gate: Gate) -> str:
    """SHA-256 over what `gate` judges: the stage's framework and intake tables; of figures also their schema of the warehouse.

    Rows are digested as a set, by content: a rebuilt warehouse with the same rows has the same digest, one changed value another.
    """
    stage = _digest_of_files(workspace, edition)
    return stage if gate == "intake" else f"{stage} {_digest_of_schema(workspace, edition, _SCHEMAS[gate])}"


def _digest_of_files(workspace: Workspace, edition: str) -> str:
    digest = hashlib.sha256()
    stage = workspace.stage(edition)
    for path in sorted(path for folder in _FOLDERS for path in (stage / folder).glob("*.parquet")):
        digest.update(f"{path.relative_to(stage).as_posix()}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _digest_of_schema(workspace: Workspace, edition: str, schema: str) -> str:
    digest = hashlib.sha256()
    with duckdb.connect(str(workspace.warehouse(edition)), read_only=True) as warehouse:
        names = warehouse.execute(
            "select table_name from information_schema.tables where table_schema = ? order by table_name", [schema]
        ).fetchall()
        for (name,) in names:
            # A sum, not an exclusive or: two equal rows must not cancel each other.
            rows = warehouse.execute(f'select count(*), sum(hash(t)::hugeint) from "{schema}"."{name}" as t').fetchone()
            digest.update(f"{name}\n{rows}\n".encode())
    return digest.hexdigest()
