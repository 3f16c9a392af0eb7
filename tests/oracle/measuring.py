"""From what was delivered to a normalised value: screen, impute, treat and normalise, each measure by its own reference sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from tests.oracle import imputing, treating
from tests.oracle.arithmetic import computed
from tests.oracle.edition import Edition, Entity, Node, Value
from tests.oracle.normalising import Case, Normalised, Told, normalised
from tests.oracle.screening import Screened, points_of, screened
from tests.oracle.sharing import Child
from tests.oracle.statistics_of import Norms

Key = tuple[str, str]  # entity, measure


@dataclass
class Measured:
    """Every step of every measure, by (entity, measure). A pair that does not apply is in none but `values`."""

    values: dict[Key, Value] = field(default_factory=dict)
    applicable: dict[str, list[Entity]] = field(default_factory=dict)  # measure → those who are not screened out
    screened: dict[str, Screened] = field(default_factory=dict)
    imputed: dict[Key, Value] = field(default_factory=dict)
    imputed_by: dict[Key, str] = field(default_factory=dict)
    blocked: set[Key] = field(default_factory=set)
    treated: dict[Key, Value] = field(default_factory=dict)
    normalised: dict[Key, Normalised] = field(default_factory=dict)

    def scored(self, entity: Entity) -> bool:
        """Whether the entity passed the screen."""
        return not self.screened[entity.code].is_out


def measured(edition: Edition) -> Measured:
    """All steps, one after the other."""
    steps = Measured()
    applies = {
        (entity.code, measure.code): _valued(edition, entity, measure, steps) for entity in edition.entities for measure in edition.measures
    }
    for entity in edition.entities:
        own = [measure for measure in edition.measures if applies[entity.code, measure.code]]
        steps.screened[entity.code] = screened(edition, entity, {node.code: steps.values[entity.code, node.code] for node in own}, own)
    for measure in edition.measures:
        steps.applicable[measure.code] = [
            entity for entity in edition.entities if applies[entity.code, measure.code] and steps.scored(entity)
        ]
    _impute(edition, steps)
    for measure in edition.measures:
        _treat(edition, measure, steps)
        _normalise(edition, measure, steps)
    return steps


def _valued(edition: Edition, entity: Entity, measure: Node, steps: Measured) -> bool:
    inputs = {code: column.get(entity.code) for code, column in edition.inputs.items()}
    steps.values[entity.code, measure.code] = computed(measure.rules["value"], inputs)
    condition = measure.rules.get("applies_when")
    return entity.base in measure.share and (condition is None or computed(condition, inputs) != 0)


def _impute(edition: Edition, steps: Measured) -> None:
    delivered: imputing.Table = {}
    for measure in edition.measures:
        delivered[measure.code] = {entity.code: None for entity in edition.entities}
        delivered[measure.code].update({entity.code: steps.values[entity.code, measure.code] for entity in steps.applicable[measure.code]})
    for measure in edition.measures:
        method = imputing.rule_of(edition, measure)["method"]
        for entity in steps.applicable[measure.code]:
            key, value = (entity.code, measure.code), delivered[measure.code][entity.code]
            if value is None:
                value = imputing.imputed(edition, measure, entity, steps.applicable[measure.code], delivered)
                if value is not None:
                    steps.imputed_by[key] = method
                elif method == "block":
                    steps.blocked.add(key)
            steps.imputed[key] = value


def _treat(edition: Edition, measure: Node, steps: Measured) -> None:
    rule, members = treating.rule_of(edition, measure), steps.applicable[measure.code]
    steps.treated.update({(entity.code, measure.code): steps.imputed[entity.code, measure.code] for entity in members})
    for set_code in sets(members, (rule or {}).get("within", "group")) if rule else []:
        of_set = [(entity.code, measure.code) for entity in members if entity.set_code((rule or {}).get("within", "group")) == set_code]
        numbers = [(key, value) for key in of_set if (value := steps.imputed[key]) is not None]
        if numbers and rule:
            moved = treating.treated([value for _, value in numbers], rule)
            steps.treated.update({key: value for (key, _), value in zip(numbers, moved, strict=True)})


def sets(members: list[Entity], word: str) -> list[str]:
    """The sets called `word` that these entities belong to."""
    return sorted({code for entity in members if (code := entity.set_code(word)) is not None})


def _normalise(edition: Edition, measure: Node, steps: Measured) -> None:
    rule, members = measure.rules["normalise"], steps.applicable[measure.code]
    word = rule.get("within", "group")
    for entity in members:
        key = entity.code, measure.code
        reference = steps.treated.get((rule.get("entity", ""), measure.code))
        if word == "frozen":
            numbers = edition.norms.get((measure.code, entity.base), [])
        else:
            own = entity.set_code(word)
            of_set = [steps.treated[member.code, measure.code] for member in members if own is not None and member.set_code(word) == own]
            numbers = [number for number in of_set if number is not None]
        norms = Norms([number * measure.sign for number in numbers], is_frozen=word == "frozen")
        points = points_of(measure, entity.base)
        steps.normalised[key] = normalised(Case(steps.treated[key], measure.sign, rule, norms, points, reference))


def child(edition: Edition, measure: Node, entity: Entity, steps: Measured) -> tuple[Child, str]:
    """The measure as a child of its indicator, and its state as the pipeline names it."""
    weight, key = measure.share.get(entity.base, 0.0), (entity.code, measure.code)
    if key not in steps.normalised:
        return Child(measure.code, weight, "not_applicable", leaves=edition.rules.get("not_applicable", "reweight")), "not_applicable"
    result, policy = steps.normalised[key], edition.policy(measure)
    if isinstance(result, Told):
        return Child(measure.code, weight, "no_information"), "no_information"
    if result is not None:
        return Child(measure.code, weight, "present", result), "imputed" if key in steps.imputed_by else "delivered"
    if policy == "block" or key in steps.blocked:
        return Child(measure.code, weight, "blocked"), "blocked"
    if policy == "group_median":
        group = [steps.normalised[other.code, measure.code] for other in steps.applicable[measure.code] if other.group == entity.group]
        numbers = [number for number in group if isinstance(number, float)]
        if not numbers:
            return Child(measure.code, weight, "no_information"), "no_information"
        return Child(measure.code, weight, "present", median(numbers)), "imputed"
    if policy == "zero":
        return Child(measure.code, weight, "present", 0.0), "missing"
    return Child(measure.code, weight, "missing", leaves="spread" if policy == "spread" else "reweight"), "missing"
