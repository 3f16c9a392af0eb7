"""Dirt in a self-assessment workbook: covers, sheets, rows and columns, merged and hidden cells, versions of the template."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl

from tests.dirt.corpus import CODES, COVER, MISSING, File, answers, case, form, raw_form
from tests.sources_world import workbook

AT = "甲!B2"
OFFICIALS = ("officials", 100)


def _changed(make: object, rows: list[list[object]] | None = None) -> bytes:
    """南京's form with 100 officials, changed by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(workbook({"封面": COVER, "甲": [CODES, *(rows or [list(OFFICIALS)])]})))
    make(book)  # type: ignore[operator]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet_replaced(content: bytes, old: bytes, new: bytes, part: str = "xl/worksheets/sheet2.xml") -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old in text, text
                text = text.replace(old, new)
            after.writestr(name, text)
    return changed.getvalue()


# --- the cover ----------------------------------------------------------------------------------------------------------


@case("another place's name", rejected={None: "other_place_in_name"})
def a_file_named_after_another_place() -> File:
    return answers(OFFICIALS, name="徐州市自评.xlsx")


@case("another place's name", rejected={None: "other_place_in_name"})
def a_file_named_after_a_county_of_the_city_on_the_cover() -> File:
    return answers(OFFICIALS, name="南京市鼓楼区自评.xlsx")


@case("another place's name", taken={AT: 100}, of="320106")
def a_file_whose_name_leaves_open_which_namesake_the_cover_names() -> File:
    return answers(OFFICIALS, cover=[["填报单位", "南京市鼓楼区"], ["评价年度", 2020]], name="鼓楼区自评.xlsx")


@case("another place's name", taken={AT: 100})
def a_file_named_after_the_place_with_more_around_it() -> File:
    return answers(OFFICIALS, name="（终稿）南京 2020 自评 .xlsx")


@case("another place's name", rejected={"乙!B1": "places_differ"})
def two_sheets_that_name_two_places() -> File:
    return form({"封面": COVER, "乙": [["填报单位", "徐州市"]], "甲": [CODES, OFFICIALS]})


@case("no place on the cover", rejected={"封面!B1": "cover_place_missing"})
def a_cover_left_blank() -> File:
    return answers(OFFICIALS, cover=[["填报单位", None], ["评价年度", 2020]])


@case("no place on the cover", rejected={None: "cover_place_missing", "封面!B1": "other_year"})
def a_cover_that_lost_its_label() -> File:
    return answers(OFFICIALS, cover=[["评价年度", 2019]])


@case("another year's form", rejected={"封面!B2": "other_year"})
def a_form_of_the_year_before() -> File:
    return answers(OFFICIALS, cover=[["填报单位", "南京市"], ["评价年度", "2019年度"]])


@case("another year's form", rejected={"封面!B2": "year_missing"})
def a_form_of_no_year() -> File:
    return answers(OFFICIALS, cover=[["填报单位", "南京市"], ["评价年度", "本年"]])


@case("covers as people make them", taken={AT: 100})
def labels_and_values_in_one_cell() -> File:
    return answers(OFFICIALS, cover=[["填报单位：南京市"], ["评价年度：2020年"]])


@case("covers as people make them", taken={AT: 100})
def a_date_in_place_of_the_year() -> File:
    return answers(OFFICIALS, cover=[["填报单位", "南京市"], ["评价年度", datetime(2020, 12, 31)]])  # noqa: DTZ001


@case("covers as people make them", taken={AT: 100})
def labels_in_traditional_characters() -> File:
    return answers(OFFICIALS, cover=[["填報單位", "南京市"], ["評價年度", "2020年"]])


# --- sheets -------------------------------------------------------------------------------------------------------------


@case("moved sheets", taken={AT: 100})
def the_cover_at_the_end() -> File:
    return form({"甲": [CODES, OFFICIALS], "封面": COVER})


@case("renamed sheets", taken={"Sheet1 (2)!B2": 100})
def a_sheet_under_another_name() -> File:
    return form({"封面": COVER, "Sheet1 (2)": [CODES, OFFICIALS]})


@case("extra sheets", taken={AT: 100}, left_out={"sheet": 2})
def a_sheet_of_hints_and_one_of_jottings() -> File:
    return form({"封面": COVER, "填表说明": [["怎样填写"]], "草稿": [["随手记", 5]], "甲": [CODES, OFFICIALS]})


