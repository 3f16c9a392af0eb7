"""Dirt in the names of places, and in tables that list them."""

from __future__ import annotations

from tests.dirt.corpus import File, book, case, cases, people, people_of

VALUE = {"B2": 5}


@case("full and short names", taken=VALUE, of="320102")
def a_short_name() -> File:
    return people_of("玄武")


@case("full and short names", taken=VALUE, of="320411")
def a_district_of_changzhou() -> File:
    return people_of("新北区")


@case("full and short names", rejected={"A2": "unknown_place"}, taken=VALUE, of=None)
def a_city_of_taiwan_is_no_district_of_changzhou() -> File:
    return people_of("新北市")


@case("city or province before the name", taken=VALUE, of="320106")
def province_city_and_district() -> File:
    return people_of("江苏省南京市鼓楼区")


@case("city or province before the name", taken=VALUE, of="320302")
def short_city_and_short_district() -> File:
    return people_of("徐州鼓楼")


@case("city or province before the name", taken=VALUE, of="320106")
def city_and_district_with_a_dash() -> File:
    return people_of("南京市-鼓楼区")


@case("city or province before the name", taken=VALUE, of="320106")
def city_and_district_with_a_slash() -> File:
    return people_of("南京市/鼓楼区")


@case("city or province before the name", taken=VALUE, of="320106")
def district_with_its_city_in_brackets() -> File:
    return people_of("鼓楼区（南京）")


@case("city or province before the name", taken=VALUE, of="320302")
def city_in_brackets_before_the_district() -> File:
    return people_of("（徐州市）鼓楼区")


@case("ambiguous names", taken=VALUE, of=None, rejected={"A2": "ambiguous_place"})
def gulou_alone() -> File:
    return people_of("鼓楼区")


@case("ambiguous names", taken=VALUE, of=None, rejected={"A2": "ambiguous_place"})
def gulou_short() -> File:
    return people_of("鼓楼")


@case("ambiguous names", taken={"C2": 5, "C3": 4}, of={"C2": "320302", "C3": "320106"})
def gulou_with_its_city_beside_it() -> File:
    return people("设区市,地区,常住人口（万人）\n徐州市,鼓楼区,5\n南京市,鼓楼区,4\n")


@case("names beside another city", taken={"C2": 5}, of=None, rejected={"B2": "other_city"})
def a_district_beside_a_city_that_is_not_its_own() -> File:
    return people("设区市,地区,常住人口（万人）\n徐州市,玄武区,5\n")


@case("names of other provinces", taken=VALUE, of=None, rejected={"A2": "unknown_place"})
def tongzhou_of_beijing() -> File:
    return people_of("北京市通州区")


@case("names of other provinces", taken=VALUE, of="320612")
def tongzhou_alone_is_that_of_nantong() -> File:
    return people_of("通州区")


@case("old names", taken=VALUE, of="320614")
def haimen_as_a_city() -> File:
    return people_of("海门市")


@case("old names", taken=VALUE, of="320614")
def haimen_as_a_district() -> File:
    return people_of("海门区")


@case("old names", taken=VALUE, of="320803")
def a_district_by_its_name_until_2012() -> File:
    return people_of("楚州区")


@case("merged districts", taken=VALUE, of=None, rejected={"A2": "merged_place"})
def gangzha_after_the_merger() -> File:
    return people_of("港闸区")


@case("merged districts", taken=VALUE, of="320613")
def chongchuan_after_the_merger() -> File:
    return people_of("崇川区")


@case("merged districts", taken=VALUE, of=None, rejected={"A2": "merged_place"})
def both_districts_in_one_cell() -> File:
    return people_of("320602")


@case("codes of places", taken=VALUE, of="320106")
def six_digits() -> File:
    return people_of("320106")


@case("codes of places", taken=VALUE, of="320106")
def twelve_digits() -> File:
    return people_of("320106000000")


@case("codes of places", taken=VALUE, of="320106")
def full_width_digits_of_a_code() -> File:
    return people_of("３２０１０６")


