"""Sheets whose header is gone or changed: told where they hold data, counted where they are hints."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources_world import World, workbook

COVER: list[list[Any]] = [["填报单位", "南京"], ["评价年度", 2020]]
GOOD: list[list[Any]] = [["编码", "填报值"], ["officials", 100]]


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ([["编码", "今年的数"], ["trained", 80]], "没有找到所需的列：填报值；文件中的列是：今年的数；请按要求的列名修改后重新报送。"),
        ([["项目", "填报值"], [" Trained", 80]], "没有找到所需的列：指标编码；文件中的列是：项目；请按要求的列名修改后重新报送。"),
        ([["项目", "今年的数"], ["trained", 80]], "没有找到所需的列：指标编码、填报值；文件中的列是：–；请按要求的列名修改后重新报送。"),
    ],
)
def test_a_sheet_of_the_form_that_lost_its_header_is_told(reading: World, lost: list[list[Any]], told: str) -> None:
    batch = reading.read("self_assessment", "workbook", "自评.xlsx", workbook({"封面": COVER, "甲": GOOD, "乙": lost}))
    assert [(reject.rule, reject.sheet, reject.message_zh) for reject in batch.rejects] == [("columns_missing", "乙", told)]
    assert ([cell.field for cell in batch.cells], dict(batch.left_out)) == (["officials"], {})


def test_a_sheet_of_hints_in_a_form_is_counted_and_its_cover_is_none(reading: World) -> None:
    sheets = {"封面": COVER, "甲": GOOD, "说明": [["怎样填写", "请看编码"]], "空": []}
    batch = reading.read("self_assessment", "workbook", "自评.xlsx", workbook(sheets))
    assert (batch.rejects, dict(batch.left_out)) == ([], {"sheet": 1})


def test_a_sheet_of_a_table_that_keeps_one_header_is_told_and_hints_are_counted(reading: World) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "一": [["地区", "审结件数"], ["南京市", 3]],
        "二": [["城区", "审结件数"], ["徐州市", 4]],
        "三": [["地区", "甲"], ["徐州市", 4]],
        "选项": [["地区"], ["徐州市"]],
        "说明": [["怎样填写"]],
        "空": [],
    }
    batch = reading.read("provincial", "reconsideration", "行政复议.xlsx", workbook(sheets))
    assert [(reject.rule, reject.sheet) for reject in batch.rejects if reject.rule == "columns_missing"] == [
        ("columns_missing", "二"),
        ("columns_missing", "三"),
    ]
    assert ([cell.number for cell in batch.cells], dict(batch.left_out)) == ([3], {"sheet": 2})


def test_a_sheet_beside_a_table_of_items_is_counted(reading: World) -> None:
    sheets: dict[str, list[list[Any]]] = {"一": [["编号", "标题", "发布时间"], ["1", "甲", "2020-05-01"]], "说明": [["怎样填写"]]}
    batch = reading.read("opinion", "items", "舆情.csv", workbook(sheets))
    assert (len(batch.items), dict(batch.left_out)) == (1, {"sheet": 1})
