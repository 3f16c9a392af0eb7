"""What tests share: the finished edition that was worked by hand, made once for all that only read it."""

from __future__ import annotations

import pytest

from storage import Workspace
from storage.workspace import PROJECT
from tests.pipeline import copy_files, run_edition
from tests.worked.deliveries import EDITION, make_inbox


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-write", action="store_true", help="write the golden releases of tests/golden anew (make golden)")


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The edition after one run of the whole product. Tests that read it are of the xdist group `worked`, so that it runs once."""
    folder = tmp_path_factory.mktemp("worked")
    made = Workspace(data=folder / "data", frameworks=folder / "frameworks")
    copy_files((PROJECT / "tests" / "worked" / "frameworks").iterdir(), made.frameworks)
    make_inbox(made.data)
    outcome = run_edition(made, EDITION)
    assert outcome.code == 0, outcome.output
    return made
