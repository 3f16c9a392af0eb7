"""Intake: each source read into the lake, and the stage folder that dbt reads: rules, what counts, and the previous release."""

from __future__ import annotations

import dagster as dg

from frameworks import write_tables
from orchestration.assets.deliveries import archive
from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.vocabulary import OWNERS, SOURCE_LABELS
from publication import stage_previous
from sources import assemble, parse
from storage import SOURCES

GROUP = "intake"


def _lake(source: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["lake", source],
        group_name=GROUP,
        kinds={"polars", "parquet"},
        owners=OWNERS,
        partitions_def=editions,
        deps=[archive],
        description=f"{SOURCE_LABELS[source]}: every delivered file as typed cells and rejects, each with its sheet and cell.",
    )
    def lake(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
        with told_plainly():
            report = parse(edition.workspace, edition.framework, source)
        return dg.MaterializeResult(metadata={"report": str(report)})

    return lake


lakes = [_lake(source) for source in SOURCES]


@dg.asset(key=["stage", "framework"], group_name=GROUP, kinds={"parquet"}, owners=OWNERS, partitions_def=editions, deps=[["frameworks"]])
def stage_framework(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The edition's rules 评价框架, checked, as tables for dbt."""
    with told_plainly():
        framework = edition.framework
        write_tables(framework, edition.workspace.stage(edition.code) / "framework")
    return dg.MaterializeResult(metadata={"framework hash": framework.hash})


@dg.asset(
    key=["stage", "intake"], group_name=GROUP, kinds={"parquet"}, owners=OWNERS, partitions_def=editions, deps=[*lakes, stage_framework]
)
def stage_intake(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """What counts of all that was delivered 计入数据, what does not and why, and every reject 退回."""
    with told_plainly():
        assembly = assemble(edition.workspace, edition.framework)
    return dg.MaterializeResult(metadata={"assembly": str(assembly)})


@dg.asset(key=["stage", "previous"], group_name=GROUP, kinds={"parquet"}, owners=OWNERS, partitions_def=editions, deps=[stage_framework])
def previous(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The previous edition's latest release 上期结果, to show changes against; empty where there is none."""
    with told_plainly():
        release = stage_previous(edition.workspace, edition.framework)
    return dg.MaterializeResult(metadata={"previous edition": edition.framework.file.previous or "none", "release": release or "none"})
