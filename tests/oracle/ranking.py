"""Rank: who is ranked, on what, and which tier and grade that earns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.oracle.arithmetic import rounded
from tests.oracle.edition import ROOT, Edition, Entity, Value
from tests.oracle.scoring import NINE, Scored


@dataclass
class Ranked:
    """One entity: state ranked, low_coverage, blocked or screened_out; total as ranked on, rank, tier and grade where it has one."""

    entity: Entity
    state: str
    total: Decimal | None = None
    exact: Value = None
    basis: Decimal | None = None
    rank: int | None = None
    tier: str | None = None
    grade: str | None = None


def ranked(edition: Edition, scores: Scored, coverage: dict[str, Value], out: set[str]) -> dict[str, Ranked]:
    """Entity → its place within its group."""
    least = (edition.rules.get("coverage") or {}).get("at_least")
    listed = dict[str, Ranked]()
    for entity in edition.entities:
        if entity.code in out:
            listed[entity.code] = Ranked(entity, "screened_out")
            continue
        total, share = scores.nodes[entity.code, ROOT], coverage[entity.code]
        state = "blocked" if total.score is None else "ranked"
        if state == "ranked" and least is not None and share is not None and rounded(share, NINE) < Decimal(str(least)):
            state = "low_coverage"
        exact = None if total.exact is None else rounded(total.exact, NINE)
        basis = exact if edition.rules.get("rank_on") == "exact" else total.score
        listed[entity.code] = Ranked(entity, state, total.score, total.exact, basis, grade=_grade(edition, basis))
    for group in {entity.group for entity in edition.entities}:
        members = [row for row in listed.values() if row.entity.group == group and row.state == "ranked"]
        keys = {row.entity.code: key_of(edition, row, scores) for row in members}
        for row in members:
            row.rank = 1 + sum(key < keys[row.entity.code] for key in keys.values())
        for row in members:
            row.tier = _tier(edition.rules.get("tiers", []), row, len(members))
    return listed


def within(listed: dict[str, Ranked], edition: Edition, scores: Scored, attribute: str) -> dict[str, int]:
    """Entity → rank among those ranked of its group that have the same value of the attribute."""
    members = {code: row for code, row in listed.items() if row.state == "ranked" and row.entity.set_code(attribute) is not None}
    keys = {code: key_of(edition, row, scores) for code, row in members.items()}
    own = {code: (row.entity.group, row.entity.set_code(attribute)) for code, row in members.items()}
    return {code: 1 + sum(keys[other] < keys[code] for other in members if own[other] == own[code]) for code in members}


def key_of(edition: Edition, row: Ranked, scores: Scored) -> tuple[Any, ...]:
    """What a row is sorted by, best first: the total, then the rates of the nodes that part ties, then perhaps the code."""
    rules = edition.rules.get("rank") or {}
    turn = 1 if rules.get("order") == "lowest_first" else -1
    assert row.basis is not None
    key: list[Any] = [turn * row.basis]
    for code in rules.get("ties_by", []):
        if code == "entity_code":
            key.append(row.entity.code)
            continue
        node = scores.nodes.get((row.entity.code, code))
        rate = node.rate if node else scores.rates_of_measures.get((row.entity.code, code))
        key.append(math.inf if rate is None else turn * rounded(rate, NINE))
    return tuple(key)


def _tier(tiers: list[dict[str, Any]], row: Ranked, entities: int) -> str | None:
    assert row.rank is not None
    assert row.basis is not None
    for tier in tiers:
        fits = (
            row.rank <= tier["top"] if "top" in tier
            else row.rank <= math.ceil(round(tier["share"] * entities, NINE)) if "share" in tier
            else row.basis >= Decimal(str(tier["at_least"])) if "at_least" in tier
            else True
        )  # fmt: skip
        if fits:
            return str(tier["tier"])
    return None


def _grade(edition: Edition, basis: Decimal | None) -> str | None:
    if basis is None:
        return None
    return next((str(grade["grade"]) for grade in edition.rules.get("grades", []) if basis >= Decimal(str(grade["at_least"]))), None)
