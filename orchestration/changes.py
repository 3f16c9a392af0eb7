"""What a release changed: against the edition's release before it, and against the previous edition."""

from __future__ import annotations

from pathlib import Path

import polars as pl

_SHOWN = ("entity_code", "name_zh", "name_en", "total", "rank", "grade")


def since_release(now: Path, before: Path) -> pl.DataFrame:
    """One row is an entity whose total, rank or grade differs between two release folders, with both; best rank first."""
    new = pl.read_parquet(now / "fct_ranking.parquet", columns=[*_SHOWN, "group_code"])
    old = pl.read_parquet(before / "fct_ranking.parquet", columns=["entity_code", "total", "rank", "grade"])
    both = new.join(old, on="entity_code", how="left", suffix="_before", validate="1:1")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in ("total", "rank", "grade"))
    return both.filter(differs).sort("group_code", "rank", "entity_code", nulls_last=True).drop("group_code")


def since_edition(now: Path) -> pl.DataFrame:
    """One row is an entity whose rank moved against the previous edition, with both totals and ranks; the longest moves first."""
    ranking = pl.read_parquet(now / "fct_ranking.parquet")
    moved = ranking.filter(pl.col("change_rank") != 0).sort(pl.col("change_rank").abs(), "entity_code", descending=[True, False])
    return moved.select(*_SHOWN, "previous_total", "previous_rank", "change_total", "change_rank")
