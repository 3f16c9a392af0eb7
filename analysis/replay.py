"""The scores again, with one table of theirs changed: dbt's own queries over a copy in memory of what they read.

No score is computed here: each step's query is the one that dbt compiled for this very build. Warehouse and files stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

_STANDING = "select entity_code, group_code, total, rank, grade, state from ranking.ranked order by entity_code"
_SOURCE = "built"


@dataclass(frozen=True)
class Step:
    """One table or view of the warehouse, its query as dbt wrote it, and the tables that the query reads. Tables are schema and name."""

    table: tuple[str, str]
    sql: str
    reads: tuple[tuple[str, str], ...] = ()
    is_view: bool = False


class Replica:
    """A warehouse's tables in memory. What is changed in it is undone before the next question."""

    def __init__(self, memory: duckdb.DuckDBPyConnection) -> None:
        self._memory = memory

    def count(self, table: str, condition: str) -> int:
        """How many rows of a table meet a condition."""
        ((found,),) = self._memory.execute(f"select count(*) from {table} where {condition}").fetchall()
        return int(found)

    def rows(self, query: str) -> pl.DataFrame:
        """What a query finds in the tables as they were built."""
        return pl.DataFrame(self._memory.sql(query).to_arrow_table())

    def standing(self) -> pl.DataFrame:
        """One row is an entity: group_code, total (points), rank, grade, state, as they were built."""
        return self.rows(_STANDING)

    def after(self, change: Callable[[duckdb.DuckDBPyConnection], object], steps: Sequence[Step]) -> pl.DataFrame:
        """The standing that follows from a change, each step's table filled anew by its query."""
        self._memory.begin()
        try:
            change(self._memory)
            replay(self._memory, steps)
            return self.standing()
        finally:
            self._memory.rollback()


@contextmanager
def replica(warehouse: Path, steps: Sequence[Step]) -> Iterator[Replica]:
    """A copy in memory of the tables that the steps read or fill, under the database's own name, by which the queries call it.

    What is a view there is the same view over the copy; each comes after the steps that it reads.
    """
    name = f'"{warehouse.stem}"'
    with duckdb.connect() as memory:
        memory.execute("set TimeZone = 'UTC'")
        memory.execute(f"attach ':memory:' as {name}")
        memory.execute(f"attach '{str(warehouse).replace(chr(39), chr(39) * 2)}' as {_SOURCE} (read_only)")
        views = {step.table: step.sql for step in steps if step.is_view}
        tables = sorted({table for step in steps for table in (step.table, *step.reads)})
        for schema in sorted({schema for schema, _ in tables}):
            memory.execute(f'create schema if not exists {name}."{schema}"')
        for schema, table in (table for table in tables if table not in views):
            memory.execute(f'create table {name}."{schema}"."{table}" as from {_SOURCE}."{schema}"."{table}"')
        memory.execute(f"use {name}")
        memory.execute(f"detach {_SOURCE}")
        for (schema, view), sql in views.items():
            memory.execute(f'create view "{schema}"."{view}" as (\n{sql}\n)')
        yield Replica(memory)


def replay(memory: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> None:
    """Fill each table anew by its query, with the columns and types that it has. A view follows by itself."""
    for step in (step for step in steps if not step.is_view):
        schema, name = step.table
        memory.execute(f'delete from "{schema}"."{name}"')
        memory.execute(f'insert into "{schema}"."{name}" by name (\n{step.sql}\n)')
