"""A scratch edition: a copy of an edition's stage in a folder of its own, scored by the same dbt project into a warehouse of its own.

What asks for scores by other rules works here, so that warehouse and published releases stay as they are. The folder lies in `data/dbt/`,
as private as all of `data/`, and is removed with its last use.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from frameworks import Framework
from orchestration.dbt import DBT_PROJECT, ITS_WORK_ALONE, parsed_project, places
from orchestration.dbt_process import Command, DbtChild
from publication import PublicationRefused, release_id
from publication.tables import scored_release
from storage import EditionLocked, Workspace, edition_lock, temporary_folder

_RELEASE = "000000000000"  # of no release: nothing of a scratch edition is ever published


class ScratchRefused(Exception):
    """What was asked cannot be computed; the message is one sentence that says why and what to do."""


@contextmanager
def scored_edition(workspace: Workspace, framework: Framework) -> Iterator[None]:
    """Hold the edition's lock while its scores, which are those of what its stage holds now, are read.

    Raises ScratchRefused where the edition was not scored from that, or a run is writing it.
    """
    try:
        with edition_lock(workspace, framework.edition, "that computes a scratch edition"):
            _check_scored(workspace, framework)
            yield
    except EditionLocked as locked:
        raise ScratchRefused(str(locked)) from None


@contextmanager
def scratch_edition(workspace: Workspace, framework: Framework) -> Iterator[Workspace]:
    """A workspace whose stage is a copy of the edition's, and whose warehouse is yet to be built.

    Raises ScratchRefused where the edition was not scored from what its stage holds now, or a run is writing it.
    """
    edition = framework.edition
    workspace.dbt.mkdir(parents=True, exist_ok=True)
    with temporary_folder(".scratch-", workspace.dbt) as folder:
        scratch = Workspace(folder, workspace.frameworks)
        with scored_edition(workspace, framework):
            shutil.copytree(workspace.stage(edition), scratch.stage(edition))
        yield scratch


def _check_scored(workspace: Workspace, framework: Framework) -> None:
    edition = framework.edition
    message = f"{edition}: its scores are not those of its present deliveries, rules and code; run it first: make run EDITION={edition}"
    try:
        is_current = workspace.warehouse(edition).exists() and scored_release(workspace, edition) == release_id(workspace, framework)
    except PublicationRefused:
        is_current = False
    if not is_current:
        raise ScratchRefused(message)


def build_models(scratch: Workspace, edition: str, models: str) -> None:
    """Build the models that dbt's selector `models` names, without tests, into the scratch warehouse.

    Raises RuntimeError with dbt's own words where one fails: that is a fault of the program.
    """
    target = scratch.dbt / edition
    target.mkdir(parents=True, exist_ok=True)
    arguments = ["--quiet", "run", "--select", models, *places(target), *ITS_WORK_ALONE]
    arguments += ["--vars", json.dumps({"edition": edition, "release": _RELEASE})]
    environment = {"ZHENGXIN_STAGE": str(scratch.stage(edition)), "ZHENGXIN_WAREHOUSE": str(scratch.warehouse(edition))}
    with DbtChild(DBT_PROJECT) as child:
        answer = child.ask(Command(arguments, environment, str(parsed_project(scratch))))
        said = b"".join(answer.stdout).decode(errors="replace")
    if answer.wait():
        raise RuntimeError(f"dbt cannot build the scratch edition:\n{said}")


def rows_of(workspace: Workspace, edition: str, query: str) -> pl.DataFrame:
    """What a query finds in the edition's warehouse, opened for reading alone."""
    with duckdb.connect(str(workspace.warehouse(edition)), read_only=True) as warehouse:
        return pl.DataFrame(warehouse.sql(query).to_arrow_table())
