"""How sure a rank is: the interval that it keeps to when the points of the lowest indicators are drawn at random.

After domain.md, "Rank interval": points × U(1 − spread, 1 + spread), independent, rescaled to the scale; the rates of the lowest
indicators and vetoes held. What is ranked and how it is read stands in `standings.py`, the tree in `tree.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.building import build_tree
from analysis.methods import Floats, Whole
from analysis.norms import half_away
from analysis.standings import Ranked, read_ranked
from analysis.tree import Rated, Tree, rated, totals
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
_LAST = np.iinfo(np.int64).max  # a key of an entity that has no figure to compare: it comes last
_CHUNK = 200_000  # totals computed at once: what a processor's cache holds


def write_rank_interval(workspace: Workspace, framework: Framework) -> pl.DataFrame:
    """One row is an entity that is ranked: the best and the worst rank of its interval. Written to the stage's `analysis` folder.

    Reads the warehouse's `scoring` (indicator_scores, normalised, screened, vetoes), read-only. The same scores and framework give the
    same bytes. Raises duckdb.Error where the warehouse lacks one of them.
    """
    file, tables = framework.file, framework.tables()
    with duckdb.connect(str(workspace.warehouse(file.edition)), read_only=True) as warehouse:
        ranked = read_ranked(warehouse, file, tables)
    low, high = rank_intervals(build_tree(tables, ranked.scored), ranked, file)
    frame = pl.DataFrame(
        {"edition": file.edition, "entity_code": ranked.codes, "rank_low": low, "rank_high": high, "draws": file.rank_interval.draws},
        schema=SCHEMA,
    )
    write_parquet(workspace.stage(file.edition) / "analysis" / "rank_interval.parquet", frame)
    return frame


def rank_intervals(tree: Tree, ranked: Ranked, file: FrameworkFile) -> tuple[list[int], list[int]]:
    """The best and the worst rank of each entity's interval, within its group.

    Of all draws, the k-th best and the k-th worst rank, k = ⌈draws × (1 − level) ÷ 2⌉: order statistics, so that an interval ends on
    ranks that were drawn. Widened to hold the published rank.
    """
    settings = file.rank_interval
    members = [np.flatnonzero(np.array(ranked.groups) == group) for group in sorted(set(ranked.groups))]
    # Of each group: how often each of its entities had each rank. Its size does not grow with the draws.
    counts = [np.zeros((len(member), len(member)), dtype=np.int32) for member in members]
    for keys in _drawn_keys(tree, ranked, file):
        for member, count in zip(members, counts, strict=True):
            for ranks in competition_ranks([key[:, member] for key in keys]):
                count[np.arange(len(member)), ranks - 1] += 1
    low, high = np.zeros(len(ranked.codes), dtype=np.int64), np.zeros(len(ranked.codes), dtype=np.int64)
    published = sort_keys(ranked.totals[np.newaxis, :], [tie[np.newaxis, :] for tie in ranked.ties], file)
    for member, count in zip(members, counts, strict=True):
        (own,) = competition_ranks([key[:, member] for key in published])
        best, worst = _ends(count, settings)
        low[member], high[member] = np.minimum(best, own), np.maximum(worst, own)
    return low.tolist(), high.tolist()


def _drawn_keys(tree: Tree, ranked: Ranked, file: FrameworkFile) -> Iterator[list[Whole]]:
    """What the ranked entities are put in order by, a row a draw, some draws at a time; the draws do not depend on how many those are."""
    settings = file.rank_interval
    generator = np.random.Generator(np.random.PCG64(settings.seed))
    step = max(1, _CHUNK // max(1, len(ranked.scored)))
    for start in range(0, settings.draws, step):
        size = (min(step, settings.draws - start), len(tree.codes))
        nodes = rated(tree, ranked.held, generator.uniform(1 - settings.spread, 1 + settings.spread, size))
        shape = (size[0], len(ranked.scored))
        # Rescaling to the scale is in the total: the root's rate knows proportions of points alone.
        drawn = np.broadcast_to(totals(tree, nodes), shape)[:, ranked.places]
        ties = [
            np.broadcast_to(_rate(nodes[code]), shape)[:, ranked.places] if code in nodes else np.broadcast_to(own, drawn.shape)
            for code, own in zip(ranked.tie_codes, ranked.ties, strict=True)
        ]
        yield sort_keys(np.where(np.isnan(ranked.fixed), drawn, ranked.fixed), ties, file)


def _rate(node: Rated) -> Floats:
    return np.where(node.is_present, node.rate, math.nan)


def sort_keys(scored: Floats, ties: Sequence[Floats], file: FrameworkFile) -> list[Whole]:
    """What entities are put in order by, the smallest first: the total as published, then the rates that set ties apart, then the code.

    Arrays are draws × entities, these sorted by code. What is missing comes last, whichever end of the scale is best.
    """
    if file.rank_on != "exact":
        scored = half_away(scored, file.round.decimals)
    keys = [_key(values, file) for values in (scored, *ties)]
    if "entity_code" in file.rank.ties_by:
        keys.append(np.broadcast_to(np.arange(scored.shape[1]), scored.shape))
    return keys


def _key(values: Floats, file: FrameworkFile) -> Whole:
    billionths = np.rint(np.nan_to_num(values) * 10**_UNIT).astype(np.int64)
    return np.where(np.isnan(values), _LAST, billionths if file.rank.order == "lowest_first" else -billionths)


def competition_ranks(keys: Sequence[Whole]) -> Whole:
    """Ranks 1, 2, 2, 4 of each row: one more than there are entities before it by the keys, the first key weighing most."""
    order = np.lexsort(tuple(reversed(keys)), axis=-1)
    is_new = np.zeros(order.shape, dtype=np.bool_)
    is_new[:, :1] = True
    for key in keys:
        ordered = np.take_along_axis(key, order, axis=1)
        is_new[:, 1:] |= ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(is_new, np.arange(1, order.shape[1] + 1), 0), axis=1)
    ranks = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, first, axis=1)
    return ranks


def _ends(count: npt.NDArray[np.int32], settings: RankInterval) -> tuple[Whole, Whole]:
    nth = max(1, math.ceil(settings.draws * (1 - Fraction(str(settings.level))) / 2))
    at_most = np.cumsum(count, axis=1)
    best = np.argmax(at_most >= nth, axis=1) + 1
    worst = np.argmax(at_most >= settings.draws - nth + 1, axis=1) + 1
    return best, worst
