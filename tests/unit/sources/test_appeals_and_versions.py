"""Corrections and appeals that contest a value, versions after the deadline, and what one version changed of another.

The deadline is 2021-01-31 in 江苏, so 2021-01-31 16:00 UTC is the first late moment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from frameworks import load_framework
from tests.sources_world import EDITION, World, form

APPEALS = """\
    - dataset: appeals
      files: "*申诉*"
      layout: records
      kind: appeal
      entity: [地区]
      key: [subject]
      columns:
        subject: {headers: [申诉事项], type: text}
        contested_value: {headers: [争议值], type: number}
        claimed_value: {headers: [主张值], type: number}
        claim: {headers: [申诉理由], type: text}
        evidence: {headers: [佐证], type: text}
"""
FIXED = "地区,数据编码,原值,更正值,核定,理由,核定人\n"
TABLE = "地区,审结件数,纠错件数,按期审结率,风险等级\n"


def made(folder: Path, late: str = "by_correction") -> World:
    world = World(folder)
    path = world.workspace.frameworks / f"{EDITION}.yaml"
    rules = path.read_text(encoding="utf-8")
    rules = rules.replace("entities:\n", f"collection: {{opens: 2020-12-01, deadline: 2021-01-31, late: {late}}}\nentities:\n", 1)
    rules = rules.replace("  third_party:\n", APPEALS + "  third_party:\n", 1)
    decision = "        decision: {headers: [核定], type: category, values: {accepted: [支持], refused: [不予支持]}}\n"
    rules = rules.replace(
        "        value: {headers: [更正值], type: number}\n", decision + "        value: {headers: [更正值], type: number}\n", 1
    )
    path.write_text(rules, encoding="utf-8")
    world.framework = load_framework(world.workspace, EDITION)
    return world


@pytest.fixture
def due(tmp_path: Path) -> World:
    return made(tmp_path)


def marks(world: World, field: str) -> dict[str, str | None]:
    """By file whether its cells of the field count."""
    cells = world.table("cells").filter(pl.col("field") == field)
    return {row["file"]: row["not_counted_because"] for row in cells.rows(named=True)}


def told(world: World, rule: str) -> list[tuple[Any, ...]]:
    return world.table("rejects").filter(pl.col("rule") == rule).select("file", "cell", "value", "message_en").rows()


# --- what is contested --------------------------------------------------------------------------------------------------


def test_a_correction_that_contests_another_value_than_the_delivered_one_is_a_reject_that_says_which_counts(due: World) -> None:
    due.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21)]))
    due.drop("correction/2021-02-10/更正.csv", FIXED + "南京市,officials,12,30,,漏报,甲\n")
    due.run()
    ((_, cell, value, said),) = told(due, "contests_other")
    assert (cell, value) == ("C2", "12")
    assert said.startswith("You contest 12, what counts is 21,")
    assert marks(due, "value") == {"2021-02-10/更正.csv": "contests_other"}


@pytest.mark.parametrize(("contested", "is_taken"), [("21", True), ("", True), ("２１．０", True), ("12", False)])
def test_it_is_the_number_that_is_compared_and_who_contests_none_is_asked_for_none(due: World, contested: str, is_taken: bool) -> None:
    due.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21)]))
    due.drop("correction/2021-02-10/更正.csv", FIXED + f"南京市,officials,{contested},30,,漏报,甲\n")
    due.run()
    assert (marks(due, "value") == {"2021-02-10/更正.csv": None}) is is_taken


def test_nothing_delivered_is_nothing_to_contest(due: World) -> None:
    due.drop("correction/2021-02-10/更正.csv", FIXED + "南京市,officials,21,30,,漏报,甲\n")
    due.run()
    assert "what counts is that nothing was delivered" in told(due, "contests_other")[0][3]


def test_what_an_earlier_correction_decided_can_be_contested_by_a_later_one_alone(due: World) -> None:
    due.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21)]))
    due.drop("correction/2021-02-10/更正.csv", FIXED + "南京市,officials,21,30,,漏报,甲\n")
    due.drop("correction/2021-02-20/更正.csv", FIXED + "南京市,officials,30,31,,复核,甲\n")
    due.drop("correction/2021-02-05/更正.csv", FIXED + "南京市,officials,31,32,,复核,甲\n")
    due.run()
    assert marks(due, "value") == {
        "2021-02-05/更正.csv": "contests_other",
        "2021-02-10/更正.csv": "superseded",
        "2021-02-20/更正.csv": None,
    }


def test_a_decision_that_refuses_needs_no_value_and_takes_an_earlier_ones_place(due: World) -> None:
    due.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21)]))
    due.drop("correction/2021-02-10/更正.csv", FIXED + "南京市,officials,21,30,支持,漏报,甲\n")
    due.drop("correction/2021-02-20/更正.csv", FIXED + "南京市,officials,30,,不予支持,证据不足,甲\n")
    due.drop("correction/2021-02-21/更正.csv", FIXED + "徐州市,officials,,,支持,漏报,甲\n")
    due.run()
    assert marks(due, "decision") == {
        "2021-02-10/更正.csv": "superseded",
        "2021-02-20/更正.csv": None,
        "2021-02-21/更正.csv": "incomplete",  # accepts, and says no value
    }


def test_an_appeal_names_an_input_a_measure_or_an_indicator_and_claims_something(due: World) -> None:
    due.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21)]))
    rows = [
        "officials,21,30,漏报,a.pdf",
        "satisfied,,,口径不一,",  # a measure
        "A,,,整体偏低,",  # an indicator
        "nobody,,,无此项,",
        "trained,,,,",  # no claim
        "has_plan,是,,有方案,",  # nothing was delivered
    ]
    due.drop(
        "self_assessment/2021-02-08/申诉.csv", "地区,申诉事项,争议值,主张值,申诉理由,佐证\n" + "".join(f"南京市,{row}\n" for row in rows)
    )
    due.run()
    cells = due.table("cells").filter(dataset="appeals", field="subject").sort("record_no")
    assert cells.select("text", "not_counted_because").rows() == [
        ("officials", None),
        ("satisfied", None),
        ("A", None),
        ("trained", "incomplete"),
        ("has_plan", "contests_other"),
    ]
    assert told(due, "unknown_subject")[0][1:3] == ("B5", "nobody")
    assert told(due, "field_missing")[0][1] == "E6"


# --- after the deadline -------------------------------------------------------------------------------------------------


def test_a_version_after_the_deadline_is_kept_and_listed_and_does_not_count(due: World) -> None:
    due.drop("self_assessment/甲/自评.xlsx", form("南京市", [("officials", 21)]))
    due.drop("self_assessment/甲/自评.xlsx.delivery.yaml", "sent_at: 2021-01-31 23:59\n")
    due.drop("self_assessment/2021-02-01/自评.xlsx", form("南京市", [("officials", 30)]))
    due.run()
    assert marks(due, "officials") == {"甲/自评.xlsx": None, "2021-02-01/自评.xlsx": "late"}
    ((file, cell, value, said),) = told(due, "late")
    assert (file, cell, value) == ("2021-02-01/自评.xlsx", "B2", "30")
    assert "2021-01-31" in said
    assert "甲/自评.xlsx · 甲 · B2" in said


def test_where_the_framework_says_so_the_latest_counts_whenever_it_was_sent(tmp_path: Path) -> None:
    world = made(tmp_path, late="counts")
    world.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 21)]))
    world.drop("self_assessment/2021-02-01/自评.xlsx", form("南京市", [("officials", 30)]))
    world.run()
    assert marks(world, "officials") == {"2021-01-10/自评.xlsx": "superseded", "2021-02-01/自评.xlsx": None}


def test_who_delivers_for_the_first_time_after_the_deadline_counts_and_cannot_change_it_any_more(due: World) -> None:
    due.drop("self_assessment/2021-02-02/自评.xlsx", form("南京市", [("officials", 30)]))
    due.drop("self_assessment/2021-02-05/自评.xlsx", form("南京市", [("officials", 40)]))
    due.run()
    assert marks(due, "officials") == {"2021-02-02/自评.xlsx": None, "2021-02-05/自评.xlsx": "late"}


def test_the_same_said_again_after_the_deadline_is_a_duplicate_and_only_what_differs_is_told(due: World) -> None:
    due.drop("provincial/2021-01-10/行政复议.csv", TABLE + "南京市,3,1,1,绿\n徐州市,4,1,1,绿\n")
    due.drop("provincial/2021-02-10/行政复议.csv", TABLE + "南京市,3,1,1,绿\n徐州市,5,1,1,绿\n")
    due.run()
    late = due.table("cells").filter(pl.col("file").str.starts_with("2021-02"), field="cases").sort("record_no")
    assert late["not_counted_because"].to_list() == ["duplicate", "late"]
    assert [row[1] for row in told(due, "late")] == ["B3"]


def test_a_late_version_counts_once_the_office_has_withdrawn_the_one_that_stood(due: World) -> None:
    content = TABLE + "南京市,3,1,1,绿\n"
    due.drop("provincial/2021-01-10/行政复议.csv", content)
    due.drop("provincial/2021-02-10/行政复议.csv", TABLE + "南京市,30,1,1,绿\n")
    due.run()
    load_id = due.table("deliveries").filter(file="2021-01-10/行政复议.csv")["load_id"][0]
    due.drop("correction/2021-02-11/撤回.csv", f"文件指纹,理由,核定人\n{load_id},误报,甲\n")
    due.run()
    assert marks(due, "cases") == {"2021-01-10/行政复议.csv": "withdrawn", "2021-02-10/行政复议.csv": None}


# --- what one version changed of another --------------------------------------------------------------------------------


def test_each_cell_that_a_later_version_changes_is_a_row_with_both_sides(due: World) -> None:
    due.drop("self_assessment/2021-01-10/自评.xlsx", form("南京市", [("officials", 1000), ("trained", 50), ("satisfaction", 90)]))
    due.drop("self_assessment/2021-01-20/自评.xlsx", form("南京市", [("trained", 60), ("officials", "1,000"), ("has_plan", "是")]))
    due.drop("self_assessment/2021-02-20/自评.xlsx", form("南京市", [("trained", 70), ("officials", "1,000"), ("has_plan", "是")]))
    due.run()
    columns = ("field", "old_sent_at", "old_cell", "old_text", "old_value", "new_cell", "new_text", "new_value", "state")
    rows = due.table("versions").select(*columns).with_columns(pl.col("old_sent_at").dt.strftime("%m-%d")).rows()
    assert rows == [  # 2021-01-10 in 江苏 is 01-09 16:00 UTC
        ("has_plan", "01-09", None, None, None, "B4", "是", "1.0", "counted"),
        ("satisfaction", "01-09", "B4", "90", "90.0", None, None, None, "counted"),
        ("trained", "01-09", "B3", "50", "50.0", "B2", "60", "60.0", "counted"),
        ("trained", "01-19", "B2", "60", "60.0", "B2", "70", "70.0", "late"),
    ]


def test_persons_are_not_shown_and_decisions_are_no_versions(due: World) -> None:
    header = "编号,地区,拨打日期,类型,是否接通,回复日期,测评员\n"
    due.drop("third_party/2021-01-10/热线.csv", header + "T1,南京市,2020-03-01,咨询,是,,张三\n")
    due.drop("third_party/2021-01-11/热线.csv", header + "T1,南京市,2020-03-01,咨询,否,,李四\n")
    due.drop("correction/2021-02-10/更正.csv", FIXED + "南京市,officials,,30,,漏报,甲\n")
    due.drop("correction/2021-02-11/更正.csv", FIXED + "南京市,officials,,31,,漏报,甲\n")
    due.run()
    rows = due.table("versions").select("field", "old_text", "new_text").rows()
    assert rows == [("is_answered", "是", "否"), ("tester", "***", "***")]
