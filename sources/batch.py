"""What reading one delivery gives: cells, opinion items and rejects, and what was passed over. The rows of the lake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from sources.messages import sentence
from sources.text import masked, shown, visible

Schema = dict[str, DataType | DataTypeClass]
Held = Literal["no_place", "incomplete"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One delivered cell that was read. One of `number`, `day`, `moment` (UTC) and `code` is set; none where `state` is missing.

    `held` says why its record cannot count: nobody knows whose it is, or another cell of the record was rejected. `note` says how the value
    was understood where it does not stand there as such: names of docs/deliveries.md, with blanks between them.
    """

    record_no: int
    entity_code: str | None
    field: str
    text: str
    sheet: str | None
    cell: str
    number: float | None = None
    day: date | None = None
    moment: datetime | None = None
    code: str | None = None
    state: Literal["reported", "missing"] = "reported"
    held: Held | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One opinion item × entity that it is about (None: no entity of the edition). `published_at` is UTC. No body is kept."""

    line_no: int
    item_id: str
    title: str
    published_at: datetime
    site_name: str | None
    media_tier: str | None
    heat: float | None
    entity_code: str | None
    category: str | None
    is_negative: bool
    text_hash: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A file, row or cell that was not taken, with a sentence that its sender can act on. A whole file has neither sheet nor cell.

    `entity_code`: the place that it is about and of no other; None where that is not known for certain. `field`: the field, or input, whose
    cell it is; None where it is of none, or of several.
    """

    rule: str
    message_zh: str
    message_en: str
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None
    entity_code: str | None = None
    field: str | None = None

    def of(self, entity: str | None) -> Reject:
        """The same, known to be about that place; one that is known already stays what it is."""
        return replace(self, entity_code=entity) if entity and not self.entity_code else self

    def about(self, code: str) -> Reject:
        """The same, of the cell of that field or input."""
        return replace(self, field=code)


def rejected(rule: str, sheet: str | None = None, cell: str | None = None, value: str | None = None, **details: object) -> Reject:
    """The reject of that rule; `value` is masked and cut for showing, the texts among `details` are masked."""
    seen = None if value is None else shown(value)
    texts = {name: masked(visible(text)) if isinstance(text, str) else text for name, text in details.items()}
    zh, en = sentence(rule, {"value": seen or "", **texts})
    return Reject(rule, zh, en, sheet, cell, seen)


class UnreadableDelivery(Exception):
    """The file as a whole cannot be taken; `rejects` say why."""

    def __init__(self, *rejects: Reject) -> None:
        super().__init__("; ".join(reject.message_en for reject in rejects))
        self.rejects = rejects


@dataclass
class Batch:
    """All that one delivery gave, in its own order. `unmapped`: headers that no field asks for; `left_out`: rows passed over, by kind.

    `ignored`: cells passed over, by kind. In forms and tables with `cells` and `rejects` they are all that the file holds, each cell once.
    """

    cells: list[Cell] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    _told: set[tuple[str | None, str | None]] = field(default_factory=set, init=False, repr=False, compare=False)
    _asked: int = field(default=0, init=False, repr=False, compare=False)

    def told(self) -> Set[tuple[str | None, str | None]]:
        """The cells (sheet, cell) that a reject names so far; rejects are only ever added, so each is looked at once."""
        self._told.update((reject.sheet, reject.cell) for reject in self.rejects[self._asked :])
        self._asked = len(self.rejects)
        return self._told


CELLS: Schema = {
    "dataset": pl.String,
    "record_no": pl.Int64,
    "entity_code": pl.String,
    "field": pl.String,
    "text": pl.String,
    "number": pl.Float64,
    "day": pl.Date,
    "moment": pl.Datetime("us"),
    "code": pl.String,
    "state": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "held": pl.String,
    "note": pl.String,
}
ITEMS: Schema = {
    "dataset": pl.String,
    "line_no": pl.Int64,
    "item_id": pl.String,
    "title": pl.String,
    "published_at": pl.Datetime("us"),
    "site_name": pl.String,
    "media_tier": pl.String,
    "heat": pl.Float64,
    "entity_code": pl.String,
    "category": pl.String,
    "is_negative": pl.Boolean,
    "text_hash": pl.String,
}
REJECTS: Schema = {
    "dataset": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "value": pl.String,
    "rule": pl.String,
    "message_zh": pl.String,
    "message_en": pl.String,
    "entity_code": pl.String,
    "field": pl.String,
}


def frame(rows: Iterable[tuple[str | None, Cell | Item | Reject]], schema: Schema) -> pl.DataFrame:
    """Rows of (dataset, row) as a table of that schema, in their order."""
    pairs = list(rows)
    columns = {name: [getattr(row, name) for _, row in pairs] for name in schema if name != "dataset"}
    return pl.DataFrame({"dataset": [dataset for dataset, _ in pairs], **columns}, schema=schema)
