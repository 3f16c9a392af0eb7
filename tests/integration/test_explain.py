"""Explaining a total of the worked edition from the published tables alone: every figure stands in tests/worked/working.md.

990200 A1   10 points, law_assessed 0.7: (84 − 60) ÷ 40 = 0.6 × 7 = 4.2; law_self_assessed 0.3: 90 × 0.8 = 72 ÷ 100 = 0.72 × 3 = 2.16;
            6.36 of 10 points
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from orchestration.explain import NotExplained, explain, show_explanation
from storage import Workspace
from tests.pipeline import published
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


def told(workspace: Workspace, entity: str) -> str:
    said = io.StringIO()
    show_explanation(Console(width=140, file=said), explain(workspace, EDITION, entity))
    return said.getvalue()


def test_a_measure_is_told_from_its_delivered_cell_to_its_points(worked: Workspace) -> None:
    lines = [" ".join(line.split()) for line in told(worked, "990200").splitlines()]
    at = next(number for number, line in enumerate(lines) if line.startswith("A1 "))
    assert "0.636 10 6.36 3.64" in lines[at]
    assert lines[at + 1].startswith("law_assessed")
    assert "0.6 7 4.2 2.8" in lines[at + 1]
    assert lines[at + 2] == "law_score = 84 points ↑ higher is better 越高越好"
    assert lines[at + 3].startswith("law_score")
    assert "= 84 points (reported; " in lines[at + 3]
    zh = "功效系数：（值－最差）÷（最好－最差），最差 60，最好 100，限于 0–1"
    en = "Goalposts: (value - worst) ÷ (best - worst), worst 60, best 100, held within 0–1"
    assert " ".join(lines[at + 4 : at + 6]) == f"{zh} {en}"
    assert "90 × 0.8 confirmed" in lines[at + 8]


@pytest.mark.parametrize(
    ("entity", "place", "number"),
    [("990100", "1–2", 3), ("990200", "3", 3), ("990102", "4", 5), ("990221", "2–3", 5)],
)
def test_where_a_method_goes_by_places_the_place_is_told(worked: Workspace, entity: str, place: str, number: int) -> None:
    """Activities of 12, 20 and 12 in the cities, of 30, 20, 20, 10 and 40 in the counties."""
    lines = [" ".join(line.split()) for line in told(worked, entity).splitlines()]
    at = next(number for number, line in enumerate(lines) if line.startswith("activities_held"))
    assert f", place 位次 {place}, number 个数 {number}]" in "".join(lines[at:])


def test_every_score_follows_from_the_lines_below_it(worked: Workspace) -> None:
    rows = published(worked, EDITION, "fct_explanation").filter(pl.col("weight") > 0)
    aggregates = published(worked, EDITION, "dim_indicator").filter(pl.col("aggregate") == "arithmetic")["indicator_code"].to_list()
    below = rows.group_by("entity_code", "parent_code").agg(
        pl.col("contribution").sum().alias("summed"), pl.col("weight").sum().alias("points")
    )
    both = rows.filter(pl.col("node_code").is_in(aggregates) & pl.col("contribution").is_not_null()).join(
        below, left_on=["entity_code", "node_code"], right_on=["entity_code", "parent_code"]
    )
    assert both.height > 100
    # Scores are rounded to 2 decimals at the lowest indicator.
    assert both.filter((pl.col("summed") - pl.col("contribution")).abs() > 0.005 + 1e-9).is_empty()
    assert both.filter((pl.col("points") - pl.col("weight")).abs() > 1e-9).is_empty()


def test_the_gap_to_the_place_above_and_who_has_none(worked: Workspace) -> None:
    third = told(worked, "990300")
    assert "甲州市 (990100): 37.15 points 分" in third
    assert "Gap to the place above 与前一名的差距\n  none 无" in told(worked, "990100")
    assert "一票否决" in told(worked, "990302")


def test_a_name_of_one_entity_will_do_and_one_of_two_will_not(worked: Workspace) -> None:
    assert explain(worked, EDITION, "南山县").standing["entity_code"] == "990221"
    assert explain(worked, EDITION, "丙州市东河区").standing["entity_code"] == "990302"
    with pytest.raises(NotExplained, match=r"2 entities are called 东河区; give the code or .*: 990102 甲州市东河区, 990302"):
        explain(worked, EDITION, "东河区")
    with pytest.raises(NotExplained, match="there is no entity 天津市"):
        explain(worked, EDITION, "天津市")


def test_what_is_not_published_cannot_be_explained(worked: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotExplained, match="make run EDITION=worked"):
        explain(Workspace(tmp_path, worked.frameworks), EDITION, "990100")


def test_an_edition_that_is_misspelt_is_told_so(worked: Workspace) -> None:
    with pytest.raises(NotExplained, match=r"workd: there is no such edition; did you mean worked\?"):
        explain(worked, "workd", "990100")


def test_the_published_tables_alone_are_read(worked: Workspace, tmp_path: Path) -> None:
    shutil.copytree(worked.published, tmp_path / "published")
    assert told(Workspace(tmp_path, tmp_path / "none"), "990200") == told(worked, "990200")
