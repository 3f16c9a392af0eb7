"""What is delivered is for the office alone, whoever made the folder."""

from pathlib import Path

import pytest

from storage import Workspace


@pytest.mark.parametrize("mode", [None, 0o755, 0o770])
def test_the_data_folder_is_its_owners_alone(tmp_path: Path, mode: int | None) -> None:
    workspace = Workspace(tmp_path / "data", tmp_path / "frameworks")
    if mode is not None:
        workspace.inbox("north-2030", "provincial").mkdir(parents=True)
        workspace.data.chmod(mode)
    workspace.prepare()
    assert workspace.data.stat().st_mode & 0o777 == 0o700
