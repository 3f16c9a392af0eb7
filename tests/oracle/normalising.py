"""Normalise: one value against its goalposts, target, bands or reference set. None: missing; NOTHING_TOLD: the set tells nobody apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist

from tests.oracle.arithmetic import computed, rounded
from tests.oracle.edition import Rules, Value
from tests.oracle.statistics_of import Norms


class Told(Enum):
    """What a value may be beside a number or missing."""

    NOTHING = "no information"


NOTHING_TOLD = Told.NOTHING
Normalised = float | Told | None
RANGED = {"goalposts", "min_max", "percentile_rank", "exponential"}


@dataclass(frozen=True)
class Case:
    """One value to normalise. `value` in its own unit (None: missing); `reference`: that of the entity which the rule names."""

    value: Value
    sign: int
    rule: Rules
    norms: Norms
    points: float = 0.0
    reference: Value = None

    @property
    def x(self) -> float:
        """More is better."""
        assert self.value is not None
        return self.value * self.sign


def normalised(case: Case) -> Normalised:
    """The case's value by its rule, on its range, rounded where the rule says so."""
    result = _by_method(case)
    if result is None or isinstance(result, Told):
        return result
    if not math.isfinite(result):
        return None
    low, high = case.rule.get("range", (0, 1))
    if case.rule["method"] in RANGED:
        result = low + result * (high - low)
    decimals = case.rule.get("decimals")
    return result if decimals is None else float(rounded(result, decimals))


def _by_method(case: Case) -> Normalised:
    if case.rule["method"] in _OF_SET and case.norms.entities and _tells_nothing(case):
        return NOTHING_TOLD
    if case.value is None:
        return None
    if case.rule["method"] in _OF_SET:
        return _OF_SET[case.rule["method"]](case) if case.norms.entities else NOTHING_TOLD
    return _ALONE[case.rule["method"]](case)


def _tells_nothing(case: Case) -> bool:
    rule, norms = case.rule, case.norms
    lowest, highest = norms.lowest, norms.highest
    assert lowest is not None
    assert highest is not None
    match rule["method"]:
        case "min_max" | "percentile_rank" | "z_score":
            return norms.is_constant
        case "distance_to_target":
            return bool(case.sign * rule["target"] == lowest)
        case "distance_to_reference":
            return case.reference is None or case.sign * case.reference == lowest
        case "fraction_of_best":
            return highest <= 0 if case.sign > 0 else -highest <= 0
    return False


def _min_max(case: Case) -> Value:
    lowest, highest = min(case.norms.x), max(case.norms.x)
    return (case.x - lowest) / (highest - lowest)


def _z_score(case: Case) -> Value:
    mean, sd = case.norms.mean(), case.norms.sd(case.rule.get("of", "sample"))
    assert mean is not None
    assert sd
    return (case.x - mean) / sd * float(case.rule.get("sd", 1)) + float(case.rule.get("mean", 0))


def _place(case: Case) -> float:
    return case.norms.place(case.x, case.rule.get("ties", "lowest"))


def _percentile_rank(case: Case) -> Value:
    return (_place(case) - 1) / (case.norms.entities - 1)


def _rank(case: Case) -> Value:
    return _place(case)


def _borda(case: Case) -> Value:
    return _place(case) - 1


def _distance_to_target(case: Case) -> Value:
    lowest = min(case.norms.x)
    way = (case.x - lowest) / (case.sign * float(case.rule["target"]) - lowest)
    return min(way, 1.0) if case.rule.get("cap") else way


def _distance_to_reference(case: Case) -> Value:
    assert case.reference is not None
    best = case.sign * case.reference
    way = 1 - (best - case.x) / (best - min(case.norms.x))
    return min(way, 1.0) if case.rule.get("cap") else way


def _fraction_of_best(case: Case) -> Value:
    best = max(case.norms.x)
    if case.sign > 0:
        return case.x / best
    return best / case.x if case.x < 0 else None  # x is the opposite; a newcomer to frozen values may be 0 or less, a fraction of nothing


def _exponential(case: Case) -> Value:
    strength, rank = float(case.rule.get("strength", 23)), _place(case) / case.norms.entities
    return -strength * math.log(1 - rank * (1 - math.exp(-100 / strength))) / 100


def _normal_score(case: Case) -> Value:
    offset = float(case.rule.get("offset", 0))
    whole, below = case.norms.entities + 1 - 2 * offset, _place(case) - offset
    above = whole - below  # both halves from the lower one, so that they are each other's opposite to the last bit
    return math.copysign(NormalDist().inv_cdf(min(below, above) / whole), below - above)


def _formula(case: Case) -> Value:
    norms = case.norms
    names = {"lowest": norms.lowest, "highest": norms.highest, "mean": norms.mean(), "sd": norms.sd(), "median": norms.median()}
    return computed(case.rule["of"], {**names, "x": case.x, "n": float(norms.entities), "place": norms.place(case.x)})


def _goalposts(case: Case) -> Value:
    worst, best, value = float(case.rule["worst"]), float(case.rule["best"]), case.x * case.sign
    if case.rule.get("cap", True):
        value = max(min(worst, best), min(max(worst, best), value))
    if case.rule.get("scale") == "ln":
        if value <= 0:
            return None
        worst, best, value = math.log(worst), math.log(best), math.log(value)
    return (value - worst) / (best - worst)


def _ratio_to_target(case: Case) -> Value:
    return max(0.0, min(1.0, case.x * case.sign / float(case.rule["target"])))


def _bands(case: Case) -> Value:
    for limit, score in sorted(case.rule["table"].items()):
        if case.x * case.sign <= limit:
            return float(score)
    return float(case.rule.get("else", 0))


def _category_map(case: Case) -> Value:
    score = case.rule["values"].get(case.x * case.sign)
    return None if score is None else float(score)


def _deduction(case: Case) -> Value:
    return max(float(case.rule.get("floor", 0)), min(1.0, 1 - case.x * case.sign / case.points))


def _none(case: Case) -> Value:
    return case.x


_OF_SET = {
    "min_max": _min_max, "z_score": _z_score, "percentile_rank": _percentile_rank, "rank": _rank, "borda": _borda,
    "distance_to_target": _distance_to_target, "distance_to_reference": _distance_to_reference, "fraction_of_best": _fraction_of_best,
    "exponential": _exponential, "normal_score": _normal_score, "formula": _formula,
}  # fmt: skip
_ALONE = {
    "goalposts": _goalposts, "ratio_to_target": _ratio_to_target, "bands": _bands, "category_map": _category_map, "deduction": _deduction,
    "none": _none,
}  # fmt: skip
