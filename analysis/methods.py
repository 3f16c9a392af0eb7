"""How a node's rate comes from those of its children, in numpy: a function a method, by the definitions of dbt's `macros/aggregate`.

Every array is draws × entities; either side may be 1 where it is the same for all. Sums run child by child: the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
_T = TypeVar("_T", bound=np.generic)
_TIED = 1e-12  # rates and shares of a pair that lie closer are equal: sums are no better than that


@dataclass(frozen=True)
class Children:
    """An element a child. `rates` and `weights` are 0 where it is not `counted`; `points` are its own, without those of dropped ones."""

    rates: Sequence[Floats]
    weights: Sequence[Floats]
    points: Sequence[Floats]
    counted: Sequence[Flags]


@dataclass(frozen=True)
class Method:
    """A node's `aggregate`: `weight` is the sum of its children's weights as written; `sets` whom Copeland compares, as positions."""

    name: str = "arithmetic"
    power: float = 1.0
    penalty: Literal["negative", "positive"] = "negative"
    at_least: float = 0.0
    weight: Floats | float = 1.0
    sets: tuple[Whole, ...] = ()


# The rate, and where it is defined; of no child at all it is 0, and nobody asks for it.
Result = tuple[Floats, Flags]
_ALWAYS: Flags = np.ones((1, 1), dtype=np.bool_)


def divided(total: Floats, by: Floats) -> Floats:
    """Total ÷ by, 0 where that is 0."""
    return np.divide(total, by, out=np.zeros(np.broadcast_shapes(total.shape, by.shape)), where=by != 0)


def _mean(children: Children, of: Callable[[Floats], Floats], usable: Callable[[Floats], Flags]) -> Floats:
    """Σ weight × of(rate) ÷ Σ weight; a rate that is not usable counts as of(1)."""
    total: Floats = np.zeros((1, 1))
    weight: Floats = np.zeros((1, 1))
    for rate, part, counted in zip(children.rates, children.weights, children.counted, strict=True):
        total = total + part * of(np.where(counted & usable(rate), rate, 1.0)) * counted
        weight = weight + part * counted
    return divided(total, weight)


def _any(children: Children, holds: Callable[[Floats], Flags]) -> Flags:
    found: Flags = np.zeros((1, 1), dtype=np.bool_)
    for rate, counted in zip(children.rates, children.counted, strict=True):
        found = found | (counted & holds(rate))
    return found


def _arithmetic(children: Children, method: Method) -> Result:
    del method
    return _mean(children, lambda rate: rate, np.isfinite), _ALWAYS


def _sum(children: Children, method: Method) -> Result:
    """The weights of dropped children lie on those that are present, so it is the mean times all weights."""
    return _arithmetic(children, method)[0] * method.weight, _ALWAYS


def _geometric(children: Children, method: Method) -> Result:
    del method
    mean = np.exp(_mean(children, np.log, lambda rate: rate > 0))
    return np.where(_any(children, lambda rate: rate == 0), 0.0, mean), ~_any(children, lambda rate: rate < 0)


def _harmonic(children: Children, method: Method) -> Result:
    del method
    mean = divided(_ALWAYS.astype(np.float64), _mean(children, lambda rate: 1 / rate, lambda rate: rate > 0))
    return np.where(_any(children, lambda rate: rate == 0), 0.0, mean), ~_any(children, lambda rate: rate < 0)


def _generalised(children: Children, method: Method) -> Result:
    power = method.power
    is_whole = power.is_integer()
    mean = _mean(children, lambda rate: rate**power, lambda rate: (rate > 0) | ((rate < 0) & is_whole) | ((rate == 0) & (power > 0)))
    is_defined: Flags = mean >= 0
    rate = np.where(mean > 0, np.where(mean > 0, mean, 1.0) ** (1 / power), 0.0)
    if power < 0:
        has_zero = _any(children, lambda rate: rate == 0)
        rate, is_defined = np.where(has_zero, 0.0, rate), is_defined | has_zero
    if not is_whole:
        is_defined = is_defined & ~_any(children, lambda rate: rate < 0)
    return rate, is_defined


def _minimum(children: Children, method: Method) -> Result:
    del method
    least: Floats = np.full((1, 1), np.inf)
    for rate, counted in zip(children.rates, children.counted, strict=True):
        least = np.where(counted, np.minimum(least, rate), least)
    return np.where(np.isfinite(least), least, 0.0), _ALWAYS


def _mazziotta_pareto(children: Children, method: Method) -> Result:
    """M ∓ S × S ÷ M, S the sample's standard deviation over the children. It knows no weights, so no draw moves it within itself."""
    number = sum((counted.astype(np.float64) for counted in children.counted), np.zeros((1, 1)))
    total = sum((np.where(counted, rate, 0.0) for rate, counted in zip(children.rates, children.counted, strict=True)), np.zeros((1, 1)))
    mean = divided(total, number)
    squares: Floats = np.zeros((1, 1))
    for rate, counted in zip(children.rates, children.counted, strict=True):
        squares = squares + np.where(counted, (rate - mean) ** 2, 0.0)
    variance = divided(squares, np.where(number > 1, number - 1, 1.0))
    penalty, is_some = divided(variance, mean), mean * mean > 1e-24 * variance  # else noise alone keeps the mean from 0
    return np.where(number > 1, mean - penalty if method.penalty == "negative" else mean + penalty, mean) * is_some, _ALWAYS


