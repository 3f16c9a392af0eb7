"""Dirt in tables with a row a place or a record: headers, units in titles, merged cells, several tables, two years side by side."""

from __future__ import annotations

from datetime import date

from tests.dirt.corpus import MISSING, File, book, call_texts, calls, case, items, money, people, rates
from tests.sources_world import workbook

HEADER = ["地区", "债务余额", "已偿金额"]
ROW = ["南京市", 12, 5]


def both(row: int, debt: object, paid: object, sheet: str = "汇总") -> dict[str, object]:
    """The two values of a row of money."""
    return {f"{sheet}!B{row}": debt, f"{sheet}!C{row}": paid}


# --- headers ------------------------------------------------------------------------------------------------------------


@case("merged headers", taken=both(3, 12, 5))
def groups_above_the_headers() -> File:
    return money([["地区", "债务", None], [None, "债务余额", "已偿金额"], ROW], merged=["A1:A2", "B1:C1"])


@case("merged headers", taken=both(4, 12, 5))
def a_title_merged_over_all() -> File:
    return money(
        [["2020年债务情况", None, None], ["地区", "债务", None], [None, "债务余额", "已偿金额"], ROW], merged=["A1:C1", "A2:A3", "B2:C2"]
    )


@case("columns in another order", taken={"汇总!A2": 5, "汇总!B2": 12})
def the_place_in_the_last_column() -> File:
    return money([["已偿金额", "债务余额", "地区"], [5, 12, "南京市"]])


@case("lost columns", taken={"汇总!B2": 12}, rejected={"汇总!": "column_missing"})
def a_column_that_is_not_there() -> File:
    return money([["地区", "债务余额"], ["南京市", 12]])


@case("lost columns", rejected={None: "columns_missing"})
def a_table_without_its_places() -> File:
    return money([["债务余额", "已偿金额"], [12, 5]])


@case("one column twice", taken={"汇总!C2": 5}, rejected={"汇总!B1": "column_twice"})
def a_column_that_stands_twice() -> File:
    return money([["地区", "债务余额", "已偿金额", "债务余额"], [*ROW, 13]])


@case("two years side by side", taken={"汇总!C3": 12, "汇总!E3": 5})
def years_above_columns_of_one_name() -> File:
    header = ["地区", "债务余额", "债务余额", "已偿金额", "已偿金额"]
    return money([[None, "2019年", "2020年", "2019年", "2020年"], header, ["南京市", 11, 12, 4, 5]])


@case("two years side by side", taken={"汇总!D3": 12, "汇总!E3": 5})
def years_merged_over_their_columns() -> File:
    years = [None, "2019年", None, "2020年", None]
    return money([years, ["地区", "债务余额", "已偿金额", "债务余额", "已偿金额"], ["南京市", 11, 4, 12, 5]], merged=["B1:C1", "D1:E1"])


@case("two years side by side", taken={"汇总!C2": 12, "汇总!D2": 5})
def years_in_the_headers_themselves() -> File:
    return money([["地区", "2019年债务余额", "2020年债务余额", "已偿金额（2020年）"], ["南京市", 11, 12, 5]])


@case("two years side by side", rejected={None: "columns_missing"})
def years_that_are_both_others() -> File:
    return money([["地区", "2018年债务余额", "2019年债务余额"], ["南京市", 11, 12]])


@case("another year's table", rejected={"汇总!A1": "table_of_other_year"})
def a_title_of_the_year_before() -> File:
    return money([["2019年债务情况"], HEADER, ROW])


@case("another year's table", taken=both(3, 12, 5))
def a_title_that_compares_with_the_year_before() -> File:
    return money([["2020年债务情况（与2019年相比）"], HEADER, ROW])


# --- units --------------------------------------------------------------------------------------------------------------


@case("units in the title", taken=both(3, 12, 50000), notes={"汇总!C3": "converted_unit"})
def ten_thousands_of_yuan_above_all() -> File:
    return money([["单位：万元"], HEADER, ROW])


@case("units in the title", taken=both(3, 0.0012, 5), notes={"汇总!B3": "converted_unit"})
def yuan_in_brackets_in_the_title() -> File:
    return money([["债务情况表（单位：元）"], HEADER, ROW])


@case("units in the title", taken=both(3, 12, 5))
def two_units_in_the_title_decide_nothing() -> File:
    return money([["单位：万元、元"], HEADER, ROW])


@case("units in the title", taken={"汇总!B3": 0.5}, of="320100")
def per_cent_above_all() -> File:
    return book("rates", "比率.xlsx", [["单位：%"], ["地区", "办结率"], ["南京市", 0.5]])


