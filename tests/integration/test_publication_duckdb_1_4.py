"""`current.duckdb` opens in DuckDB 1.4, which many BI tools still carry, and reads there as it does here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage import Workspace
from tests.publication_world import LATER, SMALL, make_workspace, publish_version

# Every table whole, every comment, every type: what a tool asks for when it draws its tree and its first page.
READ_ALL = """
import duckdb, json, sys
with duckdb.connect(sys.argv[1], read_only=True) as current:
    read = lambda query: current.execute(query).fetchall()
    tables = read("select table_name, comment from duckdb_tables() where not internal order by all")
    columns = read("select table_name, column_name, data_type, comment from duckdb_columns() where not internal order by all")
    rows = {name: [[str(value) for value in row] for row in read(f'select * from "{name}"')] for name, _ in tables}
    print(json.dumps({"tables": tables, "columns": columns, "rows": rows}))
"""


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with DuckDB 1.4 and nothing else, in an environment of its own."""
    folder = tmp_path_factory.mktemp("older") / "venv"
    python = folder / "bin" / "python"
    uv = shutil.which("uv")
    make = [uv, "venv", "--quiet", str(folder)] if uv else [sys.executable, "-m", "venv", str(folder)]
    install = [uv, "pip", "install", "--quiet", "--python", str(python)] if uv else [str(python), "-m", "pip", "install", "--quiet"]
    for command in (make, [*install, "duckdb==1.4.*"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
        except subprocess.TimeoutExpired:
            pytest.skip("DuckDB 1.4 cannot be installed: the package registry did not answer within three minutes")
        if done.returncode:
            pytest.skip(f"DuckDB 1.4 cannot be installed, is a package registry reachable? {done.stderr.strip()[-200:]}")
    return python


def read_all(python: Path | str, current: Path) -> dict[str, Any]:
    done = subprocess.run([str(python), "-c", READ_ALL, str(current)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


@pytest.mark.slow
def test_duckdb_1_4_reads_every_table_and_comment(older: Path, tmp_path: Path) -> None:
    """Slow: installs another DuckDB."""
    workspace = make_workspace(tmp_path)
    for edition in (SMALL, LATER):
        publish_version(workspace, edition, 1)
    read = read_all(older, workspace.current)
    assert sum(len(rows) for rows in read["rows"].values()) > 1000
    assert read == read_all(sys.executable, workspace.current)


@pytest.mark.slow
@pytest.mark.xdist_group("worked")
def test_duckdb_1_4_reads_a_finished_edition(older: Path, worked: Workspace) -> None:
    """Slow: as above, and a run of the whole product."""
    assert read_all(older, worked.current) == read_all(sys.executable, worked.current)
