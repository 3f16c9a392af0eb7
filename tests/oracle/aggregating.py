"""Aggregate: one node's rate from the rates of the children that are present. Raises Undefined where a mean of such rates is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, variance

from tests.oracle.edition import Rules

TIED = 1e-12
NOISE = 1e-15


class Undefined(ValueError):
    """The rates have no such mean: the node cannot be told."""


def aggregated(rule: Rules, rates: Sequence[float], weights: Sequence[float]) -> float:
    """The rate by the rule's method. `weights` are those used, of `sum` as written (with what dropped children left to the others).

    A rate that is noise about 0, as −0.75 + 0.75 may leave, is 0: methods that part 0 from what is below it must not look at noise.
    """
    rates = [0.0 if abs(rate) < NOISE else rate for rate in rates]
    match rule.get("method", "arithmetic"):
        case "arithmetic":
            return _mean(rates, weights)
        case "geometric":
            return _geometric(rates, weights)
        case "harmonic":
            return _harmonic(rates, weights)
        case "generalised":
            return _power_mean(rates, weights, float(rule["power"]))
        case "sum":
            return sum(w * x for w, x in zip(weights, rates, strict=True))
        case "minimum":
            return min(rates)
        case "mazziotta_pareto":
            return _mazziotta_pareto(rates, rule.get("penalty", "negative"))
    raise ValueError(f"the oracle does not know {rule['method']}")


def _mean(x: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * v for w, v in zip(weights, x, strict=True)) / sum(weights)


def _geometric(x: Sequence[float], weights: Sequence[float]) -> float:
    if min(x) < 0:
        raise Undefined
    return 0.0 if 0 in x else math.exp(_mean([math.log(v) for v in x], weights))


def _harmonic(x: Sequence[float], weights: Sequence[float]) -> float:
    if min(x) < 0:
        raise Undefined
    return 0.0 if 0 in x else sum(weights) / sum(w / v for w, v in zip(weights, x, strict=True))


def _power_mean(x: Sequence[float], weights: Sequence[float], power: float) -> float:
    if min(x) < 0 and not power.is_integer():
        raise Undefined
    if power < 0 and 0 in x:
        return 0.0
    mean = _mean([v**power for v in x], weights)
    if mean < 0 or (mean == 0 and power < 0):
        raise Undefined
    return float(mean ** (1 / power))


def _mazziotta_pareto(x: Sequence[float], penalty: str) -> float:
    mean = fmean(x)
    if len(x) == 1:
        return mean
    if mean**2 <= TIED**2 * variance(x):
        return 0.0
    moved = variance(x) / mean
    return mean + moved if penalty == "positive" else mean - moved


def copeland(weights: dict[str, dict[str, float]], rates: dict[str, dict[str, float]]) -> dict[str, float]:
    """Entity → pairs won less pairs lost. `rates`: entity → child → rate, of the children that are present; `weights` likewise, as written.

    A pair is decided by the children that both have: the share of their weight where one is ahead, and half of it where both are alike.
    """
    scores = dict.fromkeys(rates, 0.0)
    for one, own in rates.items():
        for other, theirs in rates.items():
            both = [child for child in own if child in theirs]
            if one == other or not both:
                continue
            weight = {child: weights[one][child] + weights[other][child] for child in both}
            ahead = sum(weight[child] * _won(own[child], theirs[child]) for child in both) / sum(weight.values())
            scores[one] += 0 if abs(ahead - 0.5) <= TIED else 1 if ahead > 0.5 else -1
    return scores


def _won(own: float, theirs: float) -> float:
    return 0.5 if abs(own - theirs) <= TIED * max(1.0, abs(own)) else float(own > theirs)
