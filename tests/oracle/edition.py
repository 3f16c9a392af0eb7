"""What the oracle knows of an edition: its entities, the tree with the weights of each group, and what was delivered.

The framework is taken as the YAML says it, as dictionaries and lists; nothing of the project reads it for the oracle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Rules = dict[str, Any]
Value = float | None
ROOT = "TOTAL"


@dataclass(frozen=True)
class Entity:
    """One evaluated entity; in a panel one unit at one time. `attributes`: further columns of the registry, None where blank."""

    code: str
    group: str
    unit: str = ""
    time: int | None = None
    base_group: str = ""
    attributes: tuple[tuple[str, str | None], ...] = ()

    @property
    def base(self) -> str:
        """The group as the framework names it: in a panel without the year."""
        return self.base_group or self.group

    def set_code(self, word: str) -> str | None:
        """Which of the sets called `word` the entity belongs to; None: to none of them."""
        match word:
            case "group":
                return self.group
            case "all":
                return "" if self.time is None else str(self.time)
            case "pooled":
                return ""
            case "group_pooled" | "frozen":
                return self.base
        value = dict(self.attributes).get(word)
        if value is None or self.time is None:
            return value
        return f"{value}@{self.time}"


@dataclass(frozen=True)
class Past:
    """What the release of the edition before says of one entity; a total without a rank: it was not ranked."""

    group: str
    total: Decimal | None
    rank: int | None


@dataclass(frozen=True)
class Before:
    """The edition before. `gone`: units of then and the unit that took the place of each. `released`: by entity code of then."""

    gone: tuple[tuple[str, str], ...]
    released: dict[str, Past]

    def place(self, entity: Entity) -> str | None:
        """The code of the one place that the entity was then; None: it was none, or it is made of several."""
        gone = [unit for unit, into in self.gone if into == entity.unit]
        places = [unit if entity.time is None else f"{unit}-{entity.time}" for unit in gone]
        places += [entity.code] if entity.code in self.released else []
        return places[0] if len(places) == 1 else None


@dataclass
class Node:
    """An indicator or a measure. `weight` and `share` by group; a group that is not among them has no such node.

    weight: as written (points where points are written).
    share: of an indicator its points of the scale, of a measure its part of the indicator.
    """

    code: str
    rules: Rules
    parent: Node | None
    is_measure: bool
    children: list[Node] = field(default_factory=list)
    weight: dict[str, float] = field(default_factory=dict)
    share: dict[str, float] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Part of the scale, or a bonus or deduction beside it."""
        return str(self.rules.get("kind", "part"))

    @property
    def first(self) -> Node:
        """The first-level indicator that it is below, or is."""
        return self if self.parent is None or self.parent.parent is None else self.parent.first

    @property
    def sign(self) -> int:
        """−1 where lower is better."""
        return -1 if self.rules.get("direction") == "lower_is_better" else 1

    def walk(self) -> Iterator[Node]:
        """Itself and all below it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def children_in(self, group: str) -> list[Node]:
        """Its children in the tree of this group."""
        return [child for child in self.children if group in child.share]


@dataclass
class Edition:
    """A framework with all that was delivered for it.

    `inputs`: input → entity → value. `norms`: (node, group) → frozen values.
    `before`: the edition before, and `previous`: (its entity, measure) → the value that its release has.
    `weights`: (node, group) → frozen weight, group "" for every group.
    """

    rules: Rules
    entities: list[Entity]
    inputs: dict[str, dict[str, Value]]
    before: Before | None = None
    previous: dict[tuple[str, str], Value] = field(default_factory=dict)
    norms: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    weights: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.groups: list[str] = list(self.rules["entities"]["groups"])
        self.root = self._tree()

    @property
    def indicators(self) -> list[Node]:
        """Depth first, without the root."""
        return [node for node in self.root.walk() if not node.is_measure and node is not self.root]

    @property
    def measures(self) -> list[Node]:
        """In the order of the tree."""
        return [node for node in self.root.walk() if node.is_measure]

    def policy(self, measure: Node) -> str:
        """What a missing normalised value of it becomes."""
        return str((measure.rules.get("missing") or self.rules.get("missing") or {"policy": "zero"})["policy"])

    def _tree(self) -> Node:
        root = Node(ROOT, {}, None, is_measure=False)
        root.share = {group: float(self.rules["scale"]) for group in self.groups}
        root.children = [self._indicator(rules, root) for rules in self.rules["indicators"]]
        self._weigh(root)
        return root

    def _indicator(self, rules: Rules, parent: Node) -> Node:
        node = Node(rules["code"], rules, parent, is_measure=False)
        node.children = [self._indicator(below, node) for below in rules.get("indicators", [])]
        node.children += [Node(below["code"], below, node, is_measure=True) for below in rules.get("measures", [])]
        return node

    def _weigh(self, node: Node) -> None:
        for child in node.children:
            child.weight = self._written(child, [group for group in self.groups if group in node.share])
        for group in node.share:
            parts = [child for child in node.children if group in child.weight and child.kind == "part"]
            total = sum(child.weight[group] for child in parts)
            for child in node.children:
                if group in child.weight and child.kind != "part":
                    child.share[group] = child.weight[group]
            for child in parts:
                whole = 1.0 if child.is_measure else node.share[group]
                child.share[group] = child.weight[group] / total * whole
        for child in node.children:
            self._weigh(child)

    def _written(self, node: Node, groups: list[str]) -> dict[str, float]:
        for key in ("points", "weight", "share"):
            written = node.rules.get(key)
            if isinstance(written, dict):
                return {group: float(written[group]) for group in groups if written.get(group)}
            if written is not None:
                return dict.fromkeys(groups, float(written)) if written else {}
        frozen = {group: self.weights.get((node.code, group), self.weights.get((node.code, ""))) for group in groups}
        if any(weight is not None for weight in frozen.values()):
            return {group: weight for group, weight in frozen.items() if weight}
        return dict.fromkeys(groups, 1.0)
