"""What tables and columns mean, in Chinese and English: dbt's descriptions, which manifest, `current.duckdb` and dictionary repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from ruamel.yaml import YAML

from frameworks import Framework
from publication.tables import score_column, wide_name
from storage import Workspace
from storage.workspace import PROJECT

SOURCE = "release"
_DESCRIBED = PROJECT / "dbt_project" / "models" / "release.yml"


def release_words(workspace: Workspace, framework: Framework) -> dict[str, dict[str, Any]]:
    """Each published table's description and those of its columns: `{table: {description, columns: {column: description}}}`.

    A model's stand in the warehouse, where dbt wrote them; those of the tables that publication makes stand in dbt's source `release`;
    a wide table's score columns are named by the framework.
    """
    words = {**_warehouse_words(workspace.warehouse(framework.file.edition)), **source_words()}
    wide = words.pop(wide_name(""))
    scores = {
        score_column(
            indicator.code
        ): f"{indicator.name.zh}（{indicator.code}）得分（分） Score of {indicator.code} {indicator.name.en}, in points"
        for indicator in framework.file.indicators
    }
    for group in framework.file.entities.groups:
        label = framework.file.entities.labels.get(group)
        named = f" ({label.en} {label.zh})" if label else ""
        words[wide_name(group)] = {"description": f"{wide['description']}{named}", "columns": {**wide["columns"], **scores}}
    return words


def source_words() -> dict[str, dict[str, Any]]:
    """The descriptions of the tables that publication makes, as dbt's source `release` states them."""
    described = YAML(typ="safe").load(_DESCRIBED)
    return {
        table["name"]: {
            "description": table["description"],
            "columns": {column["name"]: column["description"] for column in table["columns"]},
        }
        for source in described["sources"]
        if source["name"] == SOURCE
        for table in source["tables"]
    }


def _warehouse_words(path: Path) -> dict[str, dict[str, Any]]:
    tables = """
        select table_name, comment from duckdb_tables() where schema_name = 'ranking'
        union all select view_name, comment from duckdb_views() where schema_name = 'ranking'"""
    columns = "select table_name, column_name, comment from duckdb_columns() where schema_name = 'ranking'"
    with duckdb.connect(str(path), read_only=True) as warehouse:
        words: dict[str, dict[str, Any]] = {
            name: {"description": comment or "", "columns": {}} for name, comment in warehouse.execute(tables).fetchall()
        }
        for table, column, comment in warehouse.execute(columns).fetchall():
            words[table]["columns"][column] = comment or ""
    return words
