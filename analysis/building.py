"""The tree in numpy, from the framework's tables: each node's points, method and norm, for the entities whose rates stand in the matrix."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from analysis.methods import Floats, Method, Whole
from analysis.norms import Norm
from analysis.tree import ROOT, Node, Tree

Tables = Mapping[str, pl.DataFrame]


def build_tree(tables: Tables, codes: Sequence[str]) -> Tree:
    """The tree for the entities of `codes`, in their order.

    Reads `edition`, `entities`, `indicators`, `indicator_points`, `reference_sets`, `norms` and `node_bands`.
    """
    return _Builder(tables, codes).tree()


class _Builder:
    def __init__(self, tables: Tables, codes: Sequence[str]) -> None:
        (self.edition,) = tables["edition"].to_dicts()
        self.codes = list(codes)
        self.rows = sorted(tables["indicators"].to_dicts(), key=lambda row: row["position"])
        groups = dict(tables["entities"].select("entity_code", "group_code").iter_rows())
        self.units = {code: (unit, time) for code, unit, time in tables["entities"].select("entity_code", "unit_code", "time").iter_rows()}
        self.groups = [groups[code] for code in self.codes]
        self.points = _by_group(tables["indicator_points"], "points")
        self.weights = _by_group(tables["indicator_points"], "weight")
        self.sets = tables["reference_sets"].to_dicts()
        self.norms = tables["norms"].to_dicts()
        self.bands = tables["node_bands"].to_dicts()
        lowest = [row["indicator_code"] for row in self.rows if row["is_lowest"]]
        self.columns = {code: column for column, code in enumerate(lowest)}

    def tree(self) -> Tree:
        root = Node(ROOT, self._below(None))
        return Tree(root, tuple(self.columns), float(self.edition["scale"]), self.edition["not_applicable"])

    def _below(self, parent: str | None) -> tuple[Node, ...]:
        return tuple(self._node(row) for row in self.rows if row["parent_code"] == parent)

    def _node(self, row: dict[str, Any]) -> Node:
        code = row["indicator_code"]
        children = self._below(code)
        points = self._of(self.points, code)
        return Node(
            code=code,
            children=children,
            lowest=self.columns.get(code),
            points=points,
            method=self._method(row, children),
            norm=self._norm(row, points) if children and row["normalise_method"] else None,
            missing=row["missing_policy"] or "reweight",
            kind=row["kind"] or "part",
            opens_at=row["opens_at"],
        )

    def _of(self, values: Mapping[tuple[str, str], float], code: str) -> Floats:
        """A figure of the indicator for each entity, by its group; one figure where it is the same for all. 0: no part of the tree."""
        found = np.array([[values.get((group, code), 0.0) for group in self.groups]])
        return found[:, :1] if found.size and np.all(found == found[0, 0]) else found

    def _method(self, row: dict[str, Any], children: Sequence[Node]) -> Method:
        weight = sum((self._of(self.weights, child.code) for child in children), np.zeros((1, 1)))
        sets = self._sets(row["aggregate_within"] or "group")[1] if row["aggregate"] == "copeland" else ()
        power, at_least = row["aggregate_power"], row["at_least"]
        return Method(
            name=row["aggregate"],
            power=1.0 if power is None else float(power),
            penalty=row["penalty"] or "negative",
            at_least=float(at_least or 0.0),
            weight=weight,
            sets=sets,
        )

    def _sets(self, within: str) -> tuple[list[str], tuple[Whole, ...]]:
        """The reference sets of that word, by code, and the entities of each as positions."""
        place = {code: position for position, code in enumerate(self.codes)}
        members: dict[str, list[int]] = {}
        for row in self.sets:
            if row["within"] == within and row["set_code"] is not None and row["entity_code"] in place:
                members.setdefault(row["set_code"], []).append(place[row["entity_code"]])
        names = sorted(members)
        return names, tuple(np.array(sorted(members[name]), dtype=np.int64) for name in names)

    def _norm(self, row: dict[str, Any], points: Floats) -> Norm:
        names, sets = self._sets(row["within"] or "group")
        frozen = tuple(self._frozen(row["indicator_code"], name) for name in names) if row["within"] == "frozen" else ()
        bands = sorted((band["at_most"], band["score"]) for band in self.bands if band["node_code"] == row["indicator_code"])
        return Norm(row, sets, frozen, tuple(bands), points, self._references(row["reference_entity"]))

    def _frozen(self, code: str, group: str) -> Floats:
        """The values of an earlier edition's set; those without a group hold for all groups."""
        return np.array(
            [row["value"] for row in self.norms if row["node_code"] == code and row["group_code"] in {None, group}], dtype=np.float64
        )

    def _references(self, named: str | None) -> Whole | None:
        """Against whom each entity is held: the one of that code, in a panel the unit of that code at the entity's own time."""
        if named is None:
            return None
        place = {code: position for position, code in enumerate(self.codes)}
        at_time = {self.units[code][1]: position for code, position in place.items() if self.units[code][0] == named}
        alone = place.get(named, -1)
        return np.array([at_time.get(self.units[code][1], alone) for code in self.codes], dtype=np.int64)


def _by_group(table: pl.DataFrame, column: str) -> dict[tuple[str, str], float]:
    rows: Iterable[dict[str, Any]] = table.to_dicts()
    return {(row["group_code"], row["indicator_code"]): math.nan if row[column] is None else float(row[column]) for row in rows}
