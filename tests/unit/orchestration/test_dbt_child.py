import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import fingerprint
from storage.workspace import PROJECT

CHILD = PROJECT / "orchestration" / "dbt-child"
# A model that dbt would be at for hours.
SLOW = "select sum(hash(x.range * y.range)) as n from range(3000000) as x, range(3000000) as y"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: slow\nversion: '1.0'\nprofile: slow\nflags: {send_anonymous_usage_stats: false}\n")
    (folder / "profiles.yml").write_text(f"slow: {{target: t, outputs: {{t: {{type: duckdb, path: '{tmp_path / 'w.duckdb'}'}}}}}}\n")
    (folder / "models" / "slow.sql").write_text("{{ config(materialized='table') }}\n" + SLOW)
    return folder


def environment() -> dict[str, str]:
    return {**os.environ, "ZHENGXIN_PYTHON": sys.executable}


def test_tells_its_version_without_asking_the_network() -> None:
    told = subprocess.run([CHILD, "--version"], capture_output=True, text=True, check=True, env=environment()).stdout
    assert told.startswith("installed: 1.")


def test_an_orphan_from_birth_ends_before_it_begins(project: Path, tmp_path: Path) -> None:
    """Its parent was killed while Python was starting: whose child it is by then is not who started it."""
    parent = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True).stdout
    command = [str(CHILD), "run", "--project-dir", str(project), "--profiles-dir", str(project)]
    done = subprocess.run(
        command, env={**environment(), "ZHENGXIN_PARENT": parent}, timeout=60, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert not (tmp_path / "w.duckdb").exists()


@pytest.mark.slow
def test_dies_with_its_parent_and_lets_the_next_one_write(project: Path, tmp_path: Path) -> None:
    """Slow: dbt takes seconds to start."""
    started = (
        "import os, subprocess; os.environ['ZHENGXIN_PARENT'] = str(os.getpid()); "
        f"subprocess.run([{str(CHILD)!r}, 'run', '--project-dir', {str(project)!r}, '--profiles-dir', {str(project)!r}])"
    )
    parent = subprocess.Popen([sys.executable, "-c", started], env=environment(), stdout=subprocess.PIPE, text=True, cwd=project)
    assert parent.stdout is not None
    assert any("START sql table model" in line for line in parent.stdout)
    with pytest.raises(duckdb.IOException):
        duckdb.connect(str(tmp_path / "w.duckdb"))
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while True:
        try:
            duckdb.connect(str(tmp_path / "w.duckdb")).close()
            break
        except duckdb.IOException:
            assert time.monotonic() < deadline, "the orphan still writes"
            time.sleep(0.1)


def test_the_manifest_is_made_anew_when_a_file_of_the_project_changes_and_only_then(project: Path) -> None:
    first = fingerprint(project)
    (project / "target").mkdir()
    (project / "target" / "manifest.json").write_text("{}")
    (project / ".user.yml").write_text("id: 1")
    assert fingerprint(project) == first
    (project / "models" / "slow.sql").write_text("select 1 as n")
    second = fingerprint(project)
    assert second != first
    (project / "models" / "slow.sql").rename(project / "models" / "quick.sql")
    assert fingerprint(project) not in {first, second}
