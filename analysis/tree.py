"""The tree of indicators in numpy: rates and totals under many sets of points at once, by the rules that dbt scores by.

The rates of the lowest indicators stand as they are; every node above them is made anew in each draw, by its own method, and in its
own reference set where it is compared with others. Every array is draws × entities; either side may be 1 where it is the same for all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from analysis.methods import METHODS, Children, Flags, Floats, Method, divided
from analysis.norms import Norm, normalise

ROOT = "TOTAL"
Policy = Literal["reweight", "spread", "zero", "block"]


@dataclass(frozen=True)
class Node:
    """An indicator. `lowest`: its column among the lowest ones, None where `children` stand below it.

    `points` are its nominal ones in each entity's tree (of a lowest one; 0 where it is no part of it), `missing` what its parent does
    where it is missing. A bonus or a deduction stands beside the scale.
    """

    code: str
    children: tuple[Node, ...] = ()
    lowest: int | None = None
    points: Floats = field(default_factory=lambda: np.ones((1, 1)))
    method: Method = field(default_factory=Method)
    norm: Norm | None = None
    missing: Policy = "reweight"
    kind: Literal["part", "bonus", "deduction"] = "part"
    opens_at: float | None = None


@dataclass(frozen=True)
class Tree:
    """The root, whose children are the parts of the scale and what stands beside it; the codes of the lowest indicators, depth-first."""

    root: Node
    codes: tuple[str, ...]
    scale: float
    not_applicable: Literal["reweight", "spread"] = "reweight"

    def nodes(self) -> Iterator[Node]:
        """Every node below the root, depth-first."""

        def below(node: Node) -> Iterator[Node]:
            for child in node.children:
                yield child
                yield from below(child)

        return below(self.root)


@dataclass(frozen=True)
class Held:
    """What stands in every draw, entities × lowest indicators: the rate (NaN: none), and why there is none.

    `is_untold`: its reference set tells nobody apart. Where nothing is said of it, it does not apply.
    """

    rates: Floats
    is_missing: Flags
    is_blocked: Flags
    is_untold: Flags


@dataclass(frozen=True)
class Rated:
    """A node under some draws. `rate` is 0 where it is not present; `points` are those drawn below it, 0 outside an entity's tree.

    Where none of the flags is set it does not apply.
    """

    rate: Floats
    points: Floats
    is_present: Flags
    is_missing: Flags
    is_blocked: Flags
    is_untold: Flags

    @property
    def is_not_applicable(self) -> Flags:
        """Part of the entity's tree, and does not apply."""
        return (self.points > 0) & ~self.is_present & ~self.is_missing & ~self.is_blocked & ~self.is_untold


def rated(tree: Tree, held: Held, factors: Floats) -> dict[str, Rated]:
    """Every node by its code, the root among them; `factors` is draws × lowest indicators, by which their points are multiplied."""
    found: dict[str, Rated] = {}

    def rate(node: Node) -> Rated:
        if node.lowest is not None:
            found[node.code] = _lowest(node, node.lowest, held, factors)
        else:
            children = [(child, rate(child)) for child in node.children]
            if node is tree.root:
                children = [(child, values) for child, values in children if child.kind == "part"]
            found[node.code] = _normalised(node, _aggregated(node, children, tree.not_applicable))
        return found[node.code]

    rate(tree.root)
    return found


def totals(tree: Tree, nodes: dict[str, Rated]) -> Floats:
    """The totals: parts of the scale, what an opened bonus adds and a deduction takes, not below 0 where there is one. NaN: no total."""
    root = nodes[ROOT]
    parts = root.rate * tree.scale
    total, is_total, takes = parts, root.is_present, False
    for node in tree.root.children:
        if node.kind == "part":
            continue
        beside = nodes[node.code]
        is_counted = beside.is_present | (beside.is_missing & (node.missing == "zero") & (beside.points > 0))
        is_total = is_total & ~beside.is_blocked & ~(beside.is_missing & (node.missing == "block"))
        if node.kind == "bonus":
            opens = np.rint(parts * 1e9) >= np.rint((node.opens_at or 0.0) * 1e9) if node.opens_at is not None else True
            total = total + np.where(is_counted & opens, beside.rate * beside.points, 0.0)
        else:
            total, takes = total - np.where(is_counted, (1 - beside.rate) * beside.points, 0.0), True
    return np.where(is_total, np.maximum(total, 0.0) if takes else total, math.nan)


