"""The cells of a table's rows of data, with merged ones and rows that break off understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sources.grid import Grid, GridCell
from sources.values import Spec


@dataclass(frozen=True)
class DataCells:
    """The cells of the fields (`columns`) in the rows of data (`lines`) of one table."""

    grid: Grid
    lines: Sequence[int]
    columns: Mapping[str, int]
    specs: Mapping[str, Spec]

    def cell(self, line: int, code: str) -> GridCell:
        """The field's cell in that row.

        A text, day or category merged over several rows is each row's; a number is no row's, for nobody knows how it is divided.
        """
        at = (line, self.columns[code])
        first = self.grid.owners.get(at, at)
        cell = self.grid.cell(*first)
        if line == self.grid.cut:
            return replace(cell, fault="cut_row")
        shared = self._shared.get(first)
        if shared is None or (at != first and cell.is_blank):
            return self.grid.cell(*at)
        is_number = self.specs[code].type in ("number", "integer")
        if is_number or any(column != at[1] for _, column in shared):
            return replace(cell, fault="merged_value")
        return replace(cell, marks=(*cell.marks, "merged"))

    @cached_property
    def _shared(self) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """By first cell of a merged area those of its cells that are fields of rows of data, where there are several."""
        if not self.grid.owners:
            return {}
        shared: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for line in self.lines:
            for column in self.columns.values():
                at = (line, column)
                shared.setdefault(self.grid.owners.get(at, at), []).append(at)
        return {first: cells for first, cells in shared.items() if len(cells) > 1}
