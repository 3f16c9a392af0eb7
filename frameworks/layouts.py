"""What a delivered file of each layout holds: its fields, their types, and the dataset from which an input comes.

Field names of layouts are the project's own (a form has a code and a value whatever its headers say), so they stand here and not in
a framework. Inputs, places and headers never do.
"""

from __future__ import annotations

from dataclasses import dataclass

from frameworks.model import Column, Dataset, FrameworkFile, Source, ValueType
from frameworks.scope import Name, Scope, Type

FORM_FIELDS: dict[str, ValueType] = {"code": "text", "value": "text", "unit": "text", "note": "text", "evidence": "text"}
FORM_NEEDS = ("code", "value")
ITEM_FIELDS: dict[str, ValueType] = {
    "item_id": "text",
    "title": "text",
    "body": "text",
    "url": "text",
    "site_name": "text",
    "media_tier": "category",
    "published_at": "moment",
    "sentiment": "category",
    "heat": "number",
}
ITEM_NEEDS = ("item_id", "title", "published_at")
KIND_NEEDS: dict[str, tuple[str, ...]] = {
    "correction": ("input", "value", "reason", "decided_by"),
    "decision": ("item_id", "state", "reason", "decided_by"),
    "waiver": ("gate", "expectation", "entities", "reason", "decided_by"),
    "falsified": ("input", "reason", "decided_by"),
    "withdraw": ("load_id", "reason", "decided_by"),
    "appeal": ("subject", "claim"),
}
KIND_TYPES: dict[str, dict[str, ValueType]] = {  # of fields that mean the same in every framework
    "correction": {"input": "text", "contested_value": "number", "value": "number", "decision": "category", "decided_on": "date"},
    "decision": {"item_id": "text", "state": "category", "answered_at": "moment", "category": "text", "severity": "integer"},
    "waiver": {"gate": "text", "expectation": "text", "entities": "text"},
    "falsified": {"input": "text"},
    "withdraw": {"load_id": "text"},
    "appeal": {"subject": "text", "contested_value": "number", "claimed_value": "number"},
}
APPEAL = "appeal"  # the one kind that is no decision of the office
CORRECTION = "correction"
NAMING = {CORRECTION: "input", APPEAL: "subject"}  # the field that names what is contested
DECISION_STATES = ("unfounded", "corrected", "refused")
ACCEPTED, REFUSED = "accepted", "refused"  # how a correction may decide
_EXPRESSION_TYPES: dict[ValueType, Type] = {
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "category": "text",
    "text": "text",
    "date": "date",
    "moment": "moment",
}


@dataclass(frozen=True)
class Delivered:
    """A dataset with its source and its place in the file's list of the source."""

    source: Source
    dataset: Dataset
    position: int


def datasets(file: FrameworkFile) -> list[Delivered]:
    """Every dataset of the framework, in the file's order."""
    return [Delivered(source, dataset, position) for source, listed in file.deliveries.items() for position, dataset in enumerate(listed)]


def field_type(file: FrameworkFile, dataset: Dataset, field: str) -> ValueType:
    """A field's type: its own, or that of the input which it is, or the layout's."""
    column = dataset.columns[field]
    if dataset.layout == "form":
        return FORM_FIELDS.get(field, "text")
    if dataset.layout == "items":
        return ITEM_FIELDS.get(field, "text")
    if dataset.layout == "places":
        return file.inputs[field].type if field in file.inputs else "number"
    return column.type or "text"


def candidates(file: FrameworkFile, code: str) -> list[Delivered]:
    """The datasets from which the input `code` may come: exactly one, in a sound framework.

    The dataset that it names; else, of its source, each table of places with a column of its code, and where there is none each form.
    """
    wanted = file.inputs[code]
    own = [delivered for delivered in datasets(file) if delivered.source == wanted.source]
    if wanted.dataset is not None:
        return [delivered for delivered in own if delivered.dataset.dataset == wanted.dataset]
    columns = [delivered for delivered in own if delivered.dataset.layout == "places" and code in delivered.dataset.columns]
    return columns or [delivered for delivered in own if delivered.dataset.layout == "form"]


def records_scope(file: FrameworkFile, dataset: Dataset) -> Scope:
    """The names of an expression over a dataset's records: its fields, and the period's first and last day."""
    names = {field: _name(field_type(file, dataset, field), column) for field, column in dataset.columns.items()}
    return Scope(names, f"a field of the dataset {dataset.dataset}", period=(file.period.from_, file.period.to))


def _name(kind: ValueType, column: Column) -> Name:
    return Name(_EXPRESSION_TYPES[kind], frozenset(column.values) if kind == "category" and column.values else None)


def inputs_scope(file: FrameworkFile) -> Scope:
    """The names of an expression over inputs. A category stands for its score, a boolean for 1 or 0."""
    names = {code: Name("boolean" if wanted.type == "boolean" else "number") for code, wanted in file.inputs.items()}
    return Scope(names, "an input of this framework", flags_are_numbers=True)
