"""How many records of each dataset count: what a release says of itself, for the next edition to compare with."""

from __future__ import annotations

from typing import Any

import polars as pl

from frameworks import Framework
from storage import Workspace


def counted_records(workspace: Workspace, framework: Framework) -> list[dict[str, Any]]:
    """One row is a dataset of the framework: source, dataset, records that count (of opinion: items)."""
    folder = workspace.stage(framework.edition) / "intake"
    cells = pl.read_parquet(folder / "cells.parquet").filter("is_counted").select("source", "dataset", "load_id", "record_no").unique()
    items = pl.read_parquet(folder / "opinion_items.parquet").filter("is_counted").select("load_id", "line_no").unique()
    records = {(source, dataset): number for source, dataset, number in cells.group_by("source", "dataset").len().rows()}
    return [
        {
            "source": source,
            "dataset": dataset.dataset,
            "records": items.height if dataset.layout == "items" else records.get((source, dataset.dataset), 0),
        }
        for source, datasets in framework.file.deliveries.items()
        for dataset in datasets
    ]
