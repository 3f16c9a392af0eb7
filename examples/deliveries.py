"""All files of an edition's year, as bytes with their source, day and name. Nothing is written to disk here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from examples.draws import Draws
from examples.office import correction_table, decision_table
from examples.opinion import Event, Item, Newsroom
from examples.places import Country, Place
from examples.profile import Author, FileStyle, Profile, Records, TableStyle, Texts
from examples.quantities import Figure, Figures, NotDescribed
from examples.record_dirt import scored_again, with_dirty_rows
from examples.records import Record, RecordMaker
from examples.sheets import Cell, Table, table_bytes
from examples.tables import field_cell, header_of, ordered, places_table, records_table
from examples.workbooks import Template
from frameworks import Framework
from frameworks.model import Dataset

XLSX = FileStyle(format="xlsx")


@dataclass(frozen=True)
class Delivery:
    """One file as it is handed in: the source whose folder it goes to, the day, its name and its bytes."""

    source: str
    day: date
    name: str
    content: bytes


class Year:
    """Makes the deliveries of one edition."""

    def __init__(self, framework: Framework, profile: Profile, texts: Texts, seed: int) -> None:
        self.framework = framework
        self.file = framework.file
        self.profile = profile
        self.texts = texts
        self.draws = Draws(seed)
        self.country = Country(framework, profile.places, self.draws)
        self.figures = Figures(framework, profile.quantities, self.country)
        window = self.file.collection
        self.deadline = window.deadline if window else self.file.period.to + timedelta(days=31)
        self.year = self.file.period.to.year

    @cached_property
    def news(self) -> tuple[list[Item], list[Event]]:
        """The year's opinion items and the events among them; none where the edition looks at no opinion."""
        settings = self.file.opinion
        return Newsroom(self.country, self.file.period, settings, self.profile.opinion, self.texts).write() if settings else ([], [])

    def deliveries(self) -> Iterator[Delivery]:
        """Every file once; the order says nothing."""
        for source, datasets in self.file.deliveries.items():
            for dataset in datasets:
                match dataset.layout:
                    case "form":
                        yield from self._forms(source, dataset)
                    case "places":
                        yield from self._tables(source, dataset)
                    case "items":
                        yield from self._items(source, dataset)
                    case "records":
                        yield from self._records(source, dataset)

    def _stream(self, *name: object) -> Random:
        return self.draws.stream("file", self.file.edition, *name)

    def _before_deadline(self, days: int) -> date:
        return self.deadline - timedelta(days=days)

    # --- workbooks ---

    def _forms(self, source: str, dataset: Dataset) -> Iterator[Delivery]:
        template = Template(self.framework, dataset, self.profile)
        dirt = self.profile.dirt
        wanted = [code for part in template.parts for code in part.inputs]
        odd = self._stream("odd").sample(self.country.places, dirt.newer_version + dirt.unreadable + dirt.sent_twice)
        newer, odd = odd[: dirt.newer_version], odd[dirt.newer_version :]
        broken, twice = odd[: dirt.unreadable], odd[dirt.unreadable :]
        for place in self.country.places:
            stream = self._stream("workbook", place.code)
            earliest, latest = self.profile.template.days
            day = self._before_deadline(stream.randint(latest, earliest))
            name = f"{place.full_name}自评表"
            figures = {code: self.figures.of(place, code) for code in wanted}
            if place in newer:
                early = day - timedelta(days=5)
                yield Delivery(source, early, f"{name}.xlsx", template.fill(place, self._older(place, figures), stream, early))
            content = template.fill(place, figures, stream, day)
            yield Delivery(source, day, f"{name}（修订）.xlsx" if place in newer else f"{name}.xlsx", content)
            if place in broken:
                yield Delivery(source, day - timedelta(days=1), f"{name}.xlsx", content[: len(content) // 3])
            if place in twice:
                yield Delivery(source, day + timedelta(days=1), f"{name}(1).xlsx", content)

    def _older(self, place: Place, figures: dict[str, Figure]) -> dict[str, Figure]:
        """What a place said before it looked again: the parts of something a little higher, never above the whole."""
        older = dict(figures)
        for code, figure in figures.items():
            quantity = self.profile.quantities[code]
            if quantity.kind == "part" and isinstance(figure, (int, float)):
                older[code] = min(round(figure * 1.02) + 1, self.figures.of(place, quantity.of))
        return older

    # --- tables of departments ---

    def _tables(self, source: str, dataset: Dataset) -> Iterator[Delivery]:
        style = self._style(dataset)
        groups = ordered(self.country.places, style.order)
        suffixes = [self._group_label(places) for places in groups] if len(groups) > 1 else [""]
        for places, suffix in zip(groups, suffixes, strict=True):
            day = self._before_deadline(style.day)
            table = places_table(dataset, style, places, self.figures, self.year)
            name = f"{style.file.format(year=self.year)}{suffix}.{style.format}"
            yield Delivery(source, day, name, table_bytes(table, style, day))

    def _group_label(self, places: Sequence[Place]) -> str:
        labels = self.file.entities.labels
        group = places[0].group
        return f"（{labels[group].zh}）" if group in labels else f"（{group}）"

    def _style(self, dataset: Dataset) -> TableStyle:
        style = self.profile.tables.get(dataset.dataset)
        if style is None:
            raise NotDescribed(f"examples/profiles.yaml tables: there is no row for the dataset {dataset.dataset}; add one.")
        return style

    # --- opinion items ---

    def _items(self, source: str, dataset: Dataset) -> Iterator[Delivery]:
        """JSON Lines of one vendor, a file a month, handed in early in the next one; one CSV of another vendor for the year."""
        items, _ = self.news
        if not items:
            return
        stream = self._stream("vendors")
        other = [item for item in items if stream.random() < self.profile.opinion.csv_share]
        others = {item.item_id for item in other}
        months: dict[tuple[int, int], list[Item]] = {}
        for item in items:
            if item.item_id not in others:
                months.setdefault((item.published_at.year, item.published_at.month), []).append(item)
        for (year, month), listed in months.items():
            day = date(year + month // 12, month % 12 + 1, 5)
            lines = (json.dumps(_item_fields(dataset, item, 0), ensure_ascii=False) for item in listed)
            yield Delivery(source, day, f"items-{year}-{month:02d}.jsonl", "".join(f"{line}\n" for line in lines).encode())
        day = self._before_deadline(self.profile.opinion.csv_day)
        rows = [_item_fields(dataset, item, -1) for item in other]
        table = Table([*rows[0]], [[*row.values()] for row in rows])
        yield Delivery(source, day, f"{self.year}年舆情监测.csv", table_bytes(table, FileStyle(format="csv", encoding="gb18030"), day))

    # --- records ---

    def _records(self, source: str, dataset: Dataset) -> Iterator[Delivery]:
        if dataset.kind is not None:
            yield from self._office(source, dataset)
            return
        profile = self.profile.records.get(dataset.dataset)
        if profile is None:
            raise NotDescribed(f"examples/profiles.yaml records: there is no row for the dataset {dataset.dataset}; add one.")
        authors = self.profile.authors[profile.authors] if profile.authors else []
        records = RecordMaker(self.framework, self.country, dataset, profile).make(authors)
        if not authors:
            style = self._style(dataset)
            day = self._before_deadline(style.day)
            content = table_bytes(records_table(dataset, style, records, self.year), style, day)
            yield Delivery(source, day, f"{style.file.format(year=self.year)}.{style.format}", content)
        for position, author in enumerate(authors):
            own = [record for record in records if record.author == position]
            yield from self._by_author(source, dataset, profile, author, own)

    def _by_author(self, source: str, dataset: Dataset, profile: Records, author: Author, records: list[Record]) -> Iterator[Delivery]:
        label = dataset.label.zh if dataset.label else dataset.dataset
        stream = self._stream("author", dataset.dataset, author.name)
        day = self._before_deadline(stream.randint(10, 20))
        name = f"{self.year}年{label}_{self.profile.authors[profile.authors or 'testers'].index(author) + 1:02d}"
        names = [record.place.plain_name for record in records]
        if profile.authors == "testers":
            records, names = with_dirty_rows(dataset, profile, self.profile.dirt, records, stream)
        style = TableStyle(**author.model_dump(include=set(FileStyle.model_fields)), sender=author.employer, file=name)
        yield Delivery(
            source, day, f"{name}.{author.format}", table_bytes(records_table(dataset, style, records, self.year, names), style, day)
        )
        if author.again:
            again = [scored_again(dataset, profile, record, stream) for record in stream.sample(records, author.again)]
            later = day + timedelta(days=5)
            content = table_bytes(records_table(dataset, style, again, self.year), style, later)
            yield Delivery(source, later, f"{name}（复评）.{author.format}", content)

    # --- the office ---

    def _office(self, source: str, dataset: Dataset) -> Iterator[Delivery]:
        """Corrections after appeals and decisions on events; the other kinds are for the day on which they are needed."""
        day = self._before_deadline(-12)
        label = dataset.label.zh if dataset.label else dataset.dataset
        table = None
        if dataset.kind == "correction":
            table = correction_table(dataset, self.framework, self.country.places, self.figures, self.profile, self._stream("corrections"))
        elif dataset.kind == "decision":
            table = decision_table(dataset, self.news[1], self.profile.opinion, self._stream("decisions"))
        if table is not None and table.rows:
            yield Delivery(source, day, f"{self.year}年{label}.xlsx", table_bytes(table, XLSX, day))


def _item_fields(dataset: Dataset, item: Item, choice: int) -> dict[str, Cell]:
    """An item under the framework's headers: the first of each field for JSON, the second for a table of Chinese headers."""
    fields = asdict(item)
    made: dict[str, Cell] = {}
    for code, column in dataset.columns.items():
        header = column.headers[0] if choice == 0 else header_of(column, 1)
        value = field_cell(column, fields[code], 0)
        made[header] = value.isoformat(sep=" ") if isinstance(value, datetime) else value
    return made
