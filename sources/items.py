"""Opinion feeds: an item a line (JSON Lines) or a row (CSV). Each is judged and linked to places here; no body is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sources.batch import Batch, Item, Reject, UnreadableDelivery, rejected
from sources.context import Context
from sources.grid import NOTHING, Grid, GridCell, reference
from sources.headers import find_header, named
from sources.opinion_places import Linker
from sources.opinion_text import LEAD, Judge, normalise, text_hash
from sources.tables import HIDDEN
from sources.text import encodable, key, visible
from sources.values import Bad, Spec, Value, read_value

_KEPT = ("media_tier", "heat")


@dataclass(frozen=True)
class _Delivered:
    """One item as delivered: its line, and by field its cell with its place in the file."""

    line: int
    cells: Mapping[str, tuple[str, GridCell]]

    def text(self, field: str) -> str:
        return self.cells[field][1].text if field in self.cells else ""


def read_lines(text: str, context: Context, linker: Linker, judge: Judge) -> Batch:
    """Read JSON Lines. One row is one item × entity that it is about. Raises UnreadableDelivery where no line is an object."""
    batch = Batch()
    names = {key(header): field for field, headers in reversed(list(context.fields.headers.items())) for header in headers}
    fields: dict[str, str | None] = {}
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        record = _object(content)
        if record is None:
            batch.rejects.append(rejected("not_json", None, f"line {line}"))
            continue
        for name in record.keys() - fields.keys():
            fields[name] = names.get(key(name))
        given = {field: (f"line {line} {visible(name)}", _cell(value)) for name, value in record.items() if (field := fields[name])}
        _take(_Delivered(line, given), context, linker, judge, batch)
    if not fields:
        raise UnreadableDelivery(rejected("not_json_lines"))
    batch.unmapped.extend(name for name, field in fields.items() if field is None)
    return batch


def read_tables(grids: Sequence[Grid], context: Context, linker: Linker, judge: Judge) -> Batch:
    """Read a table of items. One row is one item × entity that it is about. Raises UnreadableDelivery where a needed column is missing."""
    batch = Batch()
    found = [(grid, header) for grid in grids if (header := find_header(grid, context.fields.headers, context.hints))]
    usable = [(grid, header) for grid, header in found if context.fields.needed <= set(header.columns)]
    if not usable:
        best = max((header for _, header in found), key=lambda header: header.found, default=None)
        lost = [
            context.fields.headers[field][0]
            for field in context.fields.headers
            if field in context.fields.needed - set(best.columns if best else ())
        ]
        raise UnreadableDelivery(rejected("columns_missing", sought=named(lost), found=named(best.unmapped if best else [])))
    if passed := sum(bool(grid.rows) for grid in grids) - len(usable):
        batch.left_out["sheet"] += passed
    for grid, header in usable:
        batch.unmapped.extend(header.unmapped)
        for line in (line for line in sorted(grid.rows) if line > header.row):
            cells = {field: (reference(line, column), grid.cell(line, column)) for field, column in header.columns.items()}
            if key(cells["item_id"][1].text) in {key(text) for text in context.fields.headers["item_id"]}:
                batch.left_out["header"] += 1
            elif not all(cell.is_blank for _, cell in cells.values()):
                _take(_Delivered(line, cells), context, linker, judge, batch)
    return batch


# --- one item -----------------------------------------------------------------------------------------------------------


def _object(content: str) -> dict[str, Any] | None:
    try:
        record = json.loads(content)
        if "\\ud" in content.lower():
            record = json.loads(encodable(json.dumps(record, ensure_ascii=False)))
        return {name: _plain(value) for name, value in record.items()} if isinstance(record, dict) else None
    except (ValueError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    """Lists and objects as their text. Raises RecursionError where they lie too deep in one another."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _cell(value: str | float | None) -> GridCell:
    if value is None:
        return NOTHING
    return GridCell(value, str(value))


def _take(item: _Delivered, context: Context, linker: Linker, judge: Judge, batch: Batch) -> None:
    """Add the item to the batch, a row an entity that it is about, or the reject that says why it is none."""
    faults, published_at = _faults(item, context)
    kept: dict[str, Value] = {}
    for field in _KEPT:
        if field in item.cells:
            match _value(item, field, context):
                case Reject() as reject:
                    batch.rejects.append(reject)
                case Value() as value:
                    kept[field] = value
    if faults or published_at is None:
        batch.rejects.extend(faults)
        return
    title, body = normalise(item.text("title")), normalise(item.text("body"))
    category = judge.category(title, body)
    entities: Sequence[str | None] = linker.link(title) or linker.link(body[:LEAD]) or [None]
    batch.items.extend(
        Item(
            line_no=item.line,
            item_id=key(item.text("item_id")),
            title=title,
            published_at=published_at,
            site_name=normalise(item.text("site_name")) or None,
            media_tier=kept["media_tier"].code if "media_tier" in kept else None,
            heat=kept["heat"].number if "heat" in kept else None,
            entity_code=entity,
            category=category,
            is_negative=category is not None,
            text_hash=text_hash(title, body),
        )
        for entity in entities
    )


def _faults(item: _Delivered, context: Context) -> tuple[list[Reject], datetime | None]:
    """Why the item cannot be taken: no id, no text, no moment, or one outside the period."""
    faults = list(_missing(item, context))
    match _value(item, "published_at", context):
        case Reject() as reject:
            faults.append(reject)
        case Value(moment=moment) if moment is not None:
            return faults, moment
        case _:
            at = item.cells["published_at"][0] if "published_at" in item.cells else f"line {item.line}"
            faults.append(rejected("not_a_moment", None, at, ""))
    return faults, None


def _missing(item: _Delivered, context: Context) -> Iterator[Reject]:
    if not key(item.text("item_id")):
        at = item.cells["item_id"][0] if "item_id" in item.cells else f"line {item.line}"
        yield rejected("key_missing", None, at, header=context.fields.headers["item_id"][0])
    if not item.text("title").strip() and not item.text("body").strip():
        at = item.cells["title"][0] if "title" in item.cells else f"line {item.line}"
        yield rejected("empty_item", None, at)


def _value(item: _Delivered, field: str, context: Context) -> Value | Reject | None:
    """The field's value; None where nothing was delivered; the reject where it is wrong."""
    if field not in item.cells:
        return None
    at, cell = item.cells[field]
    spec: Spec = context.fields.specs[field]
    outcome = read_value(cell, spec, context.words, context.missing_codes)
    if isinstance(outcome, Bad):
        return rejected(outcome.rule, None, at, HIDDEN if spec.is_personal else cell.text, **outcome.details)
    return outcome if isinstance(outcome, Value) else None
