"""Receipts back: what came of each delivery. No gate stands before them and no release rests on them."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl
from dagster._core.storage.tags import PRIORITY_TAG

from correspondence import Answering, ReceiptReport, matrix_markdown
from frameworks import Framework
from orchestration.assets.intake import stage_intake
from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.tables import counts, escape, table
from orchestration.vocabulary import OWNERS

GROUP = "receipts"
_ROWS = 200


@dg.resource(required_resource_keys={"edition"}, description="The process that writes receipts; ended before the edition's lock is let go.")
def answering_resource(_context: dg.InitResourceContext) -> Iterator[Answering]:
    """None is started until it is asked; whatever the run's end, none outlives it."""
    answering = Answering()
    try:
        yield answering
    finally:
        answering.close()


@dg.op(ins={"assembled": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def begin(edition: dg.ResourceParam[Edition], answering: dg.ResourceParam[Answering]) -> None:
    """Have them written beside what follows."""
    with told_plainly():
        answering.begin(edition.workspace, edition.framework)


@dg.op(ins={"begun": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), tags={PRIORITY_TAG: "-1"})
def end(edition: dg.ResourceParam[Edition], answering: dg.ResourceParam[Answering]) -> dg.Output[None]:
    """Wait for them, after all else that can be done, and say what they tell."""
    with told_plainly():
        report = answering.end(edition.workspace, edition.framework)
    return dg.Output(None, metadata=_said(report, edition.framework))


@dg.graph_asset(
    group_name=GROUP,
    kinds={"excel"},
    owners=OWNERS,
    partitions_def=editions,
    ins={"assembled": dg.AssetIn(stage_intake.key, dagster_type=dg.Nothing)},
    description="Receipts 回执: for each delivery what was taken, what was not and why, what is missing; "
    "for each place a page of what counts; for the data team a summary, in `receipts/<edition>/`. "
    "Written whatever gate 1 says; no release rests on it.",
)
def receipts(assembled: Any) -> Any:
    """A pure function of framework and deliveries, reckoned beside the scores: begun once all is assembled, waited for at the end."""
    return end(begin(assembled))


def _said(report: ReceiptReport, framework: Framework) -> dict[str, dg.MetadataValue]:
    said: dict[str, dg.MetadataValue] = {
        "pages 页": dg.MetadataValue.int(report.pages),
        "calls to make 需联系": dg.MetadataValue.int(len(report.calls)),
        "folder 文件夹": dg.MetadataValue.path(str(report.folder)),
        "summary 汇总": dg.MetadataValue.path(str(report.folder / "summary.html")),
        "places and datasets 报送齐全情况": dg.MetadataValue.md(matrix_markdown(framework, report.matrix, escape)),
        "files by what came of them 各文件结果": table(
            counts("standing 结果", dict(report.receipts["standing"].value_counts().iter_rows()))
        ),
    }
    if report.calls:
        rows = [(call.about, call.source, call.dataset, call.why.zh, call.why.en) for call in report.calls]
        columns = ["about", "source", "dataset", "why_zh", "why_en"]
        said["who must be called 需联系的单位"] = table(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), _ROWS)
    return said
