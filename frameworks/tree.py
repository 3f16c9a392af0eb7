"""The tree of indicators, flattened depth-first, with each node's points and each measure's share in each group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from frameworks.document import Loc
from frameworks.model import FrameworkFile, Indicator, Measure


@dataclass(frozen=True)
class Node:
    """One indicator in its place.

    `points` and `weights` hold the groups in whose tree it is: its own points or its weight's part of its parent's, and what is written.
    A group is missing where the node is no part of its tree, or where nothing is stated.
    """

    indicator: Indicator
    loc: Loc
    parent: Node | None
    level: int
    points: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_lowest(self) -> bool:
        """Whether measures feed it."""
        return not self.indicator.indicators

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code

    @property
    def is_part(self) -> bool:
        """Whether its points are part of the scale: neither a bonus nor a deduction, nor below one."""
        return self.parent.is_part if self.parent else self.indicator.kind == "part"

    @property
    def measures(self) -> Iterator[tuple[Loc, Measure]]:
        """Its measures, each with its place."""
        return (((*self.loc, "measures", position), measure) for position, measure in enumerate(self.indicator.measures))


def walk(file: FrameworkFile) -> list[Node]:
    """Every indicator of the framework, a parent before its children, siblings in the file's order."""
    return list(_walk(file.indicators, ("indicators",), None, dict.fromkeys(file.entities.groups, file.scale)))


def _walk(siblings: Sequence[Indicator], loc: Loc, parent: Node | None, totals: Mapping[str, float]) -> Iterator[Node]:
    sums = {group: sum(in_group(sibling.weight, group) for sibling in siblings) for group in totals}
    for position, sibling in enumerate(siblings):
        points, weights = dict[str, float](), dict[str, float]()
        for group, total in totals.items():
            written = in_group(sibling.weight if sibling.points is None else sibling.points, group)
            if written > 0:
                weights[group] = written
                points[group] = written if sibling.points is not None else total * written / sums[group]
        node = Node(sibling, (*loc, position), parent, parent.level + 1 if parent else 1, points, weights)
        yield node
        yield from _walk(sibling.indicators, (*loc, position, "indicators"), node, points)


def in_group(written: float | Mapping[str, float] | None, group: str) -> float:
    """What is written for a group: one number for all, or the group's own; 0 where there is none."""
    if isinstance(written, Mapping):
        return written.get(group, 0.0)
    return written or 0.0


def agreed(values: Mapping[str, float], groups: Sequence[str]) -> float | None:
    """The value on which all groups agree; None where they do not."""
    found = {values.get(group) for group in groups}
    return found.pop() if len(found) == 1 else None


def shares(node: Node, group: str) -> dict[str, tuple[float, float]]:
    """Of each measure that the group's tree has below the node: its share (they add up to 1) and its share or weight as written."""
    if group not in node.points:
        return {}
    measures = node.indicator.measures
    if any(measure.share is not None for measure in measures):
        written = {measure.code: in_group(measure.share, group) for measure in measures}
        return {code: (share, share) for code, share in written.items() if share > 0}
    if any(measure.weight is not None for measure in measures):
        written = {measure.code: in_group(measure.weight, group) for measure in measures}
    else:
        written = {measure.code: 1.0 for measure in measures}
    total = sum(written.values())
    return {code: (weight / total, weight) for code, weight in written.items() if weight > 0}
