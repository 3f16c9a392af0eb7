"""The eleven queries of docs/bi.md run on a finished edition, the one worked by hand, and each finds something there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest

from storage import Workspace
from storage.workspace import PROJECT
from tests.worked.deliveries import EDITION

_QUERIES = re.findall(
    r"^### \d+\. (.*?)\n\n```sql\n(.*?)```", (PROJECT / "docs" / "bi.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
)
# What the page asks of its reader: the own edition and a city of it, in the place of those of the page.
_OWN = {"jiangsu-2020": EDITION, "320100": "990100"}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


@pytest.fixture
def current(worked: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(worked.current), read_only=True) as connection:
        yield connection


def test_the_page_has_eleven_queries() -> None:
    assert len(_QUERIES) == 11


@pytest.mark.parametrize("query", [query for _, query in _QUERIES], ids=[title for title, _ in _QUERIES])
def test_a_query_of_the_page_finds_something(current: duckdb.DuckDBPyConnection, query: str) -> None:
    for shown, own in _OWN.items():
        query = query.replace(shown, own)
    assert current.execute(query).fetchall()


def test_every_table_and_column_of_the_database_has_words(current: duckdb.DuckDBPyConnection) -> None:
    tables = current.execute("select table_name, comment from duckdb_tables() where not internal").fetchall()
    columns = current.execute("select table_name || '.' || column_name, comment from duckdb_columns() where not internal").fetchall()
    assert len(tables) > 17
    assert [name for name, comment in [*tables, *columns] if not comment] == []


def test_every_column_has_the_type_that_the_dictionary_says(current: duckdb.DuckDBPyConnection) -> None:
    page = (PROJECT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    said = {
        (table.split("`")[0], name): kind
        for table in page.split("\n## `")[1:]
        for name, kind in re.findall(r"^\| `(.*?)` \| (.*?) \|", table, re.MULTILINE)
    }
    found = current.execute("select table_name, column_name, data_type from duckdb_columns() where not internal").fetchall()
    assert {named(table, column): kind for table, column, kind in found} == said


def named(table: str, column: str) -> tuple[str, str]:
    """Table and column as the page names them: a wide ranking without its group, its scores without their indicator."""
    if not table.startswith("rpt_ranking_"):
        return table, column
    return "rpt_ranking_<group>", "score_<indicator>" if column.startswith("score_") else column
