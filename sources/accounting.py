"""The account of a file's cells: what is neither a row of the lake nor a reject was passed over, and is counted here by the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sources.batch import Batch
from sources.grid import Grid, reference


def pass_over(batch: Batch, grid: Grid, lines: Iterable[int], kind: str, within: range | None = None) -> None:
    """Count every filled cell of those rows as passed over, but those that a reject names."""
    told = batch.told()
    for line in lines:
        for column in filled(grid, line, within):
            if (grid.name, reference(line, column)) not in told:
                batch.ignored[kind] += 1


def pass_over_beside(
    batch: Batch, grid: Grid, line: int, kinds: Iterable[tuple[str, Collection[int]]], within: range | None = None
) -> None:
    """Count of a row of data the filled cells of the columns of each kind; what is in none of them is a field's, or `beside` all."""
    columns = {column: kind for kind, of_kind in kinds for column in of_kind}
    for column in filled(grid, line, within):
        kind = columns.get(column, "beside")
        if kind != "field":
            batch.ignored[kind] += 1


def filled(grid: Grid, line: int, within: range | None = None) -> list[int]:
    """The columns of the row that hold something of their own."""
    cells = grid.rows.get(line, {})
    return [column for column, cell in cells.items() if not cell.is_blank and (within is None or column in within)]
