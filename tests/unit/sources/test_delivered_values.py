# ruff: noqa: DTZ001 - moments of the lake are UTC without a zone
from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.grid import Delivered, GridCell
from sources.values import Bad, Blank, Spec, Value, exact, read_value
from sources.words import load_words
from storage import Workspace

WORDS = load_words(Workspace.from_environment())
ZONE = ZoneInfo("Asia/Shanghai")
NUMBER = Spec("n", "数", "number", ZONE, unit="cases")
PERCENT = replace(NUMBER, unit="percent")
DAY = Spec("d", "日", "date", ZONE, period=(date(2020, 1, 1), date(2020, 12, 31)))
MOMENT = Spec("m", "时", "moment", ZONE)


def read(value: Delivered, spec: Spec, *, is_percent: bool = False, text: str | None = None) -> Value | Blank | Bad:
    return read_value(GridCell(value, str(value) if text is None else text, is_percent), spec, WORDS)


def rule(outcome: Value | Blank | Bad) -> str:
    assert isinstance(outcome, Bad), outcome
    return outcome.rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95", 95),
        ("1,234", 1234),
        ("1，234.50", 1234.5),
        ("９８.５", 98.5),
        ("-3", -3),
        ("+2", 2),
        (" 12 ", 12),
        ("007", 7),
        (".5", 0.5),  # as statistical packages write it
        ("1.9999999999999999e-06", 1.9999999999999999e-06),
        ("-2e+05", -200000),
        ("1234567,", None),
    ],
)
def test_numbers_as_people_type_them(text: str, expected: float | None) -> None:
    outcome = read(text, NUMBER)
    assert outcome == (Value(number=expected) if expected is not None else Bad("not_a_number"))


@pytest.mark.parametrize(
    "text",
    [
        "约95",
        "nan",
        "inf",
        "1_0",
        "1e3",
        "0x10",
        "12,34",
        "1,2345",
        "9 8",
        "٣",
        "²",
        "一百",
        "95.",
        "1.23E+11",
        "12e-06",
        "--5",
        "1.2.3",
    ],
)
def test_what_only_looks_like_a_number_is_rejected(text: str) -> None:
    assert rule(read(text, NUMBER)) == "not_a_number"


@pytest.mark.parametrize("text", ["", "  ", "—", "——", "-", "/", "无", "N/A", "　"])
def test_signs_of_missing_are_no_fault(text: str) -> None:
    assert read(text, NUMBER) == Blank()
    assert read(text, DAY) == Blank()


def test_a_dataset_may_have_texts_of_its_own_for_missing() -> None:
    assert read_value(GridCell("-999", "-999"), NUMBER, WORDS, frozenset({"-999"})) == Blank()
    assert read_value(GridCell("-999.0", "-999.0"), NUMBER, WORDS, frozenset({"..", "-999"})) == Blank()
    assert read_value(GridCell(-999.0, "-999.0"), NUMBER, WORDS, frozenset({"-999"})) == Blank()
    assert read_value(GridCell("-99.9", "-99.9"), NUMBER, WORDS, frozenset({"-999", "n/a"})) == Value(number=-99.9)


@pytest.mark.parametrize(
    ("value", "is_percent", "spec", "expected"),
    [
        ("98%", False, PERCENT, 98),
        ("98％", False, PERCENT, 98),
        ("7%", False, PERCENT, 7),
        (0.98, True, PERCENT, 98),  # Excel keeps 98 % as 0.98 with a format
        (0.07, True, PERCENT, 7),  # 0.07 * 100 is 7.000000000000001 in doubles
        (98, False, PERCENT, 98),
        (0.98, True, replace(NUMBER, unit="ratio"), 0.98),
        ("98%", False, replace(NUMBER, unit="ratio"), 0.98),
    ],
)
def test_percentages_against_a_unit_that_takes_them(value: Any, is_percent: bool, spec: Spec, expected: float) -> None:
    assert read(value, spec, is_percent=is_percent) == Value(number=expected)


def test_a_percentage_of_a_count_is_rejected() -> None:
    assert rule(read("98%", NUMBER)) == "percent_not_expected"
    assert rule(read(0.98, NUMBER, is_percent=True)) == "percent_not_expected"


def test_integers_are_whole() -> None:
    spec = replace(NUMBER, type="integer")
    assert read("12.0", spec) == Value(number=12)
    assert read(12.0, spec) == Value(number=12)
    assert rule(read("12.5", spec)) == "not_an_integer"


def test_limits_name_themselves() -> None:
    spec = replace(NUMBER, minimum=0, maximum=100)
    assert read("100", spec) == Value(number=100)
    assert read("100.01", spec) == Bad("above_maximum", {"maximum": "100"})
    assert read("-0.5", spec) == Bad("below_minimum", {"minimum": "0"})


def test_booleans_and_dates_are_no_numbers() -> None:
    assert rule(read(True, NUMBER, text="TRUE")) == "not_a_number"
    assert rule(read(date(2020, 1, 5), NUMBER)) == "not_a_number"
    assert rule(read(math.nan, NUMBER)) == "not_a_number"


