"""Queries run again over a copy in memory: what a change gives, and that nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from analysis.replay import Replica, Step, replica

_SQL = """select entity_code, 'g' as group_code, 10 * value as total, 1 as rank, null as grade, state from "small-1".scoring.corrections"""
_STEPS = [Step(("ranking", "ranked"), _SQL, (("scoring", "corrections"),))]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Replica]:
    path = tmp_path / "small-1.duckdb"
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("create schema scoring; create schema ranking; create schema beside")
        warehouse.execute("create table scoring.corrections (entity_code varchar, state varchar, value double)")
        warehouse.execute("insert into scoring.corrections values ('a', 'applied', 2)")
        columns = "group_code varchar, total decimal(18, 9), rank bigint, grade varchar, state varchar"
        warehouse.execute(f"create table ranking.ranked (entity_code varchar, {columns})")
        warehouse.execute("create table beside.huge as from range(10)")
    with replica(path, _STEPS) as made:
        yield made


def test_a_change_gives_what_the_queries_make_of_it_and_is_undone(copy: Replica) -> None:
    assert copy.standing().is_empty()  # as it was built
    assert copy.count("scoring.corrections", "state = 'applied'") == 1
    assert copy.rows("select value from scoring.corrections").rows() == [(2,)]
    changed = copy.after(lambda memory: memory.execute("insert into scoring.corrections values ('b', 'applied', 3)"), _STEPS)
    assert changed.select("entity_code", "total").rows() == [("a", 20), ("b", 30)]
    assert copy.count("scoring.corrections", "true") == 1
    assert copy.standing().is_empty()


def test_what_fails_is_undone_too(copy: Replica) -> None:
    with pytest.raises(duckdb.Error):
        copy.after(lambda memory: memory.execute("delete from scoring.corrections"), [Step(("ranking", "ranked"), "select nothing")])
    assert copy.count("scoring.corrections", "true") == 1


def test_what_no_query_reads_is_not_copied(copy: Replica) -> None:
    with pytest.raises(duckdb.CatalogException):
        copy.count("beside.huge", "true")
