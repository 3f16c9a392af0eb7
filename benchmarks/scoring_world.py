"""Indices for benchmarks/scoring.py: a framework file, its registry, and a stage folder as a run would lay it.

The made-up index has sixty measures, each an input of its own, in a tree of three levels: 3 × 2 × 2 lowest indicators with five measures
each. Every value is winsorised and normalised by min-max in its group; a third of the measures are better when lower, a third are skewed,
3 % of the cells are missing. All is drawn from one seed: the same size gives the same bytes.
The ASEM connectivity index (51 countries, 49 measures, three levels) stands beside it, with denominators and imputed group means; where
its published figures are not here, one of its size is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from frameworks import load_framework, write_tables
from storage import Workspace, write_parquet
from storage.workspace import PROJECT

ASEM = PROJECT.parent / "shared" / "reference" / "coinr_asem" / "raw"
EDITION = "made-up"
BRANCHES = (3, 2, 2)
MEASURES = 60
MISSING = 0.03
SCALE, DECIMALS = 100.0, 6
LABEL = "{zh: 项, en: Item}"
SEED = 20260101
SENT = datetime(2026, 1, 15, 9, tzinfo=UTC)
_TEXT, _MOMENT = pl.String(), pl.Datetime("us", "UTC")
_DELIVERIES = {
    "edition": _TEXT, "source": _TEXT, "dataset": _TEXT, "load_id": _TEXT, "file": _TEXT, "sender": _TEXT, "sent_at": _MOMENT,
    "reason": _TEXT, "size": pl.Int64(), "state": _TEXT, "cells": pl.Int64(), "rejects": pl.Int64(),
}  # fmt: skip
_NO_ROWS: dict[str, dict[str, Any]] = {
    "intake/opinion_items": {
        "edition": _TEXT, "load_id": _TEXT, "file": _TEXT, "line_no": pl.Int64(), "item_id": _TEXT, "title": _TEXT,
        "published_at": _MOMENT, "site_name": _TEXT, "media_tier": _TEXT, "heat": pl.Float64(), "entity_code": _TEXT, "category": _TEXT,
        "is_negative": pl.Boolean(), "text_hash": _TEXT, "is_counted": pl.Boolean(),
    },
    "intake/rejects": {
        "edition": _TEXT, "source": _TEXT, "dataset": _TEXT, "load_id": _TEXT, "file": _TEXT, "sheet": _TEXT, "cell": _TEXT,
        "value": _TEXT, "rule": _TEXT, "message_zh": _TEXT, "message_en": _TEXT,
    },
    "previous/ranking": {
        "edition": _TEXT, "release": _TEXT, "entity_code": _TEXT, "name_zh": _TEXT, "name_en": _TEXT, "group_code": _TEXT,
        "total": pl.Decimal(18, 9), "total_exact": pl.Float64(), "rank": pl.Int64(), "grade": _TEXT, "state": _TEXT,
    },
    "previous/measures": {"edition": _TEXT, "release": _TEXT, "entity_code": _TEXT, "measure_code": _TEXT, "value": pl.Float64()},
    "analysis/rank_interval": {"entity_code": _TEXT, "rank_low": pl.Int64(), "rank_high": pl.Int64()},
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A measure: its code, the lowest indicator above it, whether more is better, its part of the indicator, what it is divided by."""

    code: str
    indicator: str
    is_higher_better: bool
    weight: float
    denominator: str | None = None


@dataclass(frozen=True)
class Indicator:
    """A node above the measures: its code, the one above it ("" for the first level), its level and its part of that one."""

    code: str
    parent: str
    level: int
    weight: float


@dataclass(frozen=True)
class Index:
    """A tree with the measures below it, in the order of the framework file; missing values may be the mean of their `imputed_within`."""

    indicators: tuple[Indicator, ...]
    measures: tuple[Measure, ...]
    imputed_within: str | None = None

    @property
    def inputs(self) -> list[str]:
        """What is delivered: a column a measure, and the denominators."""
        return [measure.code for measure in self.measures] + sorted({m.denominator for m in self.measures if m.denominator})


@dataclass(frozen=True)
class World:
    """An index with what is delivered (entity_code, a column an input), the region of each unit, and the months of a panel."""

    index: Index
    delivered: pl.DataFrame
    regions: dict[str, str]
    panel: int | None = None

    def of_one(self) -> World:
        """The same index over the first unit alone."""
        code, region = next(iter(sorted(self.regions.items())))
        return World(self.index, self.delivered.head(self.panel or 1), {code: region}, self.panel)


