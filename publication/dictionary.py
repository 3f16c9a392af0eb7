"""The data dictionary: every published table, what one row of it is, and every column, in Chinese and English, from dbt's descriptions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from publication.tables import PUBLISHED, score_column, wide_name
from publication.words import SOURCE
from storage.workspace import PROJECT

PATH = PROJECT / "docs" / "data-dictionary.md"
_SCHEMA = "ranking"
_COMPLETED_BY = {wide_name(""): "<group>", score_column(""): "<indicator>"}
_ANCHOR = re.compile("[^a-z0-9_-]")
_HEAD = """\
# Data dictionary 数据字典

The tables of `current.duckdb` and of every release folder (`<table>.parquet`) 当前数据库及各发布批次的数据表。

Written by `make docs` from the descriptions of the dbt project: change those, never this page. Every table begins with
`edition` 评价批次 and `release` 发布批次; tables are joined on `edition` and the codes that they share, as `docs/bi.md` shows. Scores and
totals are decimals in points 分. Moments are in UTC 世界协调时. Null 空值 means that there is none.
"""


def parse_manifest(project: Path = PROJECT / "dbt_project") -> dict[str, Any]:
    """The manifest that dbt makes of its project, without a warehouse; RuntimeError with dbt's own words where it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse", "--no-partial-parse"]
        folders = ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", folder, "--log-path", folder]
        done = subprocess.run([*command, *folders], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"dbt cannot read its project:\n{done.stdout}{done.stderr}")
        manifest: dict[str, Any] = json.loads((Path(folder) / "manifest.json").read_bytes())
    return manifest


def dictionary(manifest: dict[str, Any]) -> str:
    """The page: published tables by name, first all in one list, then each with its columns in their order."""
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["config"]["schema"] == _SCHEMA]
    tables = {node["name"]: node for node in models if node["name"].startswith(PUBLISHED)}
    tables |= {_shown(source["name"]): source for source in manifest["sources"].values() if source["source_name"] == SOURCE}
    contents = [f"- [`{name}`](#{_ANCHOR.sub('', name)}): {_text(tables[name])}" for name in sorted(tables)]
    return "\n".join([_HEAD, *contents, *(line for name in sorted(tables) for line in _table(name, tables[name]))]) + "\n"


def _table(name: str, node: dict[str, Any]) -> list[str]:
    columns = [f"| `{_shown(column['name'])}` | {_type(column)} | {_text(column)} |" for column in node["columns"].values()]
    return ["", f"## `{name}`", "", _text(node), "", "| column 列 | type 类型 | description 说明 |", "| --- | --- | --- |", *columns]


def _shown(name: str) -> str:
    """A name as the page writes it: one that a group or an indicator completes says so."""
    return name + _COMPLETED_BY.get(name, "")


def _type(column: dict[str, Any]) -> str:
    return (column.get("data_type") or "").replace(", ", ",").upper()


def _text(described: dict[str, Any]) -> str:
    return " ".join(described["description"].split()).replace("|", "\\|")
