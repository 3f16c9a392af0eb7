"""A stage folder made by hand, and dbt run over it: what the tests of the dbt project share. Tables as docs/architecture.md lists them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from frameworks import load_framework, write_tables
from sources.appeals import APPEALS
from sources.versions import VERSIONS
from storage import Workspace, write_parquet
from storage.workspace import PROJECT

DBT = PROJECT / "dbt_project"
SENT = datetime(2021, 1, 15, 9, tzinfo=UTC)
_TEXT, _MOMENT = pl.String(), pl.Datetime("us", "UTC")
_INTAKE: dict[str, dict[str, Any]] = {
    "deliveries": {
        "edition": _TEXT, "source": _TEXT, "dataset": _TEXT, "load_id": _TEXT, "file": _TEXT, "sender": _TEXT, "sent_at": _MOMENT,
        "reason": _TEXT, "size": pl.Int64(), "state": _TEXT, "cells": pl.Int64(), "rejects": pl.Int64(),
    },
    "cells": {
        "edition": _TEXT, "source": _TEXT, "dataset": _TEXT, "load_id": _TEXT, "file": _TEXT, "sent_at": _MOMENT, "record_no": pl.Int64(),
        "entity_code": _TEXT, "field": _TEXT, "text": _TEXT, "number": pl.Float64(), "day": pl.Date(), "moment": _MOMENT, "code": _TEXT,
        "state": _TEXT, "sheet": _TEXT, "cell": _TEXT, "is_counted": pl.Boolean(), "not_counted_because": _TEXT,
    },
    "opinion_items": {
        "edition": _TEXT, "load_id": _TEXT, "file": _TEXT, "line_no": pl.Int64(), "item_id": _TEXT, "title": _TEXT, "published_at": _MOMENT,
        "site_name": _TEXT, "media_tier": _TEXT, "heat": pl.Float64(), "entity_code": _TEXT, "category": _TEXT, "is_negative": pl.Boolean(),
        "text_hash": _TEXT, "is_counted": pl.Boolean(),
    },
    "rejects": {
        "edition": _TEXT, "source": _TEXT, "dataset": _TEXT, "load_id": _TEXT, "file": _TEXT, "sheet": _TEXT, "cell": _TEXT, "value": _TEXT,
        "rule": _TEXT, "message_zh": _TEXT, "message_en": _TEXT, "entity_code": _TEXT, "field": _TEXT,
    },
    "versions": dict(VERSIONS),
    "appeals": dict(APPEALS),
}  # fmt: skip
_PREVIOUS = {
    "edition": _TEXT, "release": _TEXT, "entity_code": _TEXT, "name_zh": _TEXT, "name_en": _TEXT, "group_code": _TEXT,
    "total": pl.Decimal(18, 9), "total_exact": pl.Float64(), "rank": pl.Int64(), "grade": _TEXT, "state": _TEXT,
}  # fmt: skip
_PREVIOUS_MEASURES = {"edition": _TEXT, "release": _TEXT, "entity_code": _TEXT, "measure_code": _TEXT, "value": pl.Float64()}
_INTERVAL = {"entity_code": _TEXT, "rank_low": pl.Int64(), "rank_high": pl.Int64()}


@dataclass
class Stage:
    """One edition's stage folder in the making, and its warehouse beside it.

    `table`, `record` and `items` add deliveries; each cell's place is its record and field, as in `R3!score`.
    """

    workspace: Workspace
    edition: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in _INTAKE})
    previous: list[dict[str, Any]] = field(default_factory=list)
    previous_measures: list[dict[str, Any]] = field(default_factory=list)
    interval: list[dict[str, Any]] = field(default_factory=list)

    def delivery(self, source: str, dataset: str, sent_at: datetime = SENT) -> str:
        """A delivered file that was taken, by its load_id; one of a source, dataset and moment is the same file."""
        load_id = f"{source}-{dataset}-{sent_at:%m%d%H}"
        row = {
            "edition": self.edition,
            "source": source,
            "dataset": dataset,
            "load_id": load_id,
            "file": f"{load_id}.csv",
            "sent_at": sent_at,
            "state": "taken",
            "cells": 0,
            "rejects": 0,
        }
        if row not in self.rows["deliveries"]:
            self.rows["deliveries"].append(row)
        return load_id

    def record(self, source: str, dataset: str, entity: str | None, values: dict[str, Any], sent_at: datetime = SENT) -> None:
        """One record of a file, a value a field: a text goes to `code`, a number or flag to `number`, a date to `day`; None is missing."""
        load_id = self.delivery(source, dataset, sent_at)
        number = 1 + sum(row["load_id"] == load_id and row["first"] for row in self.rows["cells"])
        for position, (name, value) in enumerate(values.items()):
            self.rows["cells"].append(
                {
                    "edition": self.edition, "source": source, "dataset": dataset, "load_id": load_id,
                    "file": f"{load_id}.csv", "sent_at": sent_at, "record_no": number, "entity_code": entity, "field": name,
                    "text": None if value is None else str(value), "state": "missing" if value is None else "reported", "sheet": None,
                    "cell": f"R{number}!{name}", "is_counted": True,
                    "not_counted_because": None, "first": position == 0, **_typed(value),
                }
            )  # fmt: skip

    def items(self, *items: dict[str, Any]) -> None:
        """Opinion items, each a line of one file."""
        load_id = self.delivery("opinion", "items")
        for item in items:
            line = len(self.rows["opinion_items"]) + 1
            common = {
                "edition": self.edition,
                "load_id": load_id,
                "file": f"{load_id}.csv",
                "line_no": line,
                "is_negative": True,
                "is_counted": True,
            }
            self.rows["opinion_items"].append({**common, **item})

    def write(self) -> Path:
        """Write every table of the stage and give its folder."""
        folder = self.workspace.stage(self.edition)
        write_tables(load_framework(self.workspace, self.edition), folder / "framework")
        for name, schema in _INTAKE.items():
            rows = [{column: row.get(column) for column in schema} for row in self.rows[name]]
            write_parquet(folder / "intake" / f"{name}.parquet", pl.DataFrame(rows, schema=schema))
        previous = [{column: row.get(column) for column in _PREVIOUS} for row in self.previous]
        write_parquet(folder / "previous" / "ranking.parquet", pl.DataFrame(previous, schema=_PREVIOUS))
        measures = pl.DataFrame(self.previous_measures, schema=_PREVIOUS_MEASURES)
        write_parquet(folder / "previous" / "measures.parquet", measures)
        write_parquet(folder / "analysis" / "rank_interval.parquet", pl.DataFrame(self.interval, schema=_INTERVAL))
        return folder

    def dbt(self, *arguments: str, profiles: Path = DBT, named: bool = True) -> str:
        """Run a dbt command over this stage (none, where it is not `named`), in a process of its own. What dbt says; fails with that."""
        names = {
            "ZHENGXIN_STAGE": str(self.workspace.stage(self.edition)),
            "ZHENGXIN_WAREHOUSE": str(self.workspace.warehouse(self.edition)),
        }
        environment = {name: value for name, value in os.environ.items() if name not in names} | (names if named else {})
        command = [
            str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments, "--project-dir", str(DBT), "--profiles-dir", str(profiles),
            "--target-path", str(self.workspace.dbt), "--log-path", str(self.workspace.dbt),
            "--vars", f'{{edition: {self.edition}, release: "0123456789ab"}}',
        ]  # fmt: skip
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows_of(self, query: str) -> list[tuple[Any, ...]]:
        """What the built warehouse answers."""
        with duckdb.connect(str(self.workspace.warehouse(self.edition)), read_only=True) as warehouse:
            warehouse.execute("set TimeZone = 'UTC'")
            return warehouse.execute(query).fetchall()


def _typed(value: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {"number": None, "day": None, "moment": None, "code": None}
    match value:
        case str():
            typed["code"] = value
        case datetime():
            typed["moment"] = value
        case bool() | int() | float():
            typed["number"] = float(value)
        case None:
            pass
        case _:
            typed["day"] = value
    return typed
