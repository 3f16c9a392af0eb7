"""Intake: each source read into the lake, and the stage folder that dbt reads: rules, what counts, and the previous release."""

from __future__ import annotations

import dagster as dg
import polars as pl

from frameworks import write_tables
from orchestration.assets.deliveries import archive
from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.tables import counts, table
from orchestration.vocabulary import OWNERS, RELEASE_LABEL, SOURCE_LABELS
from publication import stage_previous
from sources import ParseReport, assemble, parse
from storage import SOURCES

GROUP = "intake"
_ROWS = 200
_REJECT = ("file", "sheet", "cell", "value", "rule", "message_zh", "message_en")


def _lake(source: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["lake", source],
        group_name=GROUP,
        kinds={"polars", "parquet"},
        owners=OWNERS,
        partitions_def=editions,
        deps=[archive],
        description=f"{SOURCE_LABELS[source]}: every delivered file as typed cells and rejects, "
        "each with its sheet and cell 逐格读取，退回项注明位置和原因.",
    )
    def lake(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
        with told_plainly():
            report = parse(edition.workspace, edition.framework, source)
        return dg.MaterializeResult(metadata=metadata_of(report))

    return lake


def metadata_of(report: ParseReport) -> dict[str, dg.MetadataValue]:
    """What came of a source: numbers of files, cells and rejects; and what was passed over, so that nothing is silent."""
    said: dict[str, dg.MetadataValue] = {
        "files 文件": dg.MetadataValue.int(report.deliveries),
        "read now 本次读取": dg.MetadataValue.int(report.read),
        "cells 单元格": dg.MetadataValue.int(report.cells),
        "rejects 退回": dg.MetadataValue.int(report.rejects),
    }
    if report.items:
        said["items 舆情条目"] = dg.MetadataValue.int(report.items)
    unmapped = [(file, header) for file, headers in sorted(report.unmapped.items()) for header in headers]
    tables = {
        "rejects by rule 各规则退回": counts("rule 规则", report.rejects_by_rule),
        "rows passed over 略过的行": counts("kind 类别", report.left_out),
        "cells passed over 略过的单元格": counts("kind 类别", report.ignored),
        "headers that nobody asks for 未采用的列": pl.DataFrame(unmapped, schema={"file": pl.String, "header": pl.String}, orient="row"),
    }
    return said | {name: table(frame) for name, frame in tables.items() if not frame.is_empty()}


lakes = [_lake(source) for source in SOURCES]


@dg.asset(key=["stage", "framework"], group_name=GROUP, kinds={"parquet"}, owners=OWNERS, partitions_def=editions, deps=[["frameworks"]])
def stage_framework(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The edition's rules 评价框架, checked, as tables for dbt."""
    with told_plainly():
        framework = edition.framework
        write_tables(framework, edition.workspace.stage(edition.code) / "framework")
    return dg.MaterializeResult(metadata={"framework hash 评价框架指纹": framework.hash})


@dg.asset(
    key=["stage", "intake"], group_name=GROUP, kinds={"parquet"}, owners=OWNERS, partitions_def=editions, deps=[*lakes, stage_framework]
)
def stage_intake(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """What counts of all that was delivered 计入数据, what does not and why, and every reject 退回."""
    with told_plainly():
        assembly = assemble(edition.workspace, edition.framework)
    said: dict[str, dg.MetadataValue] = {
        "files 文件": dg.MetadataValue.int(sum(assembly.deliveries_by_state.values())),
        "cells counted 计入单元格": dg.MetadataValue.int(assembly.cells_counted),
        "items counted 计入舆情条目": dg.MetadataValue.int(assembly.items_counted),
        "rejects 退回": dg.MetadataValue.int(assembly.rejects),
        "folder 文件夹": dg.MetadataValue.path(str(assembly.folder)),
    }
    rejects = pl.read_parquet(assembly.folder / "rejects.parquet", columns=["source", *_REJECT])
    tables = {
        "files by state 各状态文件": counts("state 状态", assembly.deliveries_by_state),
        "cells that do not count 不计入": counts("because 原因", assembly.cells_not_counted),
        "rejects by rule 各规则退回": counts("rule 规则", assembly.rejects_by_rule),
        "scores of recused experts 回避的评分": rejects.filter(pl.col("rule") == "recused").drop("value", "rule"),
        "rejects, the first of them 退回（部分）": rejects,
    }
    return dg.MaterializeResult(metadata=said | {name: table(frame, _ROWS) for name, frame in tables.items() if not frame.is_empty()})


@dg.asset(key=["stage", "previous"], group_name=GROUP, kinds={"parquet"}, owners=OWNERS, partitions_def=editions, deps=[stage_framework])
def previous(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The previous edition's latest release 上期结果, to show changes against; empty where there is none."""
    with told_plainly():
        release = stage_previous(edition.workspace, edition.framework)
    before = edition.framework.file.previous
    return dg.MaterializeResult(metadata={"previous edition 上期": before or "none 无", RELEASE_LABEL: release or "none 无"})