@case("extra sheets", taken={AT: 100})
def empty_sheets() -> File:
    return form({"封面": COVER, "甲": [CODES, OFFICIALS], "Sheet2": [], "Sheet3": []})


@case("extra sheets", taken={AT: 100}, rejected={"甲 (2)!B2": "given_twice"})
def a_copy_of_a_sheet_that_says_the_same() -> File:
    return form({"封面": COVER, "甲": [CODES, OFFICIALS], "甲 (2)": [CODES, OFFICIALS]})


@case("extra sheets", rejected={AT: "given_twice", "甲 (2)!B2": "given_twice"})
def a_copy_of_a_sheet_that_says_otherwise() -> File:
    return form({"封面": COVER, "甲": [CODES, OFFICIALS], "甲 (2)": [CODES, ("officials", 90)]})


@case("hidden sheets", taken={AT: 100}, notes={AT: "hidden"})
def a_hidden_sheet() -> File:
    return raw_form(_changed(lambda book: setattr(book["甲"], "sheet_state", "hidden")))


@case("hidden sheets", taken={AT: 100}, notes={AT: "hidden"})
def a_very_hidden_sheet() -> File:
    return raw_form(_changed(lambda book: setattr(book["甲"], "sheet_state", "veryHidden")))


@case("hidden rows and columns", taken={AT: 100}, notes={AT: "hidden"})
def a_hidden_row() -> File:
    return raw_form(_changed(lambda book: setattr(book["甲"].row_dimensions[2], "hidden", True)))


@case("hidden rows and columns", taken={AT: 100}, notes={AT: "hidden"})
def a_hidden_column() -> File:
    return raw_form(_changed(lambda book: setattr(book["甲"].column_dimensions["B"], "hidden", True)))


# --- rows and columns ---------------------------------------------------------------------------------------------------


@case("columns in another order", taken={"甲!A2": 100})
def the_value_before_the_code() -> File:
    return form({"封面": COVER, "甲": [["填报值", "指标编码"], [100, "officials"]]})


@case("columns in another order", taken={"甲!D2": 100})
def columns_put_in_between() -> File:
    return form({"封面": COVER, "甲": [["序号", "指标编码", "名称", "填报值"], [1, "officials", "公务员人数", 100]]})


@case("renamed columns", taken={AT: 100})
def synonyms_with_asterisk_and_blanks() -> File:
    return form({"封面": COVER, "甲": [["编 码*", "数值："], OFFICIALS]})


@case("renamed columns", taken={AT: 100})
def headers_in_traditional_characters() -> File:
    return form({"封面": COVER, "甲": [["指標編碼", "填報值"], OFFICIALS]})


@case("renamed columns", rejected={None: "columns_missing"})
def a_header_that_nobody_knows() -> File:
    return form({"封面": COVER, "甲": [["指标编码", "答"], OFFICIALS]})


@case("rows in another order", taken={AT: 80, "甲!B3": 100})
def rows_turned_round() -> File:
    return answers(("trained", 80), OFFICIALS)


@case("rows in another order", taken={"甲!B4": 100})
def blank_rows_in_between() -> File:
    return answers((None, None), (None, None), OFFICIALS)


@case("titles above the table", taken={"甲!B4": 100})
def titles_above_the_header() -> File:
    return form({"封面": COVER, "甲": [["依法行政（请逐项填写）"], [None], CODES, OFFICIALS]})


@case("notes under the table", taken={AT: 100}, left_out={"note": 1})
def a_note_under_the_rows() -> File:
    return answers(OFFICIALS, ("注：以上为年末数", None))


@case("lost rows", taken={AT: 100})
def a_template_with_rows_deleted() -> File:
    return answers(OFFICIALS)


@case("lost codes", taken={AT: 100}, rejected={"甲!B3": "code_missing"})
def a_value_without_its_code() -> File:
    return answers(OFFICIALS, (None, 80))


@case("lost codes", taken={AT: 100}, rejected={"乙!": "columns_missing"})
def a_sheet_without_its_column_of_codes() -> File:
    return form({"封面": COVER, "甲": [CODES, OFFICIALS], "乙": [["名称", "填报值", "单位"], ["培训人数", 80, "人"]]})


@case("older templates", taken={AT: 100}, rejected={"甲!B3": "unknown_input"}, left_out={"note": 1})
def codes_of_an_older_template() -> File:
    return answers(OFFICIALS, ("officials_2018", 80), ("plans_2018", None))


