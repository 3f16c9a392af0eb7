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
from orchestration.vocabulary import OWNERS, gate_key
from publication import Publication, Release, latest_release, publish, release_id
from storage import Workspace


@dg.asset(group_name="release", kinds={"parquet", "duckdb"}, owners=OWNERS, partitions_def=editions, deps=[gate_key("ranking"), SCENARIOS])
def release(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The published release 发布: Parquet, a manifest, and `current.duckdb`, which BI reads. Never changed afterwards."""
    with told_plainly():
        workspace, framework = edition.workspace, edition.framework
        before = latest_release(workspace, edition.code)
        publication = publish(workspace, framework, release_id(workspace, framework))
    return dg.MaterializeResult(metadata=_said(workspace, publication, before))


def _said(workspace: Workspace, publication: Publication, before: Release | None) -> dict[str, dg.MetadataValue]:
    folder = publication.folder
    rows = {path.stem: pl.scan_parquet(path).select(pl.len()).collect().item() for path in sorted(folder.glob("*.parquet"))}
    said: dict[str, dg.MetadataValue] = {
        "release": dg.MetadataValue.text(publication.release.release),
        "state": dg.MetadataValue.text(publication.state),
        "folder": dg.MetadataValue.path(str(folder)),
        "database for BI": dg.MetadataValue.path(str(workspace.current)),
    }
    if before is not None and before.release != publication.release.release:
        changes = since_release(folder, workspace.release(before.edition, before.release))
        said[f"changed since release {before.release}"] = dg.MetadataValue.int(changes.height)
        if not changes.is_empty():
            said[f"what changed since release {before.release}"] = table(changes)
    moves = since_edition(folder)
    if not moves.is_empty():
        said["moved since the previous edition"] = dg.MetadataValue.int(moves.height)
        said["longest moves since the previous edition"] = table(moves)
    return said | {"tables": table(pl.DataFrame({"table": list(rows), "rows": list(rows.values())}))}
