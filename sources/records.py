"""Tables of records: a row a test, an event, an expert's score or a decision of the office. CSV or a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from frameworks import EXPECTATIONS
from frameworks.layouts import APPEAL, CORRECTION, NAMING, REFUSED
from frameworks.tree import walk
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
    indicators = frozenset(node.code for node in walk(context.framework))
    for row in read_rows(grids, context, batch):
        read = read_cells(row.cells, _specs(row, context), row.sheet, context)
        _demand(read, row.sheet, context)
        _check_names(read, row.sheet, context, indicators)
        held: Held | None = "no_place" if not row.is_placed else "incomplete" if read.rejects else None
        batch.rejects.extend(reject.of(row.place) for reject in (*row.rejects, *read.rejects))
        batch.cells.extend(as_cells(read, row.number, row.place, row.sheet, held))
    return batch


def _specs(row: Row, context: Context) -> Mapping[str, Spec]:
    """The specs by which the record is read: values of a correction or an appeal are read as the input that it names."""
    specs = row.specs
    naming = NAMING.get(context.dataset.kind or "", "")
    if naming not in row.cells:
        return specs
    named = read_value(row.cells[naming][1], specs[naming], context.words, context.missing_codes)
    if not isinstance(named, Value) or named.code not in context.framework.inputs:
        return specs
    own = correcting(named.code, context.framework, context.words)
    return {code: own.get(code, spec) for code, spec in specs.items()}


def _demand(read: Read, sheet: str | None, context: Context) -> None:
    """Reject what a record cannot do without and does not state: its day, its key, who decided what and why."""
    dataset = context.dataset
    demanded = {code: "field_missing" for code, column in dataset.columns.items() if column.required}
    demanded |= {code: "date_missing" for code, spec in context.fields.specs.items() if spec.period}
    demanded |= dict.fromkeys(dataset.key, "key_missing")
    demanded |= dict(_DECIDED) if dataset.kind else {}
    demanded |= {"value": "field_missing"} if dataset.kind == CORRECTION and not _is_refused(read) else {}
    demanded |= {"claim": "field_missing"} if dataset.kind == APPEAL else {}
    for code, rule in demanded.items():
        if code in read.values and isinstance(read.values[code][2], Blank):
            at, cell, _ = read.values.pop(code)
            read.rejects.append(rejected(rule, sheet, at, cell.text, header=context.fields.headers[code][0]).about(code))


def _is_refused(read: Read) -> bool:
    """Whether a decision lets the figure stand, so that it needs no value."""
    decision = read.values["decision"][2] if "decision" in read.values else None
    return isinstance(decision, Value) and decision.code == REFUSED


def _check_names(read: Read, sheet: str | None, context: Context, indicators: Collection[str]) -> None:
    """Reject what names nothing: it would be without effect, and nobody would know."""
    for code, rule, known, details in _known(read, context, indicators):
        at, cell, value = read.values.get(code, (None, None, None))
        if cell and isinstance(value, Value) and value.code not in known:
            del read.values[code]
            shown = HIDDEN if context.fields.specs[code].is_personal else cell.text
            read.rejects.append(rejected(rule, sheet, at, shown, **details).about(code))


def _known(read: Read, context: Context, indicators: Collection[str]) -> Iterator[tuple[str, str, Collection[str], dict[str, str]]]:
    """The fields that name something: the field, the rule that it breaks where it names nothing, what there is, what the sentence says."""
    dataset, confirmation = context.dataset, context.framework.confirmation
    measures = (measure.code for node in walk(context.framework) for measure in node.indicator.measures)
    subjects = {*context.framework.inputs, *indicators, *measures}
    if dataset.kind in _NAMES_AN_INPUT:
        # A refusal changes no figure, so it may name whatever an appeal was about.
        is_answer = dataset.kind == CORRECTION and _is_refused(read)
        yield "input", "unknown_input", subjects if is_answer else context.framework.inputs, {}
    if dataset.kind == APPEAL:
        yield "subject", "unknown_subject", subjects, {}
    for code, column in dataset.columns.items():
        if column.names == "indicator" or (confirmation and (confirmation.dataset, confirmation.indicator) == (dataset.dataset, code)):
            yield code, "unknown_indicator", indicators, {}
    if dataset.kind == "decision" and context.framework.opinion:
        categories = context.framework.opinion.categories
        names = [name for each in categories for name in (each.code, each.label.zh, each.label.en)]
        yield "category", "unknown_category", names, {"expected": "、".join(each.label.zh for each in categories)}
    if dataset.kind == "waiver":
        yield "gate", "unknown_gate", EXPECTATIONS, {"expected": "、".join(EXPECTATIONS)}
        gate = read.values["gate"][2] if "gate" in read.values else None
        if isinstance(gate, Value) and gate.code in EXPECTATIONS:
            asked = _asked(gate.code, context)
            yield "expectation", "unknown_expectation", asked, {"gate": gate.code, "expected": "、".join(asked)}


def _asked(gate: str, context: Context) -> list[str]:
    """What the gate asks of this edition: what the framework names, and what every framework is held to."""
    named = getattr(context.framework.gates, gate)
    return [name for name, known in EXPECTATIONS[gate].items() if known.is_floor or name in named]
