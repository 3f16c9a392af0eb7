"""Treat: outliers of one reference set pulled in, by skewness and kurtosis. Values as measured, whatever the direction."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

from tests.oracle.edition import Edition, Node, Value


def rule_of(edition: Edition, measure: Node) -> dict[str, Any] | None:
    """The measure's own rule, else the edition's; None: values stay."""
    rule = measure.rules.get("treat", edition.rules.get("treat"))
    return None if rule is None or rule == "none" else dict(rule)


def skewness(x: list[float]) -> Value:
    """Type 2 (G1); None where n < 3 or all are equal."""
    n = len(x)
    if n < 3 or min(x) == max(x):
        return None
    mean = fmean(x)
    squares, cubes = sum((v - mean) ** 2 for v in x), sum((v - mean) ** 3 for v in x)
    return float(math.sqrt(n) * cubes / squares**1.5 * math.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: list[float]) -> Value:
    """Type 2 (G2, excess); None where n < 4 or all are equal."""
    n = len(x)
    if n < 4 or min(x) == max(x):
        return None
    mean = fmean(x)
    squares, fourths = sum((v - mean) ** 2 for v in x), sum((v - mean) ** 4 for v in x)
    return ((n + 1) * (n * fourths / squares**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def passes(x: list[float], rule: dict[str, Any]) -> bool | None:
    """Whether a set needs no treatment: |skewness| or kurtosis below its limit; None where that cannot be told.

    Told to nine decimals, so that noise puts no set on the other side of a limit (0, 0, 0, 1 has skewness 2).
    """
    skew, kurt = skewness(x), kurtosis(x)
    if skew is None or kurt is None:
        return None
    return round(abs(skew), 9) < float(rule.get("skewness", 2)) or round(kurt, 9) < float(rule.get("kurtosis", 3.5))


def treated(x: list[float], rule: dict[str, Any]) -> list[float]:
    """The set after its first step, and after `otherwise` where that did not do; as delivered where nothing can be told."""
    if passes(x, rule) is not False:
        return x
    first = winsorised(x, rule) if rule["method"] == "winsorise" else transformed(x, rule)
    if first is None:
        return x
    otherwise = rule.get("otherwise")
    if not otherwise or passes(first, rule) is not False:
        return first
    second = transformed(first if rule.get("combine") else x, otherwise)
    return first if second is None else second


def winsorised(x: list[float], rule: dict[str, Any]) -> list[float] | None:
    """Points at the end pulled in while the rule asks for it; None where that would leave all alike."""
    at_most, out, low, high = rule.get("at_most", 5), list(x), 0, 0
    while passes(out, rule) is False and (at_most is None or low + high < at_most):
        if (skewness(out) or 0) >= 0:
            top = max(v for v in out if v < max(out))
            out, high = [min(v, top) for v in out], sum(v > top for v in out)
        else:
            bottom = min(v for v in out if v > min(out))
            out, low = [max(v, bottom) for v in out], sum(v < bottom for v in out)
    return None if min(out) == max(out) else out


def transformed(x: list[float], rule: dict[str, Any]) -> list[float] | None:
    """A logarithm or power of a whole set; None where it is defined for no such set."""
    low, high = min(x), max(x)
    span = high - low
    match rule["method"]:
        case "log":
            return [math.log(v - low + 0.01 * span) for v in x]
        case "log_plus":
            if (skewness(x) or 0) > 0:
                return [math.log(v - low + 0.01 * span) for v in x]
            return [-math.log(high + 0.01 * span - v) for v in x]
        case "log_shifted":
            return [math.log(v - low + 1) for v in x]
        case "log_gii":
            if high <= 1:  # the order would turn round, or nothing be left
                return None
            return [math.log((high - 1) * (v - low) / span + 1) for v in x]
        case "box_cox":
            power = rule["power"]
            return [math.log(v - low + 1) if power == 0 else ((v - low + 1) ** power - 1) / power for v in x]
    raise ValueError(f"the oracle does not know {rule['method']}")
