import shutil

import pytest

from frameworks import load_framework
from orchestration.demo import NotADemo, drop
from storage import Workspace
from storage.workspace import PROJECT

EDITION = "jiangsu-2019"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("demo") / "data", PROJECT / "frameworks")


@pytest.mark.slow
def test_drops_once_and_never_beside_somebodys_own_deliveries(workspace: Workspace) -> None:
    """Slow: a whole year's deliveries are made, three times."""
    framework = load_framework(workspace, EDITION)
    first = drop(workspace, framework)
    assert first.new == first.files > 100
    inbox = workspace.data / "inbox" / EDITION
    before = {path: path.stat().st_mtime_ns for path in inbox.rglob("*")}
    assert drop(workspace, framework).new == 0
    assert {path: path.stat().st_mtime_ns for path in inbox.rglob("*")} == before
    own = inbox / "correction" / "更正.csv"
    own.parent.mkdir(exist_ok=True)
    own.write_text("地区,更正值\n", encoding="utf-8")
    shutil.rmtree(inbox / "opinion")
    with pytest.raises(NotADemo, match=r"1 files that are not the demonstration's, such as correction/更正\.csv"):
        drop(workspace, framework)
    assert not (inbox / "opinion").exists()
    assert [path.name for path in workspace.data.iterdir()] == ["inbox"]
