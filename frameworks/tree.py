"""The tree of indicators, flattened depth-first, with each node's points stated or derived from weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from frameworks.document import Loc
from frameworks.model import FrameworkFile, Indicator


@dataclass(frozen=True)
class Node:
    """One indicator in its place; `points` are its own, or its weight's part of its parent's; None where neither is stated."""

    indicator: Indicator
    loc: Loc
    parent: Node | None
    level: int
    points: float | None

    @property
    def is_lowest(self) -> bool:
        """Whether measures feed it."""
        return not self.indicator.indicators

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code


def walk(file: FrameworkFile) -> list[Node]:
    """Every indicator of the framework, a parent before its children, siblings in the file's order."""
    return list(_walk(file.indicators, ("indicators",), None, file.scale))


def _walk(siblings: Sequence[Indicator], loc: Loc, parent: Node | None, total: float | None) -> Iterator[Node]:
    weights = sum(sibling.weight or 0 for sibling in siblings)
    for position, sibling in enumerate(siblings):
        points = sibling.points
        if points is None and sibling.weight is not None and total is not None:
            points = total * sibling.weight / weights
        node = Node(sibling, (*loc, position), parent, parent.level + 1 if parent else 1, points)
        yield node
        yield from _walk(sibling.indicators, (*loc, position, "indicators"), node, points)
