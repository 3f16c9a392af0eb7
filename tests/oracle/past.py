"""Random editions before: who is in its release, under which code, and who has gone into whom since."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from tests.oracle.edition import Before, Entity, Past

FATES = ("same", "same", "same", "new", "renamed", "renamed", "merged", "took_in", "renamed_unreleased", "took_in_unreleased")
TOTALS = (None, Decimal(0), Decimal("12.5"), Decimal("61.333333333"), Decimal("61.33"), Decimal(100))


@st.composite
def befores(draw: st.DrawFn, entities: Sequence[Entity]) -> Before:
    """For each unit a fate: it was there, is new, has another code, is made of two, has taken another in; not all of then have a result."""
    gone, released = list[tuple[str, str]](), dict[str, Past]()
    for unit in dict.fromkeys(entity.unit for entity in entities):
        fate = draw(st.sampled_from(FATES))
        parts = [f"{unit}p", f"{unit}q"] if fate == "merged" else [] if fate in {"same", "new"} else [f"{unit}p"]
        gone += [(part, unit) for part in parts]
        there = [] if fate.endswith("unreleased") else parts
        there += [unit] if fate in {"same", "took_in", "took_in_unreleased"} else []
        for entity in entities:
            for code in there if entity.unit == unit else []:
                past = Past(*draw(_results([entity.group, *sorted({other.group for other in entities})])))
                released[code if entity.time is None else f"{code}-{entity.time}"] = past
    return Before(tuple(gone), released)


@st.composite
def _results(draw: st.DrawFn, groups: Sequence[str]) -> tuple[str, Decimal | None, int | None]:
    """Group, total and rank; two in three of the entity's own group."""
    group = draw(st.sampled_from((groups[0], groups[0], *groups)))
    total = draw(st.sampled_from(TOTALS))
    return group, total, None if total is None else draw(st.sampled_from((None, 1, 2, 3, 7)))
