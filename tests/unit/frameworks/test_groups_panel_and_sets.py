"""Trees that differ by group, panels, frozen files, and the sets within which entities are compared: as tables, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from frameworks import Framework, FrameworkError, read_framework

PLACES = """\
code,name,name_en,level,parent_code,region
c1,甲市,Jia,city,,east
c2,乙市,Yi,city,,west
d1,丙县,Bing,county,c1,east
"""
HEAD = """\
edition: e
title: {{zh: 例, en: Example}}
period: {{from: 2019-01-01, to: 2021-12-31}}
entities: {{registry: places.csv, as_of: 2021-12-31, groups: [city, county]{entities}}}
scale: 100
round: {{at: total, decimals: 2}}
{top}
deliveries:
  provincial:
    - {{dataset: yearbook, files: "*yearbook*", entity: [code]{dataset}, columns: {{i: [i]}}}}
  expert_review:
    - {{dataset: experts, files: "*experts*", entity: [code]{dataset}, columns: {{j: [j]}}}}
inputs:
  j: {{source: expert_review, unit: u, label: {{zh: 评, en: Judgement}}}}
  i: {{source: provincial, unit: u, label: {{zh: 数, en: Figure}}}}
indicators:
"""
Make = Callable[..., Framework]


def measure(code: str, more: str = "", normalise: str = "{method: none}") -> str:
    """A measure in flow style."""
    return (
        f"{{code: {code}, value: i, unit: u, direction: higher_is_better, normalise: {normalise}, label: {{zh: 测度, en: Measure}}{more}}}"
    )


def lowest(code: str, more: str, *measures: str) -> str:
    """A lowest indicator of the first level in flow style, with one measure where none is given."""
    listed = ", ".join(measures or (measure(f"m{code.lower()}"),))
    return f"  - {{code: {code}, name: {{zh: 甲, en: A}}, {more}, measures: [{listed}]}}\n"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The framework of those indicators and of what else is written, with those files beside it."""

    def write(indicators: str, top: str = "", entities: str = "", dataset: str = "", **files: str) -> Framework:
        for name, content in {"places": PLACES, **files}.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        text = HEAD.format(top=top, entities=entities, dataset=dataset) + indicators
        (tmp_path / "e.yaml").write_text(text, encoding="utf-8")
        return read_framework(tmp_path / "e.yaml", "e.yaml")

    return write


