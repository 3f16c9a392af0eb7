"""Impute: what stands in for a value that was not delivered. Only delivered values are looked at, never imputed ones."""

from __future__ import annotations

from statistics import fmean, median
from typing import Any

from tests.oracle.arithmetic import steadied
from tests.oracle.edition import Edition, Entity, Node, Value

Table = dict[str, dict[str, Value]]  # measure → entity → value


def rule_of(edition: Edition, measure: Node) -> dict[str, Any]:
    """The measure's own rule, else the edition's."""
    rule = measure.rules.get("impute", edition.rules.get("impute"))
    return {"method": "none"} if rule is None or rule == "none" else dict(rule)


def imputed(edition: Edition, measure: Node, entity: Entity, members: list[Entity], delivered: Table) -> Value:
    """The value that stands in for the entity's; None: there is none. `members`: those to whom the measure applies."""
    rule, values = rule_of(edition, measure), delivered[measure.code]
    match rule["method"]:
        case "zero":
            return 0.0
        case "value":
            return float(rule["value"])
        case "mean" | "median":
            known = _known(values, members, entity, rule.get("within", "group"))
            return None if not known else fmean(known) if rule["method"] == "mean" else median(known)
        case "siblings_mean" | "siblings_median":
            return _from_siblings(edition, measure, entity, rule, delivered)
        case "previous":
            place = edition.before.place(entity) if edition.before else None
            return None if place is None else edition.previous.get((place, measure.code))
        case "latest" | "linear" | "constant":
            return _in_time(rule, entity, {unit.time or 0: values[unit.code] for unit in members if unit.unit == entity.unit})
    return None


def _known(values: dict[str, Value], members: list[Entity], entity: Entity, word: str) -> list[float]:
    wanted = entity.set_code(word)
    of_set = [values[member.code] for member in members if wanted is not None and member.set_code(word) == wanted]
    return [value for value in of_set if value is not None]


def _from_siblings(edition: Edition, measure: Node, entity: Entity, rule: dict[str, Any], delivered: Table) -> Value:
    """Each column turned so that more is better and laid on 0–1 in its set; the mean of the entity's own places, laid back."""
    assert measure.parent is not None
    word, places = rule.get("within", "group"), list[float]()
    for sibling in measure.parent.children_in(entity.base):
        value = delivered[sibling.code][entity.code]
        known = _known(delivered[sibling.code], edition.entities, entity, word)
        if sibling is measure or value is None or not known or min(known) == max(known):
            continue
        place = (value - min(known)) / (max(known) - min(known))
        places.append(place if sibling.sign > 0 else 1 - place)
    own = _known(delivered[measure.code], edition.entities, entity, word)
    if not places or not own:
        return None
    place = fmean(places) if rule["method"] == "siblings_mean" else median(places)
    return steadied(min(own) + (place if measure.sign > 0 else 1 - place) * (max(own) - min(own)))


def _in_time(rule: dict[str, Any], entity: Entity, series: dict[int, Value]) -> Value:
    """From the unit's other years. Line and constant: beyond the ends the nearest holds."""
    now = entity.time or 0
    known = {time: value for time, value in series.items() if value is not None}
    before, after = [time for time in known if time < now], [time for time in known if time > now]
    if rule["method"] == "latest":
        at_most = rule.get("at_most")
        return known[max(before)] if before and (at_most is None or now - max(before) <= at_most) else None
    if not before:
        return known[min(after)] if after else None
    if not after or rule["method"] == "constant":
        return known[max(before)]
    first, last = max(before), min(after)
    return known[first] + (known[last] - known[first]) * (now - first) / (last - first)
