"""The release: what the three gates have passed, published once and for good."""

from __future__ import annotations

import dagster as dg
import polars as pl

from orchestration.changes import since_edition, since_release
from orchestration.dbt import SCENARIOS
from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.tables import table
from orchestration.vocabulary import OWNERS, RELEASE_LABEL, STATE_LABEL, gate_key
from publication import Publication, Release, latest_release, publish, release_id
from storage import Workspace


@dg.asset(group_name="release", kinds={"parquet", "duckdb"}, owners=OWNERS, partitions_def=editions, deps=[gate_key("ranking"), SCENARIOS])
def release(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The published release 发布: Parquet, a manifest, and `current.duckdb`, which BI reads. Never changed afterwards 发布后不再更改."""
    with told_plainly():
        workspace, framework = edition.workspace, edition.framework
        before = latest_release(workspace, edition.code)
        publication = publish(workspace, framework, release_id(workspace, framework))
    return dg.MaterializeResult(metadata=_said(workspace, publication, before))


def _said(workspace: Workspace, publication: Publication, before: Release | None) -> dict[str, dg.MetadataValue]:
    folder = publication.folder
    rows = {path.stem: pl.scan_parquet(path).select(pl.len()).collect().item() for path in sorted(folder.glob("*.parquet"))}
    said: dict[str, dg.MetadataValue] = {
        RELEASE_LABEL: dg.MetadataValue.text(publication.release.release),
        STATE_LABEL: dg.MetadataValue.text(publication.state),
        "folder 文件夹": dg.MetadataValue.path(str(folder)),
        "database for BI 供BI读取的数据库": dg.MetadataValue.path(str(workspace.current)),
    }
    if before is not None and before.release != publication.release.release:
        changes = since_release(folder, workspace.release(before.edition, before.release))
        said[f"changed since release {before.release} 较上次发布有变化"] = dg.MetadataValue.int(changes.height)
        if not changes.is_empty():
            said[f"what changed since release {before.release} 较上次发布的变化"] = table(changes)
    moves = since_edition(folder)
    if not moves.is_empty():
        said["moved since the previous edition 名次较上期有变化"] = dg.MetadataValue.int(moves.height)
        said["longest moves since the previous edition 名次变化最大"] = table(moves)
    return said | {"tables 数据表": table(pl.DataFrame({"table 数据表": list(rows), "rows 行数": list(rows.values())}))}
