"""From the measures to the root: each node's rate from its children's, level by level, for all entities at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from tests.oracle.aggregating import TIED, Undefined, aggregated, copeland
from tests.oracle.arithmetic import steadied
from tests.oracle.edition import Edition, Entity, Node, Rules
from tests.oracle.measuring import Measured, child
from tests.oracle.normalising import Case, Told, normalised
from tests.oracle.sharing import Child, State, weights_used, without
from tests.oracle.statistics_of import Norms

Key = tuple[str, str]  # entity, node
WITHOUT_STEPS = {"goalposts", "min_max", "z_score", "distance_to_target", "distance_to_reference"}


@dataclass
class Climbed:
    """By (entity, node): the node as a child of its parent, and how the points of the parent are shared among its children."""

    nodes: dict[Key, Child] = field(default_factory=dict)
    used: dict[Key, dict[str, float]] = field(default_factory=dict)
    unscored: set[Key] = field(default_factory=set)  # missing, and there as 0 for its parent: nothing below it has points
    states: dict[Key, str] = field(default_factory=dict)  # of measures, as the pipeline names them


def climbed(edition: Edition, steps: Measured, left_out: frozenset[str] = frozenset()) -> Climbed:
    """Every node of every entity that is not screened out; as if the measures left out did not apply."""
    tree = Climbed()
    entities = [entity for entity in edition.entities if steps.scored(entity)]
    for measure in edition.measures:
        for entity in entities:
            tree.nodes[entity.code, measure.code], tree.states[entity.code, measure.code] = child(edition, measure, entity, steps)
    for node in reversed(list(edition.root.walk())):
        if not node.is_measure and node is not edition.root:
            members = [entity for entity in entities if entity.base in node.share]
            for entity in members:
                below = [tree.nodes[entity.code, child.code] for child in node.children_in(entity.base)]
                tree.nodes.update({(entity.code, child.code): child for child in without(below, left_out)})
            _rate(edition, node, members, tree)
    return tree


def _rate(edition: Edition, node: Node, entities: list[Entity], tree: Climbed) -> None:
    children = {entity.code: [tree.nodes[entity.code, below.code] for below in node.children_in(entity.base)] for entity in entities}
    states = {entity.code: _state(node, children[entity.code]) for entity in entities}
    present = [entity for entity in entities if states[entity.code] == "present"]
    rates, undefined = _aggregated(node, present, children)
    states.update(dict.fromkeys(undefined, "blocked"))
    untold = _normalise(edition, node, [entity for entity in present if entity.code in rates], rates)
    states.update(untold)
    for entity in entities:
        tree.used[entity.code, node.code] = weights_used(children[entity.code])
        if states[entity.code] == "missing":
            tree.unscored.add((entity.code, node.code))
        tree.nodes[entity.code, node.code] = _as_child(edition, node, entity, states[entity.code], rates)


def _state(node: Node, children: list[Child]) -> State:
    if any(child.state == "blocked" for child in children):
        return "blocked"
    present = [child for child in children if child.state == "present"]
    applicable = [child for child in children if child.state != "not_applicable"]
    least = node.rules.get("aggregate", {}).get("at_least", 0)
    if present and len(present) / len(applicable) >= least:
        return "present"
    if present or any(child.state == "missing" for child in children):
        return "missing"
    return "not_applicable" if any(child.state == "not_applicable" for child in children) else "no_information"


def _aggregated(node: Node, entities: list[Entity], children: dict[str, list[Child]]) -> tuple[dict[str, float], list[str]]:
    rule = node.rules.get("aggregate", {})
    if rule.get("method") == "copeland":
        return _outranked(node, entities, children), []
    rates, undefined = dict[str, float](), list[str]()
    for entity in entities:
        present = [child for child in children[entity.code] if child.rate is not None]
        used = weights_used(children[entity.code])
        if rule.get("method") == "sum":
            whole = _written(node, entity) / sum(child.weight for child in children[entity.code])
            used = weights_used([replace(child, weight=child.weight * whole) for child in children[entity.code]])
        try:
            rates[entity.code] = aggregated(rule, [child.rate or 0.0 for child in present], [used[child.code] for child in present])
        except Undefined:
            undefined.append(entity.code)
    return rates, undefined


def _written(node: Node, entity: Entity) -> float:
    return sum(below.weight[entity.base] for below in node.children_in(entity.base))


def _outranked(node: Node, entities: list[Entity], children: dict[str, list[Child]]) -> dict[str, float]:
    scores = dict[str, float]()
    word = node.rules["aggregate"].get("within", "group")
    for set_code in sorted({entity.set_code(word) or "" for entity in entities}):
        members = [entity for entity in entities if (entity.set_code(word) or "") == set_code]
        rates = {entity.code: {child.code: child.rate for child in children[entity.code] if child.rate is not None} for entity in members}
        weights = {entity.code: {below.code: below.share[entity.base] for below in node.children_in(entity.base)} for entity in members}
        scores |= copeland(weights, rates)
    return scores


def _normalise(edition: Edition, node: Node, entities: list[Entity], rates: dict[str, float]) -> dict[str, State]:
    """Normalise the rates in place; entity → state where that leaves none."""
    rule = node.rules.get("normalise")
    if not rule:
        return {}
    untold, word = dict[str, State](), rule.get("within", "group")
    raw = rates | _compared(rule, word, {entity.code: rates[entity.code] for entity in entities})
    for entity in entities:
        if word == "frozen":
            numbers = edition.norms.get((node.code, entity.base), [])
        else:
            own = entity.set_code(word)
            numbers = [raw[member.code] for member in entities if own is not None and member.set_code(word) == own]
        tolerance = TIED * max(1.0, max(map(abs, numbers), default=0.0))
        norms = Norms([number * node.sign for number in numbers], tolerance, is_frozen=word == "frozen")
        result = normalised(Case(raw[entity.code], node.sign, rule, norms, 0.0, raw.get(rule.get("entity", ""))))
        if isinstance(result, float):
            rates[entity.code] = result
        else:
            del rates[entity.code]
            untold[entity.code] = "no_information" if isinstance(result, Told) else "missing"
    return untold


def _compared(rule: Rules, within: str, rates: dict[str, float]) -> dict[str, float]:
    """The rates as they are compared: to twelve digits, or whole where the method has no steps and no other entity has the same twelve."""
    steady = {code: steadied(rate) for code, rate in rates.items()}
    alike = Counter(steady.values())
    is_whole = rule["method"] in WITHOUT_STEPS and within != "frozen"
    return {code: rate if is_whole and alike[steady[code]] == 1 else steady[code] for code, rate in rates.items()}


def _as_child(edition: Edition, node: Node, entity: Entity, state: State, rates: dict[str, float]) -> Child:
    policy, weight = (node.rules.get("missing") or {}).get("policy", "reweight"), node.share[entity.base]
    if state == "present":
        return Child(node.code, weight, "present", rates[entity.code])
    if state == "missing" and policy in {"zero", "block"}:
        return Child(node.code, weight, "present" if policy == "zero" else "blocked", 0.0 if policy == "zero" else None)
    rule = edition.rules.get("not_applicable", "reweight") if state == "not_applicable" else policy if state == "missing" else "reweight"
    return Child(node.code, weight, state, leaves="spread" if rule == "spread" else "reweight")
