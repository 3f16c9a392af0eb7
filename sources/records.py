"""Tables of records: a row a test, an event, an expert's score or a decision of the office. CSV or a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sources.batch import Batch, Held, rejected
from sources.context import Context
from sources.grid import Grid
from sources.specs import correcting
from sources.tables import HIDDEN, Read, Row, as_cells, read_cells, read_rows
from sources.values import Blank, Spec, Value, read_value

_DECIDED = {"decided_by": "decided_by_missing", "reason": "reason_missing"}
_NAMES_AN_INPUT = ("correction", "falsified")


def read(grids: Sequence[Grid], context: Context) -> Batch:
    """Read one table of records.

    One row is record × field as written. A record of which one cell is rejected, or whose place nobody knows, does not count: its other
    cells are kept and say so. Raises UnreadableDelivery where there is no table, or where a column is missing from which something is
    computed.
    """
    batch = Batch()
    for row in read_rows(grids, context, batch):
        read = read_cells(row.cells, _specs(row, context), row.sheet, context)
        _demand(read, row.sheet, context)
        held: Held | None = "no_place" if not row.is_placed else "incomplete" if read.rejects else None
        batch.rejects.extend([*row.rejects, *read.rejects])
        batch.cells.extend(as_cells(read, row.number, row.place, row.sheet, held))
    return batch


def _specs(row: Row, context: Context) -> Mapping[str, Spec]:
    """The specs by which the record is read: a correction's values are read as the input that it names."""
    specs = context.fields.specs
    if context.dataset.kind != "correction" or "input" not in row.cells:
        return specs
    named = read_value(row.cells["input"][1], specs["input"], context.words, context.missing_codes)
    if not isinstance(named, Value) or named.code not in context.framework.inputs:
        return specs
    own = correcting(named.code, context.framework, context.words)
    return {code: own.get(code, spec) for code, spec in specs.items()}


def _demand(read: Read, sheet: str | None, context: Context) -> None:
    """Reject what a record cannot do without and does not state: its day, its key, who decided what and why, an input that exists."""
    dataset = context.dataset
    demanded = {code: "field_missing" for code, column in dataset.columns.items() if column.required}
    demanded |= {code: "date_missing" for code, spec in context.fields.specs.items() if spec.period}
    demanded |= dict.fromkeys(dataset.key, "key_missing")
    demanded |= dict(_DECIDED) if dataset.kind else {}
    demanded |= {"value": "field_missing"} if dataset.kind == "correction" else {}
    for code, rule in demanded.items():
        if code in read.values and isinstance(read.values[code][2], Blank):
            at, cell, _ = read.values.pop(code)
            read.rejects.append(rejected(rule, sheet, at, cell.text, header=context.fields.headers[code][0]))
    if dataset.kind in _NAMES_AN_INPUT and "input" in read.values:
        at, cell, value = read.values["input"]
        if isinstance(value, Value) and value.code not in context.framework.inputs:
            del read.values["input"]
            read.rejects.append(rejected("unknown_input", sheet, at, HIDDEN if context.fields.specs["input"].is_personal else cell.text))
