"""The reference files in the project are what their sources give today, and say what the method needs of them."""

import csv
from datetime import date, timedelta

import pytest

from examples.make_reference import calendar_csv, registry_csv
from storage.workspace import PROJECT

FOLDER = PROJECT / "frameworks"
REGISTRY = FOLDER / "jiangsu_regions.csv"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def workday_after(day: date, count: int) -> date:
    """The day on which `count` working days after `day` end."""
    is_workday = {row["day"]: row["is_workday"] == "1" for row in rows("cn_workdays.csv")}
    while count:
        day += timedelta(days=1)
        count -= is_workday[day.isoformat()]
    return day


def test_the_calendar_is_current() -> None:
    assert (FOLDER / "cn_workdays.csv").read_text(encoding="utf-8") == calendar_csv()


def test_the_pinyin_of_the_registry_is_current() -> None:
    text = REGISTRY.read_text(encoding="utf-8")
    assert registry_csv(text) == text


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [(date(2020, 1, 20), 20, date(2020, 2, 25)), (date(2020, 9, 28), 7, date(2020, 10, 14))],
    ids=["spring_festival_and_its_prolongation", "national_day_and_make_up_days"],
)
def test_terms_in_working_days_end_as_the_official_calendar_says(start: date, days: int, end: date) -> None:
    assert workday_after(start, days) == end


@pytest.mark.parametrize(("as_of", "counties"), [("2019-12-31", 96), ("2020-12-31", 95)])
def test_as_many_places_are_valid_as_were_evaluated(as_of: str, counties: int) -> None:
    valid = [row for row in rows("jiangsu_regions.csv") if row["valid_from"] <= as_of <= (row["valid_to"] or "9999")]
    assert [sum(row["level"] == level for row in valid) for level in ("city", "county")] == [13, counties]
    assert len({(row["level"], row["name_en"]) for row in valid}) == len(valid), "an English name stands for two places of one level"


def test_aliases_and_zones_name_places_of_the_registry_and_no_name_that_one_bears() -> None:
    registry = rows("jiangsu_regions.csv")
    codes, names = {row["code"] for row in registry}, {row["name"] for row in registry}
    aliases, zones = rows("jiangsu_aliases.csv"), rows("zones.csv")
    assert {row["code"] for row in aliases + zones} <= codes
    others = [row["alias"] for row in aliases] + [row["zone"] for row in zones]
    assert len(set(others)) == len(others)
    assert {name for name in others if name in names} == {"海门市"}, "海门市 was a place of its own until 2020-06-30"
    assert all(row["source"] for row in aliases + zones)
