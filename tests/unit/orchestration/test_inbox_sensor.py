import json
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock

import orchestration.resources
import orchestration.sensors
from orchestration.resources import Edition, close_dead_runs, edition_resource
from orchestration.sensors import digest_of_inbox, inbox, is_busy
from storage import Workspace, edition_lock, is_locked

EDITION = "north-2030"


@dg.op
def take(edition: dg.ResourceParam[Edition]) -> None:
    edition.workspace  # noqa: B018 — asking is what fails


@dg.job(resource_defs={"edition": edition_resource}, executor_def=dg.in_process_executor)
def hold() -> None:
    take()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = Workspace(tmp_path / "data", tmp_path / "frameworks")
    workspace.frameworks.mkdir()
    for edition in (EDITION, "south-2030"):
        workspace.framework_file(edition).touch()
    monkeypatch.setenv("ZHENGXIN_DATA", str(workspace.data))
    monkeypatch.setenv("ZHENGXIN_FRAMEWORKS", str(workspace.frameworks))
    monkeypatch.setattr(orchestration.sensors, "editions", dg.StaticPartitionsDefinition(workspace.editions()))
    return workspace


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def deliver(workspace: Workspace, name: str, text: str = "a", source: str = "provincial") -> Path:
    path = workspace.inbox(EDITION, source) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def look(instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    result = inbox(dg.build_sensor_context(instance=instance, cursor=cursor))
    assert isinstance(result, dg.SensorResult)
    return result


def asked(result: dg.SensorResult) -> list[str | None]:
    return [request.partition_key for request in result.run_requests or []]


def reason(result: dg.SensorResult) -> str:
    assert isinstance(result.skip_reason, dg.SkipReason)
    return result.skip_reason.skip_message or ""


def test_asks_for_the_edition_that_got_files_once_they_are_still(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    deliver(workspace, "a.csv")
    first = look(instance)
    assert asked(first) == []
    assert "still arriving" in reason(first)
    second = look(instance, first.cursor)
    assert asked(second) == [EDITION]
    third = look(instance, second.cursor)
    assert asked(third) == []
    assert reason(third) == "Nothing new in the inbox."


def test_waits_while_a_file_still_grows(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    path = deliver(workspace, "a.csv")
    first = look(instance)
    path.write_text("aa")
    second = look(instance, first.cursor)
    assert asked(second) == []
    assert asked(look(instance, second.cursor)) == [EDITION]


def test_asks_again_for_a_correction_that_comes_later(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    deliver(workspace, "a.csv")
    settled = look(instance, look(instance).cursor)
    deliver(workspace, "更正.csv", source="correction")
    noticed = look(instance, settled.cursor)
    again = look(instance, noticed.cursor)
    assert asked(again) == [EDITION]
    assert again.run_requests is not None
    assert settled.run_requests is not None
    assert again.run_requests[0].run_key != settled.run_requests[0].run_key


def test_waits_for_a_run_that_holds_the_edition_and_then_asks(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    deliver(workspace, "a.csv")
    seen = look(instance)
    with edition_lock(workspace, EDITION, "some run"):
        held = look(instance, seen.cursor)
    assert asked(held) == []
    assert "a run is writing" in reason(held)
    assert asked(look(instance, held.cursor)) == [EDITION]


def test_a_run_that_found_the_edition_held_is_asked_for_again(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    """Somebody's run took the lock between the sensor's look and the start of its own run."""
    deliver(workspace, "a.csv")
    settled = look(instance, look(instance).cursor)
    (request,) = settled.run_requests or []
    tags = {"dagster/partition": EDITION, "dagster/run_key": request.run_key or ""}
    with edition_lock(workspace, EDITION, "some run"):
        assert not hold.execute_in_process(instance=instance, tags=tags, raise_on_error=False).success
        held = look(instance, settled.cursor)
        assert asked(held) == []
        assert "a run is writing" in reason(held)
    again = look(instance, held.cursor)
    assert asked(again) == [EDITION]
    (second,) = again.run_requests or []
    assert second.run_key != request.run_key
    assert hold.execute_in_process(instance=instance, tags={**tags, "dagster/run_key": second.run_key or ""}).success
    assert asked(look(instance, again.cursor)) == []


def test_a_run_that_starts_while_the_sensor_asks_is_not_refused(workspace: Workspace) -> None:
    """The sensor's question is put as slowly as can be: it has the lock and has not let go yet."""
    path = workspace.edition_lock(EDITION)
    path.parent.mkdir(parents=True)
    asking = FileLock(path, thread_local=False)
    asking.acquire()
    threading.Timer(0.2, asking.release).start()
    with edition_lock(workspace, EDITION, "some run"):
        assert is_locked(workspace, EDITION)
    assert not is_locked(workspace, EDITION)


def test_a_killed_run_whose_record_says_started_keeps_nobody_waiting(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    instance.create_run_for_job(
        dg.GraphDefinition(name="evaluate_edition").to_job(), status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": EDITION}
    )
    assert not is_busy(instance, workspace, EDITION)


def test_a_run_about_to_start_is_waited_for(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    instance.create_run_for_job(
        dg.GraphDefinition(name="evaluate_edition").to_job(), status=dg.DagsterRunStatus.STARTING, tags={"dagster/partition": EDITION}
    )
    assert is_busy(instance, workspace, EDITION)
    assert not is_busy(instance, workspace, "south-2030")


def test_a_run_that_never_started_keeps_nobody_waiting_for_ever(
    workspace: Workspace, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between its record and its first step; ten minutes on, which are none here."""
    lost = instance.create_run_for_job(
        dg.GraphDefinition(name="evaluate_edition").to_job(), status=dg.DagsterRunStatus.STARTING, tags={"dagster/partition": EDITION}
    )
    close_dead_runs(instance, EDITION, "another run")
    assert instance.get_run_by_id(lost.run_id).status == dg.DagsterRunStatus.STARTING  # type: ignore[union-attr]
    for room in (orchestration.sensors, orchestration.resources):
        monkeypatch.setattr(room, "STARTS_WITHIN", timedelta(0))
    assert not is_busy(instance, workspace, EDITION)
    close_dead_runs(instance, EDITION, "another run")
    assert instance.get_run_by_id(lost.run_id).status == dg.DagsterRunStatus.FAILURE  # type: ignore[union-attr]


def test_a_framework_file_newer_than_the_code_location_stops_no_other_edition(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    workspace.framework_file("east-2031").touch()
    new = workspace.inbox("east-2031", "provincial") / "a.csv"
    new.parent.mkdir(parents=True)
    new.write_text("a")
    deliver(workspace, "a.csv")
    first = look(instance)
    assert "east-2031: its framework file is newer than this code location; reload the code location" in reason(first)
    assert asked(look(instance, first.cursor)) == [EDITION]


def test_the_digest_sees_name_size_and_time_and_nothing_else(workspace: Workspace) -> None:
    assert digest_of_inbox(workspace, EDITION) == ""
    path = deliver(workspace, "a.csv", "ab")
    before = digest_of_inbox(workspace, EDITION)
    assert before == digest_of_inbox(workspace, EDITION)
    os.utime(path, ns=(1, 1))
    touched = digest_of_inbox(workspace, EDITION)
    path.rename(path.with_name("b.csv"))
    renamed = digest_of_inbox(workspace, EDITION)
    assert len({before, touched, renamed}) == 3


def test_the_cursor_is_readable(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    deliver(workspace, "a.csv")
    cursor = look(instance).cursor
    assert json.loads(cursor or "")[EDITION] == [digest_of_inbox(workspace, EDITION), "", ""]


def test_is_off_until_switched_on() -> None:
    assert inbox.default_status == dg.DefaultSensorStatus.STOPPED
