"""Screen: who has too little to be scored, told before anything is imputed."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.edition import Edition, Entity, Node, Value


@dataclass(frozen=True)
class Screened:
    """Shares of one entity's applicable measures (None: it has none), and whether it takes part."""

    measures: Value
    points: Value
    nonzero: Value
    is_out: bool


def points_of(measure: Node, group: str) -> float:
    """The measure's nominal part of the scale."""
    assert measure.parent is not None
    return measure.parent.share[group] * measure.share[group]


def screened(edition: Edition, entity: Entity, values: dict[str, Value], applicable: list[Node]) -> Screened:
    """Shares with a delivered value: by count, by points, those that are not 0 among the delivered, and by count below an indicator."""
    rules = edition.rules.get("screen") or {}
    delivered = [node for node in applicable if values[node.code] is not None]
    by_count = len(delivered) / len(applicable) if applicable else None
    whole = sum(points_of(node, entity.base) for node in applicable)
    by_points = sum(points_of(node, entity.base) for node in delivered) / whole if whole else None
    nonzero = sum(values[node.code] != 0 for node in delivered) / len(delivered) if delivered else None
    asked = [
        (by_count, rules.get("measures_at_least")),
        (by_points, rules.get("points_at_least")),
        (nonzero, rules.get("nonzero_at_least")),
    ]
    for node in edition.indicators:
        if node.code in rules.get("indicators", {}):
            below = [measure for measure in node.walk() if measure in applicable]
            share = sum(measure in delivered for measure in below) / len(below) if below else None
            asked.append((share, rules["indicators"][node.code]))
    is_out = any(share is not None and least is not None and round(share, 9) < least for share, least in asked)
    return Screened(by_count, by_points, nonzero, is_out)
