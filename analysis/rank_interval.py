"""How sure a rank is: the interval that it keeps to when the points of the lowest indicators are drawn at random.

After domain.md, "Rank interval": points × U(1 − spread, 1 + spread), independent, rescaled to the scale; score rates and vetoes held.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.tree import ROOT, Floats, Tree, build_tree, root_rates
from frameworks.model import FrameworkFile, RankInterval
from storage import Workspace, write_parquet

if TYPE_CHECKING:
    from frameworks import Framework

SCHEMA: dict[str, type[pl.DataType]] = {
    "edition": pl.String,
    "entity_code": pl.String,
    "rank_low": pl.Int64,
    "rank_high": pl.Int64,
    "draws": pl.Int64,
}
# Totals are compared as whole billionths, as published: cast to decimal(18,9). What lies below is noise of the processor.
_UNIT = 9
_CHUNK = 200_000  # totals computed at once: what a processor's cache holds

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """The entities that are ranked, sorted by code: an element (or row) an entity.

    `rates`: entities × lowest indicators, NaN where one is dropped. `fixed`: the total that a veto sets, NaN where none does.
    `totals`: what the published rank is on, in billionths of a point.
    """

    codes: list[str]
    groups: list[str]
    rates: Floats
    fixed: Floats
    totals: Whole


def write_rank_interval(workspace: Workspace, framework: Framework) -> pl.DataFrame:
    """One row is an entity that is ranked: the best and the worst rank of its interval. Written to the stage's `analysis` folder.

    Reads the warehouse's `scoring.indicator_scores` and `scoring.vetoes`, read-only. The same scores and framework give the same bytes.
    Raises duckdb.Error where the warehouse lacks one of them.
    """
    file, tables = framework.file, framework.tables()
    tree = build_tree(tables["indicators"].iter_rows(named=True))
    with duckdb.connect(str(workspace.warehouse(file.edition)), read_only=True) as warehouse:
        ranked = read_ranked(warehouse, file, tree, dict(tables["entities"].select("entity_code", "group_code").iter_rows()))
    low, high = rank_intervals(tree, ranked, file)
    frame = pl.DataFrame(
        {"edition": file.edition, "entity_code": ranked.codes, "rank_low": low, "rank_high": high, "draws": file.rank_interval.draws},
        schema=SCHEMA,
    )
    write_parquet(workspace.stage(file.edition) / "analysis" / "rank_interval.parquet", frame)
    return frame


def read_ranked(warehouse: duckdb.DuckDBPyConnection, file: FrameworkFile, tree: Tree, groups: dict[str, str]) -> Ranked:
    """Who will be ranked: has a total, was not failed by a veto, and has coverage enough. `groups`: the group of each entity's code."""
    basis = "score_exact" if file.rank_on == "exact" else "score"
    totals = _rows(
        warehouse,
        f"""
        select
            s.entity_code,
            cast(s.{basis} as decimal(18, 9)) as total,
            cast(s.coverage as decimal(18, 9)) as coverage,
            coalesce(bool_or(v.effect = 'fail'), false) as has_failed,
            arg_min(try_cast(v.effect_value as double), v.position) filter (where v.effect = 'fixed_score') as fixed
        from scoring.indicator_scores as s left join scoring.vetoes as v on v.entity_code = s.entity_code
        where s.indicator_code = '{ROOT}' group by all order by s.entity_code
        """,
    )
    least = Fraction(str(file.coverage.at_least)) if file.coverage else Fraction(0)
    kept = [
        row
        for row in totals
        if not row["has_failed"]
        and (row["total"] is not None or row["fixed"] is not None)
        and (row["coverage"] is None or Fraction(row["coverage"]) >= least)
    ]
    codes = [row["entity_code"] for row in kept]
    fixed = np.array([math.nan if row["fixed"] is None else row["fixed"] for row in kept], dtype=np.float64)
    scored = np.array([int((row["total"] or Decimal(0)).scaleb(_UNIT)) for row in kept], dtype=np.int64)
    rates = _rates(_rows(warehouse, "select entity_code, indicator_code, rate from scoring.indicator_scores"), codes, tree)
    return Ranked(codes, [groups[code] for code in codes], rates, fixed, np.where(np.isnan(fixed), scored, _published(fixed, file)))


