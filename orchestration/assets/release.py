"""The release: what the three gates have passed, published once and for good."""

from __future__ import annotations

import dagster as dg

from orchestration.failures import told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.vocabulary import OWNERS
from publication import publish, release_id


@dg.asset(group_name="release", kinds={"parquet", "duckdb"}, owners=OWNERS, partitions_def=editions, deps=[["ranking", "fct_ranking"]])
def release(edition: dg.ResourceParam[Edition]) -> dg.MaterializeResult[None]:
    """The published release 发布: Parquet, a manifest, and `current.duckdb`, which BI reads. Never changed afterwards."""
    with told_plainly():
        workspace, framework = edition.workspace, edition.framework
        publication = publish(workspace, framework, release_id(workspace, framework))
    return dg.MaterializeResult(metadata={"release": publication.release.release})