@case("units in the header", taken=both(2, 120000, 5), notes={"汇总!B2": "converted_unit"})
def hundred_millions_in_brackets() -> File:
    return money([["地区", "债务余额（亿元）", "已偿金额(元)"], ROW])


@case("units in the header", taken=both(2, 12, 50000), notes={"汇总!C2": "converted_unit"})
def each_column_in_its_own_unit() -> File:
    return money([["地区", "债务余额（万元）", "已偿金额（万元）"], ROW])


@case("units in the header", taken={"B2": 880.2}, of="320300", notes={"B2": "converted_unit"})
def persons_where_ten_thousands_are_asked() -> File:
    return people("地区,常住人口（人）\n徐州市,8802000\n")


@case("units in the header", taken={"汇总!C2": 5}, rejected={"汇总!B2": "other_unit"})
def a_unit_of_another_kind() -> File:
    return money([["地区", "债务余额（人）", "已偿金额"], ROW])


@case("units in the header", taken=both(2, 12, 50000), notes={"汇总!B2": "converted_unit", "汇总!C2": "converted_unit"})
def a_unit_in_the_value_outweighs_the_header() -> File:
    return money([["地区", "债务余额（亿元）", "已偿金额"], ["南京市", "120000元", "5万元"]])


# --- several tables -----------------------------------------------------------------------------------------------------


def cities(of: dict[int, str], sheet: str = "汇总") -> dict[str, str | None]:
    """Of which place the cells of each row are."""
    return {f"{sheet}!{column}{row}": code for row, code in of.items() for column in "ABCDEF"}


@case(
    "two tables on one sheet",
    taken=both(2, 12, 5) | both(6, 7, 3),
    of=cities({2: "320100", 6: "320300"}),
    left_out={"header": 1, "note": 1},
)
def one_below_the_other() -> File:
    return money([HEADER, ROW, [None], ["苏北部分"], HEADER, ["徐州市", 7, 3]])


@case(
    "two tables on one sheet",
    taken=both(2, 12, 5) | {"汇总!B4": 3, "汇总!C4": 7},
    of=cities({2: "320100", 4: "320300"}),
    left_out={"header": 1},
)
def the_second_with_its_columns_exchanged() -> File:
    return money([HEADER, ROW, ["地区", "已偿金额", "债务余额"], ["徐州市", 3, 7]])


@case(
    "two tables on one sheet",
    taken={"汇总!B2": 12, "汇总!C2": 5},
    rejected={"汇总!": "columns_missing"},
    left_out={"header": 1},
)
def the_second_of_something_else() -> File:
    return money([HEADER, ROW, ["地区", "人口", "面积"], ["徐州市", 3, 7]])


@case(
    "two tables on one sheet",
    taken={"汇总!B2": 12, "汇总!C2": 5, "汇总!E2": 7, "汇总!F2": 3},
    of={"汇总!B2": "320100", "汇总!C2": "320100", "汇总!E2": "320300", "汇总!F2": "320300"},
)
def one_beside_the_other() -> File:
    return money([[*HEADER, *HEADER], [*ROW, "徐州市", 7, 3]])


@case(
    "tables on several sheets",
    taken=both(2, 12, 5, "苏南") | both(2, 7, 3, "苏北"),
    of=cities({2: "320100"}, "苏南") | cities({2: "320300"}, "苏北"),
    left_out={"sheet": 1},
)
def a_sheet_a_region() -> File:
    return File(
        "provincial", "money", "财政.xlsx", workbook({"说明": [["填报说明"]], "苏南": [HEADER, ROW], "苏北": [HEADER, ["徐州市", 7, 3]]})
    )


@case("headers again on each page", taken=both(2, 12, 5) | both(4, 7, 3), of=cities({2: "320100", 4: "320300"}), left_out={"header": 1})
def a_header_on_the_second_page() -> File:
    return money([HEADER, ROW, HEADER, ["徐州市", 7, 3]])


# --- merged cells -------------------------------------------------------------------------------------------------------


@case(
    "merged cells",
    rejected={"汇总!B2": "merged_value", "汇总!B3": "merged_value"},
    taken={"汇总!C2": 5, "汇总!C3": 3},
    of=cities({2: "320100", 3: "320300"}),
)
def one_value_for_two_places() -> File:
    return money([HEADER, ROW, ["徐州市", None, 3]], merged=["B2:B3"])


@case("merged cells", rejected={"汇总!B2": "merged_value", "汇总!C2": "merged_value"})
def one_value_for_two_columns() -> File:
    return money([HEADER, ["南京市", 12, None]], merged=["B2:C2"])


