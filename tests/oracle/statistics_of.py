"""The statistics of one reference set, over values turned so that more is better."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median, pstdev, stdev

from tests.oracle.edition import Value


@dataclass(frozen=True)
class Norms:
    """A reference set: its members' values. A set may be empty.

    Values that differ by no more than `tolerance` are alike: rates that were reckoned differ by noise where on paper they do not.
    """

    x: list[float]
    tolerance: float = 0.0
    is_frozen: bool = False

    @property
    def entities(self) -> int:
        """Members that have a value."""
        return len(self.x)

    @property
    def lowest(self) -> Value:
        """The worst."""
        return min(self.x, default=None)

    @property
    def highest(self) -> Value:
        """The best."""
        return max(self.x, default=None)

    @property
    def is_constant(self) -> bool:
        """Tells no entity from another: one member, or all alike, or none at all."""
        return not self.x or max(self.x) - min(self.x) <= self.tolerance

    def mean(self) -> Value:
        """Arithmetic mean."""
        return fmean(self.x) if self.x else None

    def median(self) -> Value:
        """Middle value."""
        return median(self.x) if self.x else None

    def sd(self, kind: str = "sample") -> Value:
        """Standard deviation; of a sample it takes two."""
        if kind == "population":
            return pstdev(self.x) if self.x else None
        return stdev(self.x) if len(self.x) > 1 else None

    def place(self, x: float, ties: str = "lowest") -> float:
        """Rank from the worst (1); of those alike the lowest, the highest or the mean of their places. Of a stranger: 1 + those below.

        No place of a frozen set lies beyond its number, for a newcomer adds none.
        """
        below, alike = sum(v < x - self.tolerance for v in self.x), sum(abs(v - x) <= self.tolerance for v in self.x)
        lowest, highest = below + 1, below + max(alike, 1)
        if self.is_frozen:
            lowest, highest = min(lowest, self.entities), min(highest, self.entities)
        return {"lowest": float(lowest), "highest": float(highest), "average": (lowest + highest) / 2}[ties]