@case("older templates", rejected={AT: "unknown_input"})
def a_code_of_another_source() -> File:
    return answers(("debt", 5))


@case("codes as people retype them", taken={AT: 100})
def a_code_in_capitals_with_blanks() -> File:
    return answers((" Officials ", 100))


@case("one input twice", taken={AT: 100}, rejected={"甲!B3": "given_twice"})
def twice_the_same() -> File:
    return answers(OFFICIALS, OFFICIALS)


@case("one input twice", rejected={AT: "given_twice", "甲!B3": "given_twice"})
def twice_otherwise() -> File:
    return answers(OFFICIALS, ("officials", 101))


@case("totals in a form", taken={AT: 100, "甲!B3": 80}, left_out={"total": 1})
def a_total_that_adds_up() -> File:
    return answers(OFFICIALS, ("trained", 80), ("合计", 180))


@case("totals in a form", taken={AT: 100, "甲!B3": 80}, rejected={"甲!B4": "total_differs"}, left_out={"total": 1})
def a_total_that_does_not_add_up() -> File:
    return answers(OFFICIALS, ("trained", 80), ("合计", 190))


# --- merged cells -------------------------------------------------------------------------------------------------------


@case("merged cells", taken={"甲!B3": 100})
def a_merged_title() -> File:
    return form({"封面": COVER, "甲": [["依法行政", None], CODES, OFFICIALS]}, merged=["A1:B1"])


@case("merged cells", taken={"甲!B3": 100})
def a_header_merged_over_two_rows() -> File:
    return form({"封面": COVER, "甲": [CODES, [None, None], OFFICIALS]}, merged=["A1:A2", "B1:B2"])


@case("merged cells", rejected={AT: "merged_value", "甲!B3": "merged_value"})
def one_value_for_two_inputs() -> File:
    return answers(OFFICIALS, ("trained", None), merged=["B2:B3"])


@case("merged cells", taken={AT: 100})
def a_value_merged_into_blank_columns() -> File:
    return form({"封面": COVER, "甲": [[*CODES, "备注"], [*OFFICIALS, None]]}, merged=["B2:C2"])


@case("merged cells", taken={AT: 100})
def a_value_merged_into_the_blank_row_below() -> File:
    return answers(OFFICIALS, (None, None), merged=["B2:B3"])


# --- formulas -----------------------------------------------------------------------------------------------------------


def _formula(value: bytes, kind: bytes = b"") -> bytes:
    """南京's form with the formula 50+50 and that cached result."""
    content = workbook({"封面": COVER, "甲": [CODES, ["officials", "=50+50"]]})
    for blank in (b"<f>50+50</f><v />", b"<f>50+50</f><v></v>", b"<f>50+50</f><v/>"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if blank in book.read("xl/worksheets/sheet2.xml"):
                cached = _sheet_replaced(content, blank, b"<f>50+50</f>" + value)
                return _sheet_replaced(cached, b'<c r="B2">', b'<c r="B2"' + kind + b">") if kind else cached
    raise AssertionError


@case("formulas", taken={AT: 100}, notes={AT: "cached_formula"})
def a_formula_with_its_result() -> File:
    return raw_form(_formula(b"<v>100</v>"))


@case("formulas", rejected={AT: "formula_without_value"})
def a_formula_without_its_result() -> File:
    return answers(("officials", "=50+50"))


@case("formulas", rejected={AT: "excel_error"})
def a_formula_whose_result_is_an_error() -> File:
    return raw_form(_formula(b"<v>#DIV/0!</v>", b' t="e"'))


@case("formulas", rejected={AT: "formula_without_value"})
def a_formula_that_refers_to_another_workbook() -> File:
    return answers(("officials", "='[年报.xlsx]Sheet1'!B2"))


@case("formulas", taken={AT: MISSING})
def a_formula_whose_result_is_nothing() -> File:
    return raw_form(_formula("<v>—</v>".encode(), b' t="str"'))


# --- kinds of workbooks -------------------------------------------------------------------------------------------------


@case("workbooks with macros", taken={AT: 100})
def a_workbook_of_macros_is_data() -> File:
    return answers(OFFICIALS, name="自评.xlsm")


@case("names of files", taken={AT: 100})
def blanks_and_emoji_in_the_name() -> File:
    return answers(OFFICIALS, name="2020 自评 ✅ 最终版 (1).xlsx")
