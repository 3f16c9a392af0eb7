# ruff: noqa: DTZ001 - moments of the lake are UTC without a zone
from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.batch import Batch
from tests.sources_world import World, workbook

HEADER = "编号,地区,拨打日期,类型,是否接通,回复日期,质量,测评员\n"
GOOD = "T1,南京市,2020-03-01,咨询,是,2020-03-02,4,张三\n"


def read(world: World, rows: str) -> Batch:
    return world.read("third_party", "calls", "热线.csv", HEADER + rows)


def test_a_row_a_record_of_typed_fields(reading: World) -> None:
    batch = read(reading, GOOD)
    cells = {cell.field: cell for cell in batch.cells}
    assert {cell.entity_code for cell in batch.cells} == {"320100"}
    assert (cells["test_no"].code, cells["kind"].code, cells["tester"].code) == ("T1", "enquiry", "张三")
    assert (cells["called_on"].day, cells["is_answered"].number, cells["quality"].number) == (date(2020, 3, 1), 1, 4)
    assert {cell.held for cell in batch.cells} == {None}


def test_one_bad_cell_holds_its_record_and_no_other(reading: World) -> None:
    batch = read(reading, GOOD + "T2,徐州市,2019-12-31,咨询,是,,6,李四\nT3,徐州市,2020-02-01,求助,否,—,,\n")
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == [
        ("outside_period", "C3", "2019-12-31"),
        ("above_maximum", "G3", "6"),
    ]
    held = {cell.record_no: cell.held for cell in batch.cells}
    assert held == {1: None, 2: "incomplete", 3: None}
    assert {cell.field for cell in batch.cells if cell.record_no == 2} == {"test_no", "kind", "is_answered", "replied_on", "tester"}


def test_a_record_without_key_or_day_is_rejected(reading: World) -> None:
    batch = read(reading, ",南京市,2020-03-01,咨询,是,,,\nT2,南京市,—,咨询,是,,,\n")
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("key_missing", "A2"), ("date_missing", "C3")]
    assert batch.rejects[0].message_zh == "缺少“编号”，无法识别这条记录，请补填。"
    assert {cell.held for cell in batch.cells} == {"incomplete"}


@pytest.mark.parametrize("blank", ["", "—", "无"])
def test_a_record_with_a_required_field_left_blank_is_rejected_and_does_not_count(reading: World, blank: str) -> None:
    batch = read(reading, GOOD + f"T2,徐州市,2020-03-01,{blank},是,,,\n")
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("field_missing", "D3")]
    assert batch.rejects[0].message_zh == "缺少“类型”，无法判断这条记录，未予采用，请补填。"
    assert {cell.record_no: cell.held for cell in batch.cells} == {1: None, 2: "incomplete"}
    assert {cell.field for cell in batch.cells if cell.record_no == 2} & {"kind"} == set()


def test_a_score_by_an_expert_of_whom_nobody_knows_the_employer_does_not_count(reading: World) -> None:
    batch = reading.read("expert_review", "scores", "专家.csv", "专家,工作单位,地区,评分,评分时间\n甲,,南京市,90,2021-01-05\n")
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("field_missing", "B2")]
    assert {cell.held for cell in batch.cells} == {"incomplete"}


def test_a_column_from_which_something_is_computed_must_be_there(reading: World) -> None:
    batch = reading.read("third_party", "calls", "热线.csv", "编号,地区,拨打日期\nT1,南京市,2020-03-01\n")
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("columns_missing", None)]
    assert "是否接通" in batch.rejects[0].message_zh
    assert "质量" not in batch.rejects[0].message_zh  # nothing is computed from it


def test_tests_below_a_city_are_not_taken_for_its_counties(reading: World) -> None:
    rows = "T1,南京市,2020-03-01,咨询,是,,,\nT2,玄武区,2020-03-01,咨询,是,,,\nT3,鼓楼区,2020-03-01,咨询,是,,,\n"
    batch = read(reading, rows)
    assert [reject.rule for reject in batch.rejects] == ["ambiguous_place"]
    assert {cell.held for cell in batch.cells if cell.record_no == 3} == {"no_place"}


