"""A whole run by the commands of the README: once more, with a gate that fails, beside another run, with rules that are wrong.

Each test starts Dagster, dbt and Great Expectations as a user does, on a copy of the finished edition; that takes seconds each time.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from storage import Workspace, edition_lock, read_lines
from storage.workspace import PROJECT
from tests.pipeline import Outcome, run_edition
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


@pytest.fixture
def finished(worked: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the finished edition, to be broken."""
    shutil.copytree(worked.data, tmp_path / "data")
    shutil.copytree(worked.frameworks, tmp_path / "frameworks")
    return Workspace(tmp_path / "data", tmp_path / "frameworks")


def dagster(workspace: Workspace, *arguments: str) -> Outcome:
    """A plain Dagster command on the workspace, as the README shows it."""
    environment = os.environ | {
        "ZHENGXIN_DATA": str(workspace.data),
        "ZHENGXIN_FRAMEWORKS": str(workspace.frameworks),
        "ZHENGXIN_STATE": str(workspace.data / "dagster"),
        "DAGSTER_HOME": str(PROJECT),
    }
    command = [str(Path(sys.executable).with_name("dagster")), *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout + done.stderr)


def instance(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    monkeypatch.setenv("ZHENGXIN_STATE", str(workspace.data / "dagster"))
    return dg.DagsterInstance.from_config(str(PROJECT))


def steps(instance: dg.DagsterInstance, run: dg.DagsterRun) -> set[str]:
    """The steps that the run began."""
    records = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_START).records
    return {record.event_log_entry.step_key or "" for record in records}


