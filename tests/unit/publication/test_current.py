"""`current.duckdb` shows each edition's latest release, documented, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from publication import publish
from storage import Workspace
from tests.publication_world import LATER, SMALL, make_workspace, pass_gates, prepare, publish_version


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def rows(workspace: Workspace, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(workspace.current), read_only=True) as current:
        return current.execute(query).fetchall()


def test_every_edition_stands_in_one_file_with_its_latest_release(workspace: Workspace) -> None:
    publish_version(workspace, LATER, 1)
    publish_version(workspace, SMALL, 1)
    last = publish_version(workspace, LATER, 2).release
    first = publish_version(workspace, SMALL, 1).release
    shown = {(SMALL, first.release), (LATER, last.release)}
    names = [name for (name,) in rows(workspace, "select table_name from information_schema.tables where table_schema = 'main'")]
    assert len(names) == 10
    for name in names:
        assert set(rows(workspace, f"select edition, release from {name}")) == shown, name
    assert rows(workspace, "select edition, total::varchar from fct_ranking where entity_code = '320100' order by edition") == [
        (SMALL, "1.250000000"),
        (LATER, "2.250000000"),
    ]


def test_releases_are_shown_with_their_clock_in_utc(workspace: Workspace) -> None:
    made = [publish_version(workspace, edition, 1).release for edition in (SMALL, LATER)]
    shown = rows(workspace, "select edition, release, sequence, made_at from dim_release order by sequence")
    assert shown == [(entry.edition, entry.release, entry.sequence, entry.made_at.replace(tzinfo=None)) for entry in made]


def test_a_column_that_one_edition_lacks_is_null_there(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    framework, release = prepare(workspace, LATER, 1)
    with duckdb.connect(str(workspace.warehouse(LATER))) as warehouse:
        for table in ("dim_indicator", "fct_indicator_score"):
            warehouse.execute(
                f"insert into ranking.{table} select * replace ('C' as indicator_code) from ranking.{table} where indicator_code = 'A'"
            )
    pass_gates(workspace, LATER)
    publish(workspace, framework, release)
    assert rows(workspace, "select edition, score_c is null, count(*) from rpt_ranking_city group by all order by all") == [
        (SMALL, True, 2),
        (LATER, False, 2),
    ]


def test_tables_and_columns_carry_what_dbt_says_of_them(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    tables = dict(rows(workspace, "select table_name, comment from duckdb_tables()"))
    columns = dict(rows(workspace, "select table_name || '.' || column_name, comment from duckdb_columns()"))
    assert tables["fct_ranking"] == "排名 Ranking. One row is an entity's rank."
    assert columns["fct_ranking.total"] == "总分（分） Total, in points"
    assert columns["rpt_ranking_city.score_b_1"] == "政务公开（B.1）得分（分） Score of B.1 Openness, in points"
    assert columns["dim_release.made_at"] == "Moment at which it was made 发布时间, UTC, in current.duckdb alone"
    assert not [name for name, comment in columns.items() if name.startswith(("dim_release", "fct_gate_result", "rpt_")) and not comment]


def test_deleted_it_comes_back_with_the_next_run(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    publish_version(workspace, LATER, 1)
    before = rows(workspace, "from dim_release order by edition")
    workspace.current.unlink()
    publish_version(workspace, SMALL, 1)
    assert rows(workspace, "from dim_release order by edition") == before


def test_spoiled_it_comes_back_with_the_next_run(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    workspace.current.chmod(0o644)
    workspace.current.write_bytes(b"no database")
    publish_version(workspace, SMALL, 1)
    assert rows(workspace, "select count(*) from fct_ranking") == [(4,)]


def test_what_a_tool_wrote_beside_it_is_not_replayed_into_the_next_one(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    log = workspace.current.with_name("current.duckdb.wal")
    log.write_bytes(b"of another file")
    publish_version(workspace, SMALL, 2)
    assert not log.exists()
    assert rows(workspace, "select total::varchar from fct_ranking where entity_code = '320100'") == [("2.250000000",)]


def test_rows_lie_by_edition_and_key(workspace: Workspace) -> None:
    for edition in (LATER, SMALL):
        publish_version(workspace, edition, 1)
    shown = rows(workspace, "select edition, entity_code, last_on from fct_opinion_event")
    assert shown == sorted(shown)
