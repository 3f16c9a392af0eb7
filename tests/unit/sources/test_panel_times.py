"""A panel's rows: each says of which time it is, and becomes the entity of that time."""

from __future__ import annotations

from pathlib import Path

import pytest

from frameworks import load_framework
from sources.batch import Batch
from sources.context import places_of
from sources.reading import Reader
from sources.words import load_words
from storage import Workspace

RULES = """\
edition: panel
title: {zh: 面板, en: Panel}
period: {from: 2019-01-01, to: 2021-12-31}
entities: {registry: places.csv, as_of: 2021-12-31, groups: [country], panel: {from: 2019, to: 2021}}
scale: 1
round: {at: total, decimals: 3}
deliveries:
  provincial:
    - {dataset: yearbook, files: "*yearbook*", entity: [iso], time: [year, 年份], columns: {income: [income]}}
    - {dataset: visits, files: "*visits*", layout: records, entity: [iso], time: [year], columns: {kind: {headers: [kind], type: text}}}
inputs:
  income: {source: provincial, unit: dollars, label: {zh: 收入, en: Income}}
indicators:
  - code: A
    name: {zh: 甲, en: A}
    points: 1
    measures:
      - {code: m, value: income, unit: dollars, direction: higher_is_better, normalise: {method: min_max}, label: {zh: 收入, en: Income}}
"""
PLACES = "code,name,name_en,level,parent_code\nAAA,甲国,Arcadia,country,\nBBB,乙国,Borduria,country,AAA\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "frameworks"
    folder.mkdir()
    (folder / "panel.yaml").write_text(RULES, encoding="utf-8")
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    return Workspace(tmp_path / "data", folder)


def read(workspace: Workspace, dataset: str, text: str) -> Batch:
    return Reader(workspace, load_framework(workspace, "panel"), "provincial").read(text.encode(), f"{dataset}.csv", dataset)


def test_a_row_is_the_entity_at_its_time(workspace: Workspace) -> None:
    batch = read(workspace, "yearbook", "iso,year,income\nAAA,2019,7\n乙国,2021年,9\nAAA,2021.0,8\n")
    assert [(cell.entity_code, cell.field, cell.number, cell.cell) for cell in batch.cells] == [
        ("AAA-2019", "income", 7, "C2"),
        ("BBB-2021", "income", 9, "C3"),
        ("AAA-2021", "income", 8, "C4"),
    ]
    assert batch.rejects == []


def test_a_record_is_one_of_its_time(workspace: Workspace) -> None:
    batch = read(workspace, "visits", "iso,kind,year\nBBB,call,2020\n")
    assert [(cell.entity_code, cell.field, cell.code) for cell in batch.cells] == [("BBB-2020", "kind", "call")]


def test_a_time_that_is_none_of_the_panel_or_not_written_is_rejected_and_its_figures_are_nobodys(workspace: Workspace) -> None:
    batch = read(workspace, "yearbook", "iso,year,income\nAAA,1990,7\nBBB,,9\nAAA,last,8\nCCC,2019,1\n")
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == [
        ("unknown_time", "B2", "1990"),
        ("time_missing", "B3", ""),
        ("unknown_time", "B4", "last"),
        ("unknown_place", "A5", "CCC"),
    ]
    assert (
        batch.rejects[0].message_en == "“1990” is no time of this edition, which goes from 2019 to 2021; correct it, or leave the row out."
    )
    assert [(cell.entity_code, cell.held) for cell in batch.cells] == [(None, "no_place")] * 4


def test_a_table_without_the_column_of_the_time_cannot_be_read(workspace: Workspace) -> None:
    batch = read(workspace, "yearbook", "iso,income\nAAA,7\n")
    assert [(reject.rule, "year" in reject.message_en) for reject in batch.rejects] == [("columns_missing", True)]
    assert batch.cells == []


def test_a_place_at_a_time_lies_in_the_city_of_its_place(workspace: Workspace) -> None:
    places = places_of(load_framework(workspace, "panel"), load_words(workspace))
    assert (places.city_of("BBB-2020"), places.full_name("BBB-2020")) == ("AAA", "甲国乙国")
