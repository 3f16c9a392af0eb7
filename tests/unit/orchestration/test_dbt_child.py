import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import fingerprint
from orchestration.dbt_process import Answer, Command, DbtChild
from storage.workspace import PROJECT

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


def command(project: Path, *arguments: str) -> Command:
    return Command([*arguments, "--project-dir", str(project), "--profiles-dir", str(project)], {}, None)


def said(answer: Answer) -> str:
    return b"".join(answer.stdout).decode()


def readable_within(path: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            duckdb.connect(str(path)).close()
        except duckdb.IOException:
            time.sleep(0.1)
        else:
            return True
    return False


def test_an_orphan_from_birth_ends_before_it_begins() -> None:
    """Its parent was killed while Python was starting: whose child it is by then is not who started it."""
    parent = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True).stdout
    script = [sys.executable, "-P", str(PROJECT / "orchestration" / "dbt_child.py"), parent.strip(), "ended "]
    asked = json.dumps({"arguments": ["--version"], "environment": {}, "parsed": None})
    done = subprocess.run(script, input=asked, timeout=60, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.slow
def test_one_process_obeys_several_commands_and_lets_others_read_between(project: Path, tmp_path: Path) -> None:
    """Slow: dbt takes seconds to start."""
    (project / "models" / "slow.sql").write_text("{{ config(materialized='table') }} select '{{ var(\"word\") }}' as word")
    with DbtChild(project) as child:
        words = []
        for word in ("first", "second"):
            answer = child.ask(command(project, "run", "--vars", f"{{word: {word}}}"))
            assert "PASS=1" in said(answer)
            assert answer.wait() == 0
            with duckdb.connect(str(tmp_path / "w.duckdb"), read_only=True) as warehouse:
                words += warehouse.execute("select word from slow").fetchall()
        assert words == [("first",), ("second",)]
        (project / "models" / "slow.sql").write_text("select no_such_column from no_such_table")
        answer = child.ask(command(project, "run"))
        assert "no_such_table" in said(answer)
        assert answer.wait() == 1


@pytest.mark.slow
def test_a_command_that_reports_says_what_is_no_debugging_and_each_models_rows_before_its_result(project: Path) -> None:
    """Slow: dbt takes seconds to start."""
    (project / "models" / "slow.sql").write_text("{{ config(materialized='table') }} select * from range(7)")
    (project / "models" / "view.sql").write_text("select * from {{ ref('slow') }} limit 3")
    (project / "models" / "wrong.sql").write_text("select no_such_column from {{ ref('view') }}")
    asked = replace(command(project, "--log-level", "none", "--log-level-file", "none", "run"), reports=True)
    with DbtChild(project) as child:
        answer = child.ask(asked)
        known, events = [], []
        for line in answer.stdout:
            events.append(json.loads(line))
            if events[-1]["info"]["name"] == "LogModelResult":
                known.append(dict(answer.rows))
    assert known == [{"main.slow": 7}, {"main.slow": 7, "main.view": 3}, {"main.slow": 7, "main.view": 3}]
    assert {event["info"]["level"] for event in events} == {"info", "error"}
    assert any("no_such_column" in event["info"]["msg"] for event in events if event["info"]["level"] == "error")
    assert answer.wait() == 1


@pytest.mark.slow
def test_the_command_after_one_that_was_stopped_has_a_process_of_its_own(project: Path, tmp_path: Path) -> None:
    """Slow: dbt takes seconds to start, twice."""
    with DbtChild(project) as child:
        answer = child.ask(command(project, "run"))
        assert any(b"START sql table model" in line for line in answer.stdout)
        answer.send_signal(signal.SIGINT)
        assert answer.wait(timeout=20) != 0
        (project / "models" / "slow.sql").write_text("select 1 as n")
        assert "PASS=1" in said(child.ask(command(project, "run")))


@pytest.mark.slow
def test_dies_with_its_parent_and_lets_the_next_one_write(project: Path, tmp_path: Path) -> None:
    """Slow: dbt takes seconds to start."""
    started = (
        "import sys; from pathlib import Path; from orchestration.dbt_process import Command, DbtChild; "
        f"answer = DbtChild(Path({str(project)!r})).ask(Command({list(command(project, 'run').arguments)!r}, {{}}, None)); "
        "[print(line.decode(), flush=True) for line in answer.stdout]"
    )
    parent = subprocess.Popen([sys.executable, "-c", started], stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    assert parent.stdout is not None
    assert any("START sql table model" in line for line in parent.stdout)
    with pytest.raises(duckdb.IOException):
        duckdb.connect(str(tmp_path / "w.duckdb"))
    parent.kill()
    parent.wait()
    assert readable_within(tmp_path / "w.duckdb", 5), "the orphan still writes"


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