@pytest.mark.parametrize(
    "text",
    ["2020-03-01", "2020/3/1", "2020.3.1", "2020年3月1日", "20200301", "２０２０－３－１", "2020-03-01 00:00:00", "2020年3月1日 10:30"],
)
def test_days_in_all_the_ways_of_writing_them(text: str) -> None:
    assert read(text, DAY) == Value(day=date(2020, 3, 1))


def test_days_as_excel_gives_them() -> None:
    assert read(datetime(2020, 3, 1, 9, 30), DAY) == Value(day=date(2020, 3, 1))
    assert read(20200301, DAY) == Value(day=date(2020, 3, 1))


@pytest.mark.parametrize(
    "value", ["2020-02-30", "0000-00-00", "2020年3月", "3月1日", "43891", 43891, 43891.5, "2020-03-01 25:00", "昨天", time(9, 30)]
)
def test_what_is_no_day(value: Delivered) -> None:
    assert rule(read(value, DAY)) == "not_a_date"


def test_the_period_holds_its_first_and_last_day() -> None:
    assert read("2020-01-01", DAY) == Value(day=date(2020, 1, 1))
    assert read("2020-12-31", DAY) == Value(day=date(2020, 12, 31))
    assert rule(read("2021-01-01", DAY)) == "outside_period"
    assert rule(read("2019-12-31", DAY)) == "outside_period"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-11-24 10:00:00", datetime(2020, 11, 24, 2)),  # no zone: Asia/Shanghai, UTC+8
        ("2020-11-24T10:00:00Z", datetime(2020, 11, 24, 10)),
        ("2020-11-24T10:00:00+08:00", datetime(2020, 11, 24, 2)),
        ("2020-11-24T10:00:00.250-0500", datetime(2020, 11, 24, 15, 0, 0, 250_000)),
        ("2020年11月24日 10:00", datetime(2020, 11, 24, 2)),
        ("2020年11月24日10时30分", datetime(2020, 11, 24, 2, 30)),
        ("2020-11-24", datetime(2020, 11, 23, 16)),
    ],
)
def test_moments_are_utc(text: str, expected: datetime) -> None:
    assert read(text, MOMENT) == Value(moment=expected)


@pytest.mark.parametrize("text", ["1606183200", "10:00", "2020-11-24 10", "2020-11-24 24:00", "2020-11-24 10:00 CST", "0001-01-01 00:00"])
def test_what_is_no_moment(text: str) -> None:
    assert rule(read(text, MOMENT)) == "not_a_moment"


def test_a_moment_lies_in_the_period_by_its_local_day() -> None:
    spec = replace(MOMENT, period=(date(2020, 1, 1), date(2020, 12, 31)))
    assert read("2019-12-31T16:00:00Z", spec) == Value(moment=datetime(2019, 12, 31, 16))  # midnight in Shanghai
    assert rule(read("2020-12-31T16:00:00Z", spec)) == "outside_period"


def test_categories_by_any_of_their_words() -> None:
    spec = Spec("k", "类", "category", ZONE, categories={"咨询": "enquiry", "enquiry": "enquiry", "投诉": "other"}, expected="咨询、投诉")
    assert read(" 咨 询 ", spec) == Value(code="enquiry")
    assert read("别的", spec) == Bad("unknown_category", {"expected": "咨询、投诉"})
    assert read("咨询", replace(spec, scores={"enquiry": 0.7, "other": 0})) == Value(number=0.7)


def test_a_category_may_be_named_like_a_sign_of_missing() -> None:
    assert read("无", Spec("k", "类", "category", ZONE, categories={"无": "none"})) == Value(code="none")


def test_booleans_by_their_words() -> None:
    spec = Spec("b", "否", "boolean", ZONE, categories={"是": "true", "1": "true", "否": "false"}, expected="是、否")
    assert read("是", spec) == Value(number=1)
    assert read("否", spec) == Value(number=0)
    assert read(1, spec) == Value(number=1)
    assert rule(read("大概", spec)) == "not_a_boolean"


def test_faults_of_a_cell_come_first() -> None:
    assert rule(read_value(GridCell(None, "=A1", fault="formula_without_value"), NUMBER, WORDS)) == "formula_without_value"
    assert rule(read_value(GridCell("#DIV/0!", "#DIV/0!", fault="excel_error"), NUMBER, WORDS)) == "excel_error"


@settings(deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_every_plain_number_is_read_as_itself(number: Any) -> None:
    assert read(f"{number:f}", NUMBER) == Value(number=float(number))
    assert read(f"{number:,f}", NUMBER) == Value(number=float(number))
    assert float(exact(float(number))) == float(number)


@settings(deadline=None)
@given(st.text(max_size=12), st.sampled_from([NUMBER, PERCENT, DAY, MOMENT]))
def test_no_text_raises(text: str, spec: Spec) -> None:
    assert isinstance(read(text, spec), Value | Blank | Bad)
