"""What came of an edition's deliveries, as intake left it, beside what the framework says of each field: all that receipts are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from correspondence.questions import Asking
from frameworks import Framework
from frameworks.inputs import Input
from frameworks.layouts import REFUSED
from frameworks.model import Dataset
from frameworks.published_names import datasets_of_file, published_name
from storage import SOURCES, Workspace

Row = Mapping[str, Any]
HIDDEN = "***"
_TABLES = ("deliveries", "cells", "opinion_items", "rejects", "versions", "appeals")
_ROW_OF_CELL = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Field:
    """One column of a dataset: an input, or what a record says. `unit` is empty where it has none.

    `words`: of a category what is said of each of its numbers.
    """

    label_zh: str
    label_en: str
    unit: str
    type: str
    is_personal: bool
    position: int
    words: Mapping[float, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Intake:
    """The stage's intake tables, whole, and the framework that they were made by."""

    framework: Framework
    tables: Mapping[str, pl.DataFrame]

    @property
    def edition(self) -> str:
        """The edition's code."""
        return self.framework.file.edition

    @cached_property
    def rules(self) -> dict[str, pl.DataFrame]:
        """The framework as tables."""
        return self.framework.tables()

    @cached_property
    def datasets(self) -> dict[tuple[str, str], Dataset]:
        """The datasets by source and code, in the order of sources and of the framework."""
        of_source = dict[str, list[Dataset]](self.framework.file.deliveries.items())
        return {(source, each.dataset): each for source in SOURCES for each in of_source.get(source, [])}

    @cached_property
    def entities(self) -> dict[str, Row]:
        """The edition's entities by code: name, group, the entity above."""
        return {row["entity_code"]: row for row in self.rules["entities"].sort("entity_code").rows(named=True)}

    @cached_property
    def inputs(self) -> dict[str, Row]:
        """The inputs by code, as the framework's table has them."""
        return {row["input_code"]: row for row in self.rules["inputs"].rows(named=True)}

    @cached_property
    def fields(self) -> dict[tuple[str, str, str], Field]:
        """Each field by source, dataset and code."""
        types = {tuple(row[:3]): row[3:] for row in self.rules["fields"].rows()}
        unit_of = Asking(self.framework).unit
        found = {}
        for (source, code), dataset in self.datasets.items():
            names = [*dataset.columns, *(name for name in self.framework.file.inputs if name not in dataset.columns)]
            for position, name in enumerate(names):
                column, of_input = dataset.columns.get(name), self.inputs.get(name)
                if dataset.layout in ("form", "places") and of_input:
                    unit = "" if of_input["type"] == "category" else unit_of(of_input["unit"])
                    label = of_input["label_zh"], of_input["label_en"], unit, of_input["type"]
                elif column:
                    label = column.headers[0], name.replace("_", " "), "", types.get((source, code, name), ("text", False))[0]
                else:
                    continue
                said = _said_of(self.framework.file.inputs[name]) if label[3] == "category" and of_input else {}
                found[source, code, name] = Field(*label, bool(column and column.personal), position, said)
        return found

    def field(self, source: str, dataset: str, code: str) -> Field:
        """One field; of one that the framework no longer names, its code."""
        return self.fields.get((source, dataset, code)) or Field(code, code, "", "text", is_personal=True, position=len(self.fields))

    def field_of_input(self, code: str) -> Field | None:
        """The field of the form or table of places in which an input is delivered; None of what is delivered in neither."""
        spec = self.inputs.get(code)
        return self.fields.get((spec["source"], spec["dataset"] or "", code)) if spec else None

    def subject(self, kind: str, code: str) -> tuple[str, str]:
        """What an input, measure or indicator is called; of what is none of these, its code."""
        return self._subjects.get((kind, code)) or next((said for (_, each), said in self._subjects.items() if each == code), (code, code))

    @cached_property
    def _subjects(self) -> dict[tuple[str, str], tuple[str, str]]:
        named = {"input": ("inputs", "label"), "measure": ("measures", "label"), "indicator": ("indicators", "name")}
        return {
            (kind, row[0]): (row[1], row[2] or row[1])
            for kind, (table, name) in named.items()
            for row in self.rules[table].select(f"{kind}_code", f"{name}_zh", f"{name}_en").iter_rows()
        }

    @cached_property
    def corrected(self) -> dict[tuple[str, str], float]:
        """By entity and input the value that the office decided in place of the one delivered."""
        kinds = [name for name, dataset in self.datasets.items() if dataset.kind == "correction"]
        cells = self.tables["cells"].filter(pl.col("is_counted") & pl.col("entity_code").is_not_null())
        of_record: dict[tuple[str, int], dict[str, Row]] = {}
        for row in cells.filter(pl.col("source").is_in({source for source, _ in kinds})).rows(named=True):
            if (row["source"], row["dataset"]) in kinds:
                of_record.setdefault((row["load_id"], row["record_no"]), {})[row["field"]] = row
        found = {}
        for record in of_record.values():
            is_refused = "decision" in record and record["decision"]["code"] == REFUSED
            if not is_refused and {"input", "value"} <= set(record) and record["value"]["number"] is not None:
                found[record["value"]["entity_code"], record["input"]["code"]] = record["value"]["number"]
        return found

    def label(self, source: str, dataset: str | None) -> tuple[str, str]:
        """What a dataset is called."""
        found = self.datasets.get((source, dataset or ""))
        return (found.label.zh, found.label.en) if found and found.label else (dataset or "", dataset or "")

    def place(self, code: str | None) -> str:
        """An entity's name with that of the entity above, where it is evaluated too; nothing of none."""
        row = self.entities.get(code or "")
        above = self.entities.get(row["parent_code"] or "") if row else None
        return (above["name_zh"] if above else "") + row["name_zh"] if row else ""

    def expected(self, source: str, dataset: str, entity: str) -> list[str]:
        """The inputs that one entity is to deliver in a form or table of places: all but those that its group has no use for."""
        group = self.entities[entity]["group_code"]
        return [
            code
            for code, row in self.inputs.items()
            if (row["source"], row["dataset"]) == (source, dataset)
            and row["layout"] in ("form", "places")
            and group in self._groups_of.get(code, {group})
        ]

    @cached_property
    def _groups_of(self) -> dict[str, set[str]]:
        """By input the groups that have a measure which reads it; an input that no measure reads is left out."""
        tables = self.rules
        groups: dict[str, set[str]] = {}
        for measure, code in tables["measure_inputs"].select("measure_code", "input_code").iter_rows():
            groups.setdefault(code, set()).update(self._groups_of_measure.get(measure, set()))
        return groups

    @cached_property
    def _groups_of_measure(self) -> dict[str, set[str]]:
        shares = self.rules["measure_shares"].select("group_code", "measure_code").iter_rows()
        groups: dict[str, set[str]] = {}
        for group, measure in shares:
            groups.setdefault(measure, set()).add(group)
        return groups

    def when(self, moment: datetime | None) -> str:
        """A moment of UTC as a clock of the edition's own time zone shows it; of a day's first moment the day, as folders tell no hour."""
        if moment is None:
            return ""
        return f"{moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.framework.file.time_zone)):%Y-%m-%d %H:%M}".removesuffix(" 00:00")

    def is_late(self, delivery: Row) -> bool:
        """Whether it was sent after the last day of the collection; the office's own decisions never are."""
        collection, moment = self.framework.file.collection, delivery["sent_at"]
        dataset = self.datasets.get((delivery["source"], delivery["dataset"] or ""))
        if dataset is not None and dataset.kind:
            return False
        local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.framework.file.time_zone))
        return collection is not None and local.date() > collection.deadline

    def is_outdated(self, reject: Row) -> bool:
        """Whether a later delivery of the same place has taken the place of the form that this was rejected of."""
        whose = reject["source"], reject["dataset"], reject["entity_code"]
        sent_at = self._sent_at.get((reject["source"], reject["load_id"], reject["file"]))
        return whose in self.counting and sent_at is not None and self.counting[whose]["sent_at"] > sent_at

    @cached_property
    def _sent_at(self) -> dict[tuple[str, str, str], datetime]:
        columns = self.tables["deliveries"].select("source", "load_id", "file", "sent_at")
        return {(source, load_id, file): moment for source, load_id, file, moment in columns.iter_rows()}

    @cached_property
    def counting(self) -> dict[tuple[str, str, str], Row]:
        """Of forms, by source, dataset and entity the delivery that counts."""
        delivered = {
            (row["source"], row["dataset"], row["load_id"]): row for row in self.tables["deliveries"].filter(state="taken").rows(named=True)
        }
        forms = [name for name, dataset in self.datasets.items() if dataset.layout == "form"]
        counted = self.tables["cells"].filter("is_counted").select("source", "dataset", "entity_code", "load_id").unique()
        return {
            (source, dataset, entity): delivered[source, dataset, load_id]
            for source, dataset, entity, load_id in counted.iter_rows()
            if (source, dataset) in forms and (source, dataset, load_id) in delivered
        }

    @cached_property
    def public_names(self) -> dict[tuple[str, str, str], str]:
        """By source, load_id and file the name under which a file may be shown to others than its sender."""
        names = {}
        for source, dataset, load_id, file in self.tables["deliveries"].select("source", "dataset", "load_id", "file").iter_rows():
            possible = datasets_of_file(self.framework.file, source, dataset)
            names[source, load_id, file] = published_name(file, load_id, dataset or source, possible)
        return names

    @cached_property
    def shown(self) -> pl.DataFrame:
        """The cells with `shown`, the value as it was understood, in words; what is personal is hidden in both."""
        cells = self.tables["cells"]
        texts, values = [], []
        columns = ("source", "dataset", "field", "text", "number", "day", "moment", "code")
        for source, dataset, name, text, *typed in cells.select(columns).iter_rows():
            field = self.field(source, dataset, name)
            texts.append(HIDDEN if field.is_personal else text)
            values.append(HIDDEN if field.is_personal else self._understood(field, *typed))
        return cells.with_columns(pl.Series("text", texts, pl.String), pl.Series("shown", values, pl.String))

    def versioned(self, field: Field, value: str | None) -> str | None:
        """The typed value of a version, as intake writes it, in the words of `shown`."""
        if value is None or value == HIDDEN:
            return value
        if field.type in ("integer", "number", "boolean", "category"):
            with suppress(ValueError):
                return self._understood(field, float(value), None, None, None)
        if field.type == "moment":
            return self.when(datetime.fromisoformat(value))
        return value

    def in_words(self, field: Field, number: float) -> str:
        """A number as a field's values are shown."""
        return self._understood(field, number, None, None, None) or ""

    def _understood(self, field: Field, number: float | None, day: object, moment: datetime | None, code: str | None) -> str | None:
        if number is not None:
            if field.type == "boolean":
                return "是 yes" if number else "否 no"
            return field.words.get(number) or number_text(number)
        if moment is not None:
            return self.when(moment)
        return str(day) if day is not None else code


def _said_of(category: Input) -> dict[float, str]:
    """By number the word of the category that counts as it, and the number; not of one that two categories share."""
    of_number: dict[float, list[str]] = {}
    for code, number in category.values.items():
        of_number.setdefault(float(number), []).append(category.texts.get(code, [code])[0])
    return {number: f"{words[0]}（{number_text(number)}）" for number, words in of_number.items() if len(words) == 1}


def number_text(number: float) -> str:
    """A number as people write it: no exponent, no noise of the last digits."""
    text = f"{number:.12g}"
    return f"{number:.12f}".rstrip("0").rstrip(".") if "e" in text else text


def row_of(cell: str) -> str:
    """The row of a cell's name: of `C17` 17."""
    found = _ROW_OF_CELL.search(cell)
    return found[1] if found else cell


def read_intake(workspace: Workspace, framework: Framework) -> Intake:
    """Read the stage's intake tables. Raises FileNotFoundError where nothing has been assembled."""
    folder = workspace.stage(framework.file.edition) / "intake"
    return Intake(framework, {name: pl.read_parquet(folder / f"{name}.parquet") for name in _TABLES})
