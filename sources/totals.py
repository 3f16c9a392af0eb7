"""Whether a total is the sum of its rows. Totals are never taken as figures; one that does not add up is told, and the rows stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sources.grid import GridCell
from sources.values import Spec, bare_number, exact
from sources.words import Words


@dataclass(frozen=True)
class Summed:
    """One column, or the values of one sheet: each row's group and cell, and the total."""

    spec: Spec
    rows: Sequence[tuple[str, GridCell]]
    total: GridCell

    def differs(self, words: Words) -> str | None:
        """The sum of the rows, where the total is neither that nor the sum of one group of them; None where it is, or nobody can tell."""
        total = bare_number(self.total)
        numbers = [(group, bare_number(cell)) for group, cell in self.rows if not (cell.is_blank or words.is_missing(cell.text))]
        known = [(group, number) for group, number in numbers if number is not None]
        if total is None or not is_summed(self.spec, words) or not known or len(known) < len(numbers):
            return None
        sums = [_sum(known), *(_sum([pair for pair in known if pair[0] == group]) for group in {group for group, _ in known})]
        rounded = _rounding([total, *(number for _, number in known)])
        return None if any(abs(total - each) <= rounded for each in sums) else exact(float(sums[0]))


def is_summed(spec: Spec, words: Words) -> bool:
    """Whether figures of this kind add up: amounts and counts do, rates and marks do not."""
    is_amount = spec.type in ("number", "integer") and spec.unit in words.units
    return is_amount and spec.unit not in words.of("never_summed")


def _sum(pairs: Sequence[tuple[str, Decimal]]) -> Decimal:
    return sum((number for _, number in pairs), Decimal(0))


def _rounding(numbers: Sequence[Decimal]) -> Decimal:
    """By how much a sum may differ where each number was rounded on its own: half a last digit a number; whole numbers are exact."""
    digits = max(0, *(-_exponent(number) for number in numbers))
    return Decimal(0) if not digits else Decimal(len(numbers)) / 2 / 10**digits


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def columns_that_differ(
    columns: Mapping[str, int],
    specs: Mapping[str, Spec],
    rows: Sequence[tuple[str, Mapping[str, GridCell]]],
    total: Mapping[str, GridCell],
    words: Words,
) -> Iterator[tuple[str, str]]:
    """The fields of a table whose total is not the sum of its rows (their group and cells), each with that sum."""
    for code in columns:
        summed = Summed(specs[code], [(group, cells[code]) for group, cells in rows], total[code]).differs(words)
        if summed is not None:
            yield code, summed