def rows(framework: Framework, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return framework.tables()[table].select(columns).rows()


def refused(make: Make, *arguments: str, **keys: str) -> list[str]:
    with pytest.raises(FrameworkError) as caught:
        make(*arguments, **keys)
    return [mistake.message for mistake in caught.value.mistakes]


# --- points, weights and shares by group ----------------------------------------------------------------------------------


def test_each_group_has_its_own_tree(make: Make) -> None:
    """Cities have 40 points of A and 60 of B, counties 100 of A alone; of A's measures counties have the second alone."""
    shares = measure("one", ", share: {city: 0.25}"), measure("two", ", share: {city: 0.75, county: 1}")
    framework = make(lowest("A", "points: {city: 40, county: 100}", *shares) + lowest("B", "points: {city: 60}"))
    assert framework.tables()["indicator_points"].rows() == [
        ("city", "A", 40.0, 40.0),
        ("city", "B", 60.0, 60.0),
        ("county", "A", 100.0, 100.0),
    ]
    assert framework.tables()["measure_shares"].rows() == [
        ("city", "one", 0.25, 0.25),
        ("city", "two", 0.75, 0.75),
        ("city", "mb", 1.0, 1.0),
        ("county", "two", 1.0, 1.0),
    ]
    assert rows(framework, "indicators", "indicator_code", "points") == [("A", None), ("B", None)]
    assert rows(framework, "measures", "measure_code", "share") == [("one", None), ("two", None), ("mb", None)]


def test_weights_give_points_and_shares_in_each_group(make: Make) -> None:
    """Weights 1 and 3 below 100 points: 25 and 75; a county has B alone: 100. Measures of weights 2 and 6: a quarter and three."""
    weighed = measure("one", ", weight: 2"), measure("two", ", weight: 6")
    framework = make(lowest("A", "weight: {city: 1}", *weighed) + lowest("B", "weight: 3"))
    assert framework.tables()["indicator_points"].rows() == [
        ("city", "A", 25.0, 1.0),
        ("city", "B", 75.0, 3.0),
        ("county", "B", 100.0, 3.0),
    ]
    assert framework.tables()["measure_shares"].rows()[:2] == [("city", "one", 0.25, 2.0), ("city", "two", 0.75, 6.0)]


def test_measures_that_say_nothing_weigh_the_same(make: Make) -> None:
    framework = make(lowest("A", "points: 100", measure("one"), measure("two")))
    assert rows(framework, "measures", "measure_code", "share") == [("one", 0.5), ("two", 0.5)]


def test_a_bonus_and_a_deduction_stand_beside_the_scale(make: Make) -> None:
    extra = lowest("B", "points: 5, kind: bonus, opens_at: 80") + lowest("C", "points: 10, kind: deduction")
    framework = make(lowest("A", "points: 100") + extra)
    assert rows(framework, "indicators", "indicator_code", "points", "kind", "opens_at") == [
        ("A", 100.0, "part", None),
        ("B", 5.0, "bonus", 80.0),
        ("C", 10.0, "deduction", None),
    ]


def test_what_counts_where_its_parent_does_not_is_refused(make: Make) -> None:
    tree = lowest("A", "points: {city: 100}", measure("one", ", share: {city: 1, county: 1}")) + lowest("B", "points: {county: 100}")
    assert refused(make, tree) == ["one counts in county, where A does not; give that points there, or take this out."]


def test_a_group_in_which_nothing_below_counts_is_refused(make: Make) -> None:
    below = "indicators: [{code: A1, name: {zh: 甲, en: A}, weight: {city: 1}, measures: [" + measure("one") + "]}]"
    tree = f"  - {{code: A, name: {{zh: 甲, en: A}}, points: 100, {below}}}\n"
    assert refused(make, tree) == ["below A no indicator has a weight in county; give one of them a weight above 0."]


# --- frozen weights and norms ---------------------------------------------------------------------------------------------

WEIGHTS = "code,group,weight,method\nA,,1,pca\nB,city,3,pca\nB,county,1,pca\none,,2,pca\ntwo,,6,pca\n"


def test_what_says_no_weight_takes_the_frozen_one(make: Make) -> None:
    """Cities 1 : 3, counties 1 : 1; A's measures 2 : 6."""
    tree = lowest("A", "aggregate: {method: arithmetic}", measure("one"), measure("two")) + lowest("B", "aggregate: {method: arithmetic}")
    framework = make(tree, "weights: weights.csv", weights=WEIGHTS)
    assert rows(framework, "indicator_points", "group_code", "indicator_code", "points") == [
        ("city", "A", 25.0),
        ("city", "B", 75.0),
        ("county", "A", 50.0),
        ("county", "B", 50.0),
    ]
    assert rows(framework, "measures", "measure_code", "share") == [("one", 0.25), ("two", 0.75), ("mb", 1.0)]
    before = framework.hash
    assert make(tree, "weights: weights.csv", weights=WEIGHTS.replace("3,pca", "4,pca")).hash != before


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("code,group,weight\nA,,-1\nB,,1\n", "the weight -1 is negative; write 0 or more."),
        ("code,group,weight\nA,,x\nB,,1\n", "weight “x” is no number; write one."),
        ("code,group,weight\nA,,1\nB,,1\nZ,,1\n", "Z is no indicator or measure of the framework; correct it, or take the row out."),
        (
            "code,group,weight\nA,,1\nB,,1\nB,town,1\n",
            "town is none of the groups city, county; correct it, or leave the group blank for all.",
        ),
        ("code,group,weight\nA,,1\nB,,1\nB,city,1\n", "B has a weight for city already; keep one row."),
        ("code,group\nA,\n", "the column weight is missing; add it."),
    ],
)
def test_a_file_of_weights_that_is_wrong_is_told_with_its_line(make: Make, file: str, told: str) -> None:
    tree = lowest("A", "aggregate: {method: arithmetic}") + lowest("B", "aggregate: {method: arithmetic}")
    assert refused(make, tree, "weights: weights.csv", weights=file) == [told]  # once: nothing is said of what hangs on it


