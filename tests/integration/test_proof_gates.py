"""Each gate stops a run while a release is due: nothing behind it begins, what is published keeps its hashes, the check names the rows.

An earlier release is published in each folder here, and the rules have changed since, so that a run that came through would publish
another one: `test_without_a_fault_the_release_that_is_due_is_published` shows that it would.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from storage import Gate, Workspace
from tests.history import instance, steps, verdict
from tests.pipeline import Outcome, dagster, hashes, run_edition
from tests.proof import shown
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("proof"), pytest.mark.timeout(1800)]
RELEASE = dg.AssetKey("release")
# The steps in the order in which data pass them; what follows a gate stands after it.
WAY = ["gate__intake", "dbt_scoring", "gate__scores", "stage__analysis", "dbt_ranking", "gate__ranking", "release"]
WAIVERS = """\
    - dataset: waivers
      label: {zh: 门禁豁免, en: Waivers of a gate}
      files: "*豁免*"
      layout: records
      kind: waiver
      key: [gate, expectation, entities]
      columns:
        gate: {headers: [门禁], type: text}
        expectation: {headers: [检查项], type: text}
        entities: {headers: [涉及地区], type: text}
        reason: {headers: [理由], type: text}
        decided_by: {headers: [批准人], type: text, personal: true}
"""


def with_a_release_due(worked: Workspace, folder: Path) -> Workspace:
    """The worked edition's files in a folder that has taken nothing in yet; its release is published there, its rules have changed."""
    workspace = Workspace(folder / "data", folder / "frameworks")
    for kept in ("inbox", "published"):
        shutil.copytree(worked.data / kept, workspace.data / kept)
    shutil.copytree(worked.frameworks, workspace.frameworks)
    rules = workspace.framework_file(EDITION)
    text = rules.read_text(encoding="utf-8")
    place = "    - dataset: falsified\n"
    assert text.count(place) == 1
    rules.write_text(text.replace(place, WAIVERS + place), encoding="utf-8")
    return workspace


@pytest.fixture
def due(worked: Workspace, tmp_path: Path) -> Workspace:
    return with_a_release_due(worked, tmp_path)


