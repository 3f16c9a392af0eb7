"""What becomes of an appeal, as its place, its sender and the data team are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from correspondence import write_receipts
from tests.sources_world import form
from tests.unit.sources.test_appeals_and_versions import FIXED, made
from tests.unit.sources.test_appeals_of_places import RAISED

NANJING, XUZHOU = "320100", "320300"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages that a walk gives: one appeal accepted, one refused, one open, one of another place."""
    world = made(tmp_path_factory.mktemp("walk"))
    world.drop("self_assessment/2021-01-10/南京市自评.xlsx", form("南京市", [("officials", 21), ("trained", 7), ("satisfaction", "88%")]))
    world.drop("self_assessment/2021-01-10/徐州市自评.xlsx", form("徐州市", [("officials", 4711)]))
    rows = ["officials,21,30,漏报两个单位,编制表.pdf", "trained,7,9,遗漏一期,", "satisfied,,,口径不一,"]
    world.drop("self_assessment/2021-02-08/南京市申诉.csv", RAISED + "".join(f"南京市,{row}\n" for row in rows))
    world.drop("self_assessment/2021-02-08/徐州市申诉.csv", RAISED + "徐州市,officials,4711,4777,数错,\n")
    decided = ["南京市,officials,21,30,支持,经核属实,甲", "南京市,trained,7,,不予支持,材料不足,甲", "南京市,has_plan,,是,支持,补报,甲"]
    world.drop("correction/2021-02-20/更正.csv", FIXED + "".join(f"{row}\n" for row in decided))
    world.run()
    report = write_receipts(world.workspace, world.framework)
    receipts = dict(report.receipts.select("file", "receipt").iter_rows())
    paths = {"summary": "summary", NANJING: f"places/{NANJING}", XUZHOU: f"places/{XUZHOU}"}
    paths["receipt"] = receipts["2021-02-08/南京市申诉.csv"]
    return {name: Path(report.folder / f"{path}.html").read_text(encoding="utf-8") for name, path in paths.items()}


@pytest.mark.parametrize("page", [NANJING, "receipt", "summary"])
def test_place_sender_and_team_are_told_what_was_decided_and_what_is_open(pages: dict[str, str], page: str) -> None:
    for said in ("21 → 30", "编制表.pdf", "核定为 30；经核属实", "不予支持", "材料不足", "待处理", "Satisfied"):
        assert said in pages[page]


def test_a_place_is_told_of_its_own_appeals_alone(pages: dict[str, str]) -> None:
    assert "4711 → 4777" in pages[XUZHOU]
    assert not any(said in pages[NANJING] + pages["receipt"] for said in ("4711", "4777", "徐州"))
    assert "经核属实" not in pages[XUZHOU]


def test_the_team_sees_how_many_wait(pages: dict[str, str]) -> None:
    assert '<tr><th>待处理的申诉 <span class="en">Open appeals</span></th><td class="open">2</td></tr>' in pages["summary"]


def test_a_figure_that_was_corrected_shows_what_counts_and_what_stood_before(pages: dict[str, str]) -> None:
    assert "30 人" in pages[NANJING]
    assert "更正前 before correction: 21 人" in pages[NANJING]
    assert "原未报送，由更正补入" in pages[NANJING]  # what nobody delivered and a correction gives is lacking no more
    lacking = pages[NANJING].split("退回的内容")[0]
    assert "审结件数" in lacking
    assert "有无方案" not in lacking


def test_a_page_names_each_figure_by_the_code_that_an_appeal_needs(pages: dict[str, str]) -> None:
    assert "Officials · officials" in pages[NANJING].split("计入的数据")[-1]


def test_an_appeal_is_taken_up_it_does_not_count_as_a_figure(pages: dict[str, str]) -> None:
    taken = pages["receipt"].split("收到的内容")[1].split("申诉及处理")[0]
    assert taken.count("已受理") == 3
    assert "公务员人数" in taken  # the subject by its name, its code below
