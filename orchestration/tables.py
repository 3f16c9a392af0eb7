"""Tables and texts on a page of Dagster's UI: nothing from outside is read as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import dagster as dg
import polars as pl

_ROWS = 50
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&$-])")


def table(frame: pl.DataFrame, rows: int = _ROWS) -> dg.TableMetadataValue:
    """The first `rows` rows as Dagster's own table; nothing shows as empty."""
    records = [dg.TableRecord({name: _text(value) for name, value in row.items()}) for row in frame.head(rows).iter_rows(named=True)]
    schema = dg.TableSchema(columns=[dg.TableColumn(name, "string") for name in frame.columns])
    return dg.MetadataValue.table(records=records, schema=schema)


def counts(what: str, numbers: Mapping[str, int]) -> pl.DataFrame:
    """Numbers by name as a table of two columns, the largest first."""
    frame = pl.DataFrame({what: list(numbers), "number": list(numbers.values())}, schema={what: pl.String, "number": pl.Int64})
    return frame.sort("number", what, descending=[True, False])


def escape(text: str) -> str:
    """A text for a place that Dagster reads as Markdown, such as a check's description: shown as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.12g}"
        case Decimal():
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        case _:
            return str(value)