@case(
    "merged cells",
    taken={"汇总!C2": 5, "汇总!C3": 4, "汇总!C4": 3},
    of={"汇总!C2": "320106", "汇总!C3": "320102", "汇总!C4": "320302"},
)
def a_city_merged_beside_its_counties() -> File:
    rows: list[list[object]] = [
        ["设区市", "地区", "常住人口（万人）"],
        ["南京市", "鼓楼区", 5],
        [None, "玄武区", 4],
        ["徐州市", "鼓楼区", 3],
    ]
    return book("residents", "人口.xlsx", rows, merged=["A2:A3"])


CALL = {"记录!A2": "T1", "记录!C2": date(2020, 3, 1), "记录!D2": "enquiry", "记录!E2": 1}
CALL_3 = {"记录!A3": "T2", "记录!C3": date(2020, 3, 1), "记录!D3": "enquiry", "记录!E3": 0}


@case("merged cells", taken=CALL | CALL_3, notes={"记录!C2": "merged", "记录!C3": "merged"})
def one_day_for_two_calls() -> File:
    return calls([["T1", "南京市", date(2020, 3, 1), "咨询", "是"], ["T2", "南京市", None, "咨询", "否"]], merged=["C2:C3"])


@case("merged cells", taken=CALL | CALL_3)
def one_place_for_two_calls() -> File:
    return calls([["T1", "南京市", date(2020, 3, 1), "咨询", "是"], ["T2", None, date(2020, 3, 1), "咨询", "否"]], merged=["B2:B3"])


# --- records ------------------------------------------------------------------------------------------------------------

TEXT = "编号,地区,拨打日期,类型,是否接通\n"
LINE = {"A2": "T1", "C2": date(2020, 3, 1), "D2": "enquiry", "E2": 1}


@case("records without what they need", taken={key: value for key, value in LINE.items() if key != "A2"}, rejected={"A2": "key_missing"})
def a_record_without_its_number() -> File:
    return call_texts(f"{TEXT},南京市,2020-03-01,咨询,是\n")


@case("records without what they need", taken={key: value for key, value in LINE.items() if key != "D2"}, rejected={"D2": "field_missing"})
def a_record_without_its_kind() -> File:
    return call_texts(f"{TEXT}T1,南京市,2020-03-01,—,是\n")


@case("words that are no choice", taken={key: value for key, value in LINE.items() if key != "D2"}, rejected={"D2": "unknown_category"})
def a_kind_that_nobody_knows() -> File:
    return call_texts(f"{TEXT}T1,南京市,2020-03-01,闲聊,是\n")


@case("lost columns", rejected={None: "columns_missing"})
def records_without_a_column_that_is_computed_from() -> File:
    return call_texts("编号,地区,拨打日期\nT1,南京市,2020-03-01\n")


@case("records of one place under another", taken=LINE, of=None, rejected={"B2": "ambiguous_place"})
def a_record_of_one_of_two_namesakes() -> File:
    return call_texts(f"{TEXT}T1,鼓楼区,2020-03-01,咨询,是\n")


# --- opinion items ------------------------------------------------------------------------------------------------------

ITEM = '{"item_id": "1", "title": "南京市政府拖欠工程款", "published_at": "2020-05-01T08:00:00+08:00"}\n'


@case("markup in texts", taken={"line 1": "1"})
def tags_and_entities_in_a_title() -> File:
    return items('{"item_id": "1", "title": "<b>南京市&amp;政府</b>拖欠", "published_at": "2020-05-01T08:00:00+08:00"}\n')


@case("traditional characters", taken={"line 1": "1"}, of="320900")
def an_item_in_traditional_characters() -> File:
    return items('{"item_id": "1", "title": "鹽城市政府拖欠", "published_at": "2020-05-01T08:00:00+08:00"}\n')


@case("items without what they need", rejected={"line 1 title": "empty_item"})
def an_item_without_a_text() -> File:
    return items('{"item_id": "1", "title": "", "body": " ", "published_at": "2020-05-01T08:00:00+08:00"}\n')


@case("items without what they need", rejected={"line 1": "key_missing"})
def an_item_without_its_id() -> File:
    return items('{"title": "南京市政府拖欠", "published_at": "2020-05-01T08:00:00+08:00"}\n')


@case("lines that are cut", taken={"line 1": "1"}, rejected={"line 2": "not_json"})
def a_line_cut_in_half() -> File:
    return items(ITEM + '{"item_id": "2", "title": "南京')


@case("percentages that contradict", rejected={"B2": "above_maximum"}, taken={"B3": 98}, of={"B3": "320200"})
def more_than_a_hundred_in_a_column() -> File:
    return rates("150", "98")


@case("blank tables", taken={"B2": MISSING}, of="320100")
def a_place_with_nothing_beside_it_but_a_dash() -> File:
    return people("地区,常住人口（万人）\n南京市,—\n")
