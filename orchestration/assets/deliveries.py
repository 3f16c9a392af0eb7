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
        description=f"{SOURCE_LABELS[source]}: files as delivered, in `inbox/<edition>/{source}/`. Nothing is ever moved or deleted there.",
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
    """Delivered bytes 报送原件, each kept once under its SHA-256 before anything is read, with the ledger of who sent what and when."""
    with told_plainly():
        report = archive_deliveries(edition.workspace, edition.framework)
    said: dict[str, dg.MetadataValue] = {
        "new_files": dg.MetadataValue.int(report.new),
        "known_files": dg.MetadataValue.int(report.known),
        "refused_files": dg.MetadataValue.int(report.refused),
    }
    if report.new_by_source:
        said["new files by source"] = table(counts("source", report.new_by_source))
    if report.waiting:
        said["waiting_files"] = dg.MetadataValue.int(len(report.waiting))
        said["left for the next run"] = table(pl.DataFrame({"file and why": report.waiting}))
    return dg.MaterializeResult(metadata=said)