def _rows(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return pl.DataFrame(warehouse.sql(sql).to_arrow_table()).to_dicts()


def _rates(rows: list[dict[str, Any]], codes: list[str], tree: Tree) -> Floats:
    line, column = ({code: place for place, code in enumerate(listed)} for listed in (codes, tree.codes))
    rates = np.full((len(codes), len(tree.codes)), np.nan)
    for row in rows:
        if row["rate"] is not None and row["entity_code"] in line and row["indicator_code"] in column:
            rates[line[row["entity_code"]], column[row["indicator_code"]]] = row["rate"]
    return rates


def rank_intervals(tree: Tree, ranked: Ranked, file: FrameworkFile) -> tuple[list[int], list[int]]:
    """The best and the worst rank of each entity's interval, within its group.

    Of all draws, the k-th best and the k-th worst rank, k = ⌈draws × (1 − level) ÷ 2⌉: order statistics, so that an interval ends on
    ranks that were drawn. Widened to hold the published rank.
    """
    settings = file.rank_interval
    members = [np.flatnonzero(np.array(ranked.groups) == group) for group in sorted(set(ranked.groups))]
    # Of each group: how often each of its entities had each rank. Its size does not grow with the draws.
    counts = [np.zeros((len(member), len(member)), dtype=np.int32) for member in members]
    for totals in _drawn_totals(tree, ranked, file):
        for member, count in zip(members, counts, strict=True):
            for ranks in map(competition_ranks, totals[:, member]):
                count[np.arange(len(member)), ranks - 1] += 1
    low, high = np.zeros(len(ranked.codes), dtype=np.int64), np.zeros(len(ranked.codes), dtype=np.int64)
    for member, count in zip(members, counts, strict=True):
        published = competition_ranks(ranked.totals[member])
        best, worst = _ends(count, settings)
        low[member], high[member] = np.minimum(best, published), np.maximum(worst, published)
    return low.tolist(), high.tolist()


def _drawn_totals(tree: Tree, ranked: Ranked, file: FrameworkFile) -> Iterator[Whole]:
    """The totals of all entities, a row a draw, some draws at a time; the draws do not depend on how many those are."""
    settings = file.rank_interval
    generator = np.random.Generator(np.random.PCG64(settings.seed))
    step = max(1, _CHUNK // max(1, len(ranked.codes)))
    for start in range(0, settings.draws, step):
        size = (min(step, settings.draws - start), len(tree.points))
        points = np.array(tree.points) * generator.uniform(1 - settings.spread, 1 + settings.spread, size)
        # Rescaling to the scale is this product: a root's rate knows proportions of points alone.
        totals = root_rates(tree, ranked.rates, points) * file.scale
        yield _published(np.where(np.isnan(ranked.fixed), totals, ranked.fixed), file)


def _published(totals: Floats, file: FrameworkFile) -> Whole:
    """Totals in billionths; rounded half up (they are not negative) to the published decimals where ranks are on rounded totals."""
    billionths: Whole = np.rint(np.nan_to_num(totals) * 10**_UNIT).astype(np.int64)
    if file.rank_on == "exact":
        return billionths
    step = 10 ** (_UNIT - file.round.decimals)
    rounded: Whole = (billionths + step // 2) // step * step
    return rounded


def competition_ranks(totals: Whole) -> Whole:
    """Ranks 1, 2, 2, 4: one more than there are higher totals."""
    return np.searchsorted(np.sort(-totals), -totals, side="left") + 1


def _ends(count: npt.NDArray[np.int32], settings: RankInterval) -> tuple[Whole, Whole]:
    nth = max(1, math.ceil(settings.draws * (1 - Fraction(str(settings.level))) / 2))
    at_most = np.cumsum(count, axis=1)
    best = np.argmax(at_most >= nth, axis=1) + 1
    worst = np.argmax(at_most >= settings.draws - nth + 1, axis=1) + 1
    return best, worst