def test_weights_that_nobody_takes_are_refused(make: Make) -> None:
    told = refused(make, lowest("A", "points: 100"), "weights: weights.csv", weights="code,group,weight\nA,,1\n")
    assert told == ["every node that weights.csv weighs says its own points, share or weight; take those out, or weights."]


def test_norms_of_other_nodes_alone_are_told(make: Make) -> None:
    told = refused(make, FROZEN, "norms: norms.csv", norms="code,group,value\ngone,,3\n")
    assert told == ["norms.csv has no values of one in city, county; freeze them too, or write another set."]


FROZEN = lowest("A", "points: 100", measure("one", "", "{method: min_max, within: frozen}"))


def test_frozen_norms_are_rows_of_their_node_and_group(make: Make) -> None:
    framework = make(FROZEN, "norms: norms.csv", norms="code,group,value\none,city,3\none,city,1\none,county,2\n")
    assert framework.tables()["norms"].rows() == [("one", "city", 1.0), ("one", "city", 3.0), ("one", "county", 2.0)]
    assert rows(framework, "reference_sets", "entity_code", "within", "set_code")[:2] == [("c1", "frozen", "city"), ("c1", "group", "city")]
    assert rows(framework, "measures", "is_bounded") == [(False,)]  # a new low value lies below 0


def test_frozen_rates_of_an_indicator_are_steadied_as_those_compared_with_them_are(make: Make) -> None:
    """0.1 + 0.2 is 0.30000000000000004: of an indicator 0.3, as its rates; of a measure as it stands, as its values."""
    norms = "code,group,value\nA,,0.30000000000000004\none,,0.30000000000000004\none,,1\n"
    framework = make(FROZEN, "norms: norms.csv", norms=norms)
    noisy = 0.1 + 0.2
    assert framework.tables()["norms"]["value"].to_list() == [0.3, 0.3, noisy, 1.0, noisy, 1.0]


def test_norms_of_what_an_edition_no_longer_has_are_passed_over(make: Make) -> None:
    framework = make(FROZEN, "norms: norms.csv", norms="code,group,value\none,,3\none,,4\ngone,,1\none,town,2\n")
    assert framework.tables()["norms"].rows() == [("one", group, value) for group in ("city", "county") for value in (3.0, 4.0)]


def test_frozen_norms_that_lack_a_group_are_refused(make: Make) -> None:
    told = refused(make, FROZEN, "norms: norms.csv", norms="code,group,value\none,city,3\n")
    assert told == ["norms.csv has no values of one in county; freeze them too, or write another set."]


@pytest.mark.parametrize("method", ["min_max", "z_score", "percentile_rank"])
def test_frozen_norms_that_are_all_equal_tell_nobody_apart(make: Make, method: str) -> None:
    tree = FROZEN.replace("min_max", method)
    told = refused(make, tree, "norms: norms.csv", norms="code,group,value\none,city,3\none,city,3\none,county,2\n")
    (sentence,) = told
    assert sentence.startswith(f"norms.csv has equal values alone of one, and {method} tells nobody apart by such; ")
    assert sentence.endswith("; freeze some that differ, or write another set.")


@pytest.mark.parametrize("method", ["rank", "borda", "normal_score", "exponential", "fraction_of_best", "distance_to_target, target: 9"])
def test_equal_norms_are_sound_where_a_method_tells_entities_apart_by_them(make: Make, method: str) -> None:
    assert make(FROZEN.replace("min_max", method), "norms: norms.csv", norms="code,group,value\none,,3\none,,3\n").file.norms


def test_equal_norms_are_sound_in_some_of_the_groups_alone(make: Make) -> None:
    """An edition may hold such by right; where the one group that differs is none in which the measure counts, nothing is told."""
    norms = "code,group,value\none,city,3\none,county,2\none,county,1\n"
    assert make(FROZEN, "norms: norms.csv", norms=norms).file.norms
    elsewhere = lowest("A", "points: {city: 60, county: 50}", measure("one", "", "{method: min_max, within: frozen}"))
    rest = lowest("B", "points: {city: 40, county: 50}")
    assert make(elsewhere + rest, "norms: norms.csv", norms=norms).file.norms
    in_cities = elsewhere.replace("{city: 60, county: 50}", "{city: 60}"), rest.replace("county: 50", "county: 100")
    assert len(refused(make, "".join(in_cities), "norms: norms.csv", norms=norms)) == 1