def _copeland(children: Children, method: Method) -> Result:
    """Of each entity: how many of its set it outranks, less how many outrank it.

    i outranks j where more than half of the points of the children that both have lie on those in which it is better, half of a tied
    child's counting. Of two entities with different points, a child weighs what it does on the average of both.
    """
    arrays = [*children.rates, *children.points, *children.counted]
    draws, size = max(array.shape[0] for array in arrays), max(1 + int(member.max(initial=0)) for member in method.sets)
    rate = np.zeros((draws, max(size, *(array.shape[1] for array in arrays))))
    for member in method.sets:
        both_of = zip(children.rates, children.counted, strict=True)
        pairs = [_Pairs(_of(values, member), _of(counted, member)) for values, counted in both_of]
        parts = [_of(part, member) for part in children.points]
        for draw in range(draws):
            won, both = np.zeros((1, 1)), np.zeros((1, 1))
            for pair, part in zip(pairs, parts, strict=True):
                weight = part[draw % len(part)]
                halved = (weight[:, np.newaxis] + weight[np.newaxis, :]) / 2
                better, shared = pair.at(draw)
                won, both = won + halved * better, both + halved * shared
            lead = np.where(both > 0, won / np.where(both > 0, both, 1.0) - 0.5, 0.0)
            rate[draw, member] = (lead > _TIED).sum(axis=1) - (lead < -_TIED).sum(axis=1)
    return rate, _ALWAYS


def _of(array: npt.NDArray[_T], member: Whole) -> npt.NDArray[_T]:
    return array[:, member] if array.shape[1] > 1 else np.broadcast_to(array, (len(array), len(member)))


class _Pairs:
    """Of each pair of a set, in one draw: 1 where the first is better, ½ where they tie; and 1 where both have the child."""

    def __init__(self, rate: Floats, counted: Flags) -> None:
        self.rate, self.counted = rate, counted
        self.is_same = len(rate) == 1 and len(counted) == 1
        self.first = self._compared(0)

    def at(self, draw: int) -> tuple[Floats, Flags]:
        return self.first if self.is_same or draw == 0 else self._compared(draw)

    def _compared(self, draw: int) -> tuple[Floats, Flags]:
        rate, counted = self.rate[draw % len(self.rate)], self.counted[draw % len(self.counted)]
        both = counted[:, np.newaxis] & counted[np.newaxis, :]
        one, other = rate[:, np.newaxis], rate[np.newaxis, :]
        is_tied = np.abs(one - other) <= _TIED * np.maximum(np.abs(one), np.abs(other))
        return np.where(both, np.where(is_tied, 0.5, one > other), 0.0), both


METHODS: Mapping[str, Callable[[Children, Method], Result]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "generalised": _generalised,
    "sum": _sum,
    "minimum": _minimum,
    "copeland": _copeland,
    "mazziotta_pareto": _mazziotta_pareto,
}
