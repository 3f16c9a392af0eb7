from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.batch import Batch
from tests.sources_world import World, form, workbook

ANSWERS = [("officials", 100), ("trained", 80), ("satisfaction", 95.5), ("has_plan", "是")]


def read(world: World, content: bytes) -> Batch:
    return world.read("self_assessment", "workbook", "自评.xlsx", content)


def only(batch: Batch) -> tuple[str, str | None, str | None]:
    assert batch.cells == []
    (reject,) = batch.rejects
    return reject.rule, reject.sheet, reject.cell


def test_one_record_of_the_place_on_the_cover(reading: World) -> None:
    batch = read(reading, form("南京市鼓楼区", ANSWERS))
    assert batch.rejects == []
    assert [(cell.entity_code, cell.record_no, cell.field, cell.number, cell.sheet, cell.cell) for cell in batch.cells] == [
        ("320106", 1, "officials", 100, "甲", "B2"),
        ("320106", 1, "trained", 80, "甲", "B3"),
        ("320106", 1, "satisfaction", 95.5, "甲", "B4"),
        ("320106", 1, "has_plan", 1, "甲", "B5"),
    ]


@pytest.mark.parametrize(
    "cover",
    [
        [["填报单位：南京市"], ["评价年度：2020年"]],
        [["2020年度自评表", None], [None, "填报单位", None, "南京市人民政府"], [None, "评价年度", None, dt.date(2020, 1, 1)]],
        [["填报单位", "评价年度"], ["南京", "2020年度"]],
        [["评价对象*", "320100"], ["评价年度", "２０２０"]],
    ],
)
def test_the_cover_in_the_shapes_that_people_make_of_it(reading: World, cover: list[list[Any]]) -> None:
    batch = read(reading, workbook({"首页": cover, "指标": [["指标编码", "填报值"], *ANSWERS]}))
    assert ({cell.entity_code for cell in batch.cells}, batch.rejects) == ({"320100"}, [])


def test_the_city_on_the_cover_tells_namesakes_apart(reading: World) -> None:
    cover: list[list[Any]] = [["设区市", "徐州市"], ["填报单位", "鼓楼区"], ["评价年度", 2020]]
    batch = read(reading, workbook({"封面": cover, "甲": [["指标编码", "填报值"], *ANSWERS]}))
    assert {cell.entity_code for cell in batch.cells} == {"320302"}


def test_a_form_of_nobody_or_of_another_year_is_one_reject(reading: World) -> None:
    assert only(read(reading, form(None, ANSWERS))) == ("cover_place_missing", "封面", "B1")
    assert only(read(reading, form("鼓楼区", ANSWERS))) == ("ambiguous_place", "封面", "B1")
    assert only(read(reading, form("港闸区", ANSWERS))) == ("merged_place", "封面", "B1")
    assert only(read(reading, form("南京市", ANSWERS, year=2019))) == ("other_year", "封面", "B2")
    assert only(read(reading, form("南京市", ANSWERS, year=None))) == ("year_missing", "封面", "B2")
    batch = read(reading, form("南京市", ANSWERS, year=2019))
    assert batch.rejects[0].message_zh == "这是2019年度的表，本次评价的是2020年度，请使用2020年度的表重新报送。"


def test_all_faults_of_the_cover_are_told_at_once(reading: World) -> None:
    assert [reject.rule for reject in read(reading, form("某市", ANSWERS, year=2018)).rejects] == ["unknown_place", "other_year"]


def test_sheets_and_columns_may_be_moved_and_named_by_synonyms(reading: World) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "甲": [
            ["依法行政（请逐项填写）"],
            ["单位", "数值*", "编码", "备注"],
            ["人", "1,000", "officials", "在编"],
            ["合计", 1000, "合计", None],
        ],
        "封面": [["填报单位", "南京"], ["评价年度", 2020]],
        "乙": [["编码", "填报值"], ["trained", "８００"], [None, None], ["注：以上为年末数", None]],
        "说明": [["怎样填写"]],
    }
    batch = read(reading, workbook(sheets))
    assert [(cell.field, cell.number, cell.sheet, cell.cell) for cell in batch.cells] == [
        ("officials", 1000, "甲", "B3"),
        ("trained", 800, "乙", "B2"),
    ]
    assert (batch.rejects, dict(batch.left_out)) == ([], {"total": 1, "note": 1, "sheet": 1})


def test_percent_cells_of_excel_count_as_people_see_them(reading: World) -> None:
    batch = read(reading, form("南京市", [("satisfaction", 0.985)], formats={"B2": "0.0%"}))
    assert [(cell.number, cell.text) for cell in batch.cells] == [(98.5, "98.5%")]


def test_a_value_without_a_known_code_is_rejected(reading: World) -> None:
    batch = read(reading, form("南京市", [("cases", 3), (None, 4), ("old_code", None), ("officials", 5)]))
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == [
        ("unknown_input", "B2", "cases"),  # another source delivers it
        ("code_missing", "B3", "4"),
    ]


def test_an_input_given_again_otherwise_counts_nowhere_and_given_again_alike_once(reading: World) -> None:
    batch = read(
        reading,
        form("南京市", [("officials", 5), ("officials", 6), ("trained", 4), ("trained", 4), ("has_plan", None), ("has_plan", "是")]),
    )
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("given_twice", "B2"), ("given_twice", "B3"), ("given_twice", "B5")]
    assert [(cell.field, cell.cell) for cell in batch.cells] == [("trained", "B4"), ("has_plan", "B7")]


def test_a_part_may_exceed_its_whole_nowhere_in_the_form(reading: World) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "封面": [["填报单位", "南京"], ["评价年度", 2020]],
        "甲": [["编码", "填报值"], ["officials", 100]],
        "乙": [["编码", "填报值"], ["trained", 101]],
    }
    batch = read(reading, workbook(sheets))
    assert [(reject.rule, reject.sheet, reject.cell) for reject in batch.rejects] == [("above_input", "乙", "B2")]
    assert batch.rejects[0].message_en == "“101” is above “公务员人数”, which is 100; a part cannot exceed its whole: check both figures."
    assert [cell.field for cell in batch.cells] == ["officials"]


def test_a_sheet_whose_codes_were_deleted_is_told(reading: World) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "封面": [["填报单位", "南京"], ["评价年度", 2020]],
        "甲": [["编码", "填报值"], ["officials", 100]],
        "乙": [["名称", "填报值", "单位"], ["培训人数", 80, "人"]],
    }
    batch = read(reading, workbook(sheets))
    assert [(reject.rule, reject.sheet) for reject in batch.rejects] == [("columns_missing", "乙")]
    only_cover = workbook({"封面": [["填报单位", "南京"], ["评价年度", 2020]]})
    assert only(read(reading, only_cover)) == ("columns_missing", None, None)


VALUES = st.sampled_from([None, 5, 5.5, "1,234", "—", "约5", "98%", "是", "", dt.date(2020, 1, 1), True, -1])
CODES = st.sampled_from(["officials", "trained", "satisfaction", "has_plan", "cases", None, " Officials "])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CODES, VALUES), max_size=8))
def test_every_value_of_the_form_is_a_cell_or_a_reject_once(reading: World, answers: list[tuple[str | None, Any]]) -> None:
    batch = read(reading, form("南京市", answers))
    taken = [cell.cell for cell in batch.cells] + [reject.cell for reject in batch.rejects]
    assert len(taken) == len(set(taken))
    assert {f"B{line}" for line, (_, value) in enumerate(answers, 2) if value not in (None, "")} <= set(taken)
