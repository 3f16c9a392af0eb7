import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from frameworks import load_framework
from orchestration.schedules import is_collecting, monthly
from storage import Workspace
from storage.workspace import PROJECT

# Its window, as the file says: 2020-10-01 to 2021-01-31, in the time zone of Shanghai (UTC+8).
EDITION = "jiangsu-2020"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = Workspace(tmp_path / "data", tmp_path / "frameworks")
    shutil.copytree(PROJECT / "frameworks", workspace.frameworks)
    monkeypatch.setenv("ZHENGXIN_DATA", str(workspace.data))
    monkeypatch.setenv("ZHENGXIN_FRAMEWORKS", str(workspace.frameworks))
    return workspace


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2020, 9, 30, 15, 59, tzinfo=UTC), False),
        (datetime(2020, 9, 30, 16, 0, tzinfo=UTC), True),  # midnight of 1 October in Shanghai
        (datetime(2021, 1, 31, 15, 59, tzinfo=UTC), True),
        (datetime(2021, 1, 31, 16, 0, tzinfo=UTC), False),
    ],
)
def test_the_window_holds_both_its_days_in_the_editions_time_zone(workspace: Workspace, moment: datetime, *, expected: bool) -> None:
    assert is_collecting(load_framework(workspace, EDITION), moment) is expected


def requests(moment: datetime) -> list[str | None]:
    with dg.build_schedule_context(scheduled_execution_time=moment) as context:
        ticked = monthly(context)
    assert isinstance(ticked, Iterator)
    return [request.partition_key for request in ticked if isinstance(request, dg.RunRequest)]


def test_asks_for_every_edition_that_is_collecting_and_for_no_other(workspace: Workspace) -> None:
    assert requests(datetime(2020, 11, 1, 3, tzinfo=UTC)) == [EDITION]
    assert requests(datetime(2030, 11, 1, 3, tzinfo=UTC)) == []


def test_a_broken_framework_keeps_no_other_edition_from_running(workspace: Workspace) -> None:
    workspace.framework_file("broken").write_text("edition: [")
    assert requests(datetime(2020, 11, 1, 3, tzinfo=UTC)) == [EDITION]


def test_a_framework_file_newer_than_the_code_location_keeps_no_other_edition_from_running(workspace: Workspace) -> None:
    text = workspace.framework_file(EDITION).read_text(encoding="utf-8").replace(f"edition: {EDITION}", "edition: jiangsu-2020b")
    workspace.framework_file("jiangsu-2020b").write_text(text, encoding="utf-8")
    assert requests(datetime(2020, 11, 1, 3, tzinfo=UTC)) == [EDITION]


def test_is_off_until_switched_on() -> None:
    assert monthly.default_status == dg.DefaultScheduleStatus.STOPPED
