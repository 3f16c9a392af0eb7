"""Random numbers from a seed and a name: the same name gives the same draw, whatever else was drawn before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from statistics import NormalDist

STANDARD_NORMAL = NormalDist()


@dataclass(frozen=True)
class Draws:
    """Draws of one seed. Each is named by what it is for, so that a new quantity moves no other."""

    seed: int

    def stream(self, *name: object) -> Random:
        """A stream of random numbers of its own."""
        return Random("/".join(str(part) for part in (self.seed, *name)))

    def normal(self, *name: object) -> float:
        """One standard normal number."""
        return self.stream(*name).gauss(0, 1)

    def uniform(self, *name: object) -> float:
        """One number of 0 … 1."""
        return self.stream(*name).random()


def logistic(rate: float, shift: float) -> float:
    """`rate` (0–1, without the ends) moved by `shift` on the logit scale."""
    return 1 / (1 + math.exp(-math.log(rate / (1 - rate)) - shift))


def by_share(shares: dict[str, float], at: float) -> str:
    """The key into whose part `at` (0–1) falls when the shares are laid side by side in their order."""
    left = at * sum(shares.values())
    for key, share in shares.items():
        left -= share
        if left < 0:
            return key
    return next(reversed(shares))


def poisson(stream: Random, mean: float) -> int:
    """A Poisson number of a small mean."""
    limit, product, number = math.exp(-mean), stream.random(), 0
    while product > limit:
        product *= stream.random()
        number += 1
    return number


def whole(stream: Random, value: float) -> int:
    """`value` rounded up or down at random, so that its mean stays what it is."""
    return math.floor(value + stream.random())
