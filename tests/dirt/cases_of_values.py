"""Dirt in one cell: numbers, percentages, units, dates, signs of nothing."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.dirt.corpus import MISSING, File, answer, answers, call_texts, calls, case, items, money, people, rates

AT = "甲!B2"


# --- numbers as people write them ---------------------------------------------------------------------------------------


@case("full-width digits", taken={AT: 98.5})
def full_width_digit_among_half_width_ones() -> File:
    return answer("satisfaction", "9８.5")


@case("full-width digits", taken={AT: 1234})
def full_width_digits_and_comma() -> File:
    return answer("officials", "１，２３４")


@case("thousands", taken={AT: 1234})
def comma_of_thousands() -> File:
    return answer("officials", "1,234")


@case("thousands", rejected={AT: "not_a_number"})
def comma_in_the_wrong_place() -> File:
    return answer("officials", "12,34")


@case("point and comma exchanged", rejected={AT: "not_a_number"})
def thousands_by_points() -> File:
    return answer("arrears", "1.234,5")


@case("point and comma exchanged", rejected={AT: "not_a_number"})
def decimals_by_comma() -> File:
    return answer("arrears", "95,5")


@case("words in a number", rejected={AT: "not_a_number"})
def about_95() -> File:
    return answer("officials", "约95")


@case("words in a number", rejected={AT: "not_a_number"})
def more_than_95() -> File:
    return answer("officials", "95余人")


@case("words in a number", rejected={AT: "not_a_number"})
def at_least_95() -> File:
    return answer("officials", "≥95")


@case("ranges", rejected={AT: "not_a_number"})
def from_90_to_95() -> File:
    return answer("officials", "90-95")


@case("ranges", rejected={AT: "not_a_number"})
def between_two_numbers_in_words() -> File:
    return answer("officials", "90至95")


@case("sums in a text", rejected={AT: "not_a_number"})
def a_sum_as_text() -> File:
    return answer("officials", "40+55")


@case("sums in a text", rejected={AT: "not_a_number"})
def a_fraction() -> File:
    return answer("officials", "3/4")


@case("chinese numerals", rejected={AT: "not_a_number"})
def chinese_numeral() -> File:
    return answer("officials", "九十五")


@case("raised and circled digits", rejected={AT: "not_a_number"})
def a_footnote_mark_behind_the_number() -> File:
    return answer("officials", "10²")


@case("raised and circled digits", rejected={AT: "not_a_number"})
def a_circled_digit() -> File:
    return answer("officials", "⑤")


@case("blanks in a number", taken={AT: 95})
def blanks_around() -> File:
    return answer("officials", " 　95 ")


@case("blanks in a number", rejected={AT: "not_a_number"})
def a_blank_between_digits() -> File:
    return answer("officials", "9 5")


@case("blanks in a number", taken={AT: 95})
def signs_that_nobody_sees() -> File:
    return answer("officials", "\u200b95\ufeff")


@case("numbers as programs write them", taken={AT: 1.5e-06})
def a_small_number_with_exponent() -> File:
    return answer("arrears", "1.5e-06")


@case("numbers as programs write them", taken={AT: 1e20})
def a_large_number_with_exponent() -> File:
    return answer("arrears", "1e+20")


@case("numbers as programs write them", taken={AT: 0.5})
def no_digit_before_the_point() -> File:
    return answer("arrears", ".5")


@case("digits lost by a spreadsheet", rejected={AT: "not_a_number"})
def what_a_narrow_column_showed() -> File:
    return answer("arrears", "1.23E+11")


@case("digits lost by a spreadsheet", rejected={AT: "not_a_number"})
def hashes_of_a_narrow_column() -> File:
    return answer("arrears", "######")


@case("not a number of a program", rejected={AT: "not_a_number"})
def nan() -> File:
    return answer("arrears", "nan")


@case("not a number of a program", rejected={AT: "not_a_number"})
def infinity() -> File:
    return answer("arrears", "inf")


@case("numbers stored as text", taken={AT: 95})
def a_number_as_text() -> File:
    return answer("officials", "95")


@case("numbers stored as text", rejected={AT: "not_a_number"})
def an_apostrophe_before_the_number() -> File:
    return answer("officials", "'95")


@case("signs before a number", rejected={AT: "below_minimum"})
def a_minus_of_mathematics() -> File:
    return answer("officials", "−5")


@case("signs before a number", rejected={AT: "not_a_number"})
def a_loss_in_brackets() -> File:
    return answer("arrears", "(95)")


@case("signs before a number", rejected={AT: "not_a_number"})
def a_currency_sign() -> File:
    return answer("arrears", "￥95")


@case("booleans in place of numbers", rejected={AT: "not_a_number"})
def true_where_a_number_is_asked() -> File:
    return answer("officials", value=True)


@case("dates in place of numbers", rejected={AT: "not_a_number"})
def a_fraction_that_excel_made_a_date() -> File:
    return answer("officials", date(2020, 3, 4))


@case("fractions of people", rejected={AT: "not_an_integer"})
def half_an_official() -> File:
    return answer("officials", 12.5)


@case("out of range", rejected={AT: "above_maximum"})
def more_than_a_hundred_percent() -> File:
    return answer("satisfaction", "101%")


@case("out of range", rejected={AT: "below_minimum"})
def fewer_than_none() -> File:
    return answer("officials", -1)


@case("parts above their whole", taken={AT: 100}, rejected={"甲!B3": "above_input"})
def more_trained_than_there_are() -> File:
    return answers(("officials", 100), ("trained", 101))


# --- nothing ------------------------------------------------------------------------------------------------------------


@case("signs of nothing", taken={AT: MISSING})
def a_dash() -> File:
    return answer("officials", "—")


@case("signs of nothing", taken={AT: MISSING})
def a_slash() -> File:
    return answer("officials", "/")


@case("signs of nothing", taken={AT: MISSING})
def none_in_words() -> File:
    return answer("officials", "无")


@case("signs of nothing", taken={AT: MISSING})
def not_available() -> File:
    return answer("officials", "N/A")


@case("signs of nothing", taken={AT: MISSING})
def a_blank_of_full_width() -> File:
    return answer("officials", "　")


@case("signs of nothing", taken={AT: 0})
def zero_is_not_nothing() -> File:
    return answer("officials", 0)


@case("signs of nothing", taken={"B2": MISSING, "B3": 880.2}, of={"B2": "320100", "B3": "320300"})
def a_code_of_the_dataset() -> File:
    return people("地区,常住人口(万人)\n南京市,-999\n徐州市,880.2\n")


@case("promises in place of values", rejected={AT: "not_a_number"})
def to_follow() -> File:
    return answer("officials", "待补")


@case("promises in place of values", rejected={AT: "not_a_number"})
def see_the_annex() -> File:
    return answer("officials", "详见附件")


# --- percentages --------------------------------------------------------------------------------------------------------


@case("per cent signs", taken={AT: 98})
def a_percentage_as_text() -> File:
    return answer("satisfaction", "98%")


@case("per cent signs", taken={AT: 98})
def a_full_width_sign() -> File:
    return answer("satisfaction", "９８％")


@case("per cent signs", taken={AT: 0.5})
def half_a_percent_with_its_sign() -> File:
    return answer("satisfaction", "0.5%")


@case("per cent signs", rejected={AT: "percent_not_expected"})
def a_percentage_of_a_count() -> File:
    return answer("officials", "98%")


@case("percent formats", taken={AT: 98}, notes={AT: "percent_of_format"})
def a_number_in_a_percent_cell() -> File:
    return answer("satisfaction", 0.98, "0%")


@case("percent formats", taken={AT: 0.7}, notes={AT: "percent_of_format"})
def a_small_number_in_a_percent_cell() -> File:
    return answer("satisfaction", 0.007, "0.0%")


@case("percent formats", rejected={AT: "above_maximum"})
def a_percent_cell_that_holds_98() -> File:
    return answer("satisfaction", 98, "0%")


@case("percent formats", taken={AT: 98})
def a_format_that_only_prints_the_sign() -> File:
    return answer("satisfaction", 98, '0"%"')


@case("percent formats", rejected={AT: "percent_not_expected"})
def a_count_in_a_percent_cell() -> File:
    return answer("officials", 0.98, "0%")


@case("98 or 0.98, a row an input", taken={AT: 98})
def a_bare_98() -> File:
    return answer("satisfaction", 98)


@case("98 or 0.98, a row an input", rejected={AT: "percent_or_share"})
def a_bare_share() -> File:
    return answer("satisfaction", 0.98)


@case("98 or 0.98, a row an input", rejected={AT: "percent_or_share"})
def a_bare_one() -> File:
    return answer("satisfaction", 1)


@case("98 or 0.98, a row an input", rejected={AT: "percent_or_share"})
def a_bare_share_as_text() -> File:
    return answer("satisfaction", "0.98")


@case("98 or 0.98, a row an input", taken={AT: 0})
def a_bare_nought() -> File:
    return answer("satisfaction", 0)


CITIES = {"B2": "320100", "B3": "320200", "B4": "320300"}


@case("98 or 0.98, a row a place", taken={"B2": 98, "B3": 100, "B4": 95.5}, of=CITIES, notes=dict.fromkeys(CITIES, "share_of_column"))
def a_column_of_shares() -> File:
    return rates("0.98", "1", "0.955")


@case("98 or 0.98, a row a place", taken={"B2": 98, "B3": 0.9, "B4": 95.5}, of=CITIES, notes={"B3": "percent_of_column"})
def a_column_of_percents_with_a_small_one() -> File:
    return rates("98", "0.9", "95.5")


@case("98 or 0.98, a row a place", taken={"B2": 0}, of=CITIES, rejected={"B3": "percent_or_share"})
def a_column_of_noughts_and_ones() -> File:
    return rates("0", "1")


@case("98 or 0.98, a row a place", taken={"B2": 0.3, "B3": 98, "B4": MISSING}, of=CITIES, notes={"B3": "share_of_column"})
def a_column_of_shares_with_a_signed_one() -> File:
    return rates("0.3%", "0.98", "—")


# --- units --------------------------------------------------------------------------------------------------------------


@case("units in the value", taken={AT: 120000}, notes={AT: "converted_unit"})
def ten_thousands_where_yuan_are_asked() -> File:
    return answer("arrears", "12万元")


@case("units in the value", taken={AT: 120000}, notes={AT: "converted_unit"})
def ten_thousands_without_the_yuan() -> File:
    return answer("arrears", "12万")


@case("units in the value", taken={AT: 95}, notes={AT: "unit_in_value"})
def the_unit_that_is_asked() -> File:
    return answer("officials", "95人")


@case("units in the value", taken={AT: 12000}, notes={AT: "converted_unit"})
def ten_thousands_of_people() -> File:
    return answer("officials", "1.2万人")


@case("units in the value", rejected={AT: "other_unit"})
def money_where_people_are_asked() -> File:
    return answer("officials", "12万元")


@case("units in the value", rejected={AT: "not_a_number"})
def a_unit_that_nobody_knows() -> File:
    return answer("officials", "95个头")


@case("units in the value", taken={"汇总!B2": 12, "汇总!C2": MISSING}, notes={"汇总!B2": "converted_unit"})
def yuan_where_ten_thousands_are_asked() -> File:
    return money([["地区", "债务余额", "已偿金额"], ["南京市", "120,000元", None]])


# --- errors and formulas ------------------------------------------------------------------------------------------------


@case("errors of a spreadsheet", rejected={"B2": "excel_error"}, of=None)
def division_by_nought_as_text() -> File:
    return people("地区,常住人口（万人）\n南京市,#DIV/0!\n")


@case("errors of a spreadsheet", rejected={AT: "excel_error"})
def division_by_nought() -> File:
    return answer("officials", "#DIV/0!")


@case("errors of a spreadsheet", rejected={AT: "excel_error"})
def a_reference_that_is_lost() -> File:
    return answer("officials", "#REF!")


@case("errors of a spreadsheet", rejected={AT: "excel_error"})
def a_look_up_that_found_nothing() -> File:
    return answer("officials", "#N/A")


# --- words --------------------------------------------------------------------------------------------------------------


@case("yes and no", taken={AT: 1})
def a_tick() -> File:
    return answer("has_plan", "√")


@case("yes and no", taken={AT: 1})
def yes_in_traditional_characters_and_blanks() -> File:
    return answer("has_plan", " 是 ")


@case("yes and no", rejected={AT: "not_a_boolean"})
def neither_yes_nor_no() -> File:
    return answer("has_plan", "部分有")


# --- days and moments ---------------------------------------------------------------------------------------------------

CALL = {"记录!A2": "T1", "记录!D2": "enquiry", "记录!E2": 1}


def _called(day: object, number_format: str | None = None) -> File:
    return calls([["T1", "南京市", day, "咨询", "是"]], formats={"C2": number_format} if number_format else None)


@case("dates as text", taken=CALL | {"记录!C2": date(2020, 3, 1)})
def a_date_in_chinese() -> File:
    return _called("2020年3月1日")


@case("dates as text", taken=CALL | {"记录!C2": date(2020, 3, 1)})
def a_date_with_points() -> File:
    return _called("2020.3.1")


@case("dates as text", taken=CALL | {"记录!C2": date(2020, 3, 1)})
def a_date_of_eight_digits() -> File:
    return _called(20200301)


@case("dates as text", taken=CALL, rejected={"记录!C2": "not_a_date"})
def day_and_month_in_doubt() -> File:
    return _called("3/1/2020")


@case("dates as text", taken=CALL, rejected={"记录!C2": "not_a_date"})
def a_date_without_its_year() -> File:
    return _called("3月1日")


@case("dates as text", taken=CALL, rejected={"记录!C2": "not_a_date"})
def a_day_that_does_not_exist() -> File:
    return _called("2020-02-30")


@case("dates outside the period", taken=CALL, rejected={"记录!C2": "outside_period"})
def a_call_of_the_year_before() -> File:
    return _called("2019-12-31")


@case("day numbers", taken=CALL | {"记录!C2": date(2020, 3, 1)}, notes={"记录!C2": "day_number"})
def a_date_that_lost_its_format() -> File:
    return _called(43891)


def _of_1904(day: object) -> File:
    """A call in a workbook that counts days from 1904, as Excel for Macintosh did."""
    book = openpyxl.load_workbook(io.BytesIO(_called(None).content))
    book.epoch = CALENDAR_MAC_1904
    book["记录"]["C2"] = day
    content = io.BytesIO()
    book.save(content)
    return File("third_party", "calls", "热线.xlsx", content.getvalue())


@case("the epoch of 1904", taken=CALL | {"记录!C2": date(2020, 3, 1)})
def a_date_of_a_macintosh() -> File:
    return _of_1904(date(2020, 3, 1))


@case("the epoch of 1904", taken=CALL | {"记录!C2": date(2020, 3, 1)}, notes={"记录!C2": "day_number"})
def a_date_of_a_macintosh_that_lost_its_format() -> File:
    return _of_1904(42429)


@case("day numbers", taken={"A2": "T1", "D2": "enquiry", "E2": 1}, rejected={"C2": "not_a_date"})
def a_day_number_in_a_text_file_of_an_unknown_epoch() -> File:
    return call_texts("编号,地区,拨打日期,类型,是否接通\nT1,南京市,43891,咨询,是\n")


@case("day numbers", taken=CALL, rejected={"记录!C2": "not_a_date"})
def a_number_that_is_no_day() -> File:
    return _called(12)


@case("dates outside the period", of=None, rejected={"line 1 published_at": "outside_period"})
def an_item_of_the_future() -> File:
    return items('{"item_id": "1", "title": "南京市政府拖欠", "published_at": "2031-05-01T08:00:00+08:00"}')


@case("moments without a zone", taken={"line 1": "1"})
def an_item_without_a_zone_has_the_edition_s() -> File:
    return items('{"item_id": "1", "title": "南京市政府拖欠", "published_at": "2020-12-31 23:30"}')