@case("codes of places", taken=VALUE, of=None, rejected={"A2": "unknown_place"})
def a_code_with_a_digit_lost() -> File:
    return people_of("32010")


@case("codes of places", taken=VALUE, of="320106")
def a_code_and_its_name() -> File:
    return people_of("320106 鼓楼区")


@case("codes of places", taken=VALUE, of=None, rejected={"A2": "place_contradicts"})
def a_code_and_the_name_of_another() -> File:
    return people_of("320106 玄武区")


@case("blanks in names", taken=VALUE, of="320100")
def blanks_between_the_signs() -> File:
    return people_of("南 京 市")


@case("blanks in names", taken=VALUE, of="320102")
def indented_by_full_width_blanks() -> File:
    return people_of("　　玄武区")


@case("traditional characters", taken=VALUE, of="320106")
def a_district_in_traditional_characters() -> File:
    return people_of("南京市鼓樓區")


@case("traditional characters", taken=VALUE, of="320900")
def a_city_in_traditional_characters() -> File:
    return people_of("鹽城市")


@case("near misses", taken=VALUE, of=None, rejected={"A2": "unknown_place"})
def a_sign_that_sounds_alike() -> File:
    return people_of("江宁去")


@case("near misses", taken=VALUE, of=None, rejected={"A2": "unknown_place"})
def a_sign_that_looks_alike() -> File:
    return people_of("浦囗区")


@case("offices in place of places", taken=VALUE, of="320100")
def the_government_of_a_city() -> File:
    return people_of("南京市人民政府")


@case("zones", taken=VALUE, of=None, rejected={"A2": "zone"})
def a_zone_that_is_no_district() -> File:
    return people_of("苏州工业园区")


@case("zones", taken=VALUE, of="320505")
def a_zone_that_is_a_district() -> File:
    return people_of("苏州高新区")


@case("places that are none", taken=VALUE, of=None, rejected={"A2": "unknown_place"})
def the_city_proper() -> File:
    return people_of("南京市市本级")


@case("places that are none", taken=VALUE, of=None, rejected={"A2": "unknown_place"})
def a_place_of_nowhere() -> File:
    return people_of("没有市")


@case("no name of a place", taken={"B2": 5}, of=None, rejected={"A2": "place_missing"})
def figures_without_a_place() -> File:
    return people("地区,常住人口（万人）\n,5\n")


@case("mojibake in a cell", taken=VALUE, of=None, rejected={"A2": "garbled_place"})
def a_name_that_was_decoded_wrongly() -> File:
    return people_of("南京".encode().decode("gb18030"))


@case(
    "cities and counties in one column",
    taken={"B2": 1, "B3": 2, "B4": 3, "B5": 4, "B6": 5},
    of={"B2": "320100", "B3": "320102", "B4": "320106", "B5": "320300", "B6": "320302"},
)
def counties_indented_under_their_city() -> File:
    return people("地区,常住人口（万人）\n南京市,1\n　玄武区,2\n　鼓楼区,3\n徐州市,4\n　鼓楼区,5\n")


@case(
    "cities and counties in one column",
    taken={"汇总!B2": 1, "汇总!B3": 2, "汇总!B4": 3, "汇总!B5": 4, "汇总!B6": 5},
    of={"汇总!B2": "320100", "汇总!B3": "320102", "汇总!B4": "320106", "汇总!B5": "320300", "汇总!B6": "320302"},
)
def counties_indented_by_the_format_of_their_cells() -> File:
    rows: list[list[object]] = [["地区", "常住人口（万人）"], ["南京市", 1], ["玄武区", 2], ["鼓楼区", 3], ["徐州市", 4], ["鼓楼区", 5]]
    return book("residents", "人口.xlsx", rows, indents={"A3": 1, "A4": 1, "A6": 1})


