"""Appeals beside the decisions that answer them: which are open, which are decided, and by what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources_world import World, form
from tests.unit.sources.test_appeals_and_versions import FIXED, made

RAISED = "地区,申诉事项,争议值,主张值,申诉理由,佐证\n"


@pytest.fixture
def due(tmp_path: Path) -> World:
    world = made(tmp_path)
    world.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21), ("trained", 7)]))
    return world


def appeals(world: World, *columns: str) -> list[tuple[Any, ...]]:
    world.run()
    return world.table("appeals").select(*columns).rows()


def raise_(world: World, day: str, *rows: str) -> None:
    world.drop(f"self_assessment/{day}/申诉.csv", RAISED + "".join(f"{row}\n" for row in rows))


def decide(world: World, day: str, *rows: str) -> None:
    world.drop(f"correction/{day}/更正.csv", FIXED + "".join(f"{row}\n" for row in rows))


def test_an_appeal_is_open_with_all_that_it_says_and_where_it_says_it(due: World) -> None:
    raise_(due, "2021-02-08", "南京市,officials,21,30,漏报两个单位,a.pdf")
    columns = (
        "entity_code",
        "subject_kind",
        "subject",
        "contested_value",
        "claimed_value",
        "claim",
        "evidence",
        "cell",
        "state",
        "decision",
    )
    assert appeals(due, *columns) == [("320100", "input", "officials", 21, 30, "漏报两个单位", "a.pdf", "B2", "open", None)]


@pytest.mark.parametrize(
    ("day", "row", "answer"),
    [
        ("2021-02-10", "南京市,officials,21,30,支持,属实,甲", ("decided", "accepted", 30.0, "属实")),
        ("2021-02-08", "南京市,officials,21,30,,属实,甲", ("decided", "accepted", 30.0, "属实")),  # of the same moment
        ("2021-02-10", "南京市,officials,21,,不予支持,证据不足,甲", ("decided", "refused", None, "证据不足")),
        ("2021-02-07", "南京市,officials,21,30,支持,属实,甲", ("open", None, None, None)),  # decided before anybody appealed
        ("2021-02-10", "徐州市,officials,,30,支持,属实,甲", ("open", None, None, None)),
        ("2021-02-10", "南京市,trained,7,9,支持,属实,甲", ("open", None, None, None)),
        ("2021-02-10", "南京市,officials,12,30,支持,属实,甲", ("open", None, None, None)),  # a reject: it contests another value
    ],
)
def test_a_decision_answers_an_appeal_of_its_place_and_input_that_was_sent_no_later(
    due: World, day: str, row: str, answer: tuple[Any, ...]
) -> None:
    raise_(due, "2021-02-08", "南京市,officials,21,30,漏报,a.pdf")
    decide(due, day, row)
    assert appeals(due, "state", "decision", "decided_value", "decision_reason") == [answer]


def test_who_decided_is_told_by_the_decisions_file_never_by_a_persons_name(due: World) -> None:
    raise_(due, "2021-02-08", "南京市,officials,21,30,漏报,")
    decide(due, "2021-02-10", "南京市,officials,21,30,支持,属实,欧阳明")
    ((name, file, cell),) = appeals(due, "decided_by", "decision_file", "decision_cell")
    assert (name, file, cell) == (None, "2021-02-10/更正.csv", "D2")


def test_a_second_appeal_takes_the_place_of_one_that_nobody_decided_and_reopens_one_that_was(due: World) -> None:
    raise_(due, "2021-02-01", "南京市,officials,21,30,漏报,", "南京市,trained,7,9,漏报,")
    decide(due, "2021-02-05", "南京市,officials,21,25,支持,部分属实,甲")
    raise_(due, "2021-02-08", "南京市,officials,25,30,仍有遗漏,", "南京市,trained,7,8,改口径,")
    rows = appeals(due, "subject", "claimed_value", "state", "decided_value")
    assert rows == [
        ("officials", 30, "decided", 25),
        ("officials", 30, "open", None),
        ("trained", 9, "superseded", None),
        ("trained", 8, "open", None),
    ]
    decide(due, "2021-02-10", "南京市,officials,25,30,支持,属实,甲")
    assert appeals(due, "subject", "state", "decided_value")[:2] == [("officials", "decided", 25), ("officials", "decided", 30)]


def test_an_appeal_against_a_measure_is_answered_by_its_inputs_or_by_a_refusal_that_names_it(due: World) -> None:
    raise_(due, "2021-02-08", "南京市,satisfied,,,口径不一,", "南京市,A,,,整体偏低,", "徐州市,A,,,整体偏低,")
    decide(due, "2021-02-10", "南京市,A,,,不予支持,无具体事项,甲", "徐州市,A,,5,支持,属实,甲")
    rows = appeals(due, "entity_code", "subject_kind", "subject", "state", "decided_input")
    assert rows == [
        ("320100", "indicator", "A", "decided", "A"),
        ("320100", "measure", "satisfied", "open", None),
        ("320300", "indicator", "A", "open", None),
    ]
    told = due.table("rejects").filter(rule="unknown_input")
    assert told.select("cell", "value").rows() == [("B3", "A")]  # what is accepted must name the figure that it changes
    decide(due, "2021-02-12", "南京市,satisfaction,,99,支持,属实,甲")
    assert ("320100", "measure", "satisfied", "decided", "satisfaction") in appeals(
        due, "entity_code", "subject_kind", "subject", "state", "decided_input"
    )


def test_what_contests_another_value_or_claims_nothing_is_listed_so(due: World) -> None:
    raise_(due, "2021-02-08", "南京市,officials,12,30,漏报,", "南京市,trained,7,9,,", "某地,trained,7,9,漏报,")
    assert appeals(due, "subject", "state") == [("officials", "contests_other"), ("trained", "incomplete")]
