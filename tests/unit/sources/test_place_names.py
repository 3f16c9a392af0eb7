from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sources.context import places_of
from sources.places import Fault, Places, listed_cities
from sources.words import load_words
from tests.sources_world import World


@pytest.fixture(scope="module")
def places(reading: World) -> Places:
    return places_of(reading.framework, load_words(reading.workspace))


@pytest.fixture(scope="module")
def places_2019(reading: World) -> Places:
    registry = replace(reading.framework.registry, as_of=date(2019, 12, 31))
    return Places(registry, load_words(reading.workspace), {})


def fault(found: str | Fault) -> Fault:
    assert isinstance(found, Fault), found
    return found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("南京市", "320100"),
        ("南京", "320100"),
        ("南 京 市", "320100"),
        ("南京市人民政府", "320100"),
        ("江苏南京", "320100"),
        ("320100", "320100"),
        ("３２０１００", "320100"),
        ("320106000000", "320106"),
        ("玄武区", "320102"),
        ("玄武", "320102"),
        ("　　玄武区", "320102"),
        ("南京玄武区", "320102"),
        ("南京市玄武", "320102"),
        ("江苏省南京市鼓楼区", "320106"),
        ("南京鼓楼区", "320106"),
        ("徐州鼓楼", "320302"),
        ("丰县", "320321"),
        ("连云港", "320700"),
        ("连云", "320703"),
        ("淮安", "320800"),  # the city's, though 淮安区 has the same short name
        ("淮安区", "320803"),
        ("淮安市淮安区", "320803"),
        ("淮安淮安", "320803"),
        ("通州区", "320612"),
        ("崇川区", "320613"),
        ("海门市", "320614"),  # became 海门区 and nothing else
        ("320684", "320614"),
        ("楚州区", "320803"),
        ("苏州高新区", "320505"),
    ],
)
def test_names_and_codes_of_places(places: Places, text: str, code: str) -> None:
    assert places.find(text) == code


@pytest.mark.parametrize("text", ["鼓楼区", "鼓楼"])
def test_an_ambiguous_name_lists_its_candidates_unless_the_city_stands_beside_it(places: Places, text: str) -> None:
    found = fault(places.find(text))
    assert (found.rule, found.details["candidates"]) == ("ambiguous_place", "南京市鼓楼区、徐州市鼓楼区")
    assert places.find(text, places.city("徐州")) == "320302"
    assert fault(places.find(text, places.city("无锡市"))).rule == "ambiguous_place"


def test_a_near_miss_is_suggested_and_never_taken(places: Places) -> None:
    found = fault(places.find("浦囗区"))
    assert found.rule == "unknown_place"
    assert "南京市浦口区" in str(found.details["hint_zh"])
    assert fault(places.find("不存在的地方")).details["hint_zh"] == ""


@pytest.mark.parametrize("text", ["港闸区", "南通市港闸区", "港闸", "320611"])
def test_a_merged_place_says_into_what_and_when(places: Places, text: str) -> None:
    found = fault(places.find(text))
    assert found.rule == "merged_place"
    assert found.details["explanation_zh"] == "港闸区已于2020-07-01并入崇川区"


def test_the_old_code_of_a_place_that_was_merged_is_not_the_new_place(places: Places) -> None:
    assert fault(places.find("320602")).rule == "merged_place"


def test_places_are_those_of_the_edition_s_day(places_2019: Places) -> None:
    assert places_2019.find("港闸区") == "320611"
    assert places_2019.find("崇川区") == "320602"
    assert places_2019.find("海门市") == "320684"
    assert fault(places_2019.find("海门区")).rule == "not_yet_place"


def test_a_zone_says_where_it_belongs(places: Places) -> None:
    found = fault(places.find("苏州工业园区"))
    assert (found.rule, found.details["place"]) == ("zone", "苏州市")


def test_a_place_of_another_group_is_named_as_such(reading: World) -> None:
    registry = replace(reading.framework.registry, groups=("city",))
    places = Places(registry, load_words(reading.workspace), {"city": "设区市"})
    assert places.find("南京") == "320100"
    found = fault(places.find("玄武区"))
    assert (found.rule, found.details["groups"]) == ("not_evaluated", "设区市")


def test_a_namesake_of_another_province_is_not_taken(places: Places) -> None:
    assert fault(places.find("北京市通州区")).rule == "unknown_place"


def test_the_city_above_an_ambiguous_name_decides_only_over_a_block_of_its_own(places: Places) -> None:
    def found(*texts: str) -> list[str | Fault]:
        return [places.find(text) for text in texts]

    assert listed_cities(found("徐州市", "鼓楼区", "云龙区", "常州市", "天宁区"), places)[1] == "320300"
    assert listed_cities(found("南京市", "徐州市", "鼓楼区", "玄武区"), places)[2] is None  # cities first, then counties of any
    assert listed_cities(found("徐州市", "鼓楼区"), places)[1] is None  # nothing shows that what follows is 徐州's
    assert listed_cities(found("鼓楼区", "徐州市"), places)[0] is None


def test_codes_and_names_with_six_digits_in_them_are_their_own(reading: World) -> None:
    """An area code such as E101234 or 360610000000 is no Chinese code with a name beside it, nor one filled up with noughts."""
    registry = reading.framework.registry
    rows = (replace(registry.rows[0], code="E101234", name="Area 320106"), replace(registry.rows[0], code="360610000000", name="Block"))
    found = Places(replace(registry, rows=(*registry.rows, *rows)), load_words(reading.workspace), {})
    assert [found.find(text) for text in ("E101234", "e101234", "Area 320106", "360610000000", "320106鼓楼区", "320106000000")] == [
        "E101234",
        "E101234",
        "E101234",
        "360610000000",
        "320106",
        "320106",
    ]
