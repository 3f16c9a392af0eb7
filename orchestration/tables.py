"""Tables that a person reads on a page of Dagster's UI. Texts from outside are shown as they are, never as markup."""

from __future__ import annotations

import re
from typing import Any

import dagster as dg
import polars as pl

_ROWS = 50
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&$-])")
_BREAKS = re.compile(r"\s+")


def markdown(frame: pl.DataFrame, headings: dict[str, str] | None = None, rows: int = _ROWS) -> dg.MarkdownMetadataValue:
    """The first `rows` rows as a Markdown table; `headings` name the columns to show, in order, and what stands above each."""
    headings = headings or {name: name for name in frame.columns}
    lines = ["| " + " | ".join(escape(heading) for heading in headings.values()) + " |", "|" + " --- |" * len(headings)]
    lines += ["| " + " | ".join(escape(row[name]) for name in headings) + " |" for row in frame.head(rows).iter_rows(named=True)]
    if frame.height > rows:
        lines.append(f"\n… and {frame.height - rows} more.")
    return dg.MetadataValue.md("\n".join(lines))


def escape(value: Any) -> str:
    """One value for a cell of a Markdown table: one line, no markup, nothing where there is none."""
    return "" if value is None else _MARKUP.sub(r"\\\1", _BREAKS.sub(" ", str(value)))


def table(frame: pl.DataFrame, rows: int = _ROWS) -> dg.TableMetadataValue:
    """The first `rows` rows as Dagster's own table, every value as text."""
    records = [
        dg.TableRecord({name: "" if value is None else str(value) for name, value in row.items()})
        for row in frame.head(rows).iter_rows(named=True)
    ]
    schema = dg.TableSchema(columns=[dg.TableColumn(name, "string") for name in frame.columns])
    return dg.MetadataValue.table(records=records, schema=schema)
