"""The made-up deliveries: the same seed gives the same bytes, figures are possible, dirt stays at its rate, files look like people's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import statistics
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from examples import NotDescribed, make_deliveries
from examples.deliveries import Delivery, Year
from examples.profile import Dirt, Profile, load_profile, load_texts
from frameworks import Framework, load_framework
from storage import Workspace
from storage.workspace import PROJECT

FRAMEWORKS = PROJECT / "frameworks"
CLEAN = Dirt(**dict.fromkeys(Dirt.model_fields, 0))


def framework(edition: str) -> Framework:
    return load_framework(Workspace(data=PROJECT / "data", frameworks=FRAMEWORKS), edition)


def small(dirt: Dirt | None = None) -> Profile:
    """The project's profile with a feed of 3,000 items, so that a year is made in a second."""
    profile = load_profile()
    return profile.model_copy(update={"opinion": profile.opinion.model_copy(update={"items": 3000}), "dirt": dirt or profile.dirt})


@pytest.fixture(scope="module")
def years() -> dict[str, Year]:
    return {edition: Year(framework(edition), small(), load_texts(), 7) for edition in ("jiangsu-2019", "jiangsu-2020")}


@pytest.fixture(scope="module")
def files(years: dict[str, Year]) -> list[Delivery]:
    return list(years["jiangsu-2020"].deliveries())


def digest(deliveries: list[Delivery]) -> str:
    lines = sorted(f"{one.source} {one.day} {one.name} {hashlib.sha256(one.content).hexdigest()}" for one in deliveries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def rows_of(content: bytes, encoding: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding)), delimiter=delimiter))


def test_a_seed_gives_the_same_bytes_again_and_another_seed_others(files: list[Delivery]) -> None:
    again = Year(framework("jiangsu-2020"), small(), load_texts(), 7)
    other = Year(framework("jiangsu-2020"), small(), load_texts(), 8)
    assert digest(list(again.deliveries())) == digest(files)
    assert digest(list(other.deliveries())) != digest(files)


def test_a_year_has_a_workbook_a_place_and_every_required_dataset(years: dict[str, Year], files: list[Delivery]) -> None:
    assert {edition: len(year.country.places) for edition, year in years.items()} == {"jiangsu-2019": 109, "jiangsu-2020": 108}
    books = [one for one in files if one.source == "self_assessment"]
    dirt = load_profile().dirt
    assert len(books) == 108 + dirt.newer_version + dirt.sent_twice + dirt.unreadable
    assert Counter(one.source for one in files)["third_party"] == 5 * 3
    assert Counter(one.source for one in files)["expert_review"] == 8


def test_the_inbox_has_dated_folders_and_a_second_call_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examples.make.load_profile", small)
    workspace = Workspace(data=tmp_path / "data", frameworks=FRAMEWORKS)
    rules = framework("jiangsu-2019")
    first = make_deliveries(workspace, rules)
    assert first.written == sum(first.files.values())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "data").rglob("*") if path.is_file()}
    assert {date.fromisoformat(path.parent.name) for path in before}
    second = make_deliveries(workspace, rules)
    assert (second.written, second.files, second.size) == (0, first.files, first.size)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "data").rglob("*") if path.is_file()} == before


def test_every_figure_lies_within_its_inputs_limits(years: dict[str, Year]) -> None:
    for year in years.values():
        for code, spec in year.file.inputs.items():
            if code not in year.profile.quantities:
                assert spec.aggregate is not None, f"{code} has no row and is not counted from records"
                continue
            for place in year.country.places:
                figure = year.figures.of(place, code)
                if isinstance(figure, str):
                    assert figure in spec.values
                    continue
                most = year.figures.number(place, spec.maximum) if isinstance(spec.maximum, str) else spec.maximum
                assert (spec.minimum or 0) <= figure <= (float("inf") if most is None else most), (code, place.name)
                assert spec.type != "integer" or isinstance(figure, int), (code, place.name)


def test_a_good_place_is_good_in_most_and_mostly_still_good_next_year(years: dict[str, Year]) -> None:
    before, after = years["jiangsu-2019"], years["jiangsu-2020"]
    earlier = {place.code: place for place in before.country.places}
    pairs = [(place, earlier[place.code]) for place in after.country.places if place.code in earlier]
    assert len(pairs) == 106  # all but 崇川区 and 海门区, which have new codes
    assert statistics.correlation([now.quality for now, _ in pairs], [then.quality for _, then in pairs]) > 0.7
    law = [after.figures.number(place, "law_score") for place in after.country.places]
    assert statistics.correlation(law, [place.quality for place in after.country.places]) > 0.4
    lost = [
        after.figures.number(place, "first_instance_lost") / after.figures.number(place, "first_instance_closed")
        for place in after.country.places
    ]
    assert statistics.correlation(lost, [place.quality for place in after.country.places]) < -0.3