def _lowest(node: Node, column: int, held: Held, factors: Floats) -> Rated:
    rate = held.rates[:, column][np.newaxis, :]
    is_present = ~np.isnan(rate)
    points = factors[:, [column]] * node.points
    return Rated(
        np.where(is_present, rate, 0.0),
        points,
        is_present,
        held.is_missing[:, column][np.newaxis, :] & ~is_present,
        held.is_blocked[:, column][np.newaxis, :],
        held.is_untold[:, column][np.newaxis, :] & ~is_present,
    )


def _aggregated(node: Node, children: Sequence[tuple[Node, Rated]], not_applicable: str) -> Rated:
    """The node before it is normalised: over the children that are present, and those that count as nothing."""
    points = sum((values.points for _, values in children), np.zeros((1, 1)))
    is_blocked = _any([values.is_blocked | (values.is_missing & (child.missing == "block")) for child, values in children])
    counted = [values.is_present | (values.is_missing & (child.missing == "zero") & (values.points > 0)) for child, values in children]
    is_counted = _any(counted)
    weights = _weights(children, counted, not_applicable)
    rates = [np.where(values.is_present, values.rate, 0.0) for _, values in children]
    is_short = is_counted & ~is_blocked & _is_short(children, counted, node.method.at_least)
    # Who has no rate is compared with nobody either.
    compared = [counts & ~is_blocked & ~is_short for counts in counted]
    rate, is_defined = METHODS[node.method.name](Children(rates, weights, [values.points for _, values in children], compared), node.method)
    # What no value can be given to is no value: a root of a negative number blocks the node and all above it.
    is_blocked = is_blocked | (is_counted & ~is_short & ~is_defined)
    is_present = is_counted & ~is_blocked & ~is_short
    is_missing = ~is_blocked & ~is_present & (is_short | _any([values.is_missing for _, values in children]))
    is_untold = ~(is_blocked | is_present | is_missing | _any([values.is_not_applicable for _, values in children]))
    return Rated(np.where(is_present, rate, 0.0), points, is_present, is_missing, is_blocked, is_untold)


def _any(flags: Sequence[Flags]) -> Flags:
    found: Flags = np.zeros((1, 1), dtype=np.bool_)
    for flag in flags:
        found = found | flag
    return found


def _is_short(children: Sequence[tuple[Node, Rated]], counted: Sequence[Flags], at_least: float) -> Flags:
    """Fewer children are there than the node's least share of those that apply to the entity."""
    if not at_least:
        return np.zeros((1, 1), dtype=np.bool_)
    there = sum((flag.astype(np.float64) for flag in counted), np.zeros((1, 1)))
    applies = [((values.points > 0) & ~values.is_not_applicable).astype(np.float64) for _, values in children]
    return np.asarray(there < at_least * sum(applies, np.zeros((1, 1))) - 1e-9)


def _weights(children: Sequence[tuple[Node, Rated]], counted: Sequence[Flags], not_applicable: str) -> list[Floats]:
    """The points of each child that counts, with those that dropped ones leave: in proportion, or evenly where they are spread.

    What tells nobody apart always leaves them in proportion.
    """
    spread: Floats | None = None
    for (child, values), counts in zip(children, counted, strict=True):
        ways = []
        if child.missing == "spread":
            ways.append(values.is_missing)
        if not_applicable == "spread":
            ways.append(values.is_not_applicable)
        for way in ways:
            left = np.where(way & ~counts & ~values.is_blocked, values.points, 0.0)
            spread = left if spread is None else spread + left
    own = [values.points * counts for (_, values), counts in zip(children, counted, strict=True)]
    if spread is None:
        return own
    whole = sum((values.points for _, values in children), np.zeros((1, 1)))
    there = sum(own, np.zeros((1, 1)))
    number = sum((counts.astype(np.float64) for counts in counted), np.zeros((1, 1)))
    grown, even = divided(whole - spread, there), divided(spread, number)
    return [part * grown + even * counts for part, counts in zip(own, counted, strict=True)]


def _normalised(node: Node, before: Rated) -> Rated:
    if node.norm is None:
        return before
    value = np.where(before.is_present, before.rate, math.nan)
    rate, is_uninformative = normalise(node.norm, value)
    is_present = before.is_present & ~np.isnan(rate)
    is_missing = before.is_missing | (before.is_present & ~is_present & ~is_uninformative)
    is_untold = before.is_untold | (before.is_present & is_uninformative)
    return Rated(np.where(is_present, rate, 0.0), before.points, is_present, is_missing, before.is_blocked, is_untold)
