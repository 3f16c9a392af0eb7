"""A release's name moves with everything that a release depends on, and with nothing else."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from frameworks import load_framework
from publication import PublicationRefused, release_id
from publication.identity import code_version
from storage import Workspace, write_parquet
from tests.publication_world import LATER, SMALL, deliver, make_workspace, publish_version


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = make_workspace(tmp_path)
    deliver(workspace, SMALL, 1)
    return workspace


def test_a_release_is_named_by_twelve_hex_digits_whatever_the_order_of_deliveries(workspace: Workspace) -> None:
    framework = load_framework(workspace, SMALL)
    first = release_id(workspace, framework)
    assert re.fullmatch("[0-9a-f]{12}", first)
    deliver(workspace, SMALL, 1, reverse=True)
    assert release_id(workspace, framework) == first


@pytest.mark.parametrize("field", ["source", "file", "load_id", "sender", "reason"])
def test_every_fact_of_a_delivery_moves_the_name(workspace: Workspace, field: str) -> None:
    framework = load_framework(workspace, SMALL)
    first = release_id(workspace, framework)
    path = workspace.stage(SMALL) / "intake" / "deliveries.parquet"
    write_parquet(path, pl.read_parquet(path).with_columns(pl.lit("another").alias(field)))
    assert release_id(workspace, framework) != first


def test_the_moment_of_sending_moves_the_name_and_its_zone_does_not(workspace: Workspace) -> None:
    framework = load_framework(workspace, SMALL)
    first = release_id(workspace, framework)
    path = workspace.stage(SMALL) / "intake" / "deliveries.parquet"
    frame = pl.read_parquet(path)
    write_parquet(path, frame.with_columns(pl.col("sent_at").dt.convert_time_zone("Asia/Shanghai")))
    assert release_id(workspace, framework) == first
    write_parquet(path, frame.with_columns(pl.col("sent_at") + pl.duration(seconds=1)))
    assert release_id(workspace, framework) != first


def test_what_intake_made_of_a_delivery_does_not_move_the_name(workspace: Workspace) -> None:
    framework = load_framework(workspace, SMALL)
    first = release_id(workspace, framework)
    path = workspace.stage(SMALL) / "intake" / "deliveries.parquet"
    write_parquet(path, pl.read_parquet(path).with_columns(pl.lit(12).alias("cells")))
    assert release_id(workspace, framework) == first


def test_a_wrong_delivery_note_moves_the_name_and_a_reject_of_a_delivery_does_not(workspace: Workspace) -> None:
    framework = load_framework(workspace, SMALL)
    first = release_id(workspace, framework)
    folder = workspace.stage(SMALL) / "intake"
    delivery = pl.read_parquet(folder / "deliveries.parquet").row(0, named=True)
    rejects = pl.read_parquet(folder / "rejects.parquet")
    told = {name: delivery.get(name, "x") for name in rejects.columns}
    write_parquet(folder / "rejects.parquet", pl.DataFrame([told], schema=rejects.schema))
    assert release_id(workspace, framework) == first
    note = told | {"file": f"{told['file']}.delivery.yaml", "load_id": "f" * 64}
    other = note | {"load_id": "e" * 64}
    write_parquet(folder / "rejects.parquet", pl.DataFrame([told, note, other], schema=rejects.schema))
    moved = release_id(workspace, framework)
    assert moved != first
    write_parquet(folder / "rejects.parquet", pl.DataFrame([other, told, note], schema=rejects.schema))
    assert release_id(workspace, framework) == moved


def test_another_framework_moves_the_name(workspace: Workspace) -> None:
    framework = load_framework(workspace, SMALL)
    assert release_id(workspace, replace(framework, hash="another")) != release_id(workspace, framework)


def test_a_new_release_of_the_previous_edition_moves_the_name(workspace: Workspace) -> None:
    framework = load_framework(workspace, LATER)
    deliver(workspace, LATER, 1)
    names = [release_id(workspace, framework)]
    for version in (1, 2):
        publish_version(workspace, SMALL, version)
        names.append(release_id(workspace, framework))
    assert len(set(names)) == 3


def test_without_assembled_deliveries_there_is_no_name(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    with pytest.raises(PublicationRefused, match=r"^small-2019: no deliveries have been assembled \(.*\); run the intake first\.$"):
        release_id(workspace, load_framework(workspace, SMALL))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a file in each folder that computes, and in some that do not."""
    for name in (
        "sources/reader.py",
        "storage/lock.py",
        "analysis/rank.py",
        "expectations/rules.py",
        "publication/folder.py",
        "frameworks/model.py",
        "frameworks/jiangsu-2020.yaml",
        "dbt_project/models/scoring/measures.sql",
        "dbt_project/models/scoring/measures.yml",
        "dbt_project/macros/goalposts.sql",
        "dbt_project/tests/generic/unique_key.sql",
        "orchestration/jobs.py",
        "README.md",
        "requirements.lock",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "sources/reader.py",
        "storage/lock.py",
        "analysis/rank.py",
        "expectations/rules.py",
        "publication/folder.py",
        "frameworks/model.py",
        "dbt_project/models/scoring/measures.sql",
        "dbt_project/models/scoring/measures.yml",
        "dbt_project/macros/goalposts.sql",
        "dbt_project/tests/generic/unique_key.sql",
        "requirements.lock",
        "sources/a_new_one.py",
    ],
)
def test_code_that_computes_moves_the_code_version(project: Path, name: str) -> None:
    first = code_version(project)
    (project / name).write_text("changed", encoding="utf-8")
    assert code_version(project) != first


@pytest.mark.parametrize(
    "name",
    [
        "frameworks/jiangsu-2020.yaml",
        "orchestration/jobs.py",
        "README.md",
        "sources/__pycache__/reader.cpython-311.pyc",
        "dbt_project/target/manifest.json",
        "dbt_project/logs/dbt.log",
        "dbt_project/.user.yml",
        "storage/lock.py~",
    ],
)
def test_what_computes_nothing_does_not_move_the_code_version(project: Path, name: str) -> None:
    first = code_version(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("changed", encoding="utf-8")
    assert code_version(project) == first


def test_the_code_version_does_not_depend_on_where_the_project_lies(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "elsewhere" / "target" / "project")
    assert code_version(tmp_path / "elsewhere" / "target" / "project") == code_version(project)
