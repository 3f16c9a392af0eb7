"""The intake tables that dbt and the gates read: every delivery, cell, item and reject of the edition, and which of them count.

A pure function of ledger and lake: sorted, the same bytes for the same deliveries. Schemas: docs/architecture.md, "intake tables".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from frameworks.layouts import APPEAL, CORRECTION
from frameworks.model import Dataset, FrameworkFile
from sources.appeals import APPEALS, appeals, subjects
from sources.appeals import ORDER as APPEALS_ORDER
from sources.batch import CELLS, ITEMS, REJECTS, Reject, Schema, frame, rejected
from sources.contested import CONTESTING, Standings, standings
from sources.context import datasets_of, places_of
from sources.counting import Withdrawal, withdrawn
from sources.delivery import Delivery, deliveries, wrong_notes
from sources.lake import Loaded, load
from sources.ledger import read_ledger
from sources.marking import Known, Told, counted_values, mark_cells, mark_items
from sources.places import Places
from sources.versions import ORDER, VERSIONS
from sources.whose import owner
from sources.words import load_words
from storage import SOURCES, Workspace, write_parquet

if TYPE_CHECKING:
    from frameworks import Framework

_OF_DELIVERY: Schema = {**dict.fromkeys(("edition", "source", "load_id", "file", "sender"), pl.String), "sent_at": pl.Datetime("us")}
_MARKS: Schema = {"is_counted": pl.Boolean, "not_counted_because": pl.String}
SCHEMAS: dict[str, Schema] = {
    "deliveries": {
        **dict.fromkeys(("edition", "source", "dataset", "load_id", "file", "sender"), pl.String),
        "sent_at": pl.Datetime("us"),
        "reason": pl.String,
        "size": pl.Int64,
        "state": pl.String,
        "cells": pl.Int64,
        "rejects": pl.Int64,
    },
    "cells": {
        **dict.fromkeys(("edition", "source", "dataset", "load_id", "file"), pl.String),
        "sent_at": pl.Datetime("us"),
        **{name: kind for name, kind in CELLS.items() if name not in ("dataset", "held")},
        **_MARKS,
    },
    "opinion_items": {
        **dict.fromkeys(("edition", "load_id", "file"), pl.String),
        **{name: kind for name, kind in ITEMS.items() if name != "dataset"},
        "is_counted": pl.Boolean,
    },
    "rejects": {
        **dict.fromkeys(("edition", "source", "dataset", "load_id", "file"), pl.String),
        **{name: kind for name, kind in REJECTS.items() if name != "dataset"},
    },
    "versions": VERSIONS,
    "appeals": APPEALS,
}
_ORDER = {
    "deliveries": ["source", "dataset", "sent_at", "file", "load_id"],
    "cells": ["source", "dataset", "load_id", "record_no", "field", "sheet", "cell"],
    "opinion_items": ["load_id", "line_no", "entity_code"],
    "rejects": ["source", "dataset", "file", "load_id", "sheet", "cell", "rule", "message_en"],
    "versions": ORDER,
    "appeals": APPEALS_ORDER,
}


@dataclass(frozen=True)
class Assembly:
    """What counts of the edition's deliveries, in numbers: deliveries by state, cells and items counted, cells that do not by reason."""

    edition: str
    deliveries_by_state: dict[str, int]
    cells: int
    cells_counted: int
    cells_not_counted: dict[str, int]
    items: int
    items_counted: int
    rejects: int
    rejects_by_rule: dict[str, int]
    folder: Path


def assemble(workspace: Workspace, framework: Framework) -> Assembly:
    """Write the stage's intake tables from the ledger and the lake. Raises LakeNotCurrent where a source has not been parsed."""
    edition = framework.file.edition
    entries = read_ledger(workspace, edition)
    listed = deliveries(entries, framework.file)
    loaded = load(workspace, framework, listed)
    places = places_of(framework, load_words(workspace))
    gathered = _Gathered(edition, listed, loaded)
    gone = gathered.withdrawals(framework, places)
    delivered = [(source, dataset) for source in SOURCES for dataset in datasets_of(framework.file, source)]
    deadline, late_from = _deadline(framework.file)
    for source, dataset in sorted(delivered, key=lambda each: _turn(each[1])):
        standing = gathered.standings(framework.file) if dataset.kind in CONTESTING else Standings()
        items = gathered.items_by_place() if dataset.kind == "decision" else frozenset[tuple[str, str]]()
        gathered.add(source, dataset, Known(places, gone, items, standing, deadline, late_from))
    notes = ((entry.source, None, entry.sha256, entry.file, reject) for entry, reject in wrong_notes(entries))
    rejects = [*gathered.rejects(framework.file, places), *notes]
    tables = {
        "deliveries": gathered.deliveries(gone, rejects),
        "cells": pl.concat([pl.DataFrame(schema=SCHEMAS["cells"]), *gathered.cells]),
        "opinion_items": pl.concat([pl.DataFrame(schema=SCHEMAS["opinion_items"]), *gathered.items]),
        "rejects": _reject_table(edition, rejects),
        "versions": pl.concat([pl.DataFrame(schema=VERSIONS), *gathered.versions]),
        "appeals": appeals(framework.file, subjects(framework.tables()), gathered.cells),
    }
    folder = workspace.stage(edition) / "intake"
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table.sort(_ORDER[name], nulls_last=False, maintain_order=True))
    return _assembly(edition, tables, folder)


