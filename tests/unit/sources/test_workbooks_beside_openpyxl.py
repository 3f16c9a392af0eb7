"""What the reader of workbooks finds in each cell is what openpyxl finds there; and where the two differ on purpose, what a person sees."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from sources.batch import UnreadableDelivery
from sources.grid import Grid, GridCell
from sources.workbook import is_container, read_workbook
from tests.dirt import cases_of_files, cases_of_forms, cases_of_places, cases_of_tables, cases_of_values
from tests.dirt.corpus import CASES
from tests.sources_world import workbook

MODULES = (cases_of_files, cases_of_forms, cases_of_places, cases_of_tables, cases_of_values)
SHEET = "xl/worksheets/sheet1.xml"


def with_parts(content: bytes, changed: Mapping[str, tuple[str, str]]) -> bytes:
    """The workbook with a text of each of those parts replaced by another."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name in changed:
                before, after = changed[name]
                assert before.encode() in part, (name, part)
                part = part.replace(before.encode(), after.encode())
            new.writestr(name, part)
    return made.getvalue()


def with_cells(xml: str) -> bytes:
    """A workbook of one sheet, 甲, whose rows are that XML."""
    return with_parts(workbook({"甲": []}), {SHEET: ("<sheetData></sheetData>", f"<sheetData>{xml}</sheetData>")})


def only(content: bytes) -> Grid:
    (grid,) = read_workbook(content)
    return grid


