"""Tables of places: a row a place, a column an input, as departments send them. CSV or a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from sources.batch import Batch, rejected
from sources.context import Context
from sources.grid import Grid
from sources.tables import as_cells, parts_above_wholes, read_cells, read_rows


def read(grids: Sequence[Grid], context: Context) -> Batch:
    """Read one department's table.

    One row is place × input as written, in the input's unit. Cells and rejects together hold every delivered cell of a mapped column
    once, in the file's order. A cell of a place that nobody knows is kept without one. Raises UnreadableDelivery where there is no table.
    """
    batch = Batch()
    for row in read_rows(grids, context, batch):
        read = read_cells(row.cells, row.specs, row.sheet, context)
        for code, details in parts_above_wholes(read.numbers, row.specs).items():
            at, cell, _ = read.values.pop(code)
            read.rejects.append(rejected("above_input", row.sheet, at, cell.text, **details).about(code))
        batch.rejects.extend(reject.of(row.place) for reject in (*row.rejects, *read.rejects))
        batch.cells.extend(as_cells(read, row.number, row.place, row.sheet, None if row.is_placed else "no_place"))
    return batch