@case(
    "cities and counties in one column",
    taken={"汇总!B3": 1, "汇总!B4": 2, "汇总!B5": 3, "汇总!B6": 4},
    of={"汇总!B3": "320300", "汇总!B4": "320302", "汇总!B5": "320100", "汇总!B6": "320106"},
    left_out={"total": 1},
)
def counties_indented_deeper_than_cities_that_are_indented_themselves() -> File:
    rows: list[list[object]] = [["地区", "常住人口（万人）"], ["合计", 10], ["徐州市", 1], ["鼓楼区", 2], ["南京市", 3], ["鼓楼区", 4]]
    return book("residents", "人口.xlsx", rows, indents={"A3": 1, "A4": 2, "A5": 1, "A6": 2})


@case(
    "cities and counties in one column",
    taken={"汇总!B2": 1, "汇总!B3": 2, "汇总!B4": 3},
    of={"汇总!B2": "320300", "汇总!B3": "320100", "汇总!B4": None},
    rejected={"汇总!A4": "ambiguous_place"},
)
def a_namesake_indented_no_deeper_than_the_cities_above_it() -> File:
    rows: list[list[object]] = [["地区", "常住人口（万人）"], ["徐州市", 1], ["南京市", 2], ["鼓楼区", 3]]
    return book("residents", "人口.xlsx", rows, indents={"A2": 1, "A3": 1, "A4": 1})


@case(
    "cities and counties in one column",
    taken={"B2": 1, "B3": 2, "B4": 3, "B5": 4},
    of={"B2": "320100", "B3": "320300", "B4": None, "B5": "320102"},
    rejected={"A4": "ambiguous_place"},
)
def a_namesake_under_no_city_of_its_own() -> File:
    return people("地区,常住人口（万人）\n南京市,1\n徐州市,2\n鼓楼区,3\n玄武区,4\n")


FULL = "地区,审结件数,纠错件数,按期审结率,风险等级\n"
ROW = {"B2": 3, "C2": 1, "D2": 95, "E2": 1}


@case("totals among the rows", taken=ROW, left_out={"total": 3})
def totals_subtotals_and_parts() -> File:
    return cases(f"{FULL}南京市,3,1,95,绿\n苏南小计,3,1,,\n其中：省属,1,,,\n合 计,3,1,,\n")


@case("totals among the rows", taken=ROW, left_out={"total": 1}, rejected={"B3": "total_differs"})
def a_total_of_a_column_that_differs() -> File:
    return cases(f"{FULL}南京市,3,1,95,绿\n合计,4,1,,\n")


@case(
    "totals among the rows", taken={"B2": 3, "B3": 2, "B4": 1}, of={"B2": "320100", "B3": "320102", "B4": "320300"}, left_out={"total": 1}
)
def a_total_of_the_cities_alone() -> File:
    return people("地区,常住人口（万人）\n南京市,3\n　玄武区,2\n徐州市,1\n全省,4\n")


@case("totals among the rows", taken={"B2": 3, "B3": 1}, of={"B2": "320100", "B3": "320300"}, left_out={"total": 1})
def a_mean_is_no_sum() -> File:
    return people("地区,常住人口（万人）\n南京市,3\n徐州市,1\n平均,2\n")


@case("totals among the rows", taken={"B2": 3}, of={"B2": "320100"}, rejected={"B3": "not_a_number"}, left_out={"total": 1})
def a_total_of_what_is_not_whole_is_not_judged() -> File:
    return people("地区,常住人口（万人）\n南京市,3\n徐州市,约1\n合计,9\n")


@case("totals among the rows", taken={"C2": 3}, left_out={"total": 1})
def a_total_named_in_the_column_of_numbers() -> File:
    return people("序号,地区,常住人口（万人）\n1,南京市,3\n合计,,3\n")


@case("notes under the table", taken=ROW, left_out={"note": 2})
def notes_below() -> File:
    return cases(f"{FULL}南京市,3,1,95,绿\n备注：数据截至年底,,,,\n由省司法厅提供,,,,\n")


@case("titles above the table", taken={"B4": 3, "C4": 1, "D4": 95, "E4": 1})
def a_title_and_its_unit_above() -> File:
    return cases(f"2020年行政复议情况,,,,\n单位：件,,,,\n{FULL}南京市,3,1,95,绿\n")