def by_openpyxl(content: bytes) -> list[dict[tuple[int, int], Any]]:
    """Value, percentage and formula of each cell that has one, sheet by sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values, formulas = (openpyxl.load_workbook(io.BytesIO(content), data_only=cached) for cached in (True, False))
    sheets = []
    for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
        cells = {}
        for at, cell in sheet._cells.items():
            formula = written._cells[at]
            value = str(cell.value) if isinstance(cell.value, timedelta) else cell.value
            if value is not None or formula.data_type == "f":
                cells[at] = (value, "0%" in str(cell.number_format) or "0.00%" in str(cell.number_format), formula.data_type == "f")
        sheets.append(cells)
    return sheets


def by_us(content: bytes) -> list[dict[tuple[int, int], Any]]:
    def seen(cell: GridCell) -> Any:
        return cell.value, cell.is_percent, "cached_formula" in cell.marks or cell.fault == "formula_without_value"

    return [
        {(row, column): seen(cell) for row, cells in grid.rows.items() for column, cell in cells.items()} for grid in read_workbook(content)
    ]


def test_every_workbook_of_the_corpus_of_dirt_gives_the_cells_that_openpyxl_gives() -> None:
    compared = 0
    for each in CASES:
        content = each.make().content
        if not is_container(content) or (None, "damaged_workbook") in each.rejected:
            continue
        try:
            ours = by_us(content)
        except UnreadableDelivery:
            continue  # why, the corpus says
        assert ours == by_openpyxl(content), each.name
        compared += 1
    assert compared > 100


@pytest.mark.parametrize("code", ["yyyy/m/d", "[h]:mm", "h:mm:ss", '0"年"', "0.0%", '0"%"', "#,##0;[Red]-#,##0", "General", "@"])
@pytest.mark.parametrize("value", [0, 0.5, 1, 59, 61, 43831, 43831.25, -1, 3_000_000])
def test_a_number_is_what_openpyxl_takes_it_for_under_each_format(value: float, code: str) -> None:
    content = workbook({"甲": [[value]]}, {"A1": code})
    (ours,), (theirs,) = by_us(content), by_openpyxl(content)
    assert ours[1, 1][0] == theirs[1, 1][0]


def test_days_of_1904_are_counted_from_there() -> None:
    counted = ("<workbookPr />", '<workbookPr date1904="1"/>')
    content = with_parts(workbook({"甲": [[42369]]}, {"A1": "yyyy/m/d"}), {"xl/workbook.xml": counted})
    assert only(content).cell(1, 1).text == "2020-01-01"


# --- where openpyxl sees less than a person -----------------------------------------------------------------------------


def test_a_day_in_a_format_of_chinese_excel_is_a_day() -> None:
    """Format 31 is yyyy年m月d日 without a code in the file; 43831 is 2020-01-01."""
    content = with_parts(workbook({"甲": [[43831]]}, {"A1": "yyyy/m/d"}), {"xl/styles.xml": ('<xf numFmtId="164"', '<xf numFmtId="31"')})
    assert only(content).cell(1, 1).text == "2020-01-01"


def test_signs_that_xml_cannot_hold_are_read_as_what_they_stand_for() -> None:
    content = with_cells(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>南京市_x000D_</t></is></c><c r="B1" t="str"><v>_x005F_x000D_</v></c></row>'
    )
    assert [only(content).cell(1, column).value for column in (1, 2)] == ["南京市\r", "_x000D_"]


def test_a_text_of_several_fonts_is_one_and_how_it_is_read_is_no_part_of_it() -> None:
    rich = "<is><r><t>南</t></r><r><rPr><b/></rPr><t>京市</t></r><rPh sb='0' eb='1'><t>nán</t></rPh></is>"
    assert only(with_cells(f'<row r="1"><c r="A1" t="inlineStr">{rich}</c></row>')).cell(1, 1).value == "南京市"


def test_a_formula_whose_result_is_an_empty_text_is_blank_and_one_without_a_result_is_none() -> None:
    grid = only(with_cells('<row r="1"><c r="A1" t="str"><f>IF(1,"")</f><v></v></c><c r="B1"><f>1+1</f></c></row>'))
    assert (grid.cell(1, 1).value, grid.cell(1, 1).is_blank) == ("", True)
    assert (grid.cell(1, 2).fault, grid.cell(1, 2).text) == ("formula_without_value", "=1+1")


def test_a_shared_formula_without_a_result_is_shown_as_it_stands_in_its_own_cell() -> None:
    first, second = '<c r="B1"><f t="shared" ref="B1:B2" si="0">A1*2</f><v>4</v></c>', '<c r="B2"><f t="shared" si="0"/></c>'
    grid = only(with_cells(f'<row r="1">{first}</row><row r="2">{second}</row>'))
    assert (grid.cell(1, 2).value, grid.cell(1, 2).marks) == (4, ("cached_formula",))
    assert (grid.cell(2, 2).fault, grid.cell(2, 2).text) == ("formula_without_value", "=A2*2")


def test_cells_and_rows_without_their_place_follow_one_another() -> None:
    grid = only(with_cells("<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='C2'><v>3</v></c><c><v>4</v></c></row>"))
    assert {(row, column): cell.value for row, column, cell in grid.filled()} == {(1, 1): 1, (1, 2): 2, (2, 3): 3, (2, 4): 4}


def test_a_workbook_saved_as_strict_open_xml_is_read_like_any_other() -> None:
    usual, strict = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    content = workbook({"甲": [["南京市", 5]]})
    parts = dict.fromkeys((SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"), (usual, strict))
    assert by_us(with_parts(content, parts)) == by_us(content)


def test_a_value_in_the_last_cell_of_a_sheet_costs_no_more_than_one_in_the_first() -> None:
    grid = only(with_cells('<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'))
    assert grid.cell(1_048_576, 16_384).value == 7
    assert sum(map(len, grid.rows.values())) == 1


def test_what_lies_under_merged_cells_is_no_cell_however_large_the_area() -> None:
    content = workbook({"甲": [[1, 2], [3, 4]]})
    for area, left in (("A1:B1", [1, 3, 4]), ("A1:XFD1048576", [1])):
        merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
        grid = only(with_parts(content, {SHEET: ("</sheetData>", merged)}))
        assert [cell.value for _, _, cell in grid.filled()] == left


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "A1 is there twice"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "XFE1 is no cell"),
        ('<row r="1"><c r="A1048577"><v>1</v></c></row>', "A1048577 is no cell"),
        ('<row r="0"><c><v>1</v></c></row>', "A0 is no cell"),
        ('<row r="1"><c r="XFD1"><v>1</v></c><c><v>1</v></c></row>', "XFE1 is no cell"),
        ('<row><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>', "A1 is there twice"),
        ('<row r="1"><c r="A1"><v>1_000</v></c></row>', "1_000 is no number"),
        ('<row r="1"><c r="A1"><v>nan</v></c></row>', "nan is no number"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "-1 is no index"),
        ('<row r="1"><c r="A1" t="s"><v>999</v></c></row>', "IndexError"),
        ('<row r="1"><c r="A1" s="999"><v>1</v></c></row>', "IndexError"),
    ],
)
def test_a_cell_that_can_be_understood_in_several_ways_or_none_is_a_damaged_workbook(cells: str, fault: str) -> None:
    with pytest.raises(UnreadableDelivery) as raised:
        read_workbook(with_cells(cells))
    (reject,) = raised.value.rejects
    assert reject.rule == "damaged_workbook"
    assert fault in reject.message_en


def test_two_sheets_of_one_name_and_a_sheet_that_leads_nowhere_are_damaged_workbooks() -> None:
    content = workbook({"甲": [[1]], "乙": [[2]]})
    for changed in (
        {"xl/workbook.xml": ('name="乙"', 'name="甲"')},
        {"xl/_rels/workbook.xml.rels": ("/xl/worksheets/sheet2.xml", "/xl/worksheets/sheet9.xml")},
    ):
        with pytest.raises(UnreadableDelivery) as raised:
            read_workbook(with_parts(content, changed))
        assert [reject.rule for reject in raised.value.rejects] == ["damaged_workbook"]