def test_equal_norms_of_what_counts_nowhere_are_not_told_beside_it(make: Make) -> None:
    frozen = measure("one", ", weight: {city: 0, county: 0}", "{method: min_max, within: frozen}")
    tree = lowest("A", "points: 100", frozen, measure("two", ", weight: 1"))
    told = refused(make, tree, "norms: norms.csv", norms="code,group,value\none,,3\n")
    assert told == ["one is 0 in every group and so is part of nothing; take it out."]


def test_frozen_rates_that_noise_alone_sets_apart_are_equal(make: Make) -> None:
    tree = lowest("A", "points: 100, normalise: {method: min_max, within: frozen}", measure("one"))
    norms = "code,group,value\nA,,0.3\nA,,0.30000000000000004\n"
    assert len(refused(make, tree, "norms: norms.csv", norms=norms)) == 1
    assert make(FROZEN, "norms: norms.csv", norms=norms.replace("A", "one")).file.norms  # values of a measure are compared as they stand


def test_norms_with_which_nothing_is_compared_are_refused(make: Make) -> None:
    told = refused(make, lowest("A", "points: 100"), "norms: norms.csv", norms="code,group,value\nma,,3\n")
    assert told == ["nothing is compared with norms.csv; write within: frozen where it counts, or take norms out."]


# --- panel and sets -------------------------------------------------------------------------------------------------------

PANEL = {"entities": ", panel: {from: 2020, to: 2021}", "dataset": ", time: [year]"}


def test_a_panel_has_each_unit_and_each_group_once_a_time(make: Make) -> None:
    framework = make(lowest("A", "points: 100"), **PANEL)
    assert rows(framework, "entities", "entity_code", "name_zh", "group_code", "parent_code", "unit_code", "time", "base_group") == [
        ("c1-2020", "甲市 2020", "city-2020", None, "c1", 2020, "city"),
        ("c1-2021", "甲市 2021", "city-2021", None, "c1", 2021, "city"),
        ("c2-2020", "乙市 2020", "city-2020", None, "c2", 2020, "city"),
        ("c2-2021", "乙市 2021", "city-2021", None, "c2", 2021, "city"),
        ("d1-2020", "丙县 2020", "county-2020", "c1-2020", "d1", 2020, "county"),
        ("d1-2021", "丙县 2021", "county-2021", "c1-2021", "d1", 2021, "county"),
    ]
    assert rows(framework, "groups", "group_code", "position", "label_en", "base_group", "time") == [
        ("city-2020", 1, "city 2020", "city", 2020),
        ("city-2021", 2, "city 2021", "city", 2021),
        ("county-2020", 3, "county 2020", "county", 2020),
        ("county-2021", 4, "county 2021", "county", 2021),
    ]
    assert rows(framework, "indicator_points", "group_code", "points")[:2] == [("city-2020", 100.0), ("city-2021", 100.0)]


def test_an_entity_takes_part_in_one_set_of_each_kind_in_use(make: Make) -> None:
    words = ["all", "pooled", "group_pooled", "region"]
    measures = [measure(f"m{at}", "", f"{{method: min_max, within: {word}}}") for at, word in enumerate(words)]
    tree = lowest("A", "points: 100", *measures)
    plain = rows(make(tree), "reference_sets", "entity_code", "within", "set_code")
    assert [row for row in plain if row[0] == "d1"] == [
        ("d1", "all", ""),
        ("d1", "group", "county"),
        ("d1", "group_pooled", "county"),
        ("d1", "pooled", ""),
        ("d1", "region", "east"),
    ]
    panel = rows(make(tree, **PANEL), "reference_sets", "entity_code", "within", "set_code")
    assert [row[1:] for row in panel if row[0] == "d1-2020"] == [
        ("all", "2020"),
        ("group", "county-2020"),
        ("group_pooled", "county"),
        ("pooled", ""),
        ("region", "east@2020"),
    ]


