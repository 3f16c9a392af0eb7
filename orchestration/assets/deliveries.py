"""Deliveries: what lies in the inbox, and the archive that keeps its bytes."""

from __future__ import annotations

import dagster as dg
import polars as pl

from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.tables import counts, table
from orchestration.vocabulary import OWNERS, SOURCE_LABELS
from sources import archive as archive_deliveries
from storage import SOURCES

GROUP = "deliveries"

inboxes = [
    dg.AssetSpec(
        ["inbox", source],
        group_name=GROUP,
        kinds={"file"},
        owners=OWNERS,
        partitions_def=editions,
        description=f"{SOURCE_LABELS[source]}: files as delivered, in `inbox/<edition>/{source}/`. "
        "Nothing is ever moved or deleted there 报送原件，只读取，不移动、不删除.",
    )
    for source in SOURCES
]

framework_file = dg.AssetSpec(
    ["frameworks"],
    group_name=GROUP,
    kinds={"yaml"},
    owners=OWNERS,
    partitions_def=editions,
    description="The edition's rules 评价框架: one YAML file and the reference files that it names.",
)


@dg.asset(group_name=GROUP, kinds={"file"}, owners=OWNERS, partitions_def=editions, deps=inboxes)
def archive(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """Delivered bytes 报送原件归档, each kept once under its SHA-256 before anything is read, with the ledger of who sent what and when."""
    with told_plainly():
        report = archive_deliveries(edition.workspace, edition.framework)
    said: dict[str, dg.MetadataValue] = {
        "new files 新文件": dg.MetadataValue.int(report.new),
        "known files 已收过": dg.MetadataValue.int(report.known),
        "refused files 拒收": dg.MetadataValue.int(report.refused),
    }
    if report.new_by_source:
        said["new files by source 各来源新文件"] = table(counts("source 来源", report.new_by_source))
    if report.waiting:
        said["waiting files 待收"] = dg.MetadataValue.int(len(report.waiting))
        said["left for the next run 留待下次"] = table(pl.DataFrame({"file and why 文件及原因": report.waiting}))
    return dg.MaterializeResult(metadata=said)
