"""The tables of a release: those of the warehouse's schema `ranking` as they stand, and three that exist once the gates have spoken."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

from frameworks import Framework
from publication.errors import PublicationRefused
from publication.identity import Identity
from storage import Workspace

_KEY = ["edition", "release"]
PUBLISHED = ("dim_", "fct_", "rpt_")
_NEUTRAL = """select * replace (
    coalesce((select name from neutral where neutral.load_id = shown.load_id and neutral.file = shown.file), file) as file
)"""
_WIDE = (
    "edition",
    "release",
    "entity_code",
    "name_zh",
    "name_en",
    "group_code",
    "parent_name_zh",
    "parent_name_en",
    "total",
    "rank",
    "rank_low",
    "rank_high",
    "grade",
    "tier",
    "state",
    "reason_zh",
    "reason_en",
    "previous_total",
    "previous_rank",
    "change_total",
    "change_rank",
)


def warehouse_tables(workspace: Workspace, edition: str, release: str, files: Mapping[tuple[str, str], str]) -> dict[str, pl.DataFrame]:
    """Every table of `ranking` that begins with edition and release, its rows sorted by all columns from left to right.

    A delivered file among `files` (by load_id and name) is shown under the name given there.
    Raises PublicationRefused where a table of a published name does not begin so, or holds rows of another edition or release.
    """
    tables, faults = dict[str, pl.DataFrame](), list[str]()
    with duckdb.connect(str(workspace.warehouse(edition)), read_only=True) as warehouse:
        # Moments leave DuckDB in the session's zone, which would write the machine's into the bytes.
        warehouse.execute("set TimeZone = 'UTC'")
        warehouse.execute("create temporary table neutral (load_id varchar, file varchar, name varchar)")
        for (load_id, file), name in files.items():
            warehouse.execute("insert into neutral values (?, ?, ?)", [load_id, file, name])
        for name in _names(warehouse):
            columns = [row[0] for row in warehouse.execute(f'describe ranking."{name}"').fetchall()]
            if columns[:2] != _KEY:
                if name.startswith(PUBLISHED):
                    faults.append(f"{name} does not begin with edition and release")
                continue
            shown = _NEUTRAL if {"load_id", "file"} <= set(columns) else "select *"
            tables[name] = pl.DataFrame(warehouse.sql(f'{shown} from ranking."{name}" as shown order by all').to_arrow_table())
            if tables[name].filter((pl.col("edition").ne_missing(edition)) | (pl.col("release").ne_missing(release))).height:
                faults.append(f"{name} holds rows of another release")
    if faults:
        raise PublicationRefused(
            f"{edition}: not published, because in the warehouse {'; '.join(faults)}; "
            f"build the warehouse of release {release} and run the gates again."
        )
    return tables


def scored_release(workspace: Workspace, edition: str) -> str | None:
    """The release that the warehouse's scores were built for (`scoring.build`); none where they do not say it."""
    with duckdb.connect(str(workspace.warehouse(edition)), read_only=True) as warehouse:
        try:
            rows = warehouse.execute("select release from scoring.build where edition = ?", [edition]).fetchall()
        except duckdb.CatalogException:
            return None
    return rows[0][0] if len(rows) == 1 else None


def _names(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    query = "select table_name from information_schema.tables where table_schema = 'ranking' order by table_name"
    return [row[0] for row in warehouse.execute(query).fetchall()]


def gate_results(results: pl.DataFrame, edition: str, release: str) -> pl.DataFrame:
    """`fct_gate_result`: one row is an expectation of a gate, in the order of the gates."""
    return results.select(pl.lit(edition).alias("edition"), pl.lit(release).alias("release"), pl.all())


def release_row(framework: Framework, identity: Identity, results: pl.DataFrame, deliveries: int) -> pl.DataFrame:
    """`dim_release`: the one row of this release; no clock, which `current.duckdb` adds from the ledger."""
    return pl.DataFrame(
        {
            "edition": [framework.file.edition],
            "release": [identity.release],
            "framework_hash": [framework.hash],
            "code_version": [identity.code_version],
            "previous_edition": [framework.file.previous if identity.previous_release else None],
            "previous_release": [identity.previous_release],
            "deliveries": [deliveries],
            "state": [_state(results["outcome"].to_list())],
        },
        schema_overrides={"previous_edition": pl.String, "previous_release": pl.String},
    )


def _state(outcomes: list[str]) -> str:
    """The heaviest of what the gates said: waived, warned (a warning failed) or passed."""
    if "waived" in outcomes:
        return "waived"
    return "warned" if "failed" in outcomes else "passed"


def wide_rankings(tables: dict[str, pl.DataFrame], groups: Mapping[str, list[str]]) -> dict[str, pl.DataFrame]:
    """`rpt_ranking_<group>`: one row is an entity of the group, best rank first, unranked ones last, a column a first-level score.

    `groups`: of each group of the framework the groups in which is ranked: itself, or in a panel one a time, which follow each other.
    """
    entities = tables["dim_entity"]
    above = entities.select("entity_code", "parent_code").join(
        entities.select(parent_code="entity_code", parent_name_zh="name_zh", parent_name_en="name_en"), on="parent_code", how="left"
    )
    ranking = tables["fct_ranking"].join(above, on="entity_code", how="left", validate="1:1").select(_WIDE)
    first = tables["dim_indicator"].filter(pl.col("level") == 1).sort("position")["indicator_code"].to_list()
    scores = tables["fct_indicator_score"]
    for code in first:
        score = scores.filter(pl.col("indicator_code") == code).select("entity_code", pl.col("score").alias(score_column(code)))
        ranking = ranking.join(score, on="entity_code", how="left", validate="1:1")
    ranking = ranking.sort("group_code", "rank", "entity_code", nulls_last=True)
    return {wide_name(group): ranking.filter(pl.col("group_code").is_in(ranked)) for group, ranked in groups.items()}


def wide_name(group: str) -> str:
    """The name of the group's wide table: a name that SQL takes without quotes."""
    return f"rpt_ranking_{group.replace('-', '_')}"


def score_column(indicator: str) -> str:
    """The column that holds a first-level indicator's score in a wide table."""
    return f"score_{indicator.lower().replace('.', '_')}"
