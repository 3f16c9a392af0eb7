"""Worlds and examples out of a seed: hypothesis draws, nothing is shrunk here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.oracle.examples import Example, examples
from tests.oracle.worlds import World, worlds

Drawn = TypeVar("Drawn")
TURN = 1_000_000  # seeds of further draws for a batch are none of another batch's


@dataclass(frozen=True)
class Batch:
    """One build: a world, and the examples that are laid side by side in it. The number says again which it was."""

    number: int
    world: World
    examples: list[Example]


def batches(first: int, count: int, each: int) -> Iterator[Batch]:
    """Batches first, first + 1, …: the same number gives the same batch."""
    for number in range(first, first + count):
        world = drawn(worlds(), 2, number)[-1]
        yield Batch(number, world, distinct(examples(world), each, number))


def distinct(strategy: SearchStrategy[Drawn], count: int, number: int) -> list[Drawn]:
    """So many draws, no two alike: hypothesis draws again what it has drawn, a quarter of the time."""
    found, turn = dict[str, Drawn](), 0
    while len(found) < count:
        found |= {repr(value): value for value in drawn(strategy, count - len(found) + 1, number + turn * TURN)[1:]}
        turn += 1
    return list(found.values())


def drawn(strategy: SearchStrategy[Drawn], count: int, number: int) -> list[Drawn]:
    """`count` draws of the strategy. The first is the simplest that there is."""
    listed = list[Drawn]()

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(value: Drawn) -> None:
        listed.append(value)

    take()
    return listed
