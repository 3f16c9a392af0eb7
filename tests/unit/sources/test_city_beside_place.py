"""The city in the column beside a place: it must be the place's own, and a city's short name beside itself may be its county's."""

from __future__ import annotations

from sources.batch import Batch
from tests.sources_world import World, workbook


def read(world: World, *rows: str) -> Batch:
    return world.read("provincial", "reconsideration", "行政复议.csv", "设区市,地区,审结件数\n" + "".join(f"{row}\n" for row in rows))


def rules(batch: Batch) -> list[tuple[str, str | None]]:
    return [(reject.rule, reject.cell) for reject in batch.rejects if reject.cell]


def test_a_place_that_lies_in_another_city_than_the_one_beside_it_is_rejected(reading: World) -> None:
    batch = read(reading, "徐州市,昆山市,3", "徐州,苏州市,4", "苏州市,昆山市,5", "徐州市,320583,6")
    assert rules(batch) == [("other_city", "B2"), ("other_city", "B3"), ("other_city", "B5")]
    assert batch.rejects[-1].message_zh == "“320583”不属于旁边所写的徐州市，不知指哪个地区，请核对这两栏。"
    assert [(cell.entity_code, cell.held) for cell in batch.cells] == [
        (None, "no_place"),
        (None, "no_place"),
        ("320583", None),
        (None, "no_place"),
    ]


def test_a_city_that_only_stands_in_a_row_above_contradicts_nothing(reading: World) -> None:
    batch = read(reading, "徐州市,云龙区,3", ",苏州市,4", "省直,南京市,5", "徐州市,徐州市,6")
    assert (rules(batch), [cell.entity_code for cell in batch.cells]) == ([], ["320303", "320500", "320100", "320300"])


def test_a_city_s_short_name_beside_itself_may_be_its_county_s(reading: World) -> None:
    batch = read(reading, "淮安市,淮安市,3", "淮安市,淮安,4", "淮安市,淮安区,5", "南京市,南京,6")
    assert rules(batch) == [("ambiguous_place", "B3")]
    assert "可能是淮安市、淮安市淮安区，" in batch.rejects[-1].message_zh
    assert [cell.entity_code for cell in batch.cells] == ["320800", None, "320803", "320100"]
    alone = reading.read("provincial", "reconsideration", "行政复议.csv", "地区,审结件数\n淮安,4\n")
    assert [cell.entity_code for cell in alone.cells] == ["320800"]


def test_a_form_whose_cover_names_another_city_is_nobody_s(reading: World) -> None:
    cover = [["设区市", "徐州市"], ["填报单位", "昆山市"], ["评价年度", 2020]]
    content = workbook({"封面": cover, "甲": [["指标编码", "填报值"], ["officials", 5]]})
    batch = reading.read("self_assessment", "workbook", "自评.xlsx", content)
    assert (batch.cells, [(reject.rule, reject.cell) for reject in batch.rejects]) == ([], [("other_city", "B2")])
