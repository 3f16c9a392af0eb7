"""Random columns of values: ties, constants, negatives, wide spans, outliers, gaps.

Mostly short binary fractions, whose sums are the same in any order, so that what is tied on paper is tied.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.oracle.edition import Value
from tests.oracle.worlds import World

KINDS: dict[str, tuple[float, ...]] = {
    "ties": (0, 1, 1, 2, 2, 2, 3, 4),
    "unit": (0, 0.25, 0.5, 0.5, 0.75, 0.875, 1, 1),
    "negative": (-8, -2.5, -1, -0.5, 0, 0, 1.5, 4),
    "wide": (0.015625, 0.5, 1, 12, 150, 2500, 90000, 1250000),
    "constant": (7, 7, 7, 7, 7, 7, 7, 7),
    "zero": (0, 0, 0, 0, 0, 0, 0, 1),
    "positive": (1, 2, 3, 4, 5, 8, 13, 21),
    "outliers": (1, 2, 2, 3, 3, 4, 1000, 4096),
    "below": (-1000, -3, -3, -2, -2, -1, -1, 0),
    "decimals": (0.1, 0.7, 1.3, 2.675, 3.3, 33.3, 41.7, 99.9),
}


@st.composite
def columns(draw: st.DrawFn, world: World, kind: str | None = None) -> dict[str, Value]:
    """Entity → value. A quarter of the columns is complete, the others have gaps, one in eight is empty; the sparse have little."""
    numbers = KINDS[kind or draw(st.sampled_from(tuple(KINDS)))]
    gaps = draw(st.sampled_from((0, 0, 1, 1, 1, 3, 3, 100)))
    return {code: _picked(numbers, draw(st.integers(0, 7 + min(gaps, 9) + 16 * (code in world.sparse))), gaps) for code in world.codes}


def _picked(numbers: tuple[float, ...], place: int, gaps: int) -> Value:
    return None if gaps == 100 or place >= len(numbers) else float(numbers[place])
