"""The edition worked by hand: the pipeline gives every figure of tests/worked/working.md, to the last decimal.

Figures that do not end stand in tests/worked/expected at nine decimals, so a double is right where it rounds to them.
One run of the whole product serves all tests; it takes some twenty seconds, most of them for starting Dagster, dbt and Great Expectations.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from storage import Workspace
from tests.pipeline import published, warehouse
from tests.worked.deliveries import EDITION

WORKED = Path(__file__).resolve().parent.parent / "worked"
NINTH = Decimal("1e-9")
SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


@pytest.fixture(scope="module")
def workspace(worked: Workspace) -> Workspace:
    return worked


def expected(name: str) -> list[dict[str, str]]:
    with (WORKED / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(value: Any) -> str:
    """A figure as the tables of `expected/` write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (int, float, Decimal)):
        written = format(Decimal(repr(value) if isinstance(value, float) else value).quantize(NINTH, ROUND_HALF_UP), "f")
        written = written.rstrip("0").rstrip(".")
        return "0" if written == "-0" else written
    return str(value)


def bare(row: Mapping[str, str]) -> dict[str, str]:
    """The row of `expected/` with its numbers written the shortest way: 75.40 is 75.4."""
    return {column: text(Decimal(cell)) if is_number(cell) and not column.endswith("_code") else cell for column, cell in row.items()}


def is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdigit()


def differences(rows: pl.DataFrame, wanted: Sequence[Mapping[str, str]], key: Sequence[str]) -> list[str]:
    """Where the pipeline's rows and the worked ones part: a line each, naming the row, the column and both figures."""
    found = {tuple(text(row[column]) for column in key): row for row in rows.iter_rows(named=True)}
    listed = []
    for row in map(bare, wanted):
        name = tuple(row[column] for column in key)
        if name not in found:
            listed.append(f"{name} is not there")
            continue
        got = {column: text(found[name][column]) for column in row}
        listed += [
            f"{name} {column}: {got[column] or 'nothing'}, worked {row[column] or 'nothing'}"
            for column in row
            if got[column] != row[column]
        ]
    extra = set(found) - {tuple(bare(row)[column] for column in key) for row in wanted}
    return listed + [f"{name} is there and was not worked" for name in sorted(extra)]


def test_confirmation_rates(workspace: Workspace) -> None:
    rows = warehouse(workspace, EDITION, "select * from scoring.confirmation_rates")
    assert differences(rows, expected("confirmation_rates"), ["entity_code", "indicator_code"]) == []


@pytest.mark.parametrize(
    ("table", "name", "key"),
    [
        ("fct_input", "inputs", ["entity_code", "input_code"]),
        ("fct_opinion_event", "opinion_events", ["entity_code", "category", "first_at"]),
        ("fct_measure", "measures", ["entity_code", "measure_code"]),
        ("fct_indicator_score", "indicator_scores", ["entity_code", "indicator_code"]),
        ("fct_ranking", "ranking", ["entity_code"]),
    ],
)
def test_every_figure_is_the_one_worked_by_hand(workspace: Workspace, table: str, name: str, key: list[str]) -> None:
    assert differences(published(workspace, EDITION, table), expected(name), key) == []


def test_what_could_not_be_taken_is_rejected_with_its_file_and_value(workspace: Workspace) -> None:
    rejects = published(workspace, EDITION, "fct_reject").filter(pl.col("rule") != "recused")
    assert sorted(rejects.select("file", "value").rows()) == sorted((row["file"], row["value"]) for row in expected("rejects"))


def test_each_score_of_a_recused_expert_is_listed_by_its_cell_and_its_place(workspace: Workspace) -> None:
    """Rule 10 of working.md: 甲州市审计局, for 990100, 990102 and 990103."""
    recused = published(workspace, EDITION, "fct_reject").filter(pl.col("rule") == "recused").sort("message_zh")
    places = recused["message_zh"].str.extract("属于(.*)或其所在设区市").to_list()
    assert dict(zip(places, recused["cell"], strict=True)) == {"甲州市": "B3", "甲州市东河区": "B18", "甲州市西河区": "B23"}
    assert recused["value"].unique().to_list() == ["***"]


def test_intervals_hold_the_published_ranks_and_stand_where_a_rank_stands(workspace: Workspace) -> None:
    ranking = published(workspace, EDITION, "fct_ranking")
    ranked = ranking.filter(pl.col("rank").is_not_null())
    assert ranked.filter(~pl.col("rank").is_between("rank_low", "rank_high")).is_empty()
    assert ranking.filter(pl.col("rank").is_null(), pl.col("rank_low").is_not_null() | pl.col("rank_high").is_not_null()).is_empty()


def test_a_reason_stands_beside_every_place_that_is_vetoed_or_not_ranked(workspace: Workspace) -> None:
    reasons = published(workspace, EDITION, "fct_ranking").filter(pl.col("reason_zh").is_not_null(), pl.col("reason_en").is_not_null())
    wanted = {row["entity_code"] for row in expected("ranking") if row["vetoes"] or row["state"] != "ranked"}
    assert set(reasons["entity_code"]) == wanted


def test_the_correction_and_the_reported_value_stay_side_by_side(workspace: Workspace) -> None:
    cells = published(workspace, EDITION, "fct_input_cell").filter(entity_code="990102", input_code="files_kept")
    assert dict(cells.select("role", "value").iter_rows()) == {"value": 360, "correction": 300}