def _turn(dataset: Dataset) -> int:
    """What decides on others comes after them: on items, on values, and an appeal after what was decided."""
    return 3 if dataset.kind == APPEAL else 2 if dataset.kind == CORRECTION else 0 if dataset.layout == "items" else 1


def _deadline(file: FrameworkFile) -> tuple[date | None, datetime | None]:
    """The last day on which a new version counts, and the moment (UTC, without a zone) at which it has passed; none where all count."""
    window = file.collection
    if window is None or window.late == "counts":
        return None, None
    ends = datetime.combine(window.deadline + timedelta(days=1), time(), ZoneInfo(file.time_zone))
    return window.deadline, ends.astimezone(UTC).replace(tzinfo=None)


_Placed = tuple[str, str | None, str, str, Reject]


class _Gathered:
    """The edition's deliveries with what the lake holds of them, marked dataset by dataset."""

    def __init__(self, edition: str, listed: Sequence[Delivery], loaded: Mapping[tuple[str, str], Loaded]) -> None:
        self._edition = edition
        self._listed = listed
        self._loaded = loaded
        self._told: list[tuple[str, Told]] = []
        self.cells: list[pl.DataFrame] = []
        self.items: list[pl.DataFrame] = []
        self.versions: list[pl.DataFrame] = []

    def withdrawals(self, framework: Framework, places: Places) -> frozenset[str]:
        """The deliveries that a decision of the office withdraws; one that names no delivery is told as a reject."""
        known = {delivery.load_id for delivery in self._listed}
        found = []
        for source in SOURCES:
            for dataset in (each for each in datasets_of(framework.file, source) if each.kind == "withdraw"):
                marked = mark_cells(self._cells(source, dataset.dataset), dataset, Known(places))
                for row in counted_values(marked.frame, "load_id"):
                    names = (row["code"] or "").strip().lower()
                    found.append(Withdrawal(row["load_id"], row["sent_at"], names))
                    if names not in known:
                        reject = rejected("unknown_delivery", row["sheet"], row["cell"], row["text"])
                        self._told.append((source, Told(row["load_id"], dataset.dataset, reject)))
        return withdrawn(found)

    def add(self, source: str, dataset: Dataset, known: Known) -> None:
        """Mark all that was delivered of one dataset."""
        if dataset.layout == "items":
            marked = mark_items(self._rows(source, dataset.dataset, "items", ITEMS), dataset, known.gone)
            self.items.append(marked.frame.select(list(SCHEMAS["opinion_items"])))
        else:
            marked = mark_cells(self._cells(source, dataset.dataset), dataset, known)
            self.cells.append(marked.frame.select(list(SCHEMAS["cells"])))
            self.versions.append(marked.versions)
        self._told.extend((source, told) for told in marked.told)

    def items_by_place(self) -> frozenset[tuple[str, str]]:
        """The opinion items marked so far that count, as (place, id)."""
        counted = (table.filter("is_counted").select("entity_code", "item_id").iter_rows() for table in self.items)
        return frozenset(row for rows in counted for row in rows)

    def standings(self, file: FrameworkFile) -> Standings:
        """The values, of the cells marked so far, that a record may contest."""
        return standings(file, self.cells)

    def rejects(self, file: FrameworkFile, places: Places) -> list[_Placed]:
        """Every reject with its source, dataset, load_id and file: of names, of contents, of comparing."""
        rejects: list[_Placed] = []
        files = {(d.source, d.dataset, d.load_id): d.file for d in self._listed if d.is_latest}
        for delivery in self._listed:
            rejects.extend((delivery.source, delivery.dataset, delivery.load_id, delivery.file, reject) for reject in delivery.rejects)
        datasets = {(source, each.dataset): each for source in SOURCES for each in datasets_of(file, source)}
        for (source, load_id), loaded in self._loaded.items():
            for (dataset,), own in loaded.rejects.group_by("dataset", maintain_order=True):
                name = files[source, dataset, load_id]
                whose = owner(datasets[source, dataset], name, loaded.cells.filter(dataset=dataset), own, places)
                rejects.extend((source, dataset, load_id, name, Reject(**row).of(whose)) for row in own.drop("dataset").rows(named=True))
        for source, told in self._told:
            rejects.append((source, told.dataset, told.load_id, files[source, told.dataset, told.load_id], told.reject))
        return rejects

    def deliveries(self, gone: frozenset[str], rejects: Iterable[_Placed]) -> pl.DataFrame:
        """A row a delivered file, with its state."""
        wrong = Counter((source, dataset, load_id, file) for source, dataset, load_id, file, _ in rejects)
        rows = []
        for each in self._listed:
            read = self._loaded.get((each.source, each.load_id)) if each.is_latest and each.dataset else None
            cells = (
                read.cells.filter(dataset=each.dataset).height + read.items.filter(dataset=each.dataset)["line_no"].n_unique()
                if read
                else 0
            )
            faults = wrong[each.source, each.dataset, each.load_id, each.file]
            state = self._state(each, gone, is_read=cells > 0 or not faults)
            rows.append(
                (
                    self._edition,
                    each.source,
                    each.dataset,
                    each.load_id,
                    each.file,
                    each.sender,
                    each.sent_at,
                    each.reason,
                    each.size,
                    state,
                    cells,
                    faults,
                )
            )
        return pl.DataFrame(rows, schema=SCHEMAS["deliveries"], orient="row")

    @staticmethod
    def _state(delivery: Delivery, gone: frozenset[str], *, is_read: bool) -> str:
        if not delivery.is_latest:
            return "duplicate"
        if delivery.load_id in gone:
            return "withdrawn"
        return "taken" if is_read else "rejected"

    def _cells(self, source: str, dataset: str) -> pl.DataFrame:
        return self._rows(source, dataset, "cells", CELLS)

    def _rows(self, source: str, dataset: str, kind: str, schema: Schema) -> pl.DataFrame:
        """What the lake holds of one dataset, with the delivery that counts for its bytes beside each row."""
        parts = [pl.DataFrame(schema={**schema, **_OF_DELIVERY})]
        for each in self._listed:
            if each.source == source and each.dataset == dataset and each.is_latest:
                rows: pl.DataFrame = getattr(self._loaded[source, each.load_id], kind).filter(dataset=dataset)
                of = {name: self._edition if name == "edition" else getattr(each, name) for name in _OF_DELIVERY}
                parts.append(rows.with_columns(pl.lit(value, dtype=_OF_DELIVERY[name]).alias(name) for name, value in of.items()))
        return pl.concat(parts)