def test_a_rejected_value_that_names_a_person_is_not_shown(reading: World) -> None:
    text = "专家,工作单位,地区,评分,评分时间\n#REF!,某大学,南京市,101,昨天\n"
    batch = reading.read("expert_review", "scores", "专家.csv", text)
    assert [(reject.rule, reject.value) for reject in batch.rejects] == [("above_maximum", "101"), ("not_a_moment", "昨天")]
    text = "地区,数据编码,原值,更正值,理由,核定人\n南京市,cases,1,2,算错,—\n"
    batch = reading.read("correction", "corrections", "更正.csv", text)
    assert [reject.rule for reject in batch.rejects] == ["decided_by_missing"]


def test_a_rejected_cell_of_a_personal_field_shows_nothing(reading: World) -> None:
    rows = [["专家", "工作单位", "地区", "评分", "评分时间"], ['="张"&"三丰"', "某大学", "南京市", 90, "2021-01-05"]]
    batch = reading.read("expert_review", "scores", "专家.xlsx", workbook({"评分": rows}))
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == [("formula_without_value", "A2", "***")]
    assert "三丰" not in str(batch.rejects)


def test_a_column_that_nothing_needs_may_be_left_out(reading: World) -> None:
    batch = reading.read("third_party", "calls", "热线.csv", "编号,地区,拨打日期,类型,是否接通\nT1,南京市,2020-03-01,咨询,是\n")
    assert (len(batch.cells), batch.rejects) == (4, [])


def test_a_moment_is_kept_in_utc(reading: World) -> None:
    batch = reading.read("expert_review", "scores", "专家.csv", "专家,工作单位,地区,评分,评分时间\n甲,某大学,南京市,90,2021/1/5 09:30\n")
    assert next(cell.moment for cell in batch.cells if cell.field == "given_at") == datetime(2021, 1, 5, 1, 30)


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ("南京市,cases,1,2,算错,王五", []),
        ("南京市,cases,1,2,,王五", ["reason_missing"]),
        ("南京市,cases,1,2,算错,", ["decided_by_missing"]),
        ("南京市,cases,1,2,无,—", ["decided_by_missing", "reason_missing"]),
        ("南京市,nothing,1,2,算错,王五", ["unknown_input"]),
        ("南京市,,1,2,算错,王五", ["key_missing"]),
        ("南京市,cases,约1,2,算错,王五", ["not_a_number"]),
    ],
)
def test_a_correction_says_what_why_and_by_whom(reading: World, row: str, rules: list[str]) -> None:
    batch = reading.read("correction", "corrections", "更正.csv", f"地区,数据编码,原值,更正值,理由,核定人\n{row}\n")
    assert sorted(reject.rule for reject in batch.rejects) == rules
    assert {cell.held for cell in batch.cells} == {"incomplete" if rules else None}


@pytest.mark.parametrize(
    ("row", "number", "rules"),
    [
        ("南京市,level,红,绿,看错,王五", 1, []),
        ("南京市,level,,绿色,看错,王五", 1, []),
        ("南京市,level,红,紫,看错,王五", None, ["unknown_category"]),
        ("南京市,has_plan,是,否,看错,王五", 0, []),
        ("南京市,satisfaction,900,98%,看错,王五", 98, []),  # what is contested may lie outside the limits
        ("南京市,satisfaction,90,101,看错,王五", None, ["above_maximum"]),
        ("南京市,cases,1,2.5,看错,王五", None, ["not_an_integer"]),
        ("南京市,calls_answered,1,3,看错,王五", 3, []),
        ("南京市,cases,1,,看错,王五", None, ["field_missing"]),
        ("南京市,cases,1,—,看错,王五", None, ["field_missing"]),
    ],
)
def test_a_correction_is_written_as_the_input_that_it_names(reading: World, row: str, number: float | None, rules: list[str]) -> None:
    batch = reading.read("correction", "corrections", "更正.csv", f"地区,数据编码,原值,更正值,理由,核定人\n{row}\n")
    assert [reject.rule for reject in batch.rejects] == rules
    assert next((cell.number for cell in batch.cells if cell.field == "value"), None) == number
    assert {cell.held for cell in batch.cells} == {"incomplete" if rules else None}


