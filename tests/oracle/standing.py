"""What is told of results beside the ranking itself: places of each node, shares that were imputed, changes from one time to the next."""

from __future__ import annotations

from typing import Any

from tests.oracle.arithmetic import steadied
from tests.oracle.edition import ROOT, Value
from tests.oracle.method import Outcome
from tests.oracle.scoring import Score

Cells = dict[tuple[str, str], Any]


def ranks_of_nodes(outcome: Outcome) -> Cells:
    """(entity, node) → rank of its score by its points within the group, among those ranked; None for others, and for who has no points.

    Scores that are rounded only to be kept, to nine decimals, are compared as they were before.
    """
    turn = -1 if _lowest_first(outcome) else 1
    return _placed(outcome, {key: None if by is None else turn * by for key, by in _by_points(outcome).items()}, _rank)


def percentile_ranks(outcome: Outcome) -> Cells:
    """(entity, node) → (place of its rate − 1) ÷ (n − 1) within the group, 1 the best; among all who have the node."""
    turn = -1 if _lowest_first(outcome) else 1
    nodes = outcome.scores.nodes
    rates = {
        key: turn * steadied(round(score.rate, 12)) if score.rate is not None and score.points else None for key, score in nodes.items()
    }
    return _placed(outcome, rates, _percentile, states=("ranked", "low_coverage", "blocked"))


def imputed_shares(outcome: Outcome) -> Cells:
    """Entity → the part of its points that rests on values which imputing, or the median of the group, made."""
    shares: Cells = {}
    for entity in outcome.edition.entities:
        whole = made = 0.0
        for measure in outcome.edition.measures:
            key = entity.code, measure.code
            if key in outcome.scores.share_used and measure.parent is not None:
                points = outcome.scores.nodes[entity.code, measure.parent.code].points * outcome.scores.share_used[key]
                whole += points
                made += points if outcome.tree.states[key] == "imputed" else 0.0
        root = outcome.scores.nodes.get((entity.code, ROOT))  # none of who is screened out
        shares[entity.code, ROOT] = made / whole if whole else 0.0 if root and root.points else None
    return shares


def changes(outcome: Outcome) -> tuple[Cells, Cells]:
    """Of a panel: entity → its total less that of the time before; and how many ranks better it is."""
    totals, ranks = dict[tuple[str, str], Any](), dict[tuple[str, str], Any]()
    of_unit = {(entity.unit, entity.time): outcome.ranking[entity.code] for entity in outcome.edition.entities if entity.time is not None}
    for (unit, time), row in of_unit.items():
        before = of_unit.get((unit, (time or 0) - 1))
        key = row.entity.code, ROOT
        totals[key] = row.total - before.total if before and before.total is not None and row.total is not None else None
        ranks[key] = before.rank - row.rank if before and before.rank is not None and row.rank is not None else None
    return totals, ranks


def since_before(outcome: Outcome) -> dict[str, Cells]:
    """Column of the ranking → entity → total and rank of the edition before, and what has changed; of the place that it was then.

    None where it was none or is made of several; ranks also where it was of another group, for those say nothing of each other.
    """
    before, columns = outcome.edition.before, dict[str, Cells]()
    for row in outcome.ranking.values():
        past = before.released.get(before.place(row.entity) or "") if before else None
        rank = past.rank if past and past.group == row.entity.group else None
        total, key = past.total if past else None, (row.entity.code, ROOT)
        columns.setdefault("previous_total", {})[key] = total
        columns.setdefault("previous_rank", {})[key] = rank
        columns.setdefault("change_total", {})[key] = None if total is None or row.total is None else row.total - total
        columns.setdefault("change_rank", {})[key] = None if rank is None or row.rank is None else rank - row.rank
    return columns


def _lowest_first(outcome: Outcome) -> bool:
    return bool((outcome.edition.rules.get("rank") or {}).get("order") == "lowest_first")


def _by_points(outcome: Outcome) -> dict[tuple[str, str], float | None]:
    rules = outcome.edition.rules
    is_exact, is_each_rounded = rules.get("rank_on") == "exact", rules["round"]["at"] == "lowest_indicator"
    nodes = outcome.scores.nodes.items()
    return {key: _by_point(score, is_exact=is_exact or not (is_each_rounded or key[1] == ROOT)) for key, score in nodes}


def _by_point(score: Score, *, is_exact: bool) -> float | None:
    earned = score.exact if is_exact else None if score.score is None else float(score.score)
    return None if earned is None or score.points <= 0 else steadied(round(earned / score.points, 12))


def _placed(outcome: Outcome, by: dict[tuple[str, str], Any], told: Any, states: tuple[str, ...] = ("ranked",)) -> Cells:
    cells: Cells = {}
    for node in (*outcome.edition.indicators, outcome.edition.root):
        for group in {entity.group for entity in outcome.edition.entities}:
            members = [entity.code for entity in outcome.edition.entities if entity.group == group and (entity.code, node.code) in by]
            known = {
                code: by[code, node.code] for code in members if outcome.ranking[code].state in states and by[code, node.code] is not None
            }
            for code in members:
                cells[code, node.code] = told(known[code], list(known.values())) if code in known else None
    return cells


def _rank(own: float, all_of_them: list[float]) -> int:
    return 1 + sum(other > own for other in all_of_them)


def _percentile(own: float, all_of_them: list[float]) -> Value:
    return sum(other < own for other in all_of_them) / (len(all_of_them) - 1) if len(all_of_them) > 1 else None