def _reject_table(edition: str, rejects: Sequence[_Placed]) -> pl.DataFrame:
    of = pl.DataFrame(
        [(edition, source, load_id, file) for source, _, load_id, file, _ in rejects],
        schema={"edition": pl.String, "source": pl.String, "load_id": pl.String, "file": pl.String},
        orient="row",
    )
    said = frame(((dataset, reject) for _, dataset, _, _, reject in rejects), REJECTS)
    return pl.concat([of, said], how="horizontal").select(list(SCHEMAS["rejects"]))


def _assembly(edition: str, tables: Mapping[str, pl.DataFrame], folder: Path) -> Assembly:
    cells, items, rejects = tables["cells"], tables["opinion_items"], tables["rejects"]
    lines = items.select("load_id", "line_no", "is_counted").unique()
    return Assembly(
        edition=edition,
        deliveries_by_state=_counts(tables["deliveries"], "state"),
        cells=cells.height,
        cells_counted=int(cells["is_counted"].sum()),
        cells_not_counted=_counts(cells.filter(~pl.col("is_counted")), "not_counted_because"),
        items=lines.height,
        items_counted=int(lines["is_counted"].sum()),
        rejects=rejects.height,
        rejects_by_rule=_counts(rejects, "rule"),
        folder=folder,
    )


def _counts(table: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(sorted(Counter(table[column].to_list()).items()))