def test_a_merged_place_is_made_of_its_predecessors(years: dict[str, Year]) -> None:
    then = {place.code: place for place in years["jiangsu-2019"].country.places}
    now = {place.code: place for place in years["jiangsu-2020"].country.places}
    assert now["320613"].roots == ("320602", "320611")
    assert now["320614"].roots == ("320684",)
    growth = 1 + load_profile().places.growth
    assert now["320613"].residents == pytest.approx((then["320602"].residents + then["320611"].residents) * growth, rel=0.001)


def test_counties_share_out_their_city(years: dict[str, Year]) -> None:
    places = years["jiangsu-2020"].country.places
    city = next(place for place in places if place.code == "320100")
    assert city.residents == pytest.approx(843.62 * 1.004**2, abs=0.01)
    assert sum(place.residents for place in places if place.city == "320100") == pytest.approx(city.residents, abs=0.1)


def test_a_clean_workbook_holds_the_figures_in_a_form_that_a_person_would_use() -> None:
    year = Year(framework("jiangsu-2020"), small(CLEAN), load_texts(), 7)
    content = next(one.content for one in year.deliveries() if one.name == "南京市鼓楼区自评表.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cover = {row[0].value: row[1].value for row in book["封面"].iter_rows(min_row=4, max_col=2)}
    assert (cover["填报单位"], cover["评价年度"]) == ("南京市鼓楼区", 2020)
    assert book.sheetnames[1:] == [
        "A 依法行政", "C 政务信用信息系统建设", "D 重点领域政务诚信建设", "E 政务诚信监测与失信治理", "F 政务诚信教育培训和宣传"
    ]  # fmt: skip
    sheet = book["C 政务信用信息系统建设"]
    assert "A1:H1" in {str(merged) for merged in sheet.merged_cells.ranges}
    place = next(place for place in year.country.places if place.code == "320106")
    read = {row[1].value: row for name in book.sheetnames[1:] for row in book[name].iter_rows(min_row=4) if row[1].value}
    wanted = {code for code, spec in year.file.inputs.items() if spec.source == "self_assessment"}
    assert {code: row[3].value for code, row in read.items()} == {code: year.figures.of(place, code) for code in wanted}
    assert read["files_kept"][5].number_format == "0.0%"


def test_a_workbook_asks_only_for_what_no_other_source_delivers(years: dict[str, Year], files: list[Delivery]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(next(one.content for one in files if one.name == "无锡市自评表.xlsx")))
    asked = [row[1].value for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=4) if row[1].value]
    assert sorted(asked) == sorted(code for code, spec in years["jiangsu-2020"].file.inputs.items() if spec.source == "self_assessment")


def test_dirt_is_there_and_rare(years: dict[str, Year], files: list[Delivery]) -> None:
    dirty, cells = Counter[str](), 0
    for one in files:
        if one.source != "self_assessment" or not one.content.endswith(b"\x00\x00") or one.name.endswith("(1).xlsx"):
            continue
        for sheet in openpyxl.load_workbook(io.BytesIO(one.content), read_only=True).worksheets[1:]:
            for row in sheet.iter_rows(min_row=4, min_col=2, max_col=4, values_only=True):
                if row[0]:
                    cells += 1
                    dirty["missing" if row[2] in {None, "—"} else "about" if str(row[2]).startswith("约") else type(row[2]).__name__] += 1
    rates = years["jiangsu-2020"].profile.dirt
    assert 0 < dirty["missing"] / cells < 3 * (rates.blank + rates.dash)
    assert dirty["about"] / cells < 4 * rates.about
    assert 0 < dirty["str"] / cells < 2 * (rates.thousands_text + rates.full_width + rates.number_as_text)


def test_odd_workbooks_are_a_cut_one_a_copy_and_newer_ones(files: list[Delivery]) -> None:
    books = [one for one in files if one.source == "self_assessment"]
    cut = [one for one in books if not one.content.endswith(b"\x00\x00")]
    whole = {one.content for one in books if one.name == cut[0].name and one.day > cut[0].day}
    assert len(cut) == 1
    assert len(whole) == 1
    copies = [content for content, number in Counter(one.content for one in books).items() if number > 1]
    assert len(copies) == 1
    newer = [one for one in books if "修订" in one.name]
    assert len(newer) == 6
    for one in newer:
        older = next(book for book in books if book.name == one.name.replace("（修订）", ""))
        assert older.day < one.day
        assert older.content != one.content