def hashes(workspace: Workspace) -> dict[str, str]:
    """The SHA-256 of everything that is published."""
    files = [path for path in workspace.published.rglob("*") if path.is_file()]
    return {path.relative_to(workspace.published).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def flat(text: str) -> str:
    """Terminal output without its line breaks and paddings."""
    return " ".join(text.split())


def test_a_second_run_takes_nothing_in_and_publishes_nothing(finished: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before, releases = hashes(finished), read_lines(finished.release_ledger)
    ledger = finished.delivery_ledger.read_bytes()
    outcome = run_edition(finished, EDITION)
    assert outcome.code == 0, outcome.output
    assert "archive 0 new files" in flat(outcome.output)
    assert "nothing has changed, so no new release" in outcome.output
    assert (hashes(finished), read_lines(finished.release_ledger)) == (before, releases)
    assert finished.delivery_ledger.read_bytes() == ledger
    with instance(finished, monkeypatch) as dagster_instance:
        run = dagster_instance.get_runs(limit=1)[0]
        assert run.is_success
        assert run.tags["dagster/partition"] == EDITION
        event = dagster_instance.get_latest_materialization_event(dg.AssetKey("release"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.partition == EDITION
        assert event.asset_materialization.metadata["state"].value == "unchanged"


def test_a_missing_workbook_stops_the_run_at_gate_1(finished: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = next(iter(sorted(finished.inbox(EDITION, "self_assessment").rglob("*.xlsx"))))
    place = workbook.name.split("_")[0]
    fresh = Workspace(finished.data.with_name("fresh"), finished.frameworks)
    shutil.copytree(finished.data / "inbox", fresh.data / "inbox")
    for version in fresh.inbox(EDITION, "self_assessment").rglob(workbook.name):
        version.unlink()
    outcome = run_edition(fresh, EDITION)
    assert outcome.code == 1
    told = flat(outcome.output)
    assert "1 intake: FAILED 未通过" in told
    assert "2 scores: not reached" in told
    assert "every_entity_delivered" in told
    assert place in told
    assert not fresh.published.exists()
    with instance(fresh, monkeypatch) as dagster_instance:
        run = dagster_instance.get_runs(limit=1)[0]
        begun = steps(dagster_instance, run)
        assert "gate__intake" in begun
        assert begun.isdisjoint({"dbt_scoring", "gate__scores", "stage__analysis", "dbt_ranking", "gate__ranking", "release"})
        check = dagster_instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records[-1]
        evaluation = check.event_log_entry.dagster_event.asset_check_evaluation_data  # type: ignore[union-attr]
        assert not evaluation.passed
        assert evaluation.blocking
        assert r"every\_entity\_delivered" in (evaluation.description or "")
        rows = evaluation.metadata["at fault: rows"]
        assert isinstance(rows, dg.TableMetadataValue)
        assert place in json.dumps([record.data for record in rows.records], ensure_ascii=False)


@pytest.mark.parametrize(
    ("tampering", "gate", "expectation", "unreached"),
    [
        ("update scoring.indicator_scores set score = score + 1 where level = 1", "scores", "levels_add_up", {"dbt_ranking", "release"}),
        ("update ranking.fct_ranking set rank = 1", "ranking", "ranks_as_defined", {"release"}),
    ],
)
def test_what_was_tampered_with_in_the_warehouse_is_never_published(
    finished: Workspace, monkeypatch: pytest.MonkeyPatch, tampering: str, gate: str, expectation: str, unreached: set[str]
) -> None:
    before = hashes(finished)
    with duckdb.connect(str(finished.warehouse(EDITION))) as warehouse:
        warehouse.execute(tampering)
    selection = f'key:"gate/{gate}"+'
    outcome = dagster(finished, "asset", "materialize", "-m", "orchestration.definitions", "--select", selection, "--partition", EDITION)
    assert outcome.code != 0
    assert expectation in outcome.output
    assert hashes(finished) == before
    with instance(finished, monkeypatch) as dagster_instance:
        assert steps(dagster_instance, dagster_instance.get_runs(limit=1)[0]).isdisjoint(unreached)


def test_no_road_leads_round_a_gate(finished: Workspace) -> None:
    before = hashes(finished)
    with duckdb.connect(str(finished.warehouse(EDITION))) as warehouse:
        warehouse.execute("update ranking.fct_ranking set total = total + 1")
    outcome = dagster(finished, "asset", "materialize", "-m", "orchestration.definitions", "--select", "release", "--partition", EDITION)
    assert outcome.code != 0
    assert "gate ranking judged other data than lie there now" in flat(outcome.output)
    assert hashes(finished) == before


def test_a_second_run_beside_the_first_says_so_and_stops(finished: Workspace) -> None:
    before = hashes(finished)
    with edition_lock(finished, EDITION, "4711"):
        outcome = run_edition(finished, EDITION)
    assert outcome.code == 1
    assert f"{EDITION}: run 4711 is writing this edition; wait for it to end, or stop it, and start again." in outcome.output
    assert "Traceback" not in outcome.output
    assert hashes(finished) == before


def test_wrong_rules_are_named_with_their_lines(finished: Workspace) -> None:
    path = finished.framework_file(EDITION)
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("scale:"))
    lines[place] = "scale: many"
    path.write_text("\n".join(lines), encoding="utf-8")
    outcome = run_edition(finished, EDITION)
    assert outcome.code == 1
    assert f"frameworks/{EDITION}.yaml:{place + 1} scale: " in outcome.output
    assert "Traceback" not in outcome.output


def test_the_job_by_its_plain_command(finished: Workspace) -> None:
    tags = json.dumps({"dagster/partition": EDITION})
    outcome = dagster(finished, "job", "execute", "-m", "orchestration.definitions", "-j", "take_deliveries", "--tags", tags)
    assert outcome.code == 0, outcome.output
    assert "RUN_SUCCESS" in outcome.output
    assert "gate__intake" in outcome.output


def job(workspace: Workspace, name: str) -> Outcome:
    tags = json.dumps({"dagster/partition": EDITION})
    return dagster(workspace, "job", "execute", "-m", "orchestration.definitions", "-j", name, "--tags", tags)


def test_scores_from_before_a_correction_are_not_published_with_it(finished: Workspace) -> None:
    """Taking deliveries and publishing are jobs of their own; between them lie the scores."""
    before = hashes(finished)
    correction = finished.inbox(EDITION, "correction") / "2021-02-01" / "数据更正.csv"
    correction.parent.mkdir()
    correction.write_text("地区,数据编码,原值,更正值,理由,决定人\n西河区,law_self_score,80,20,申诉复核,核定组\n", encoding="utf-8")
    taken = job(finished, "take_deliveries")
    assert taken.code == 0, taken.output
    outcome = job(finished, "publish")
    assert outcome.code != 0
    assert "the warehouse's scores were computed from other data or rules" in flat(outcome.output)
    assert hashes(finished) == before


def test_a_model_that_the_project_no_longer_has_leaves_the_warehouse(finished: Workspace) -> None:
    with duckdb.connect(str(finished.warehouse(EDITION))) as warehouse:
        warehouse.execute("create table ranking.fct_retired as select edition, release from ranking.dim_edition")
    before = hashes(finished)
    outcome = run_edition(finished, EDITION)
    assert outcome.code == 0, outcome.output
    assert hashes(finished) == before
    with duckdb.connect(str(finished.warehouse(EDITION)), read_only=True) as warehouse:
        assert warehouse.execute("select * from duckdb_tables() where table_name = 'fct_retired'").fetchall() == []


def test_a_part_of_the_scores_is_not_built_over_those_of_an_earlier_run(finished: Workspace) -> None:
    selection = 'key:"scoring/build"'
    outcome = dagster(finished, "asset", "materialize", "-m", "orchestration.definitions", "--select", selection, "--partition", EDITION)
    assert outcome.code != 0
    assert f"{EDITION}: scores are built whole or not at all" in flat(outcome.output)
    assert finished.warehouse(EDITION).exists()
