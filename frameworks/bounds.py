"""Which methods are sure to give 0–1, and which are sure to give 0: what a mean may stand on, and what a gate holds to 0–1."""

from __future__ import annotations

from frameworks.model import Exponential, Goalposts, Indicator, Measure, MinMax, NoNormalising, Normalise, PercentileRank, ZScore

_ALWAYS = {"ratio_to_target", "bands", "category_map", "deduction"}
_MEANS = {"arithmetic", "geometric", "harmonic", "generalised", "minimum"}
_FROM_ZERO = {"borda", "normal_score", "distance_to_target", "distance_to_reference"}


def gives_0_to_1(normalise: Normalise) -> bool:
    """Whether every result lies within 0–1, whatever the values are."""
    if isinstance(normalise, NoNormalising):
        return normalise.bounded
    if isinstance(normalise, Goalposts):
        return normalise.cap and _is_within(normalise.range)
    if isinstance(normalise, MinMax):
        return normalise.within != "frozen" and _is_within(normalise.range)  # a new value may lie beyond the frozen ones
    if isinstance(normalise, (PercentileRank, Exponential)):
        return _is_within(normalise.range)
    return normalise.method in _ALWAYS


def _is_within(bounds: list[float]) -> bool:
    return all(0 <= bound <= 1 for bound in bounds)


def is_bounded(node: Indicator | Measure) -> bool:
    """Whether a node's rate is sure to lie within 0–1."""
    if node.normalise is not None:
        return gives_0_to_1(node.normalise)
    children: list[Indicator | Measure] = [*node.indicators, *node.measures]
    return node.aggregate.method in _MEANS and all(is_bounded(child) for child in children)


def holds_zeros(normalise: Normalise) -> bool:
    """Whether the worst of a set is sure to get 0 or less, over which there is no geometric mean."""
    if getattr(normalise, "within", None) == "frozen":
        return False
    if isinstance(normalise, (MinMax, PercentileRank)):
        return normalise.range[0] <= 0
    if isinstance(normalise, ZScore):
        return normalise.mean <= 0  # the worst lies below the mean
    return normalise.method in _FROM_ZERO
