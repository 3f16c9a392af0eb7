"""UNDP's Human Development Index by a framework file alone: every published figure at three decimals, and the ranks of 2021.

A run takes half a minute for 2021 and longer for all years, most of it for starting Dagster, dbt and Great Expectations.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from storage import Workspace
from tests.pipeline import published
from tests.reference.published_indices import Row, evaluate, hdi_inputs, is_aggregate, reference, write_edition

COLUMNS = ("le", "eys", "mys", "gnipc")

pytestmark = [pytest.mark.reference, pytest.mark.slow]


def in_one_year(row: Row) -> tuple[str, str, str]:
    return row["iso3"], row["country"], "aggregate" if is_aggregate(row["iso3"]) else f"y{row['year']}"


def in_its_year(row: Row) -> tuple[str, str, str]:
    return f"{row['iso3']}-{row['year']}", f"{row['country']} {row['year']}", in_one_year(row)[2]


def totals(ranking: pl.DataFrame) -> dict[str, Decimal]:
    return {code: total for code, total in ranking.select("entity_code", "total").iter_rows() if total is not None}


def test_hdi_of_2021_with_its_ranks(tmp_path: Path) -> None:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    rows = [row for row in hdi_inputs() if row["year"] == "2021"]
    write_edition(workspace, "hdi", "hdi-2021", rows, in_one_year, COLUMNS)
    evaluate(workspace, "hdi-2021")
    ranking = published(workspace, "hdi-2021", "fct_ranking")
    values = {
        row["iso3"]: Decimal(row["hdi_published"])
        for row in reference("hdi/published_hdi_1990_2021.csv")
        if row["year"] == "2021" and row["hdi_published"]
    }
    ranks = {row["iso3"]: int(row["hdi_rank_2021"]) for row in reference("hdi/published_rank_2021.csv")}
    countries = ranking.filter(pl.col("group_code") == "y2021", pl.col("rank").is_not_null())
    assert len(ranks) == 191
    assert dict(countries.select("entity_code", "rank").iter_rows()) == ranks
    assert totals(ranking) == values
    assert set(ranking.filter(pl.col("rank").is_null())["state"]) == {"blocked"}


@pytest.mark.long
def test_hdi_of_every_country_and_year(tmp_path: Path) -> None:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    write_edition(workspace, "hdi", "hdi-1990-2021", hdi_inputs(), in_its_year, COLUMNS)
    evaluate(workspace, "hdi-1990-2021")
    values = {
        f"{row['iso3']}-{row['year']}": Decimal(row["hdi_published"])
        for row in reference("hdi/published_hdi_1990_2021.csv")
        if row["hdi_published"]
    }
    assert len(values) == 5923
    assert totals(published(workspace, "hdi-1990-2021", "fct_ranking")) == values
