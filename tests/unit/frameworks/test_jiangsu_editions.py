"""The two editions of Jiangsu say what ../shared/domain.md says: who is evaluated, all points, and what changed in 2020."""

from __future__ import annotations

import pytest

from frameworks import Framework, load_framework
from frameworks.tree import walk
from storage import Workspace
from storage.workspace import PROJECT

POINTS = {
    "jiangsu-2019": {
        "A": (16, {"A1": 6, "A3": 5, "A4": 5}),
        "B": (16, {"B1": 6, "B2": 5, "B3": 5}),
        "C": (14, {"C1": 5, "C2": 5, "C3": 4}),
        "D": (20, {"D1": 4, "D2": 4, "D3": 4, "D4": 4, "D5": 4}),
        "E": (16, {"E1": 9, "E2": 7}),
        "F": (8, {"F1": 4, "F2": 4}),
        "G": (10, {"G1": 10}),
    },
    "jiangsu-2020": {
        "A": (16, {"A1": 4, "A2": 4, "A3": 4, "A4": 4}),
        "B": (14, {"B1": 5, "B2": 5, "B3": 4}),
        "C": (12, {"C1": 4, "C2": 4, "C3": 4}),
        "D": (20, {"D1": 3, "D2": 3, "D3": 3, "D4": 3, "D5": 3, "D6": 5}),
        "E": (14, {"E1": 8, "E2": 6}),
        "F": (8, {"F1": 4, "F2": 4}),
        "G": (10, {"G1": 10}),
        "H": (6, {"H1": 6}),
    },
}
ENTITIES = {"jiangsu-2019": (13, 96), "jiangsu-2020": (13, 95)}


def framework(edition: str) -> Framework:
    return load_framework(Workspace(data=PROJECT / "data", frameworks=PROJECT / "frameworks"), edition)


@pytest.mark.parametrize("edition", POINTS)
def test_points_are_those_of_the_domain(edition: str) -> None:
    tree = {
        node.code: (node.points, {child.code: child.points for child in node.indicators}) for node in framework(edition).file.indicators
    }
    assert tree == POINTS[edition]
    assert sum(points for points, _ in POINTS[edition].values()) == 100


@pytest.mark.parametrize("edition", ENTITIES)
def test_cities_and_counties_of_their_time_are_evaluated(edition: str) -> None:
    registry = framework(edition).registry
    assert tuple(len(registry.group(group)) for group in ("city", "county")) == ENTITIES[edition]


def test_a_code_means_the_same_in_both_years() -> None:
    then, now = (framework(edition).file for edition in POINTS)
    measured = [{node.code: (node.indicator.name, node.indicator.measures) for node in walk(file)} for file in (then, now)]
    assert measured[0] == {code: measured[1][code] for code in measured[0]}
    # Denominators carry a date and a vintage of their own.
    dated = {"as_of": None, "vintage": None}
    assert {code: spec.model_copy(update=dated) for code, spec in then.inputs.items()} == {
        code: now.inputs[code].model_copy(update=dated) for code in then.inputs
    }
    assert (then.vetoes, then.grades, then.confirmation, then.opinion) == (now.vetoes, now.grades, now.confirmation, now.opinion)
    # The first edition has none before it that its rows could be held against.
    assert then.previous is None
    asked = {name: expectation for name, expectation in now.gates.intake.items() if name != "rows_against_previous"}
    assert (then.gates.intake, then.gates.scores, then.gates.ranking) == (asked, now.gates.scores, now.gates.ranking)


def test_2020_is_measured_against_2019_and_2019_against_nothing() -> None:
    assert [framework(edition).file.previous for edition in POINTS] == [None, "jiangsu-2019"]


@pytest.mark.parametrize("edition", POINTS)
def test_no_record_passes_for_good_by_leaving_blank_what_it_is_judged_by(edition: str) -> None:
    file = framework(edition).file
    listed = {dataset.dataset: dataset for datasets in file.deliveries.values() for dataset in datasets}
    demanded = {
        name: {code for code, column in dataset.columns.items() if column.required or column.within} | set(dataset.key)
        for name, dataset in listed.items()
    }
    assert demanded["court_list"] == {"kind", "listed_on", "body", "case_no"}
    assert demanded["publicity"] >= {"decided_on"}
    assert demanded["applications"] >= {"received_on"}
    assert demanded["calls"] >= {"called_on", "kind"}
    assert demanded["confirmation"] >= {"indicator", "outcome"}
    assert demanded["website"] >= {"item", "is_met"}
    assert demanded.get("innovation_scores", {"employer"}) >= {"employer"}


@pytest.mark.parametrize("edition", POINTS)
def test_a_website_item_tested_again_counts_by_the_later_test(edition: str) -> None:
    website = next(dataset for dataset in framework(edition).file.deliveries["third_party"] if dataset.dataset == "website")
    assert (website.key, website.latest_by) == (["item"], "tested_on")