def made_up(measures: int = MEASURES) -> Index:
    """The index of this module's first lines; weights are 1, 2, 1, 2 … so that no mean is a plain one."""
    indicators: list[Indicator] = []

    def grow(parent: str, level: int) -> None:
        for number in range(1, BRANCHES[level - 1] + 1):
            code = f"{parent}.{number}" if parent else f"I{number}"
            indicators.append(Indicator(code, parent, level, 1.0 + (number + level) % 2))
            if level < len(BRANCHES):
                grow(code, level + 1)

    grow("", 1)
    lowest = [node.code for node in indicators if node.level == len(BRANCHES)]
    listed = (Measure(f"m{number + 1:02d}", lowest[number % len(lowest)], number % 3 != 1, 1.0 + number % 2) for number in range(measures))
    return Index(tuple(indicators), tuple(sorted(listed, key=lambda measure: measure.indicator)))


def framework_text(index: Index, panel: int | None) -> str:
    """The framework file; in a panel of so many months every unit is an entity for each."""
    times = f", panel: {{from: 1, to: {panel}}}" if panel else ""
    columns = ", ".join(f"x_{name}: {name}" for name in index.inputs)
    time = ", time: [month]" if panel else ""
    lines = [
        f"edition: {EDITION}",
        "title: {zh: 虚构指数, en: Made-up index}",
        "period: {from: 2025-01-01, to: 2025-12-31}",
        f"entities: {{registry: made_up.csv, as_of: 2025-12-31, groups: [place]{times}}}",
        f"scale: {SCALE:g}",
        f"decimals: {DECIMALS}",
        f"round: {{at: total, decimals: {DECIMALS}}}",
        "treat: {method: winsorise}",
        *([f"impute: {{method: mean, within: {index.imputed_within}}}"] if index.imputed_within else []),
        "missing: {policy: reweight}",
        "deliveries:",
        f'  provincial:\n    - {{dataset: figures, files: "*.csv", entity: place{time}, columns: {{{columns}}}}}',
        "inputs:",
        *(f"  x_{name}: {{source: provincial, unit: units, label: {LABEL}}}" for name in index.inputs),
        "indicators:",
        *_nodes(index, ""),
    ]
    return "\n".join(lines) + "\n"


def _nodes(index: Index, parent: str) -> Iterator[str]:
    first = sum(node.weight for node in index.indicators if node.level == 1)
    for node in (node for node in index.indicators if node.parent == parent):
        indent = "    " * (node.level - 1) + "  "
        yield f"{indent}- code: {node.code}"
        yield f"{indent}  name: {LABEL}"
        yield f"{indent}  points: {SCALE * node.weight / first!r}" if node.level == 1 else f"{indent}  weight: {node.weight}"
        measures = [measure for measure in index.measures if measure.indicator == node.code]
        yield f"{indent}  measures:" if measures else f"{indent}  indicators:"
        yield from _nodes(index, node.code)
        for measure in measures:
            value = f"x_{measure.code}" + (f" / x_{measure.denominator}" if measure.denominator else "")
            direction = "higher_is_better" if measure.is_higher_better else "lower_is_better"
            yield (
                f"{indent}    - {{code: {measure.code}, value: {value}, unit: units, direction: {direction}, "
                f"weight: {measure.weight}, normalise: {{method: min_max}}, label: {LABEL}}}"
            )


def made_up_world(units: int, panel: int | None = None, measures: int = MEASURES) -> World:
    """The made-up index over so many units, in a panel at each of so many months: a unit's code then has its month behind it."""
    index = made_up(measures)
    codes = [f"P{number:06d}" for number in range(units)]
    entities = [f"{code}-{time}" for code in codes for time in range(1, panel + 1)] if panel else codes
    random = np.random.default_rng(SEED)
    columns: dict[str, pl.Series] = {}
    for number, measure in enumerate(index.measures):
        drawn = random.normal(50, 10, len(entities)) if number % 3 else random.lognormal(1, 1.2, len(entities))
        # What a table of figures holds: a few digits, so that some values are the same.
        drawn = np.round(drawn, 4)
        drawn[random.random(len(entities)) < MISSING] = np.nan
        columns[measure.code] = pl.Series(drawn).fill_nan(None)
    return World(index, pl.DataFrame({"entity_code": entities, **columns}), dict.fromkeys(codes, "all"), panel)


def made_up_asem() -> World:
    """An index of the size of the ASEM one, where that one's figures are not here."""
    return made_up_world(51, measures=49)


