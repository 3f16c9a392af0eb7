from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.batch import Batch
from tests.sources_world import World, workbook

HEADER = "地区,审结件数,纠错件数,按期审结率,风险等级\n"


def read(world: World, text: str | bytes, file: str = "行政复议.csv") -> Batch:
    return world.read("provincial", "reconsideration", file, text)


def values(batch: Batch) -> list[tuple[str | None, str, float | None, str]]:
    return [(cell.entity_code, cell.field, cell.number, cell.cell) for cell in batch.cells]


def rules(batch: Batch) -> list[tuple[str, str | None, str | None]]:
    return [(reject.rule, reject.cell, reject.value) for reject in batch.rejects]


def test_a_row_a_place_a_column_an_input_each_with_its_cell(reading: World) -> None:
    batch = read(reading, HEADER + '南京市,"1,234",12,98%,绿\n鼓楼区（南京）,1,1,95,绿\n')
    assert values(batch)[:4] == [
        ("320100", "cases", 1234, "B2"),
        ("320100", "corrected", 12, "C2"),
        ("320100", "in_time_rate", 98, "D2"),
        ("320100", "level", 1, "E2"),
    ]
    assert [cell.text for cell in batch.cells[:4]] == ["1,234", "12", "98%", "绿"]


def test_titles_above_totals_between_and_notes_below_are_passed_over(reading: World) -> None:
    above = "2020年行政复议情况,,,,\n单位：件,,,,\n"
    totals = "苏南小计,9,9,9,\n其中：省属,1,,,\n合 计,3,1,,\n"
    text = f"{above}{HEADER}南京市,3,1,95,绿\n{totals}备注：数据截至年底,,,,\n由省司法厅提供,,,,\n"
    batch = read(reading, text)
    assert [cell.cell for cell in batch.cells] == ["B4", "C4", "D4", "E4"]
    assert batch.rejects == []
    assert dict(batch.left_out) == {"total": 3, "note": 2}


def test_a_total_named_in_the_numbering_column_is_a_total(reading: World) -> None:
    batch = read(reading, "序号,地区,审结件数,纠错件数,按期审结率,风险等级\n1,南京市,3,1,95,绿\n合计,,3,1,,\n")
    assert (len(batch.cells), batch.rejects, batch.left_out["total"]) == (4, [], 1)
    assert batch.unmapped == ["序号"]


def test_headers_again_among_the_rows_are_passed_over(reading: World) -> None:
    batch = read(reading, HEADER + "南京市,3,1,95,绿\n" + HEADER + "徐州市,4,1,95,红\n")
    assert [cell.entity_code for cell in batch.cells if cell.field == "cases"] == ["320100", "320300"]
    assert (batch.rejects, batch.left_out["header"]) == ([], 1)


def test_missing_values_are_cells_and_no_rejects(reading: World) -> None:
    batch = read(reading, HEADER + "南京市,—,,/,无\n")
    assert [(cell.field, cell.state, cell.number) for cell in batch.cells] == [
        (field, "missing", None) for field in ("cases", "corrected", "in_time_rate", "level")
    ]
    assert batch.rejects == []


def test_a_row_of_an_unknown_place_is_kept_without_one(reading: World) -> None:
    batch = read(reading, HEADER + "浦囗区,3,1,95,绿\n,5,,,\n")
    assert rules(batch) == [("unknown_place", "A2", "浦囗区"), ("place_missing", "A3", "")]
    assert {(cell.entity_code, cell.held) for cell in batch.cells} == {(None, "no_place")}
    assert "浦口区" in batch.rejects[0].message_zh


def test_a_part_above_its_whole_is_rejected_with_both_values(reading: World) -> None:
    batch = read(reading, HEADER + "南京市,3,5,95,绿\n")
    assert rules(batch) == [("above_input", "C2", "5")]
    assert "审结件数" in batch.rejects[0].message_zh
    assert "3" in batch.rejects[0].message_zh
    assert [cell.field for cell in batch.cells] == ["cases", "in_time_rate", "level"]


def test_an_ambiguous_name_takes_the_city_beside_it_or_the_one_that_lists_it(reading: World) -> None:
    beside = read(reading, "设区市,地区,审结件数\n徐州市,鼓楼区,3\n,云龙区,4\n南京,鼓楼区,5\n")
    assert [cell.entity_code for cell in beside.cells] == ["320302", "320303", "320106"]
    listed = read(reading, "地区,审结件数\n南京市,1\n玄武区,2\n鼓楼区,3\n徐州市,4\n鼓楼区,5\n云龙区,6\n")
    assert [cell.entity_code for cell in listed.cells] == ["320100", "320102", "320106", "320300", "320302", "320303"]
    twice = read(reading, "地区,审结件数\n南京市鼓楼区,9\n南京市,1\n玄武区,2\n鼓楼区,3\n")
    assert rules(twice)[-1] == ("ambiguous_place", "A5", "鼓楼区")  # 南京's is there already, so this one may be another
    alone = read(reading, "地区,审结件数\n南京市,1\n徐州市,4\n鼓楼区,5\n玄武区,2\n")
    assert rules(alone)[-1] == ("ambiguous_place", "A4", "鼓楼区")
    assert "南京市鼓楼区、徐州市鼓楼区" in alone.rejects[-1].message_zh


