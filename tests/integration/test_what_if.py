"""What if one input had been another: the figures of the worked edition, changed in one place and worked again by hand.

990200 law_score 84 → 85.2    A1 = 10 × (0.7 × (85.2 − 60) ÷ 40 + 0.3 × 72 ÷ 100) = 4.41 + 2.16 = 6.57, not 6.36:
                              75.43 + 0.21 = 75.64, which parts the tie with 990100 (75.43): that one falls to rank 2
990300 calls_reply_score → 1  A3.2 has 4 points and one measure, the score itself: 4 × 1 in place of 4 × 0.5: 38.28 + 2 = 40.28
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import dagster as dg
import pytest

from frameworks import load_framework
from orchestration.scratch import ScratchRefused
from orchestration.what_if import what_if
from storage import Workspace, edition_lock
from tests.pipeline import environment, hashes
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


def asked(workspace: Workspace, entity: str, code: str, value: str) -> list[tuple[Any, ...]]:
    moved = what_if(workspace, load_framework(workspace, EDITION), entity, code, value)
    return moved.select("entity_code", "total_before", "total_after", "rank_before", "rank_after").rows()


def stands(workspace: Workspace) -> dict[str, str]:
    """The digests of all that an answer must leave as it is."""
    return {
        path: digest for path, digest in hashes(workspace.data).items() if not path.endswith((".lock", ".log")) and "dagster" not in path
    }


def test_whoever_moves_is_told_with_both_totals_and_ranks_and_nothing_is_written(worked: Workspace) -> None:
    """Slow: dbt scores a copy of the edition."""
    before = stands(worked)
    assert any(path.startswith("published/") for path in before)
    assert any(path.endswith(".duckdb") for path in before)
    tie = Decimal("75.43")
    assert asked(worked, "990200", "law_score", "85.2") == [
        ("990200", tie, Decimal("75.64"), 1, 1),
        ("990100", tie, tie, 1, 2),
    ]
    assert stands(worked) == before


def test_an_input_made_of_records_can_be_asked_about_too(worked: Workspace) -> None:
    """Slow: as above. The place is given by its name."""
    assert asked(worked, "丙州市", "calls_reply_score", "1") == [("990300", Decimal("38.28"), Decimal("40.28"), 3, 3)]


def test_the_job_shows_the_same_as_a_table(worked: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow: as above."""
    for name, value in environment(worked).items():
        monkeypatch.setenv(name, value)
    from orchestration.questions import what_if_job

    config = {"edition": EDITION, "entity": "990200", "input": "law_score", "value": "85.2"}
    outcome = what_if_job.execute_in_process(
        run_config={"ops": {"ask_what_if": {"config": config}}}, instance=dg.DagsterInstance.ephemeral()
    )
    (output,) = [event.step_output_data for event in outcome.all_events if event.is_successful_output]
    told = output.metadata["before and after 前后对比"]
    assert isinstance(told, dg.TableMetadataValue)
    assert [(record.data["entity_code"], record.data["rank_after"]) for record in told.records] == [("990200", "1"), ("990100", "2")]


@pytest.mark.parametrize(
    ("entity", "code", "value", "said"),
    [
        ("990999", "law_score", "80", "there is no entity 990999"),
        ("东河区", "law_score", "80", "2 entities are called 东河区; give the code or the full name of one"),
        ("990200", "law", "80", "there is no input law; known are"),
        ("990200", "law_score", "many", "“many” is no value of law_score; give a number"),
        ("990200", "law_score", "nan", "“nan” is no value of law_score; give a number"),
        ("990200", "law_score", "101", "101 of law_score would be rejected; give a value from 0 to 100"),
        ("990200", "cases_decided", "1.5", "“1.5” is no value of cases_decided; give a whole number"),
        ("990200", "debt_level", "blue", "“blue” is no value of debt_level; give one of green"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(worked: Workspace, entity: str, code: str, value: str, said: str) -> None:
    with pytest.raises(ScratchRefused, match=said.replace("(", r"\(")):
        asked(worked, entity, code, value)


def test_an_edition_that_a_run_is_writing_is_left_alone(worked: Workspace) -> None:
    with edition_lock(worked, EDITION, "of a test"), pytest.raises(ScratchRefused, match="of a test is writing"):
        asked(worked, "990200", "law_score", "85.2")


def test_scores_of_other_data_are_not_compared_with(worked: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.scratch.release_id", lambda *_: "ffffffffffff")
    with pytest.raises(ScratchRefused, match=f"make run EDITION={EDITION}"):
        asked(worked, "990200", "law_score", "85.2")