def asem_world() -> World:
    """The ASEM index from its raw figures: divided, imputed by the region's mean, winsorised, min-max, weighted means of three levels."""
    described = pl.read_csv(ASEM / "iMeta.csv", null_values="NA").rows(named=True)
    named = {row["iCode"]: row for row in described}
    root = next(row["iCode"] for row in described if row["Type"] == "Aggregate" and not row["Parent"])

    def code(name: str) -> str:
        return "" if name == root else name.upper()

    nodes = sorted((row for row in described if row["Type"] == "Aggregate" and row["Parent"]), key=lambda row: -int(row["Level"]))
    indicators = tuple(Indicator(code(row["iCode"]), code(row["Parent"]), 4 - int(row["Level"]), float(row["Weight"])) for row in nodes)
    measures = tuple(
        Measure(
            row["iCode"].lower(),
            code(row["Parent"]),
            row["Direction"] == 1,
            float(row["Weight"]),
            row["Denominator"].lower() if row["Denominator"] in named else None,
        )
        for row in described
        if row["Type"] == "Indicator"
    )
    index = Index(indicators, measures, "region")
    raw = pl.read_csv(ASEM / "iData.csv", null_values="NA", infer_schema_length=None)
    regions = dict(zip(raw["uCode"], raw["EurAsia_group"].str.to_lowercase(), strict=True))
    delivered = raw.select(
        pl.col("uCode").alias("entity_code"), *(pl.col(n).cast(pl.Float64).alias(n.lower()) for n in named if n.lower() in index.inputs)
    )
    return World(index, delivered.sort("entity_code"), regions)


def write_world(folder: Path, world: World) -> Workspace:
    """Write the framework, its registry and the stage folder below `folder`."""
    workspace = Workspace(folder / "data", folder / "frameworks")
    workspace.frameworks.mkdir(parents=True)
    workspace.framework_file(EDITION).write_text(framework_text(world.index, world.panel), encoding="utf-8")
    header = "code,name,name_en,level,parent_code,valid_from,valid_to,successor_code,region\n"
    registry = "".join(f"{code},{code},{code},place,,,,,{region}\n" for code, region in sorted(world.regions.items()))
    (workspace.frameworks / "made_up.csv").write_text(header + registry, encoding="utf-8")
    stage = workspace.stage(EDITION)
    write_tables(load_framework(workspace, EDITION), stage / "framework")
    delivered = cells(world.delivered)
    write_parquet(stage / "intake" / "cells.parquet", delivered)
    write_parquet(stage / "intake" / "deliveries.parquet", _delivery(delivered.height))
    for name, schema in _NO_ROWS.items():
        write_parquet(stage / f"{name}.parquet", pl.DataFrame(schema=schema))
    return workspace


def cells(delivered: pl.DataFrame) -> pl.DataFrame:
    """Entity × measure, a row each: the cells of one delivered file, as the stage folder has them."""
    return (
        delivered.with_row_index("record_no", offset=1)
        .unpivot(index=["record_no", "entity_code"], variable_name="measure", value_name="number")
        .with_columns(pl.col("number").is_null().alias("is_missing"))
        .select(
            pl.lit(EDITION).alias("edition"),
            pl.lit("provincial").alias("source"),
            pl.lit("figures").alias("dataset"),
            pl.lit("load-1").alias("load_id"),
            pl.lit("figures.csv").alias("file"),
            pl.lit(SENT).cast(_MOMENT).alias("sent_at"),
            pl.col("record_no").cast(pl.Int64),
            "entity_code",
            pl.concat_str(pl.lit("x_"), "measure").alias("field"),
            pl.col("number").cast(_TEXT).alias("text"),
            "number",
            pl.lit(None, pl.Date()).alias("day"),
            pl.lit(None, _MOMENT).alias("moment"),
            pl.lit(None, _TEXT).alias("code"),
            pl.when("is_missing").then(pl.lit("missing")).otherwise(pl.lit("reported")).alias("state"),
            pl.lit(None, _TEXT).alias("sheet"),
            pl.concat_str(pl.col("measure"), pl.col("record_no").cast(_TEXT)).alias("cell"),
            pl.lit(True).alias("is_counted"),  # noqa: FBT003  a constant column
            pl.lit(None, _TEXT).alias("not_counted_because"),
        )
    )


def _delivery(count: int) -> pl.DataFrame:
    row = {
        "edition": EDITION, "source": "provincial", "dataset": "figures", "load_id": "load-1", "file": "figures.csv", "sent_at": SENT,
        "state": "taken", "cells": count, "rejects": 0,
    }  # fmt: skip
    return pl.DataFrame([{column: row.get(column) for column in _DELIVERIES}], schema=_DELIVERIES)
