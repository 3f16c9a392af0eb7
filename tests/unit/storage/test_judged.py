"""The digest of what a gate judges moves with every value, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from storage.atomic import write_parquet
from storage.judged import Gate, judged
from storage.workspace import Workspace

EDITION = "small"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")


def build(workspace: Workspace, rows: str) -> None:
    path = workspace.warehouse(EDITION)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute(f"create schema scoring; create table scoring.scores as from (values {rows}) as t(entity_code, score)")


def test_the_order_of_rows_does_not_move_the_digest(workspace: Workspace) -> None:
    build(workspace, "('a', 1.5), ('b', 2.5)")
    first = judged(workspace, EDITION, "scores")
    build(workspace, "('b', 2.5), ('a', 1.5)")
    assert judged(workspace, EDITION, "scores") == first


@pytest.mark.parametrize(
    "rows", ["('a', 1.5), ('b', 2.6)", "('a', 1.5)", "('a', 1.5), ('b', 2.5), ('b', 2.5)", "('a', 1.5), ('b', 2.5), ('c', 1), ('c', 1)"]
)
def test_another_value_or_row_moves_the_digest(workspace: Workspace, rows: str) -> None:
    build(workspace, "('a', 1.5), ('b', 2.5)")
    first = judged(workspace, EDITION, "scores")
    build(workspace, rows)
    assert judged(workspace, EDITION, "scores") != first


def test_the_ranking_gate_does_not_look_at_scores(workspace: Workspace) -> None:
    build(workspace, "('a', 1.5)")
    first = judged(workspace, EDITION, "ranking")
    build(workspace, "('a', 2.5)")
    assert judged(workspace, EDITION, "ranking") == first


def test_the_intake_gate_judges_every_table_of_intake_and_framework(workspace: Workspace) -> None:
    digests = set()
    for folder, value in (("intake", 1), ("intake", 2), ("framework", 1), ("framework", 2)):
        write_parquet(workspace.stage(EDITION) / folder / "table.parquet", pl.DataFrame({"value": [value]}))
        digests.add(judged(workspace, EDITION, "intake"))
    assert len(digests) == 4
    write_parquet(workspace.stage(EDITION) / "analysis" / "table.parquet", pl.DataFrame({"value": [value]}))
    assert judged(workspace, EDITION, "intake") in digests


@pytest.mark.parametrize("gate", ["scores", "ranking"])
def test_a_verdict_on_figures_does_not_outlive_what_they_were_made_of(workspace: Workspace, gate: Gate) -> None:
    build(workspace, "('a', 1.5)")
    first = judged(workspace, EDITION, gate)
    write_parquet(workspace.stage(EDITION) / "intake" / "cells.parquet", pl.DataFrame({"number": [2]}))
    assert judged(workspace, EDITION, gate) != first
