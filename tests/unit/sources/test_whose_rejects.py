"""The place that a reject is about: told to that place, and to no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources_world import World, form, workbook
from tests.unit.sources.test_appeals_and_versions import made

XUANWU, GULOU = "320102", "320106"
HEADER = "地区,申诉事项,争议值,主张值,申诉理由,佐证\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def whose(world: World) -> list[tuple[str, str | None]]:
    world.run()
    return world.table("rejects").select("rule", "entity_code").rows()


@pytest.mark.parametrize(
    ("file", "cover", "place"),
    [
        ("玄武区自评.xlsx", "", XUANWU),  # the file's name alone says whose it is
        ("玄武区/自评.xlsx", "", XUANWU),  # so does its folder
        ("320102_自评.xlsx", "", XUANWU),
        ("320999_自评.xlsx", "", None),
        ("南京市/自评.xlsx", "", None),  # the folder of a city may hold files of its counties
        ("玄武区、秦淮区自评.xlsx", "", None),
        ("自评.xlsx", "", None),
        ("玄武区自评.xlsx", "玄武去", XUANWU),  # a near miss of the very place
        ("玄武区自评.xlsx", "徐洲市", None),  # it states another place, however wrongly
        ("玄武区自评.xlsx", "徐州市", None),
        ("鼓楼区自评.xlsx", "鼓楼区", None),  # of Nanjing or of Xuzhou
        ("南京市鼓楼区自评.xlsx", "鼓楼区", GULOU),
    ],
)
def test_a_form_sent_back_whole_is_told_to_its_place_where_that_is_certain(world: World, file: str, cover: str, place: str | None) -> None:
    world.drop(f"self_assessment/2021-01-09/{file}", form(cover, [("officials", 21)]))
    assert {entity for _, entity in whose(world)} == {place}


def test_a_file_that_nothing_could_be_read_of_is_told_to_the_place_of_its_name(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", b"PK\x03\x04 cut")
    world.drop("provincial/2021-01-09/玄武区行政复议.xlsx", b"PK\x03\x04 cut")  # a department's: whose figures it holds nobody knows
    assert sorted(whose(world), key=str) == [("cut_file", XUANWU), ("cut_file", None)]


def test_a_form_of_another_year_is_told_to_the_place_of_its_cover(world: World) -> None:
    world.drop("self_assessment/2021-01-09/自评.xlsx", form("玄武区", [("officials", 21)], year="2018年"))
    assert whose(world) == [("other_year", XUANWU)]


def test_two_tables_side_by_side_tell_no_place_what_was_rejected_of_the_other(world: World) -> None:
    rows = [["地区", "常住人口（万人）", None, "地区", "常住人口（万人）"], ["江宁去", "约71", None, "徐州市", "约908"]]
    world.drop("provincial/2021-01-09/人口.xlsx", workbook({"表": rows}))
    world.run()
    told = world.table("rejects").filter(rule="not_a_number")
    assert dict(told.select("value", "entity_code").iter_rows()) == {"约71": None, "约908": "320300"}


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        (["玄武区,officials,12,30,漏报,a.pdf", ",trained,,,漏报,"], {XUANWU}),  # the place stands in the first row alone
        (["玄武区,officials,12,30,漏报,a.pdf", "徐州市,trained,7,8,漏报,", ",trained,,,漏报,"], {XUANWU, "320300", None}),
        (["玄武区,officials,12,30,漏报,a.pdf", "秦怀区,trained,,,漏报,"], {XUANWU, None}),
    ],
)
def test_a_row_without_a_place_is_the_one_places_that_appeals(tmp_path: Path, rows: list[str], places: set[str | None]) -> None:
    due = made(tmp_path)
    due.drop("self_assessment/2021-02-08/申诉.csv", HEADER + "".join(f"{row}\n" for row in rows))
    assert {entity for _, entity in whose(due)} == places
