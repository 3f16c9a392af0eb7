"""Receipts back: what came of each delivery. No gate stands before them and no release rests on them."""

from __future__ import annotations

import dagster as dg
import polars as pl

from correspondence import ReceiptReport, matrix_markdown, write_receipts
from orchestration.assets.intake import stage_intake
from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.tables import counts, escape, table
from orchestration.vocabulary import OWNERS

GROUP = "receipts"
_ROWS = 200


@dg.asset(
    group_name=GROUP,
    kinds={"excel"},
    owners=OWNERS,
    partitions_def=editions,
    deps=[stage_intake],
    description="Receipts 回执: for each delivery what was taken, what was not and why, what is missing; "
    "for each place a page of what counts; for the data team a summary, in `receipts/<edition>/`. "
    "Written whatever gate 1 says; no release rests on it 无论门禁是否通过都会出具.",
)
def receipts(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """Write them all: a pure function of framework and deliveries."""
    with told_plainly():
        report = write_receipts(edition.workspace, edition.framework)
    return dg.MaterializeResult(metadata=_said(report))


def _said(report: ReceiptReport) -> dict[str, dg.MetadataValue]:
    said: dict[str, dg.MetadataValue] = {
        "pages 页": dg.MetadataValue.int(report.pages),
        "calls to make 需联系": dg.MetadataValue.int(len(report.calls)),
        "folder 文件夹": dg.MetadataValue.path(str(report.folder)),
        "summary 汇总": dg.MetadataValue.path(str(report.folder / "summary.html")),
        "places and datasets 报送齐全情况": dg.MetadataValue.md(matrix_markdown(report.intake, report.matrix, escape)),
        "files by what came of them 各文件结果": table(
            counts("standing 结果", dict(report.receipts["standing"].value_counts().iter_rows()))
        ),
    }
    if report.calls:
        rows = [(call.about, call.source, call.dataset, call.why.zh, call.why.en) for call in report.calls]
        columns = ["about", "source", "dataset", "why_zh", "why_en"]
        said["who must be called 需联系的单位"] = table(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), _ROWS)
    return said
