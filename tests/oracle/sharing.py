"""What a child that is not there leaves to its siblings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.oracle.edition import Value

State = Literal["present", "blocked", "not_applicable", "no_information", "missing"]


@dataclass(frozen=True)
class Child:
    """One child under one parent for one entity. `rate`: where it is present. `leaves`: how its weight goes where it is not."""

    code: str
    weight: float
    state: State
    rate: Value = None
    leaves: Literal["reweight", "spread"] = "reweight"

    @property
    def stays(self) -> bool:
        """Keeps its weight."""
        return self.state in {"present", "blocked"}


def weights_used(children: Sequence[Child]) -> dict[str, float]:
    """Child → the weight that it has in the end. What is spread goes evenly, the rest in proportion to the weights of those that stay."""
    staying = [child for child in children if child.stays]
    used = {child.code: 0.0 for child in children}
    if not staying:
        return used
    kept = sum(child.weight for child in staying)
    spread = sum(child.weight for child in children if not child.stays and child.leaves == "spread")
    left = sum(child.weight for child in children if not child.stays and child.leaves == "reweight")
    for child in staying:
        used[child.code] = child.weight + left * child.weight / kept + spread / len(staying)
    return used


def without(children: Sequence[Child], left_out: frozenset[str]) -> list[Child]:
    """An indicator's measures as if those left out did not apply: what each of them has in the end goes to the others in proportion."""
    if not any(child.code in left_out for child in children):
        return list(children)
    used = weights_used(children)
    return [
        Child(child.code, used[child.code], "not_applicable") if child.code in left_out
        else replace(child, weight=used[child.code], leaves="reweight")
        for child in children
    ]  # fmt: skip