TESTS = ("third_party", "tests", "核验.csv", "编号,地区,指标编码,结果")
PANEL = ("expert_review", "panel", "评审.csv", "地区,指标编码,评分")
WAIVERS = ("correction", "waivers", "豁免.csv", "门禁,检查项,涉及地区,理由,批准人")
DECISIONS = ("correction", "decisions", "核定.csv", "地区,舆情编号,结论,类别,理由,核定人")


@pytest.mark.parametrize(
    ("table", "row", "told"),
    [
        (TESTS, "T1,南京市,A,属实", None),
        (TESTS, "T1,南京市,A1,属实", ("unknown_indicator", "C2", "A1")),
        (PANEL, "南京市,A,90", None),
        (PANEL, "南京市,H1,90", ("unknown_indicator", "B2", "H1")),
        (WAIVERS, "intake,no_conflicts,*,迟报,王五", None),
        (WAIVERS, "scores,levels_add_up,*,迟报,王五", None),  # every framework is held to it
        (WAIVERS, "intakes,datasets_delivered,*,迟报,王五", ("unknown_gate", "A2", "intakes")),
        (WAIVERS, "intake,dataset_delivered,*,迟报,王五", ("unknown_expectation", "B2", "dataset_delivered")),
        (WAIVERS, "scores,norms_informative,*,迟报,王五", ("unknown_expectation", "B2", "norms_informative")),  # not asked here
        (DECISIONS, "南京市,n1,不属实,拖欠,查实,王五", None),
        (DECISIONS, "南京市,n1,不属实,欠钱,查实,王五", ("unknown_category", "D2", "欠钱")),
    ],
)
def test_a_record_that_names_nothing_is_rejected_and_does_not_count(
    reading: World, table: tuple[str, str, str, str], row: str, told: tuple[str, str, str] | None
) -> None:
    source, dataset, file, header = table
    batch = reading.read(source, dataset, file, f"{header}\n{row}\n")
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == ([told] if told else [])
    assert {cell.held for cell in batch.cells} == {"incomplete" if told else None}


def test_records_without_a_place_column_are_of_no_place(reading: World) -> None:
    batch = reading.read("correction", "withdrawals", "撤回.csv", "文件指纹,理由,核定人\nab12,重复,王五\n")
    assert [(cell.entity_code, cell.held) for cell in batch.cells] == [(None, None)] * 3


FIELDS = st.sampled_from(["T1", "", "—", "2020-05-01", "2019-01-01", "咨询", "是", "4", "九", "张三"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["南京", "鼓楼区", "", "某地"]), *[FIELDS] * 7), max_size=6))
def test_every_delivered_cell_of_a_record_is_a_cell_or_a_reject_once(reading: World, rows: list[tuple[str, ...]]) -> None:
    batch = read(reading, "".join(",".join((row[1], row[0], *row[2:])) + "\n" for row in rows))
    taken = [cell.cell for cell in batch.cells] + [
        reject.cell for reject in batch.rejects if reject.cell and not reject.cell.startswith("B")
    ]
    assert len(taken) == len(set(taken))
    letters = "ACDEFGH"
    filled = {f"{letter}{line}" for line, row in enumerate(rows, 2) for letter, field in zip(letters, row[1:], strict=True) if field}
    assert filled <= set(taken)
    records = {(cell.record_no, cell.held) for cell in batch.cells}
    assert len(records) == len({number for number, _ in records})  # a record is held as a whole
