"""From rates to points: they fall from the root, a dropped node's to its siblings; bonus and deduction stand beside the scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from tests.oracle.arithmetic import rounded
from tests.oracle.climbing import Climbed
from tests.oracle.edition import ROOT, Edition, Entity, Node, Value
from tests.oracle.sharing import Child, weights_used

NINE = 9


@dataclass
class Score:
    """One node of one entity. Without a rate: dropped (score 0) or blocked (no score)."""

    rate: Value
    points: float
    exact: Value
    score: Decimal | None
    is_blocked: bool
    is_opened: bool = True


@dataclass
class Scored:
    """By (entity, node); measures with their share used and what was used of their rate."""

    nodes: dict[tuple[str, str], Score] = field(default_factory=dict)
    share_used: dict[tuple[str, str], float] = field(default_factory=dict)
    rates_of_measures: dict[tuple[str, str], Value] = field(default_factory=dict)


def scored(edition: Edition, tree: Climbed, entities: list[Entity]) -> Scored:
    """Every indicator of every entity, and the root."""
    result = Scored(rates_of_measures={key: tree.nodes[key].rate for key in tree.states})
    for entity in entities:
        _one(edition, entity, tree, result)
    return result


def _one(edition: Edition, entity: Entity, tree: Climbed, result: Scored) -> None:
    own = {code: child for (who, code), child in tree.nodes.items() if who == entity.code}
    first = edition.root.children_in(entity.base)
    parts = [own[node.code] for node in first if node.kind == "part"]
    used = weights_used(parts)
    points = {node.code: node.share[entity.base] if node.kind != "part" else used[node.code] for node in first}
    for node in first:
        if not own[node.code].stays:
            points[node.code] = 0.0
        _fall(node, entity, tree, points, result)
    exact = {node.code: _exact(node, own[node.code], points[node.code]) for node in first}
    base = sum(exact[part.code] or 0.0 for part in parts)
    blocked = any(own[node.code].state == "blocked" for node in first)
    for node in edition.indicators:
        if entity.base in node.share:
            known = None if blocked or not any(part.stays for part in parts) else base
            result.nodes[entity.code, node.code] = _score(node, own[node.code], points[node.code], known)
    _round(edition, entity, result)
    result.nodes[entity.code, ROOT] = _total(edition, entity, blocked=blocked, parts=parts, exact=base, result=result)


def _fall(node: Node, entity: Entity, tree: Climbed, points: dict[str, float], result: Scored) -> None:
    used = tree.used[entity.code, node.code]
    whole = sum(used.values())
    for below in node.children_in(entity.base):
        share = used[below.code] / whole if whole else 0.0
        if below.is_measure:
            result.share_used[entity.code, below.code] = share
        else:
            points[below.code] = 0.0 if (entity.code, node.code) in tree.unscored else points[node.code] * share
            _fall(below, entity, tree, points, result)


def _exact(node: Node, child: Child, points: float) -> Value:
    if child.state == "blocked":
        return None
    if child.rate is None or points == 0:
        return 0.0
    return -(1 - child.rate) * points if node.first.kind == "deduction" else child.rate * points


def _score(node: Node, child: Child, points: float, base: Value) -> Score:
    """`base`: what the parts earn together; a bonus does not open where that cannot be told."""
    first = node.first
    opened = first.kind != "bonus" or (base is not None and rounded(base, NINE) >= Decimal(str(first.rules.get("opens_at", 0))))
    exact = _exact(node, child, points)
    if exact is not None and not opened:
        exact = 0.0
    score = None if exact is None else rounded(exact, NINE)
    return Score(child.rate, points, exact, score, child.state == "blocked", opened)


def _round(edition: Edition, entity: Entity, result: Scored) -> None:
    """Under `round.at: lowest_indicator` the lowest scores are rounded and those above are their sums."""
    if edition.rules["round"]["at"] != "lowest_indicator":
        return
    decimals = edition.rules["round"]["decimals"]
    lowest = [
        (node, score) for node in edition.indicators
        if node.rules.get("measures") and (score := result.nodes.get((entity.code, node.code))) and score.exact is not None
    ]  # fmt: skip
    for _, score in lowest:
        score.score = rounded(score.exact or 0.0, decimals)
    _hold_to_scale(edition, [score for node, score in lowest if node.first.kind == "part"], decimals)
    for node in reversed(edition.indicators):
        score = result.nodes.get((entity.code, node.code))
        if score and score.exact is not None and node.rules.get("indicators"):
            below = [result.nodes[entity.code, child.code].score for child in node.children_in(entity.base)]
            score.score = sum((part for part in below if part is not None), Decimal(0))


def _hold_to_scale(edition: Edition, lowest: list[Score], decimals: int) -> None:
    """Where roundings alone lift the sum above the scale, those rounded up the furthest are rounded down instead."""
    unit, scale = Decimal(1).scaleb(-decimals), rounded(float(edition.rules["scale"]), NINE)
    if rounded(sum(score.exact or 0.0 for score in lowest), NINE) > scale:
        return
    by_lift = sorted(lowest, key=lambda score: (score.score or 0) - rounded(score.exact or 0.0, NINE), reverse=True)
    for score in by_lift:
        if sum(part.score or 0 for part in lowest) <= scale:
            return
        score.score = (score.score or Decimal(0)) - unit


def _total(edition: Edition, entity: Entity, *, blocked: bool, parts: list[Child], exact: float, result: Scored) -> Score:
    scale = float(edition.rules["scale"])
    staying = [part for part in parts if part.stays]
    if blocked or not staying:
        return Score(None, scale if staying else 0.0, None, None, blocked)
    beside = [node for node in edition.root.children_in(entity.base) if node.kind != "part"]
    total = exact + sum(result.nodes[entity.code, node.code].exact or 0.0 for node in beside)
    scores = [result.nodes[entity.code, node.code].score or Decimal(0) for node in edition.root.children_in(entity.base)]
    at_root = edition.rules["round"]["at"] == "total"
    if any(node.kind == "deduction" for node in beside):
        total, floor = max(total, 0.0), Decimal(0)
    score = rounded(total, edition.rules["round"]["decimals"]) if at_root else sum(scores, Decimal(0))
    if any(node.kind == "deduction" for node in beside):
        score = max(score, floor)
    return Score(total / scale, scale, total, score, is_blocked=False)