@pytest.fixture(scope="module")
def judged_once(worked: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Everything but the release, by Dagster's own selection."""
    workspace = with_a_release_due(worked, tmp_path_factory.mktemp("judged"))
    before = hashes(workspace.published)
    outcome = materialise(workspace, '+key:"gate/ranking" or +key:"stage/scenarios"')
    assert outcome.code == 0, outcome.output
    assert hashes(workspace.published) == before
    return workspace


@pytest.fixture
def ranked(judged_once: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, to be tampered with."""
    shutil.copytree(judged_once.data, tmp_path / "data")
    return Workspace(tmp_path / "data", judged_once.frameworks)


def materialise(workspace: Workspace, selection: str) -> Outcome:
    return dagster(workspace, "asset", "materialize", "-m", "orchestration.definitions", "--select", selection, "--partition", EDITION)


def rows_at_fault(workspace: Workspace, gate: Gate, expectation: str) -> str:
    """The rows that the gate's failed check shows. Asserts that it blocks, names the expectation, and that nothing behind it has begun."""
    with instance(workspace) as history:
        said, begun = verdict(history, gate), steps(history)
        assert history.get_latest_materialization_event(RELEASE) is None
    assert not said.passed
    assert said.blocking
    assert said.severity == dg.AssetCheckSeverity.ERROR
    described = (said.description or "").replace("\\", "")
    assert f"FAILED 未通过 · {expectation} · " in described
    assert begun.isdisjoint(WAY[WAY.index(f"gate__{gate}") + 1 :])
    assert f"gate__{gate}" in begun
    tables = [value for value in said.metadata.values() if isinstance(value, dg.TableMetadataValue)]
    rows = [record.data for table in tables for record in table.records]
    told = [row for row in rows if row.get("expectation") == expectation and "observed" not in row]
    assert told
    return described + json.dumps(told, ensure_ascii=False)


def test_a_missing_workbook_stops_the_run_until_a_waiver_is_delivered(due: Workspace) -> None:
    before = hashes(due.published)
    for version in due.inbox(EDITION, "self_assessment").rglob("北山县_自评表.xlsx"):
        version.unlink()
    outcome = run_edition(due, EDITION)
    assert outcome.code == 1
    assert "1 intake: FAILED 未通过" in outcome.output
    assert "2 scores: not reached" in outcome.output
    told = rows_at_fault(due, "intake", "every_entity_delivered")
    assert "北山县 workbook" in told
    assert '"entity_code": "990222"' in told
    assert hashes(due.published) == before
    assert (due.receipts(EDITION) / "summary.html").exists()  # what was delivered is answered, whatever a gate says

    waiver = due.inbox(EDITION, "correction") / "2021-01-20" / "门禁豁免.csv"
    waiver.parent.mkdir()
    waiver.write_text("门禁,检查项,涉及地区,理由,批准人\nintake,every_entity_delivered,北山县,拒不报送,王安石\n", encoding="utf-8")
    outcome = run_edition(due, EDITION)
    assert outcome.code == 0, outcome.output
    assert (
        before.items() - {("current.duckdb", before["current.duckdb"]), ("ledger.jsonl", before["ledger.jsonl"])}
        <= hashes(due.published).items()
    )
    check_waived(due, shown(due)[EDITION])


def check_waived(workspace: Workspace, release: str) -> None:
    """The waiver stands in the manifest and in `fct_gate_result` by its file's hash and with its reason, and without a person's name."""
    manifest = (workspace.release(EDITION, release) / "manifest.json").read_text(encoding="utf-8")
    facts = json.loads(manifest)
    (load_id,) = [delivery["sha256"] for delivery in facts["deliveries"] if delivery["dataset"] == "waivers"]
    (waived,) = [result for result in facts["gates"] if result["outcome"] == "waived"]
    assert (waived["gate"], waived["expectation"]) == ("intake", "every_entity_delivered")
    assert (waived["waived_by"], waived["reason"], waived["observed"]) == (load_id, "拒不报送", 1)
    assert "王安石" not in manifest
    with duckdb.connect(str(workspace.current), read_only=True) as current:
        query = "select gate, expectation, waived_by, reason from fct_gate_result where outcome = 'waived'"
        assert current.execute(query).fetchall() == [("intake", "every_entity_delivered", load_id, "拒不报送")]
        assert current.execute("select state from dim_release").fetchall() == [("waived",)]


def test_a_source_cut_in_half_stops_the_run(due: Workspace) -> None:
    before = hashes(due.published)
    (table,) = due.inbox(EDITION, "provincial").rglob("财政.csv")
    header, *rows = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join([header, *rows[: len(rows) // 2]]), encoding="utf-8-sig")
    outcome = run_edition(due, EDITION)
    assert outcome.code == 1
    told = rows_at_fault(due, "intake", "dataset_coverage")
    for lost in csv.reader(rows[len(rows) // 2 :]):
        assert lost[0].removeprefix("丙州市").removeprefix("甲州市") in told
    assert hashes(due.published) == before


@pytest.mark.parametrize(
    ("tampering", "gate", "expectation", "row"),
    [
        pytest.param(
            "update scoring.indicator_scores set score = score + 1 where entity_code = '990102' and indicator_code in ('A1', 'A', 'TOTAL')",
            "scores", "levels_add_up", "东河区", id="a score",
        ),
        pytest.param(
            "update ranking.fct_ranking set rank = 1 where entity_code = '990103'", "ranking", "ranks_as_defined", "西河区", id="a rank"
        ),
    ],
)  # fmt: skip
def test_what_was_tampered_with_stops_the_run(ranked: Workspace, tampering: str, gate: Gate, expectation: str, row: str) -> None:
    before = hashes(ranked.published)
    with duckdb.connect(str(ranked.warehouse(EDITION))) as warehouse:
        warehouse.execute(tampering)
    outcome = materialise(ranked, f'key:"gate/{gate}"+')
    assert outcome.code != 0
    assert row in rows_at_fault(ranked, gate, expectation)
    assert hashes(ranked.published) == before


def test_without_a_fault_the_release_that_is_due_is_published(ranked: Workspace) -> None:
    before = shown(ranked)
    outcome = materialise(ranked, 'key:"release"')
    assert outcome.code == 0, outcome.output
    assert shown(ranked)[EDITION] != before[EDITION]
