"""What the worked edition's two corrections moved, and by how much self-reported figures would raise its totals, by hand.

Without corrections (points from working.md)
    990103  law_self_score 80 × 0.8 = 64, not 85. A1 has 15 points: 15 × 0.3 × (85 − 64) ÷ 100 = 0.945: A1 11.28, not 12.225 (12.23):
            70.91 − 0.95 = 69.96
    990102  files_kept 360 has no rate, so it is missing and A3.1 drops: A3.2 has 10 points, 10 × 0.9 = 9.00, not 5.63 + 3.60 = 9.23:
            79.70 − 0.23 = 79.47
With what is reported
    990100  law_self_score 95, not 76: 10 × 0.3 × 0.19 = 0.57: 76.00, and rank 2, for
    990200  law_self_score 90, not 72: 0.54; files_kept 600, not 450: 6 × (0.9375 − 0.703125) = 1.40625: 5.63, not 4.22: 77.38
    990102  law_self_score 96, not 84: 0.36. Its corrected files_kept stays as it was decided.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest

from analysis import replica
from analysis.replay import replay
from orchestration.compiled import steps_after
from storage import Workspace
from tests.pipeline import published
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]


def test_each_correction_stands_there_with_both_values(worked: Workspace) -> None:
    corrections = published(worked, EDITION, "fct_correction")
    columns = ("entity_code", "input_code", "state", "value_reported", "value_before", "contested_value", "value_after", "decided_on")
    assert corrections.select(columns).rows() == [
        ("990102", "files_kept", "applied", 360, None, 360, 300, date(2021, 1, 15)),
        ("990103", "law_self_score", "applied", 80, 64, 80, 85, date(2021, 1, 15)),
    ]
    assert "核定组" not in str(corrections.rows())


def test_what_they_moved_is_worked_by_hand(worked: Workspace) -> None:
    moved = published(worked, EDITION, "fct_correction_effect")
    columns = ("entity_code", "corrections", "total_without", "total", "change_total", "rank_without", "rank", "change_rank")
    assert moved.select(columns).rows() == [
        ("990102", 1, Decimal("79.47"), Decimal("79.70"), Decimal("0.23"), 1, 1, 0),
        ("990103", 1, Decimal("69.96"), Decimal("70.91"), Decimal("0.95"), 2, 2, 0),
    ]


def test_what_each_correction_moved_by_itself_is_worked_by_hand(worked: Workspace) -> None:
    """Neither moves anybody else, so each alone gives what both together gave its own entity."""
    moved = published(worked, EDITION, "fct_correction_move")
    columns = ("corrected_entity_code", "input_code", "entity_code", "total_without", "total", "change_total", "change_rank")
    assert moved.select(columns).rows() == [
        ("990102", "files_kept", "990102", Decimal("79.47"), Decimal("79.70"), Decimal("0.23"), 0),
        ("990103", "law_self_score", "990103", Decimal("69.96"), Decimal("70.91"), Decimal("0.95"), 0),
    ]


def test_what_untested_self_reports_would_be_worth_is_worked_by_hand(worked: Workspace) -> None:
    columns = ("entity_code", "total_reported", "inflation", "rank", "rank_reported", "is_falsified", "is_flagged")
    rows = {row[0]: row[1:] for row in published(worked, EDITION, "fct_inflation").select(columns).rows()}
    assert len(rows) == 9
    assert rows["990100"] == (Decimal("76.00"), Decimal("0.57"), 1, 2, False, False)
    assert rows["990200"] == (Decimal("77.38"), Decimal("1.95"), 1, 1, False, False)
    assert rows["990102"][:2] == (Decimal("80.06"), Decimal("0.36"))
    assert rows["990302"][:2] == (None, None)
    assert [code for code, row in rows.items() if row[4]] == ["990221"]


def test_tests_are_shown_by_indicator_with_the_rate_that_came_of_them(worked: Workspace) -> None:
    columns = ("indicator_code", "tests", "confirmed", "partly", "refuted", "outcome", "rate", "rate_from")
    rows = published(worked, EDITION, "fct_confirmation").filter(entity_code="990200").select(columns).rows()
    assert rows == [("A1", 1, 1, 0, 0, "confirmed", 0.8, "pooled"), ("A3.1", 4, 3, 0, 1, "partly", 0.75, "own")]


def test_what_a_newer_workbook_changed_is_listed_cell_by_cell(worked: Workspace) -> None:
    changes = published(worked, EDITION, "fct_version_change").filter(dataset="workbook")
    assert changes.select("entity_code", "field", "old_text", "new_text", "state").rows() == [
        ("990103", "activities", "99", "20", "counted"),
        ("990103", "law_self_score", "70", "80", "counted"),
    ]


def test_the_queries_run_again_over_unchanged_tables_give_what_dbt_gave(worked: Workspace) -> None:
    """Slow: the project's manifest is read."""
    steps = steps_after(worked, EDITION, "corrections")
    assert [step.table[1] for step in (steps[0], steps[-1])] == ["inputs", "ranked"]
    tables = (("scoring", "inputs"), ("scoring", "normalised"), ("scoring", "indicator_scores"), ("ranking", "ranked"))
    # Each table's rows as they come out of the change, beside what dbt left of them.
    found: dict[tuple[str, str], list[list[Any]]] = {table: [] for table in tables}

    def look(memory: duckdb.DuckDBPyConnection) -> None:
        for schema, name in tables:
            found[schema, name].append(memory.sql(f"select * from {schema}.{name} order by all").fetchall())

    def again(memory: duckdb.DuckDBPyConnection) -> None:
        look(memory)
        replay(memory, steps)
        look(memory)

    with replica(worked.warehouse(EDITION), steps) as copy:
        copy.after(again, [])
    assert all(before == after for before, after in found.values())


def test_scenarios_of_another_release_are_not_published(worked: Workspace) -> None:
    rows = pl.read_parquet(worked.stage(EDITION) / "analysis" / "scenarios.parquet")
    assert rows["scenario"].unique().sort().to_list() == ["reported", "uncorrected", "without_one"]
    assert rows["release"].n_unique() == 1
