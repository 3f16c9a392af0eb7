"""Scoring and ranking: dbt's models, and between them the rank intervals that are no SQL."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from analysis import write_rank_interval, write_scenarios
from orchestration.compiled import steps_after
from orchestration.dbt import ANALYSIS, RANK_INTERVAL, RANKING, SCENARIOS, Translator, build, empty_warehouse, manifest
from orchestration.dbt_process import DbtChild
from orchestration.failures import failure, told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.vocabulary import OWNERS, gate_key
from publication import release_id
from storage import Workspace

_MANIFEST = manifest(Workspace.from_environment())
# What waits for the rank intervals: the models that read them, and the tables of BI.
_AFTER_ANALYSIS = f"source:{ANALYSIS}+ fqn:{RANKING}"


@dbt_assets(manifest=_MANIFEST, exclude=_AFTER_ANALYSIS, name="dbt_scoring", partitions_def=editions, dagster_dbt_translator=Translator())
def dbt_scoring(context: dg.AssetExecutionContext, dbt: dg.ResourceParam[DbtChild], edition: dg.ResourceParam[Edition]) -> Iterator[Any]:
    """From what counts to the scores of every indicator, into a new warehouse."""
    if context.is_subset:
        # A part would be built over what an earlier run left, and be taken for scores of this one.
        raise failure(f"{edition.code}: scores are built whole or not at all; choose all of dbt_scoring and start again.")
    empty_warehouse(edition.workspace, edition.code)
    yield from _built(context, dbt, edition)


@dg.asset(
    key=RANK_INTERVAL,
    group_name=RANKING,
    kinds={"numpy", "parquet"},
    owners=OWNERS,
    partitions_def=editions,
    deps=[gate_key("scores")],
)
def rank_interval(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """How sure each rank is 名次区间: the middle of the ranks under many draws of the indicators' weights."""
    with told_plainly():
        frame = write_rank_interval(edition.workspace, edition.framework)
    settings = edition.framework.file.rank_interval
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": frame.height,
            "draws 抽样次数": settings.draws,
            "spread 权重变动幅度": settings.spread,
            "level 置信水平": settings.level,
        }
    )


@dbt_assets(manifest=_MANIFEST, select=_AFTER_ANALYSIS, name="dbt_ranking", partitions_def=editions, dagster_dbt_translator=Translator())
def dbt_ranking(context: dg.AssetExecutionContext, dbt: dg.ResourceParam[DbtChild], edition: dg.ResourceParam[Edition]) -> Iterator[Any]:
    """From the scores to the tables that BI reads."""
    yield from _built(context, dbt, edition)


@dg.asset(
    key=SCENARIOS,
    group_name=RANKING,
    kinds={"duckdb", "parquet"},
    owners=OWNERS,
    partitions_def=editions,
    deps=[gate_key("scores"), [RANKING, "ranked"]],
)
def scenarios(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """Totals without corrections 不计更正, and with untested self-reported figures 按自评值: the same queries over a copy."""
    workspace, code = edition.workspace, edition.code
    with told_plainly():
        release = release_id(workspace, edition.framework)
        frame = write_scenarios(workspace, code, release, partial(steps_after, workspace, code))
    return dg.MaterializeResult(metadata={"dagster/row_count": frame.height})


def _built(context: dg.AssetExecutionContext, dbt: DbtChild, edition: Edition) -> Iterator[Any]:
    with told_plainly():
        release = release_id(edition.workspace, edition.framework)
    yield from build(context, dbt, edition, release)