def test_departments_write_places_each_in_their_own_way(files: list[Delivery]) -> None:
    tables = {one.name: one.content for one in files if one.source == "provincial"}
    by_code = rows_of(tables["2020年政务公开考核.csv"], "utf-8-sig")
    assert (by_code[0]["单位"], len(by_code)) == ("320100", 108)
    full_width = rows_of(tables["2020年政务失信投诉办理情况.csv"], "gb18030", ";")
    assert full_width[0]["受理件数"].isdecimal()
    assert not full_width[0]["受理件数"].isascii()
    assert full_width[-1]["地区"] == "合计"
    spaced = openpyxl.load_workbook(io.BytesIO(tables["2020年末常住人口.xlsx"])).worksheets[0]
    assert (spaced["A1"].value, spaced["A4"].value) == ("2020年末全省常住人口", "南 京 市")
    old = openpyxl.load_workbook(io.BytesIO(tables["2020年行政诉讼一审案件情况（县（市、区））.xlsx"])).worksheets[0]
    assert "海门市" in {row[0] for row in old.iter_rows(values_only=True)}


def test_sums_add_the_cities_up(years: dict[str, Year], files: list[Delivery]) -> None:
    table = rows_of(next(one.content for one in files if one.name == "2020年行政复议案件统计.csv"), "gb18030")
    cities = {place.name for place in years["jiangsu-2020"].country.places if place.city is None}
    assert float(table[-1]["审结件数"]) == sum(float(row["审结件数"]) for row in table if row["地区"] in cities)


def test_sums_of_a_table_of_counties_add_the_counties_up(files: list[Delivery]) -> None:
    (table,) = [one for one in files if "行政诉讼" in one.name and "县" in one.name]
    rows = list(openpyxl.load_workbook(io.BytesIO(table.content)).worksheets[0].iter_rows(min_row=4, values_only=True))
    total = next(row for row in rows if row[0] == "合计")
    assert total[1] == sum(row[1] for row in rows[: rows.index(total)]) > 0


def test_the_feed_is_as_long_as_asked_and_most_of_it_is_about_nothing(years: dict[str, Year], files: list[Delivery]) -> None:
    year = years["jiangsu-2020"]
    lines = [line for one in files if one.name.endswith(".jsonl") for line in one.content.decode().splitlines()]
    items = [json.loads(line) for line in lines]
    other = rows_of(next(one.content for one in files if one.source == "opinion" and one.name.endswith(".csv")), "gb18030")
    assert len(items) + len(other) == 3000
    assert len({item["item_id"] for item in items}) == len(items)
    names = {name for place in year.country.places for name in (place.name, place.name[:-1]) if len(name) > 1}
    assert sum(any(name in item["title"] for name in names) for item in items) / len(items) < 0.7
    by_id = {item["item_id"]: item for item in items}
    words = {category.code: category.words for category in year.file.opinion.categories} if year.file.opinion else {}
    assert len(year.news[1]) > 80
    for event in year.news[1]:
        if event.item_id in by_id:
            title = by_id[event.item_id]["title"]
            assert any(word in title for word in words[event.category])
            assert event.place.name[:-1] in title


def test_names_within_other_words_are_among_the_items(files: list[Delivery]) -> None:
    text = "".join(one.content.decode() for one in files if one.name.endswith(".jsonl"))
    traps = load_texts().traps
    assert any("河南通报" in trap for trap in traps)
    assert sum(trap in text for trap in traps) > 0.5 * len(traps)


def test_an_expert_scores_some_places_again_later(files: list[Delivery]) -> None:
    first = next(one for one in files if one.name == "2020年专家评分表_06.xlsx")
    again = next(one for one in files if "复评" in one.name)
    assert again.day > first.day
    scores = [
        list(openpyxl.load_workbook(io.BytesIO(one.content)).worksheets[0].iter_rows(min_row=2, values_only=True)) for one in (first, again)
    ]
    earlier = {row[0]: row for row in scores[0]}
    assert len(scores[1]) == 5
    for row in scores[1]:
        before = next(old for name, old in earlier.items() if row[0].endswith(name))
        assert row[5] > before[5]
        assert row[4] != before[4] or before[4] == 100


def test_decisions_name_items_of_the_feed_and_say_who_and_why(years: dict[str, Year], files: list[Delivery]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(next(one.content for one in files if "舆情核定" in one.name))).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    made = {event.item_id: event for event in years["jiangsu-2020"].news[1]}
    assert 0.3 < len(rows) / len(made) < 0.8
    for row in rows:
        decision = dict(zip(header, row, strict=True))
        assert decision["地区"] == made[decision["舆情编号"]].place.full_name
        assert decision["核定人"]
        assert decision["理由"]
        assert decision["核定结论"] in {"不属实", "属实已整改", "属实未整改"}


def test_an_input_without_a_row_is_named() -> None:
    profile = small()
    rows = {code: row for code, row in profile.quantities.items() if code != "tenders"}
    year = Year(framework("jiangsu-2020"), profile.model_copy(update={"quantities": rows}), load_texts(), 7)
    with pytest.raises(NotDescribed, match=r"profiles\.yaml quantities: there is no row for the input tenders; add one\."):
        list(year.deliveries())
