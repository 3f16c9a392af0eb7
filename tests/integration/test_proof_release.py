"""The same deliveries give the same release, byte for byte: in another order, folder or time zone, and after kills.

Each test is a run of the whole product in a folder of its own, and more; it takes about a minute on two cores.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Workspace, read_lines
from tests.pipeline import copy_files, hashes, run_edition
from tests.proof import MOMENTS, deliver_shuffled, kill_when, shown, take_deliveries
from tests.worked.deliveries import EDITION, make_inbox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("proof"), pytest.mark.timeout(1800)]


@pytest.fixture
def fresh(worked: Workspace, tmp_path: Path) -> Workspace:
    """A data folder in which there is nothing yet, with the rules of the edition."""
    workspace = Workspace(tmp_path / "another place" / "data", tmp_path / "another place" / "frameworks")
    copy_files(worked.frameworks.iterdir(), workspace.frameworks)
    return workspace


def released(workspace: Workspace) -> dict[str, str]:
    """Every file of every release of the edition, with the release's name in its path, and its SHA-256."""
    return hashes(workspace.published / EDITION)


def test_files_in_another_order_and_in_two_portions_give_the_same_bytes(
    worked: Workspace, fresh: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first portion goes through the intake before the second one comes; folder, clock and zone of the machine are others too."""
    monkeypatch.setenv("TZ", "Pacific/Apia")
    inbox = worked.data / "inbox" / EDITION
    files = [path for path in inbox.rglob("*") if path.is_file()]

    def take_the_first_portion() -> None:
        outcome = take_deliveries(fresh, EDITION)
        assert outcome.code != 0, "half of the files were enough for gate 1"
        assert len(read_lines(fresh.delivery_ledger)) == len(files) // 2

    deliver_shuffled(files, inbox, fresh.data / "inbox" / EDITION, between=take_the_first_portion)
    outcome = run_edition(fresh, EDITION)
    assert outcome.code == 0, outcome.output
    assert len(read_lines(fresh.delivery_ledger)) == len(files)
    order = [line["sha256"] for line in read_lines(fresh.delivery_ledger)]
    assert order != [line["sha256"] for line in read_lines(worked.delivery_ledger)]
    assert released(fresh) == released(worked)


def test_killed_at_five_moments_and_started_again_it_gives_the_same_bytes(worked: Workspace, fresh: Workspace) -> None:
    """One edition, killed at one moment after the other, each start going on from what the kill before it left."""
    make_inbox(fresh.data)
    killed = {}
    for moment in MOMENTS:
        killed[moment] = kill_when(fresh, EDITION, moment)
        assert shown(fresh).keys() <= {EDITION}, moment
    # The last of them is so near the end that on a busy machine the run may get there before the signal does.
    assert all(list(killed.values())[:-1]), killed
    outcome = run_edition(fresh, EDITION)
    assert outcome.code == 0, outcome.output
    assert released(fresh) == released(worked)
    assert shown(fresh) == shown(worked)
    assert len(read_lines(fresh.release_ledger)) == 1
    assert len(read_lines(fresh.delivery_ledger)) == len(read_lines(worked.delivery_ledger))