def test_a_lost_column_is_told_and_the_others_count(reading: World) -> None:
    batch = read(reading, "地区,审结件数,纠错数量\n南京市,3,1\n")
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("column_missing", None)] * 3
    assert "纠错件数" in batch.rejects[0].message_zh
    assert "纠错数量" in batch.rejects[0].message_zh
    assert [cell.field for cell in batch.cells] == ["cases"]


def test_a_file_without_the_place_or_any_input_is_one_reject_that_names_the_headers(reading: World) -> None:
    batch = read(reading, "城区,审结件数\n南京市,3\n")
    assert (batch.cells, len(batch.rejects)) == ([], 1)
    assert batch.rejects[0].message_zh == "没有找到所需的列：地区；文件中的列是：城区；请按要求的列名修改后重新报送。"
    batch = read(reading, "地区,甲,乙\n南京市,3,4\n")
    sought = "审结件数、纠错件数、按期审结率、风险等级"
    assert batch.rejects[0].message_en == (
        f"These columns were not found: {sought}; the file has: 甲、乙; name the columns as asked and deliver it again."
    )


def test_a_column_that_stands_twice_is_not_guessed_at(reading: World) -> None:
    batch = read(reading, "地区,审结件数,审结件数,纠错件数,按期审结率,风险等级\n南京市,3,4,1,95,绿\n")
    assert rules(batch) == [("column_twice", "B1", "审结件数")]
    assert [cell.field for cell in batch.cells] == ["corrected", "in_time_rate", "level"]


def test_the_first_synonym_wins_over_the_later_ones(reading: World) -> None:
    batch = read(reading, "地区,办结数,审结件数\n南京市,3,4\n")
    assert [(cell.field, cell.number) for cell in batch.cells] == [("cases", 4)]
    assert batch.unmapped == ["办结数"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(reading: World, encoding: str, delimiter: str) -> None:
    text = (HEADER + "南京市,3,1,95,绿\n").replace(",", delimiter)
    batch = read(reading, text.encode(encoding))
    assert [cell.number for cell in batch.cells] == [3, 1, 95, 1]


def test_semicolons_leave_commas_to_the_numbers(reading: World) -> None:
    batch = read(reading, "地区;审结件数\n南京市;1,234\n")
    assert batch.cells[0].number == 1234


def test_lines_count_as_the_file_s_own_also_behind_a_field_of_two_lines(reading: World) -> None:
    batch = read(reading, '"2020年\n情况",\n地区,审结件数\n南京市,约3\n')
    assert batch.rejects[-1].cell == "B4"


def test_a_workbook_with_merged_headers_hidden_and_hint_sheets(reading: World) -> None:
    content = workbook(
        {
            "说明": [["请填写地区"]],
            "汇总": [["2020年"], ["地区", "复议", None], [None, "审结件数", "纠错件数"], ["南京市", 3, 1], ["徐州市", "1,234", None]],
        },
        merged=["A1:C1", "A2:A3", "B2:C2"],
    )
    batch = read(reading, content, "行政复议.xlsx")
    assert values(batch) == [
        ("320100", "cases", 3, "B4"),
        ("320100", "corrected", 1, "C4"),
        ("320300", "cases", 1234, "B5"),
        ("320300", "corrected", None, "C5"),
    ]
    assert {cell.sheet for cell in batch.cells} == {"汇总"}


def test_a_dataset_s_own_codes_for_missing(reading: World) -> None:
    batch = reading.read("provincial", "residents", "人口.csv", "地区,常住人口(万人)\n南京市,-999\n徐州市,880.2\n")
    assert [(cell.state, cell.number) for cell in batch.cells] == [("missing", None), ("reported", 880.2)]


DELIVERED = st.sampled_from(["12", "1,234", "—", "", "约95", "98%", "9８.5", "绿", "-1", "1e5", "无", "12件", "1380013800０"])
PLACES = st.sampled_from(["南京市", "玄武", "鼓楼区", "徐州鼓楼", "港闸区", "没有市", "", "合计", "苏州工业园区", "320102", "备注：无"])


@settings(deadline=None)
@given(st.lists(st.tuples(PLACES, DELIVERED, DELIVERED, DELIVERED, DELIVERED), max_size=8))
def test_every_delivered_cell_is_a_cell_or_a_reject_once(reading: World, rows: list[tuple[str, ...]]) -> None:
    text = HEADER + "".join(",".join(f'"{field}"' for field in row) + "\n" for row in rows)
    batch = read(reading, text)
    taken = [cell.cell for cell in batch.cells] + [
        reject.cell for reject in batch.rejects if reject.cell and not reject.cell.startswith("A") and reject.rule != "total_differs"
    ]
    assert len(taken) == len(set(taken))
    left_out = [line for line, row in enumerate(rows, start=2) if row[0] in ("合计", "备注：无")]
    filled = {f"{letter}{line}" for line, row in enumerate(rows, start=2) for letter, field in zip("BCDE", row[1:], strict=True) if field}
    assert {cell for cell in filled if int(cell[1:]) not in left_out} <= set(taken)
    assert not [cell for cell in taken if int(cell[1:]) in left_out]
