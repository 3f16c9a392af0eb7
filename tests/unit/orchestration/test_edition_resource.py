from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.resources import Edition, close_dead_runs, edition_resource
from storage import EditionLocked, Workspace, edition_lock

EDITION = "north-2030"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("ZHENGXIN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHENGXIN_FRAMEWORKS", str(tmp_path / "frameworks"))
    return Workspace.from_environment()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@dg.op
def write(edition: dg.ResourceParam[Edition]) -> None:
    with pytest.raises(EditionLocked), edition_lock(edition.workspace, edition.code, "somebody else"):
        pass


@dg.op
def read_rules(edition: dg.ResourceParam[Edition]) -> None:
    edition.framework  # noqa: B018 — reading is what fails


@dg.job(resource_defs={"edition": edition_resource}, executor_def=dg.in_process_executor)
def one_step() -> None:
    write()


@dg.job(resource_defs={"edition": edition_resource}, executor_def=dg.in_process_executor)
def rules() -> None:
    read_rules()


def run(job: dg.JobDefinition, instance: dg.DagsterInstance, edition: str | None = EDITION) -> tuple[bool, list[str | None]]:
    tags = {"dagster/partition": edition} if edition else {}
    outcome = job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)
    failed = [event.step_failure_data.user_failure_data for event in outcome.all_events if event.is_step_failure]
    return outcome.success, [data.description if data else None for data in failed]


def test_the_lock_is_held_while_the_steps_run_and_free_afterwards(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    assert run(one_step, instance) == (True, [])
    with edition_lock(workspace, EDITION, "the next one"):
        pass
    assert workspace.data.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_run_was_writing_is_gone_once_the_next_one_runs(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    left = [workspace.lake("provincial", EDITION) / ".a.parquet.999-0.tmp", workspace.dbt / ".scratch-a" / "copy"]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
    with edition_lock(workspace, EDITION, "4711"):
        run(one_step, instance)
    assert all(path.exists() for path in left)  # a run that may not have the edition sweeps nothing
    assert run(one_step, instance) == (True, [])
    assert not any(path.exists() for path in left)


def test_a_second_run_says_which_run_holds_the_edition(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    with edition_lock(workspace, EDITION, "4711"):
        success, said = run(one_step, instance)
    assert not success
    assert said == [f"{EDITION}: run 4711 is writing this edition; wait for it to end, or stop it, and start again."]


def test_other_editions_run_meanwhile(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    with edition_lock(workspace, "south-2030", "4711"):
        assert run(one_step, instance) == (True, [])


def test_a_run_without_an_edition_says_so(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    assert run(one_step, instance, edition=None) == (False, ["No edition was named: choose a partition and start again."])


def test_every_mistake_of_a_framework_is_told_in_a_line_of_its_own(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    workspace.frameworks.mkdir()
    workspace.framework_file(EDITION).write_text("edition: north-2030\nscale: many\ncolour: red\n", encoding="utf-8")
    success, said = run(rules, instance)
    assert not success
    lines = (said[0] or "").splitlines()
    assert any(line.startswith(f"frameworks/{EDITION}.yaml:2 scale: ") for line in lines)
    assert any(line.startswith(f"frameworks/{EDITION}.yaml:3 colour: ") for line in lines)


def test_whoever_takes_the_lock_closes_the_runs_that_were_killed(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    def left(edition: str, status: dg.DagsterRunStatus) -> str:
        return instance.create_run_for_job(one_step, status=status, tags={"dagster/partition": edition}).run_id

    killed = left(EDITION, dg.DagsterRunStatus.STARTED)
    stopping = left(EDITION, dg.DagsterRunStatus.CANCELING)
    elsewhere = left("south-2030", dg.DagsterRunStatus.STARTED)
    done = left(EDITION, dg.DagsterRunStatus.SUCCESS)
    assert run(one_step, instance) == (True, [])
    statuses = {run_id: instance.get_run_by_id(run_id).status for run_id in (killed, stopping, elsewhere, done)}  # type: ignore[union-attr]
    assert statuses == {
        killed: dg.DagsterRunStatus.FAILURE,
        stopping: dg.DagsterRunStatus.FAILURE,
        elsewhere: dg.DagsterRunStatus.STARTED,
        done: dg.DagsterRunStatus.SUCCESS,
    }


def test_a_run_never_closes_itself(instance: dg.DagsterInstance) -> None:
    own = instance.create_run_for_job(one_step, status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": EDITION})
    close_dead_runs(instance, EDITION, own.run_id)
    assert instance.get_run_by_id(own.run_id).status == dg.DagsterRunStatus.STARTED  # type: ignore[union-attr]
