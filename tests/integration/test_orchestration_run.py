"""A whole run by the commands of the README: once more, beside another run, round a gate, with rules that are wrong.

What a gate does that fails stands in test_proof_gates.py.

Each test starts Dagster, dbt and Great Expectations as a user does, on a copy of the finished edition; that takes seconds each time.
"""

import json
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.vocabulary import STATE_LABEL
from storage import Workspace, edition_lock, read_lines
from tests.history import instance, last_run
from tests.pipeline import Outcome, dagster, hashes, run_edition
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


@pytest.fixture
def finished(worked: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the finished edition, to be broken."""
    shutil.copytree(worked.data, tmp_path / "data")
    shutil.copytree(worked.frameworks, tmp_path / "frameworks")
    return Workspace(tmp_path / "data", tmp_path / "frameworks")


def flat(text: str) -> str:
    """Terminal output without its line breaks and paddings."""
    return " ".join(text.split())


def test_a_second_run_takes_nothing_in_and_publishes_nothing(finished: Workspace) -> None:
    before, releases = hashes(finished.published), read_lines(finished.release_ledger)
    ledger = finished.delivery_ledger.read_bytes()
    outcome = run_edition(finished, EDITION)
    assert outcome.code == 0, outcome.output
    assert "archive 0 new files" in flat(outcome.output)
    assert "nothing has changed, so no new release" in outcome.output
    assert (hashes(finished.published), read_lines(finished.release_ledger)) == (before, releases)
    assert finished.delivery_ledger.read_bytes() == ledger
    with instance(finished) as history:
        run = last_run(history)
        assert run.is_success
        assert run.tags["dagster/partition"] == EDITION
        event = history.get_latest_materialization_event(dg.AssetKey("release"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.partition == EDITION
        assert event.asset_materialization.metadata[STATE_LABEL].value == "unchanged"


def test_no_road_leads_round_a_gate(finished: Workspace) -> None:
    before = hashes(finished.published)
    with duckdb.connect(str(finished.warehouse(EDITION))) as warehouse:
        warehouse.execute("update ranking.fct_ranking set total = total + 1")
    outcome = dagster(finished, "asset", "materialize", "-m", "orchestration.definitions", "--select", "release", "--partition", EDITION)
    assert outcome.code != 0
    assert "gate ranking judged other data than lie there now" in flat(outcome.output)
    assert hashes(finished.published) == before


def test_a_second_run_beside_the_first_says_so_and_stops(finished: Workspace) -> None:
    before = hashes(finished.published)
    with edition_lock(finished, EDITION, "4711"):
        outcome = run_edition(finished, EDITION)
    assert outcome.code == 1
    assert f"{EDITION}: run 4711 is writing this edition; wait for it to end, or stop it, and start again." in outcome.output
    assert "Traceback" not in outcome.output
    assert hashes(finished.published) == before


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
    before = hashes(finished.published)
    correction = finished.inbox(EDITION, "correction") / "2021-02-01" / "数据更正.csv"
    correction.parent.mkdir()
    correction.write_text("地区,数据编码,原值,更正值,理由,决定人\n西河区,law_self_score,80,20,申诉复核,核定组\n", encoding="utf-8")
    taken = job(finished, "take_deliveries")
    assert taken.code == 0, taken.output
    outcome = job(finished, "publish")
    assert outcome.code != 0
    assert "the warehouse's scores were computed from other data, rules or code" in flat(outcome.output)
    assert hashes(finished.published) == before


def test_a_model_that_the_project_no_longer_has_leaves_the_warehouse(finished: Workspace) -> None:
    with duckdb.connect(str(finished.warehouse(EDITION))) as warehouse:
        warehouse.execute("create table ranking.fct_retired as select edition, release from ranking.dim_edition")
    before = hashes(finished.published)
    outcome = run_edition(finished, EDITION)
    assert outcome.code == 0, outcome.output
    assert hashes(finished.published) == before
    with duckdb.connect(str(finished.warehouse(EDITION)), read_only=True) as warehouse:
        assert warehouse.execute("select * from duckdb_tables() where table_name = 'fct_retired'").fetchall() == []


def test_a_part_of_the_scores_is_not_built_over_those_of_an_earlier_run(finished: Workspace) -> None:
    selection = 'key:"scoring/build"'
    outcome = dagster(finished, "asset", "materialize", "-m", "orchestration.definitions", "--select", selection, "--partition", EDITION)
    assert outcome.code != 0
    assert f"{EDITION}: scores are built whole or not at all" in flat(outcome.output)
    assert finished.warehouse(EDITION).exists()