def test_attributes_are_the_registrys_other_columns_and_the_parent(make: Make) -> None:
    framework = make(lowest("A", "points: 100"), "rank: {within: [region, parent_code]}")
    assert framework.tables()["entity_attributes"].rows() == [
        ("c1", "region", "east"),
        ("c2", "region", "west"),
        ("d1", "parent_code", "c1"),
        ("d1", "region", "east"),
    ]
    assert framework.tables()["rank_attributes"].rows() == [("region",), ("parent_code",)]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("group", "the column group has the name of a set; give the attribute another."),
        ("valid_form", "the column valid_form is not known; did you mean valid_from?"),
    ],
)
def test_a_column_of_the_registry_that_cannot_be_an_attribute_is_refused(make: Make, header: str, told: str) -> None:
    assert refused(make, lowest("A", "points: 100"), places=PLACES.replace("region", header)) == [told]


# --- what the methods leave in the tables -----------------------------------------------------------------------------------


def test_defaults_hold_for_every_measure_that_says_nothing_else(make: Make) -> None:
    own = measure("two", ", impute: none, treat: none, flag: 0.8")
    treat = "treat: {method: winsorise, at_most: null, otherwise: {method: box_cox, power: 0.5}}"
    top = f"impute: {{method: mean}}\n{treat}\nflags: {{at_least: 0.9}}"
    framework = make(lowest("A", "points: 100", measure("one"), own), top)
    columns = [
        "impute_method",
        "impute_within",
        "treat_method",
        "treat_at_most",
        "treat_otherwise",
        "treat_otherwise_power",
        "flag_at_least",
    ]
    assert rows(framework, "measures", *columns) == [
        ("mean", "group", "winsorise", None, "box_cox", 0.5, 0.9),
        (None, None, None, None, None, None, 0.8),
    ]


def test_rates_are_sure_to_lie_within_0_to_1_where_every_method_below_sees_to_it(make: Make) -> None:
    def bounded(normalise: str, more: str = "points: 100") -> list[bool]:
        framework = make(lowest("A", more, measure("one", "", normalise)))
        return [framework.tables()[table]["is_bounded"][0] for table in ("measures", "indicators")]

    assert bounded("{method: goalposts, worst: 0, best: 9}") == [True, True]
    assert bounded("{method: goalposts, worst: 0, best: 9, cap: false}") == [False, False]
    assert bounded("{method: min_max, range: [0, 100]}") == [False, False]
    assert bounded("{method: z_score}") == [False, False]
    assert bounded("{method: z_score}", "points: 100, normalise: {method: percentile_rank}") == [False, True]
    assert bounded("{method: percentile_rank}", "points: 100, aggregate: {method: sum}") == [True, False]


def test_how_far_judgement_may_move_an_entity_is_asked_of_gate_ranking(make: Make) -> None:
    tree = lowest("A", "points: 100", measure("one"), measure("two").replace("value: i", "value: j"))
    framework = make(tree, "judged: {sources: [expert_review], ranks_at_most: 5}")
    assert framework.tables()["gates"].rows() == [("ranking", "judged_shift", "warning", 5.0, None)]
    assert rows(framework, "edition", "judged_sources") == [(["expert_review"],)]


def test_a_geometric_mean_is_refused_over_what_is_sure_to_hold_0_alone(make: Make) -> None:
    def tree(normalise: str) -> str:
        return lowest("A", "points: 100, aggregate: {method: geometric}", measure("one", "", normalise))

    for sound in ("{method: min_max, range: [1, 100]}", "{method: z_score, mean: 10, sd: 2}", "{method: rank}", "{method: exponential}"):
        assert make(tree(sound)).file.indicators
    for method in ("min_max", "percentile_rank", "z_score", "borda", "normal_score", "distance_to_target, target: 1"):
        (told,) = refused(make, tree(f"{{method: {method}}}"))
        assert told.startswith(f"one by {method.split(',')[0]} gives its worst entity 0 or less")
