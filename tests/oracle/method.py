"""The whole method, one step after the other: `scored_by_hand(edition)` gives every figure on the way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.climbing import Climbed, climbed
from tests.oracle.edition import Edition, Entity, Value
from tests.oracle.judging import judged, unjudged
from tests.oracle.measuring import Measured, measured
from tests.oracle.ranking import Ranked, ranked
from tests.oracle.scoring import Scored, scored
from tests.oracle.screening import points_of


@dataclass
class Outcome:
    """All steps of one edition."""

    edition: Edition
    steps: Measured
    tree: Climbed
    scores: Scored
    ranking: dict[str, Ranked]
    coverage: dict[str, Value]
    unjudged: dict[str, tuple[Decimal | None, int | None]]


def scored_by_hand(edition: Edition) -> Outcome:
    """Screen, impute, treat, normalise, weight, aggregate, rank."""
    steps = measured(edition)
    tree = climbed(edition, steps)
    entities = [entity for entity in edition.entities if steps.scored(entity)]
    scores = scored(edition, tree, entities)
    coverage = {entity.code: covered(edition, steps, entity) for entity in entities}
    out = {entity.code for entity in edition.entities if not steps.scored(entity)}
    ranking, left_out = ranked(edition, scores, coverage, out), judged(edition)
    others = scored(edition, climbed(edition, steps, left_out), entities) if left_out else None
    return Outcome(edition, steps, tree, scores, ranking, coverage, unjudged(edition, ranking, others))


def covered(edition: Edition, steps: Measured, entity: Entity) -> Value:
    """The share of the entity's nominal points of the scale, of the measures that apply, that rests on delivered values."""
    applicable = [measure for measure in edition.measures if measure.first.kind == "part" and entity in steps.applicable[measure.code]]
    whole = sum(points_of(measure, entity.base) for measure in applicable)
    delivered = sum(points_of(measure, entity.base) for measure in applicable if steps.values[entity.code, measure.code] is not None)
    return delivered / whole if whole else None


def flags(outcome: Outcome) -> dict[tuple[str, str], int | None]:
    """(entity, node) → 1 where a measure's normalised value is at or above its threshold, None where it has no value.

    Of an indicator and the root the sum below; None where one below is. A node without flags below it has no entry.
    """
    edition, found = outcome.edition, dict[tuple[str, str], int | None]()
    default = (edition.rules.get("flags") or {}).get("at_least")
    for (entity, code), value in outcome.steps.normalised.items():
        rules = next(measure.rules for measure in edition.measures if measure.code == code)
        least = rules.get("flag", default)
        if least is not None:
            found[entity, code] = int(round(value, 9) >= least) if isinstance(value, float) else None
    for node in reversed(list(edition.root.walk())):
        for row in edition.entities:
            below = [found[row.code, child.code] for child in node.children if (row.code, child.code) in found]
            if below and not node.is_measure:
                known = [flag for flag in below if flag is not None]
                found[row.code, node.code] = sum(known) if len(known) == len(below) else None
    return found
