"""Whether a total is the sum of its rows. Totals are never taken as figures; one that does not add up is told, and the rows stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from sources.grid import GridCell
from sources.values import Spec, bare_number, exact
from sources.words import Words


class Sums:
    """What the cells above a total add up to, all of them and those of each group, kept as they are added, however many totals follow."""

    def __init__(self, spec: Spec, words: Words) -> None:
        self._words = words
        self._is_known = is_summed(spec, words)
        self._sums: dict[str | None, Decimal] = {}
        self._numbers = self._digits = 0

    def add(self, group: str, cell: GridCell) -> None:
        """Add one cell; blank ones and those that stand for missing add nothing, and one that is no bare number makes the sums unknown."""
        if cell.is_blank or self._words.is_missing(cell.text):
            return
        number = bare_number(cell)
        if number is None:
            self._is_known = False
            return
        for key in (None, group):
            self._sums[key] = self._sums.get(key, Decimal(0)) + number
        self._numbers, self._digits = self._numbers + 1, max(self._digits, _digits(number))

    def differ(self, cell: GridCell) -> str | None:
        """The sum, where the total is neither that nor the sum of one group; None where it is, or nobody can tell."""
        total = bare_number(cell)
        if total is None or not self._is_known or not self._numbers:
            return None
        digits = max(self._digits, _digits(total))
        # Each number may have been rounded on its own: half a last digit a number; whole numbers are exact.
        rounded = Decimal(self._numbers + 1) / 2 / 10**digits if digits else Decimal(0)
        return None if any(abs(total - each) <= rounded for each in self._sums.values()) else exact(float(self._sums[None]))


def is_summed(spec: Spec, words: Words) -> bool:
    """Whether figures of this kind add up: amounts and counts do, rates and marks do not."""
    is_amount = spec.type in ("number", "integer") and spec.unit in words.units
    return is_amount and spec.unit not in words.of("never_summed")


def _digits(number: Decimal) -> int:
    """The digits behind the point."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def columns_that_differ(
    columns: Mapping[str, int],
    specs: Mapping[str, Spec],
    rows: Sequence[tuple[str, Mapping[str, GridCell]]],
    totals: Iterable[Mapping[str, GridCell]],
    words: Words,
) -> Iterator[Iterator[tuple[str, str]]]:
    """Of each total of a table the fields that are not the sums of its rows (their group and cells), each with that sum."""
    sums = {code: Sums(specs[code], words) for code in columns}
    for group, cells in rows:
        for code, column in sums.items():
            column.add(group, cells[code])
    for total in totals:
        yield ((code, sum_of) for code, column in sums.items() if (sum_of := column.differ(total[code])) is not None)
