"""A panel in which a low total is good, through the whole run: ranks, ties set apart, tiers, regions, judgement left out, screening.

A has 60 points (x ÷ 100), B 40 (z ÷ 100, which experts gave). Lowest first; of one total the lower A is ahead.

    2000  a 6 + 8 = 14     b 12 + 2 = 14    c 30 + 20 = 50   d 48 + 40 = 88     a before b by A, then c, d
    2001  a 18 + 12 = 30   b 6 + 4 = 10     c 24 + 20 = 44   d without x: 1 of its 2 measures, fewer than 0.6: screened out

Without z all points are x's: 10, 20, 50, 80, then 30, 10, 40. Regions: a and b north, c and d south.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from storage import Workspace
from tests.pipeline import published, run_edition

EDITION = "panel"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("panel")]

_RULES = """\
edition: panel
title: {zh: 面板, en: Panel}
period: {from: 2000-01-01, to: 2001-12-31}
entities:
  registry: units.csv
  as_of: 2001-12-31
  groups: [country]
  labels: {country: {zh: 国家, en: Countries}}
  panel: {from: 2000, to: 2001}
scale: 100
round: {at: total, decimals: 2}
rank: {order: lowest_first, ties_by: [A], within: [region]}
tiers: [{tier: best, top: 1}, {tier: others}]
judged: {sources: [expert_review], ranks_at_most: 5}
screen: {measures_at_least: 0.6}
deliveries:
  provincial:
    - {dataset: series, files: "*x*", entity: [unit], time: [year], columns: {x: [x]}}
  expert_review:
    - {dataset: opinions, files: "*z*", entity: [unit], time: [year], columns: {z: [z]}}
inputs:
  x: {source: provincial, unit: percent, label: {zh: 甲, en: X}}
  z: {source: expert_review, unit: percent, label: {zh: 乙, en: Z}}
indicators:
  - code: A
    name: {zh: 甲, en: First}
    points: 60
    measures:
      - code: mx
        value: x
        unit: percent
        direction: higher_is_better
        normalise: {method: goalposts, worst: 0, best: 100}
        label: {zh: 甲, en: X}
  - code: B
    name: {zh: 乙, en: Second}
    points: 40
    measures:
      - code: mz
        value: z
        unit: percent
        direction: higher_is_better
        normalise: {method: goalposts, worst: 0, best: 100}
        label: {zh: 乙, en: Z}
"""
_UNITS = """\
code,name,name_en,level,region
a,甲国,Aland,country,north
b,乙国,Beland,country,north
c,丙国,Celand,country,south
d,丁国,Deland,country,south
"""
_X = "unit,year,x\na,2000,10\nb,2000,20\nc,2000,50\nd,2000,80\na,2001,30\nb,2001,10\nc,2001,40\n"
_Z = "unit,year,z\na,2000,20\nb,2000,5\nc,2000,50\nd,2000,100\na,2001,30\nb,2001,10\nc,2001,50\nd,2001,0\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("panel")
    made = Workspace(folder / "data", folder / "frameworks")
    made.frameworks.mkdir()
    (made.frameworks / "panel.yaml").write_text(_RULES, encoding="utf-8")
    (made.frameworks / "units.csv").write_text(_UNITS, encoding="utf-8")
    for source, name, content in (("provincial", "x.csv", _X), ("expert_review", "z.csv", _Z)):
        made.inbox(EDITION, source).mkdir(parents=True)
        (made.inbox(EDITION, source) / name).write_text(content, encoding="utf-8")
    outcome = run_edition(made, EDITION)
    assert outcome.code == 0, outcome.output
    assert "Countries 国家 2001: first 4 of 4" in outcome.output
    return made


def rows(workspace: Workspace, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return published(workspace, EDITION, table).sort(pl.all()).select(columns).rows()


def test_ranks_tiers_and_judgement_of_each_time(workspace: Workspace) -> None:
    """Slow: a whole run."""
    of = ("entity_code", "total", "rank", "tier", "state", "total_unjudged", "rank_unjudged")
    assert rows(workspace, "fct_ranking", *of) == [
        ("a-2000", Decimal(14), 1, "best", "ranked", Decimal(10), 1),
        ("a-2001", Decimal(30), 2, "others", "ranked", Decimal(30), 2),
        ("b-2000", Decimal(14), 2, "others", "ranked", Decimal(20), 2),
        ("b-2001", Decimal(10), 1, "best", "ranked", Decimal(10), 1),
        ("c-2000", Decimal(50), 3, "others", "ranked", Decimal(50), 3),
        ("c-2001", Decimal(44), 3, "others", "ranked", Decimal(40), 3),
        ("d-2000", Decimal(88), 4, "others", "ranked", Decimal(80), 4),
        ("d-2001", None, None, None, "screened_out", None, None),
    ]
    (reason,) = published(workspace, EDITION, "fct_ranking").filter(pl.col("state") == "screened_out")["reason_en"]
    assert reason.startswith("Screened out, neither scored nor ranked: ")


def test_the_trend_of_each_unit(workspace: Workspace) -> None:
    """Slow: as above."""
    assert rows(workspace, "fct_trend", "unit_code", "time", "total", "rank", "change_total", "change_rank") == [
        ("a", 2000, Decimal(14), 1, None, None),
        ("a", 2001, Decimal(30), 2, Decimal(16), -1),
        ("b", 2000, Decimal(14), 2, None, None),
        ("b", 2001, Decimal(10), 1, Decimal(-4), 1),
        ("c", 2000, Decimal(50), 3, None, None),
        ("c", 2001, Decimal(44), 3, Decimal(-6), 0),
        ("d", 2000, Decimal(88), 4, None, None),
        ("d", 2001, None, None, None, None),
    ]


def test_ranks_within_a_region_and_the_wide_table_of_all_times(workspace: Workspace) -> None:
    """Slow: as above."""
    within = {
        entity: rank for entity, value, rank in rows(workspace, "fct_rank_within", "entity_code", "value", "rank") if value == "south"
    }
    assert within == {"c-2000": 1, "c-2001": 1, "d-2000": 2, "d-2001": None}
    assert published(workspace, EDITION, "rpt_ranking_country")["entity_code"].to_list() == [
        *("a-2000", "b-2000", "c-2000", "d-2000"),
        *("b-2001", "a-2001", "c-2001", "d-2001"),
    ]


def test_the_place_above_is_the_one_with_the_lower_total(workspace: Workspace) -> None:
    """Slow: as above."""
    above = published(workspace, EDITION, "fct_explanation").filter((pl.col("node_code") == "TOTAL") & (pl.col("entity_code") == "b-2000"))
    assert above.select("above_entity_code", "gap_to_above", "rank_in_group").row(0) == ("a-2000", 0.0, 1)
