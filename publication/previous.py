"""The previous edition's latest release, laid into the stage folder for dbt to compare with."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from frameworks import Framework
from publication.folder import read_manifest
from publication.releases import latest_release
from storage import Workspace, write_parquet

_SCORE = pl.Decimal(18, 9)
_RECORDS = {"source": pl.String, "dataset": pl.String, "records": pl.Int64}
SCHEMAS: dict[str, tuple[str, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "ranking": (
        "fct_ranking",
        {
            "edition": pl.String,
            "release": pl.String,
            "entity_code": pl.String,
            "name_zh": pl.String,
            "name_en": pl.String,
            "group_code": pl.String,
            "total": _SCORE,
            "total_exact": pl.Float64,
            "rank": pl.Int64,
            "grade": pl.String,
            "state": pl.String,
        },
    ),
    "measures": (
        "fct_measure",
        {
            "edition": pl.String,
            "release": pl.String,
            "entity_code": pl.String,
            "measure_code": pl.String,
            "value": pl.Float64,
        },
    ),
    "indicator_scores": (
        "fct_indicator_score",
        {
            "edition": pl.String,
            "release": pl.String,
            "entity_code": pl.String,
            "group_code": pl.String,
            "indicator_code": pl.String,
            "parent_code": pl.String,
            "level": pl.Int64,
            "score": _SCORE,
            "score_exact": pl.Float64,
            "points": pl.Float64,
            "score_rate": pl.Float64,
        },
    ),
}


def stage_previous(workspace: Workspace, framework: Framework) -> str | None:
    """Lay the previous edition's latest release into `previous/` of the stage: what stood there, as the contract's columns.

    `ranking` has a row an entity, `measures` a row entity × measure, `indicator_scores` a row entity × indicator, `records` a row a
    dataset, with the number of its records that counted, `release` the release that they are of. All are there, without a row, where
    the framework names no previous edition or it was never published. Returns the release's id, if any.
    Raises PublicationRefused where that release was changed after it was published.
    """
    folder = workspace.stage(framework.file.edition) / "previous"
    previous = framework.file.previous
    found = latest_release(workspace, previous) if previous else None
    release = workspace.release(found.edition, found.release) if found else None
    manifest = read_manifest(release) if release else {}
    for name, (table, schema) in SCHEMAS.items():
        path = release / f"{table}.parquet" if release else None
        stands = pl.read_parquet(path) if path and path.exists() else pl.DataFrame()
        write_parquet(folder / f"{name}.parquet", _shaped(stands, schema))
    # A release from before records were counted says nothing of them.
    write_parquet(folder / "records.parquet", pl.DataFrame(manifest.get("records", []), schema=_RECORDS))
    named = {"edition": [found.edition], "release": [found.release]} if found else {"edition": [], "release": []}
    write_parquet(folder / "release.parquet", pl.DataFrame(named, schema={"edition": pl.String, "release": pl.String}))
    return found.release if found else None


def previous_inputs(workspace: Workspace, framework: Framework) -> dict[tuple[str, str], float]:
    """What stood in the previous edition's latest release, by entity and input: as reported, where it was corrected as corrected.

    Only of inputs that this edition has too, as numbers in the same unit. Empty where the framework names no previous edition or it
    was never published.
    """
    previous = framework.file.previous
    found = latest_release(workspace, previous) if previous else None
    path = workspace.release(found.edition, found.release) / "fct_input.parquet" if found else None
    if path is None or not path.exists():
        return {}
    units = {code: spec.unit for code, spec in framework.file.inputs.items() if spec.type in ("integer", "number")}
    stands = pl.when(pl.col("state") == "corrected").then("value").otherwise("value_reported").alias("stands")
    rows = pl.read_parquet(path).select("entity_code", "input_code", "unit", stands).drop_nulls("stands").sort("entity_code", "input_code")
    return {(entity, code): value for entity, code, unit, value in rows.iter_rows() if units.get(code) == unit}


def staged_previous(stage: Path) -> str | None:
    """The release that the stage's `previous/` was taken from; none where it is without one, or was never laid."""
    path = stage / "previous" / "release.parquet"
    rows = pl.read_parquet(path)["release"].to_list() if path.exists() else []
    return rows[0] if rows else None


def _shaped(frame: pl.DataFrame, schema: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    if not frame.width:
        return pl.DataFrame(schema=schema)
    columns = [(pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in schema.items()]
    return frame.select(columns).sort(pl.all(), nulls_last=True)
