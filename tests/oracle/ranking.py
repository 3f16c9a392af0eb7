"""Rank: who is ranked, on what, which tier and grade that earns, and what vetoes make of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.oracle.arithmetic import computed, rounded
from tests.oracle.edition import ROOT, Edition, Entity, Rules, Value
from tests.oracle.scoring import NINE, Scored


@dataclass
class Ranked:
    """One entity: state ranked, low_coverage, blocked, screened_out or failed; total, rank, tier and grade where it has one.

    `basis` is the total as ranked on, `vetoes` those that struck.
    """

    entity: Entity
    state: str
    total: Decimal | None = None
    exact: Value = None
    basis: Decimal | None = None
    rank: int | None = None
    tier: str | None = None
    grade: str | None = None
    vetoes: tuple[str, ...] = ()
    is_fixed: bool = False


def ranked(edition: Edition, scores: Scored, coverage: dict[str, Value], out: set[str]) -> dict[str, Ranked]:
    """Entity → its place within its group."""
    listed = dict[str, Ranked]()
    for entity in edition.entities:
        struck = _struck(edition, entity)
        row = Ranked(entity, "screened_out") if entity.code in out else _totalled(edition, entity, scores, coverage[entity.code], struck)
        row = Ranked(entity, "failed") if any(veto["effect"] == "fail" for veto in struck) else row
        row.vetoes = tuple(str(veto["code"]) for veto in struck)
        listed[entity.code] = row
    for group in {entity.group for entity in edition.entities}:
        members = [row for row in listed.values() if row.entity.group == group and row.state == "ranked"]
        keys = {row.entity.code: key_of(edition, row, scores) for row in members}
        for row in members:
            row.rank = 1 + sum(key < keys[row.entity.code] for key in keys.values())
        for row in members:
            row.tier = _tier(edition.rules.get("tiers", []), row, len(members))
    return listed


def _struck(edition: Edition, entity: Entity) -> list[Rules]:
    """The vetoes whose condition holds, in the order of the framework; one that cannot be told does not."""
    inputs = {code: column.get(entity.code) for code, column in edition.inputs.items()}
    return [veto for veto in edition.rules.get("vetoes", []) if computed(veto["when"], inputs)]


def _totalled(edition: Edition, entity: Entity, scores: Scored, share: Value, struck: list[Rules]) -> Ranked:
    """The entity with its total, or the first one that a veto fixes, and the grade that this earns, no better than the lowest cap."""
    effects = [veto["effect"] for veto in struck if isinstance(veto["effect"], dict)]
    exact, total = scores.nodes[entity.code, ROOT].exact, scores.nodes[entity.code, ROOT].score
    fixed = [float(effect["fixed_score"]) for effect in effects if "fixed_score" in effect]
    if fixed:
        exact, total = fixed[0], rounded(fixed[0], edition.rules["round"]["decimals"])
    least = (edition.rules.get("coverage") or {}).get("at_least")
    state = "blocked" if total is None else "ranked"
    if state == "ranked" and least is not None and share is not None and rounded(share, NINE) < Decimal(str(least)):
        state = "low_coverage"
    basis = total if edition.rules.get("rank_on") != "exact" else None if exact is None else rounded(exact, NINE)
    caps = [str(effect["cap_grade"]) for effect in effects if "cap_grade" in effect]
    return Ranked(entity, state, total, exact, basis, grade=_grade(edition, basis, caps), is_fixed=bool(fixed))


def within(listed: dict[str, Ranked], edition: Edition, scores: Scored, attribute: str) -> dict[str, int]:
    """Entity → rank among those ranked of its group that have the same value of the attribute."""
    values = {code: _value(row, attribute) for code, row in listed.items()}
    members = {code: row for code, row in listed.items() if row.state == "ranked" and values[code] is not None}
    keys = {code: key_of(edition, row, scores) for code, row in members.items()}
    own = {code: (row.entity.group, values[code]) for code, row in members.items()}
    return {code: 1 + sum(keys[other] < keys[code] for other in members if own[other] == own[code]) for code in members}


def _value(row: Ranked, attribute: str) -> str | None:
    match attribute:
        case "tier":
            return row.tier
        case "grade":
            return row.grade
    return row.entity.set_code(attribute)


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


def _grade(edition: Edition, basis: Decimal | None, caps: list[str]) -> str | None:
    grades = edition.rules.get("grades", [])
    earned = [place for place, grade in enumerate(grades) if basis is not None and basis >= Decimal(str(grade["at_least"]))]
    if not earned:
        return None
    return str(grades[max(earned[0], *(place for place, grade in enumerate(grades) if grade["grade"] in caps), 0)]["grade"])
