"""One whole run of the product, as a user starts it, in folders of its own: what the tests of finished editions share."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from storage import Workspace
from storage.workspace import PROJECT


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its exit code and all that it printed."""

    code: int
    output: str


def environment(workspace: Workspace) -> dict[str, str]:
    """The environment of a process that works on the workspace."""
    return os.environ | {
        "ZHENGXIN_DATA": str(workspace.data),
        "ZHENGXIN_FRAMEWORKS": str(workspace.frameworks),
        "ZHENGXIN_STATE": str(workspace.data / "dagster"),
        "DAGSTER_HOME": str(PROJECT),
        "PYTHONPATH": str(PROJECT),
    }


def command_of(edition: str) -> list[str]:
    """The command that the README shows, which runs one edition."""
    return [sys.executable, "-m", "orchestration", "run", edition]


def run_edition(workspace: Workspace, edition: str) -> Outcome:
    """Run the edition as a user does, as a process of its own."""
    return run(workspace, *command_of(edition))


def dagster(workspace: Workspace, *arguments: str) -> Outcome:
    """A plain Dagster command on the workspace, as the README shows it."""
    return run(workspace, str(Path(sys.executable).with_name("dagster")), *arguments)


def run(workspace: Workspace, *command: str) -> Outcome:
    """Run a command on the workspace to its end."""
    done = subprocess.run(command, cwd=PROJECT, env=environment(workspace), capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout + done.stderr)


def release_folder(workspace: Workspace, edition: str) -> Path:
    """The folder of the one release that the edition has."""
    folders = [folder for folder in (workspace.published / edition).iterdir() if folder.is_dir()]
    assert len(folders) == 1, folders
    return folders[0]


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below the folder, by its path; none where there is no folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def published(workspace: Workspace, edition: str, table: str) -> pl.DataFrame:
    """A table of the edition's one release."""
    return pl.read_parquet(release_folder(workspace, edition) / f"{table}.parquet")


def warehouse(workspace: Workspace, edition: str, query: str) -> pl.DataFrame:
    """What a query finds in the edition's warehouse."""
    with duckdb.connect(str(workspace.warehouse(edition)), read_only=True) as connection:
        frame: pl.DataFrame = connection.sql(query).pl()
    return frame


def copy_files(files: Iterable[Path], folder: Path) -> None:
    """Put a copy of each file into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())
