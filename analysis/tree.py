"""The tree of indicators in numpy: the root's rate under many sets of points at once, by the rules that dbt scores by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ROOT = "TOTAL"


@dataclass(frozen=True)
class Node:
    """An indicator. `lowest`: its column among the lowest ones, None where `children` stand below it."""

    aggregate: Literal["arithmetic", "geometric"]
    lowest: int | None
    children: tuple[Node, ...]


@dataclass(frozen=True)
class Tree:
    """The root, and of each lowest indicator, depth-first, its code and nominal points."""

    root: Node
    codes: tuple[str, ...]
    points: tuple[float, ...]


@dataclass(frozen=True)
class _Rated:
    """A node under `d` sets of points: rate (d or 1, entities), points (d, 1), and for which entities anything below it is present."""

    rate: Floats
    points: Floats
    is_present: Flags


def build_tree(indicators: Iterable[dict[str, Any]]) -> Tree:
    """The tree from the rows of the framework's table `indicators`, first levels below an arithmetic root."""
    rows = sorted(indicators, key=lambda row: row["position"])
    lowest = [row for row in rows if row["is_lowest"]]
    columns = {row["indicator_code"]: column for column, row in enumerate(lowest)}

    def below(parent: str | None) -> tuple[Node, ...]:
        return tuple(
            Node(row["aggregate"], columns.get(row["indicator_code"]), below(row["indicator_code"]))
            for row in rows
            if row["parent_code"] == parent
        )

    return Tree(Node("arithmetic", None, below(None)), tuple(columns), tuple(float(row["points"]) for row in lowest))


def root_rates(tree: Tree, rates: Floats, points: Floats) -> Floats:
    """The root's rate, 0–1: a row a set of points, a column an entity; NaN where nothing is present.

    `rates` is entities × lowest indicators, NaN where one is dropped; `points` is sets × lowest indicators. A node's points are the sum
    of those below it; a dropped child's go to its siblings in proportion. Only the proportions of points matter.
    """
    rated = _rate(tree.root, rates, points)
    return np.where(rated.is_present, np.broadcast_to(rated.rate, (len(points), len(rates))), np.nan)


def _rate(node: Node, rates: Floats, points: Floats) -> _Rated:
    if node.lowest is not None:
        rate = rates[:, node.lowest]
        is_present = ~np.isnan(rate)
        return _Rated(np.where(is_present, rate, 0.0)[np.newaxis, :], points[:, [node.lowest]], is_present)
    children = [_rate(child, rates, points) for child in node.children]
    mean = _geometric if node.aggregate == "geometric" else _arithmetic
    return _Rated(mean(children), sum((child.points for child in children), np.zeros((len(points), 1))), _any_present(children))


def _any_present(children: list[_Rated]) -> Flags:
    return np.asarray(np.stack([child.is_present for child in children]).any(axis=0))


def _arithmetic(children: list[_Rated]) -> Floats:
    """Σ points × rate ÷ Σ points over the children present. Sums run child by child: the same on every machine."""
    total: Floats = np.zeros((1, 1))
    weight: Floats = np.zeros((1, 1))
    for child in children:
        total = total + child.points * np.where(child.is_present, child.rate, 0.0)
        weight = weight + child.points * child.is_present
    return _divided(total, weight)


def _geometric(children: list[_Rated]) -> Floats:
    """exp(Σ points × ln rate ÷ Σ points) over the children present; nothing where one of them is nothing."""
    total: Floats = np.zeros((1, 1))
    weight: Floats = np.zeros((1, 1))
    is_nothing: Flags = np.zeros((1, 1), dtype=np.bool_)
    for child in children:
        is_zero = child.is_present & (child.rate <= 0)
        logarithm = np.log(np.where(child.is_present & ~is_zero, child.rate, 1.0))
        total = total + child.points * logarithm
        weight = weight + child.points * child.is_present
        is_nothing = is_nothing | is_zero
    return np.where(is_nothing, 0.0, np.exp(_divided(total, weight)))


def _divided(total: Floats, weight: Floats) -> Floats:
    return np.divide(total, weight, out=np.zeros(np.broadcast_shapes(total.shape, weight.shape)), where=weight > 0)
