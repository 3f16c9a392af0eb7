"""Templates out: what an edition asks of others, as files to be filled in. No part of an evaluation: it runs when somebody asks."""

from __future__ import annotations

import dagster as dg

from correspondence import issue_templates
from orchestration.assets.deliveries import framework_file
from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.tables import counts, table
from orchestration.vocabulary import OWNERS
from publication import previous_inputs


@dg.asset(
    group_name="templates",
    kinds={"excel"},
    owners=OWNERS,
    partitions_def=editions,
    deps=[framework_file],
    description="Templates 下发表样: a self-assessment workbook for each place, a table for all else, in `templates/<edition>/`.",
)
def templates(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """Write them all anew: a pure function of the framework and of the previous edition's latest release."""
    with told_plainly():
        report = issue_templates(edition.workspace, edition.framework, previous_inputs(edition.workspace, edition.framework))
    said: dict[str, dg.MetadataValue] = {
        "files 文件": dg.MetadataValue.int(report.files),
        "folder 文件夹": dg.MetadataValue.path(str(report.folder)),
        "files by source 各来源文件": table(counts("source 来源", report.by_source)),
    }
    if report.left_out:
        said["datasets without a template 无表样的数据集"] = dg.MetadataValue.text(", ".join(report.left_out))
    return dg.MaterializeResult(metadata=said)
