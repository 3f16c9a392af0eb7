"""The arithmetic of an index written by hand in Polars, as one who has no pipeline would: what benchmarks/scoring.py holds SQL against.

From the cells of the stage folder to values, treated values, normalised values, what each counts for in the end and why, rates, points,
scores and coverage of every node, totals and ranks: wide tables, a row an entity, a column a measure or node. It knows this one method and
no other: winsorising by skewness and kurtosis in the group, min-max, weighted means in which dropped children give their weight to their
siblings.
Run as a script in a process of its own: `python -m benchmarks.scoring_polars STAGE INDEX OUT` (index: a pickled `Index`).
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import polars as pl

from benchmarks.scoring_world import DECIMALS, SCALE, Index

SKEWNESS, KURTOSIS, AT_MOST = 2.0, 3.5, 5
STATES = pl.Enum(["delivered", "imputed", "missing", "no_information"])
KEYS = ("entity_code", "group_code")


def score(stage: Path, index: Index) -> dict[str, pl.DataFrame]:
    """Tables by name: measures (entity × measure), nodes (entity × indicator, TOTAL the root), ranking; what the SQL's tables hold too."""
    values = _values(stage, index)
    imputed = _imputed(values, stage, index)
    treated = _treated(imputed, index)
    normalised = _normalised(treated, index)
    rates = _rates(normalised, index)
    points = _points(rates, index)
    nodes = [*(node.code for node in index.indicators), "TOTAL"]
    scores = rates.select(*KEYS, *nodes).with_columns(pl.col(code) * points[code] for code in nodes)
    # In whole numbers, as decimals are: to nine decimals first, then half away from zero.
    step = 10 ** (9 - DECIMALS)
    billionths = scores.with_columns((pl.col(nodes) * 1e9).round().cast(pl.Int64))
    total = (billionths["TOTAL"] + step // 2) // step / 10**DECIMALS
    codes = [measure.code for measure in index.measures]
    of_measures = {
        "value": values,
        "value_treated": treated,
        "normalised": normalised,
        "state": _states(values, imputed, normalised, index),
        "share_used": _shares(normalised, index),
    }
    of_nodes = {"rate": rates, "points": points, "score_exact": scores, "billionths": billionths, "coverage": _coverage(values, index)}
    return {
        "measures": _long(of_measures, "measure_code", codes),
        "nodes": _long(of_nodes, "indicator_code", nodes),
        "ranking": scores.select(*KEYS, total.alias("total")).with_columns(
            pl.col("total").rank("min", descending=True).over("group_code").alias("rank")
        ),
    }


def _long(tables: dict[str, pl.DataFrame], name: str, codes: list[str]) -> pl.DataFrame:
    """Wide tables of the same rows as one: a row an entity × code, a column a table."""
    columns = [table.unpivot(codes, index="entity_code", variable_name=name, value_name=column) for column, table in tables.items()]
    return pl.concat([columns[0], *(column.select(pl.last()) for column in columns[1:])], how="horizontal")


def _values(stage: Path, index: Index) -> pl.DataFrame:
    """What counts of what was delivered, as intake has decided: one value an entity and input."""
    cells = (
        pl.scan_parquet(stage / "intake" / "cells.parquet")
        .filter(pl.col("is_counted") & pl.col("entity_code").is_not_null())
        .select("entity_code", pl.col("field").str.strip_prefix("x_"), "number")
        .collect()
        .pivot("field", index="entity_code", values="number")
    )
    entities = pl.read_parquet(stage / "framework" / "entities.parquet", columns=list(KEYS))
    # Groups one after the other, as they are treated: rows keep their places from here on.
    delivered = entities.sort("group_code", "entity_code").join(cells, on="entity_code", how="left", maintain_order="left")
    divided = (pl.col(measure.code) / pl.col(measure.denominator) for measure in index.measures if measure.denominator)
    return delivered.with_columns(divided).select(*KEYS, *(measure.code for measure in index.measures))


def _imputed(values: pl.DataFrame, stage: Path, index: Index) -> pl.DataFrame:
    """What is missing, as the mean of those with the same value of the attribute."""
    if index.imputed_within is None:
        return values
    attributes = pl.read_parquet(stage / "framework" / "entity_attributes.parquet").filter(pl.col("attribute") == index.imputed_within)
    joined = values.join(attributes.select("entity_code", "value"), on="entity_code", how="left", maintain_order="left")
    return joined.with_columns(pl.col(m.code).fill_null(pl.col(m.code).mean().over("value")) for m in index.measures).drop("value")


def _treated(values: pl.DataFrame, index: Index) -> pl.DataFrame:
    """Each measure winsorised within each group."""
    codes = [measure.code for measure in index.measures]
    parts = values.partition_by("group_code", maintain_order=True)
    return pl.concat([part.with_columns(_winsorised(part[code]) for code in codes) for part in parts])


def _winsorised(numbers: pl.Series) -> pl.Series:
    pulled_high = pulled_low = 0
    while pulled_high + pulled_low < AT_MOST:
        skewness, kurtosis = numbers.skew(bias=False), numbers.kurtosis(bias=False)
        if skewness is None or kurtosis is None or not (abs(skewness) >= SKEWNESS and kurtosis >= KURTOSIS):
            break
        if skewness >= 0:
            bound = cast("float", numbers.filter(numbers < numbers.max()).max())
            pulled_high = int((numbers > bound).sum())
            numbers = numbers.clip(upper_bound=bound)
        else:
            bound = cast("float", numbers.filter(numbers > numbers.min()).min())
            pulled_low = int((numbers < bound).sum())
            numbers = numbers.clip(lower_bound=bound)
    return numbers


def _normalised(treated: pl.DataFrame, index: Index) -> pl.DataFrame:
    """Min-max within the group, the worst 0 and the best 1; a measure that is the same for all tells nothing: none."""

    def scaled(code: str, *, rises: bool) -> pl.Expr:
        value, low, high = pl.col(code), pl.col(code).min().over("group_code"), pl.col(code).max().over("group_code")
        return pl.when(high > low).then((value - low if rises else high - value) / (high - low)).alias(code)

    return treated.with_columns(scaled(measure.code, rises=measure.is_higher_better) for measure in index.measures)


def _states(values: pl.DataFrame, imputed: pl.DataFrame, normalised: pl.DataFrame, index: Index) -> pl.DataFrame:
    """Why a measure counts, or does not: its set tells nothing where it has a value there and none of it is normalised."""

    def state(code: str) -> pl.Expr:
        told = pl.lit(normalised[code]).is_not_null()
        constant = (pl.lit(imputed[code]).is_not_null().any() & ~told.any()).over("group_code")
        unseen = pl.when(constant).then(pl.lit("no_information", STATES)).otherwise(pl.lit("missing", STATES))
        made = pl.when(pl.col(code).is_null()).then(pl.lit("imputed", STATES)).otherwise(pl.lit("delivered", STATES))
        return pl.when(told).then(made).otherwise(unseen).alias(code)

    return values.with_columns(state(measure.code) for measure in index.measures)


def _shares(normalised: pl.DataFrame, index: Index) -> pl.DataFrame:
    """The part of its indicator that each measure has in the end, 0 where it gave it to its siblings."""

    def shares(measures: list[tuple[str, float]]) -> Iterator[pl.Expr]:
        whole = pl.sum_horizontal(_present(code, weight) for code, weight in measures)
        yield from ((_present(code, weight) / whole).fill_null(0.0).alias(code) for code, weight in measures)

    lowest = {measure.indicator for measure in index.measures}
    return normalised.with_columns(part for node, below in _children(index).items() if node in lowest for part in shares(below))


def _coverage(values: pl.DataFrame, index: Index) -> pl.DataFrame:
    """The part of each node's weight that rests on delivered values."""
    covered = values.with_columns(pl.col(measure.code).is_not_null().cast(pl.Float64) for measure in index.measures)
    for node, children in _children(index).items():
        whole = sum(weight for _, weight in children)
        covered = covered.with_columns((pl.sum_horizontal(pl.col(code) * weight for code, weight in children) / whole).alias(node))
    return covered.with_columns(pl.col(*_children(index)).round(9))


def _children(index: Index) -> dict[str, list[tuple[str, float]]]:
    """The children of each node with their weights, the deepest nodes first, TOTAL last."""
    below: dict[str, list[tuple[str, float]]] = {node.code: [] for node in sorted(index.indicators, key=lambda node: -node.level)}
    below["TOTAL"] = []
    for measure in index.measures:
        below[measure.indicator].append((measure.code, measure.weight))
    for node in index.indicators:
        below[node.parent or "TOTAL"].append((node.code, node.weight))
    return below


def _present(code: str, weight: float) -> pl.Expr:
    return pl.when(pl.col(code).is_not_null()).then(weight)


def _rates(normalised: pl.DataFrame, index: Index) -> pl.DataFrame:
    """The weighted mean of what is present below each node, from the deepest level up."""
    rated = normalised
    for node, children in _children(index).items():
        whole = pl.sum_horizontal(_present(code, weight) for code, weight in children)
        total = pl.sum_horizontal(pl.col(code) * weight for code, weight in children)
        rated = rated.with_columns(pl.when(whole > 0).then(total / whole).alias(node))
    return rated


def _points(rates: pl.DataFrame, index: Index) -> pl.DataFrame:
    """The points of each node: its part of its parent's among the siblings that are present, from the root down."""
    children = _children(index)
    nodes = {node.code for node in index.indicators}
    pointed = rates.select(*KEYS, *children).with_columns(pl.when(pl.col("TOTAL").is_not_null()).then(SCALE).alias("points TOTAL"))
    for parent in reversed(children):
        below = [(code, weight) for code, weight in children[parent] if code in nodes]
        if below:
            whole = pl.sum_horizontal(_present(code, weight) for code, weight in below)
            pointed = pointed.with_columns(
                (pl.col(f"points {parent}") * _present(code, weight) / whole).fill_null(0.0).alias(f"points {code}")
                for code, weight in below
            )
    return pointed.select(*KEYS, *(pl.col(f"points {code}").alias(code) for code in children))


def main(stage: Path, index: Path, out: Path) -> None:
    """Score, write the tables below `out`, and say what that took: wall and processor seconds without the start, peak memory in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    for name, table in score(stage, pickle.loads(index.read_bytes())).items():
        table.write_parquet(out / f"{name}.parquet")
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(spent | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
