"""What corrections moved, all of them (`fct_correction_effect`) and each alone (`fct_correction_move`); and `fct_inflation`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from frameworks import Framework
from publication.errors import PublicationRefused
from publication.identity import assembled
from storage import Workspace

_POINTS = pl.Decimal(18, 9)
_FIGURES = ("total", "rank", "grade", "state")
_MOVED = pl.any_horizontal(pl.col(figure).ne_missing(pl.col(f"{figure}_without")) for figure in _FIGURES)
_CHANGES = (
    "total_without",
    "total",
    (pl.col("total") - pl.col("total_without")).cast(_POINTS).alias("change_total"),
    "rank_without",
    "rank",
    (pl.col("rank_without") - pl.col("rank")).alias("change_rank"),
    "grade_without",
    "grade",
    "state_without",
    "state",
)
_COUNTS = ("tests", "confirmed", "partly", "refuted")


def effects(workspace: Workspace, framework: Framework, release: str, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The three tables, from the release's own tables and the stage's scenarios; none where the warehouse lists no corrections.

    Raises PublicationRefused where the scenarios are not those of this release.
    """
    if "fct_correction" not in tables:
        return {}
    scenarios = _scenarios(workspace, framework.edition, release)
    standing = tables["fct_ranking"].select("edition", "release", "entity_code", "group_code", *_FIGURES)
    corrections = tables["fct_correction"].filter(state="applied")
    return {
        "fct_correction_effect": _correction_effect(standing, corrections, scenarios.filter(scenario="uncorrected")),
        "fct_correction_move": _correction_move(standing, scenarios.filter(scenario="without_one")),
        "fct_inflation": _inflation(
            standing, tables["fct_confirmation"], scenarios.filter(scenario="reported"), framework, _falsified(workspace, framework)
        ),
    }


def _scenarios(workspace: Workspace, edition: str, release: str) -> pl.DataFrame:
    path = workspace.stage(edition) / "analysis" / "scenarios.parquet"
    if path.exists():
        scenarios = pl.read_parquet(path)
        if scenarios.filter(pl.col("release") != release).is_empty():
            return scenarios
    raise PublicationRefused(
        f"{edition}: not published, because {path} does not hold what corrections moved in release {release}; run the edition again."
    )


def _correction_effect(standing: pl.DataFrame, corrections: pl.DataFrame, without: pl.DataFrame) -> pl.DataFrame:
    """One row is an entity that a correction was applied to, or that stands otherwise because of those of others."""
    own = corrections.group_by("entity_code").agg(corrections=pl.len().cast(pl.Int64))
    both = standing.join(_beside(without, "without"), on="entity_code", how="inner", validate="1:1").join(own, on="entity_code", how="left")
    return (
        both.filter(pl.col("corrections").is_not_null() | _MOVED)
        .select("edition", "release", "entity_code", "group_code", pl.col("corrections").fill_null(0), *_CHANGES)
        .sort("entity_code")
    )


def _correction_move(standing: pl.DataFrame, without: pl.DataFrame) -> pl.DataFrame:
    """One row is a correction × entity that stands otherwise because of it alone; the corrected entity always."""
    which = ("corrected_entity_code", "input_code")
    both = standing.join(_beside(without, "without", *which), on="entity_code", how="inner", validate="1:m")
    return (
        both.filter((pl.col("entity_code") == pl.col("corrected_entity_code")) | _MOVED)
        .select("edition", "release", *which, "entity_code", "group_code", *_CHANGES)
        .sort(*which, "entity_code")
    )


def _inflation(
    standing: pl.DataFrame, confirmation: pl.DataFrame, reported: pl.DataFrame, framework: Framework, falsified: frozenset[str]
) -> pl.DataFrame:
    """One row is an entity, where the framework has what places report of themselves tested."""
    settings = framework.file.confirmation
    limit = settings.refuted_share_at_most if settings else None
    tested = confirmation.group_by("entity_code").agg(pl.col(name).sum().cast(pl.Int64) for name in _COUNTS)
    share = pl.when(pl.col("tests") > 0).then(pl.col("refuted") / pl.col("tests"))
    return (
        standing.join(tested, on="entity_code", how="inner", validate="1:1")
        .join(_beside(reported, "reported"), on="entity_code", how="left", validate="1:1")
        .select(
            "edition", "release", "entity_code", "group_code", *_COUNTS,
            share.alias("refuted_share"), pl.lit(limit, dtype=pl.Float64).alias("refuted_share_at_most"),
            (share > limit).fill_null(value=False).alias("is_flagged") if limit is not None else pl.lit(False).alias("is_flagged"),  # noqa: FBT003
            pl.col("entity_code").is_in(sorted(falsified)).alias("is_falsified"),
            "total", "total_reported", (pl.col("total_reported") - pl.col("total")).cast(_POINTS).alias("inflation"),
            "rank", "rank_reported",
        )
        .sort("entity_code")
    )  # fmt: skip


def _beside(scenario: pl.DataFrame, suffix: str, *of: str) -> pl.DataFrame:
    return scenario.select(*of, "entity_code", *(pl.col(figure).alias(f"{figure}_{suffix}") for figure in _FIGURES))


def _falsified(workspace: Workspace, framework: Framework) -> frozenset[str]:
    """The entities of which the office has found a figure falsified."""
    kinds = [each.dataset for listed in framework.file.deliveries.values() for each in listed if each.kind == "falsified"]
    cells = assembled(workspace, framework, "cells").filter(pl.col("is_counted") & pl.col("dataset").is_in(kinds))
    return frozenset(cells["entity_code"].drop_nulls().to_list())
