"""Templates of tables: a row a place with the places filled in, or a row a test, score, decision or appeal with nothing but its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from correspondence import validations
from correspondence.book import Book, Choice, Said, height, sheet_name
from correspondence.questions import Asking, number_text
from frameworks.layouts import APPEAL, KIND_NEEDS, NAMING, field_type
from frameworks.model import Column, Dataset, Source
from storage import GATES

NOTES = "填表说明"
_HEAD, _FIRST = 3, 4  # rows from 0: title, hint, English captions, header, then the rows
_LAST = 5000  # how far down cells are checked as they are typed


@dataclass(frozen=True)
class _Field:
    """One column: its header, what it is in English, how its cells look and are checked, and what the notes say of it."""

    header: str
    caption: str
    format: str
    validation: Mapping[str, Any] | None
    note: Said
    is_filled: bool = False
    is_needed: bool = False


class Tables:
    """The tables of an edition; `workbook` and `text` make that of one dataset."""

    def __init__(self, asking: Asking, places: Mapping[str, str]) -> None:
        self._asking = asking
        self._places = places

    def workbook(self, source: Source, dataset: Dataset) -> bytes:
        """The dataset's template as a workbook: the table, then a sheet that explains each column."""
        file = self._asking.framework.file
        label = dataset.label or file.title
        book = Book(f"{file.title.zh} {label.zh}", file.period.from_)
        sheet = book.sheet(sheet_name(label.zh), (), is_table=True)  # before a list that a column may need, so that it is the first
        fields = self._fields(book, source, dataset)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, f"{file.title.zh}：{label.zh}", book.format("title"))
        sheet.write_string(
            1,
            0,
            f"每列的填法见“{NOTES}”表；带*的列必填。 {label.en}: the sheet “{NOTES}” tells what each column is; * must be filled in.",
            book.format("en_line"),
        )
        headers = {header for field in dataset.columns.values() for header in field.headers}
        for column in range(1, len(fields)):  # cells of their own, or the column's colour would show behind the title
            for row in (0, 1):
                sheet.write_blank(row, column, None, book.format("plain"))
        for column, field in enumerate(fields):
            caption = "" if field.header.isascii() or field.caption in headers else field.caption
            sheet.write_string(2, column, caption, book.format("caption"))
            head = field.header + ("*" if field.is_needed else "")
            sheet.write_string(_HEAD, column, head, book.format("head" if field.is_filled else "head_fill"))
        sheet.set_row(2, height(*((field.caption, _width(field)) for field in fields)))
        sheet.set_row(_HEAD, height(*((field.header, _width(field)) for field in fields)))
        rows = self._rows(dataset)
        self._cells(book, sheet, fields, rows)
        sheet.freeze_panes(_FIRST, 1)
        sheet.repeat_rows(2, _HEAD)
        self._notes(book, source, dataset, fields)
        return book.content()

    def text(self, dataset: Dataset) -> bytes:
        """The dataset's template as CSV in UTF-8 with a mark: for a dataset whose file names end so."""
        whose = [headers[0] for headers in (dataset.entity, dataset.time) if headers]
        header = [*whose, *(column.headers[0] for column in dataset.columns.values())]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([*row, *[""] * (len(header) - len(row))] for row in self._rows(dataset))
        return text.getvalue().encode("utf-8-sig")

    def _rows(self, dataset: Dataset) -> list[tuple[str | int, ...]]:
        """What is filled in: of a table of places each place, in a panel at each time; of records nothing."""
        if dataset.layout != "places":
            return []
        times = self._asking.framework.registry.times if dataset.time else ()
        if times:
            return [(name, time) for name in self._places.values() for time in times]
        return [(name,) for name in self._places.values()]

    def _cells(self, book: Book, sheet: Any, fields: list[_Field], rows: list[tuple[str | int, ...]]) -> None:
        for row, filled in enumerate(rows, _FIRST):
            for column, value in enumerate(filled):
                write = sheet.write_number if isinstance(value, int) else sheet.write_string
                write(row, column, value, book.format("text"))
            for column in range(len(filled), len(fields)):
                sheet.write_blank(row, column, None, book.format(fields[column].format))
        last = _FIRST + len(rows) - 1 if rows else _LAST
        for column, field in enumerate(fields):
            # Of records the whole column is free, so that rows may be pasted, added and sorted.
            sheet.set_column(column, column, _width(field), book.format("plain" if rows else field.format))
            if field.validation and not field.is_filled:
                sheet.data_validation(_FIRST, column, last, column, dict(field.validation))

    def _notes(self, book: Book, source: Source, dataset: Dataset, fields: list[_Field]) -> None:
        """One column of sentences: a name alone in a cell would look like a header to a reader."""
        sheet = book.sheet(NOTES, (110,))
        file, collection = self._asking.framework.file, self._asking.framework.file.collection
        whole = (
            "每行一个地区，请勿改动地区名称；确实没有的填0，没有数据的才留空。"
            if dataset.layout == "places"
            else "每行一条记录，从表头下一行填起，可增删行、可粘贴。"
        )
        lines = [
            Said("本表怎样填", "How to fill in this table"),
            Said(
                whole,
                "A row a place; where there was none write 0, leave blank what is not known."
                if dataset.layout == "places"
                else "A row a record; rows may be pasted, added and taken out.",
            ),
            *(Said(f"“{field.header}”：{field.note.zh}", field.note.en) for field in fields),
            Said(f"数据期间：{file.period.from_}至{file.period.to}。", f"Period of the figures: {file.period.from_} to {file.period.to}."),
        ]
        if dataset.kind == APPEAL:
            lines.append(
                Said(
                    "争议数值请照抄本地区“计入的数据”页上计入的数值，不一致的不予受理；报送截止后仍可申诉。",
                    "As contested value copy what counts by your place's page, else it is not taken. It may come after the deadline.",
                )
            )
        elif collection and source != "correction":  # the office decides when it has to
            lines.append(
                Said(
                    f"请于{collection.deadline}前报送，不要改列名和文件名。",
                    f"Send it by {collection.deadline}; keep the names of columns and file.",
                )
            )
        lines += self._meanings(dataset)
        for row, line in enumerate(lines):
            book.say(sheet, row, 0, line, "zh" if row else "heading")
            sheet.set_row(row, height((f"{line.zh}\n{line.en}", 110)))

    def _meanings(self, dataset: Dataset) -> list[Said]:
        """What each code means that a drop-down of the table offers."""
        if dataset.layout != "records":
            return []
        codes = [code for name, column in dataset.columns.items() for code in self._codes(dataset, name, column)]
        file = self._asking.framework.file
        said = []
        for code in dict.fromkeys(codes):
            if code in self._asking.measures:
                said.append(self._asking.measures[code])
            elif code in file.inputs:
                label, unit = file.inputs[code].label, file.inputs[code].unit
                said.append(Said(f"{code}：{label.zh}（{self._asking.unit(unit)}）", f"{label.en} ({unit.replace('_', ' ')})"))
            else:
                said.append(self._asking.node(code))
        return [Said("编码", "Codes"), *said] if said else []

    # --- columns --------------------------------------------------------------------------------------------------------

    def _fields(self, book: Book, source: Source, dataset: Dataset) -> list[_Field]:
        """The columns: whose row it is, of what time, then the dataset's own under the first of their headers."""
        is_places = dataset.layout == "places"
        fields = []
        if dataset.entity:
            validation = None if is_places else validations.choose(book.choice(list(self._places.values())))
            note = (
                Said("已填好", "place: filled in already") if is_places else Said("从下拉框选择地区全称", "place: choose it from the list")
            )
            fields.append(_Field(dataset.entity[0], "Place", "fill_text", validation, note, is_filled=is_places, is_needed=not is_places))
        if dataset.time:
            note = Said("年份", "time: a whole number")
            fields.append(_Field(dataset.time[0], "Time", "fill", None, note, is_filled=is_places, is_needed=not is_places))
        needed = {*dataset.key, *KIND_NEEDS.get(dataset.kind or "", ())}
        if "decision" in dataset.columns:
            needed.discard("value")  # a refusal needs none
        for code, column in dataset.columns.items():
            if is_places and self._is_input(source, code):
                fields.append(self._input(book, code, column))
            else:
                fields.append(
                    self._field(book, dataset, code, column, is_needed=column.required or column.within is not None or code in needed)
                )
        return fields

    def _is_input(self, source: Source, code: str) -> bool:
        spec = self._asking.framework.file.inputs.get(code)
        return spec is not None and spec.source == source

    def _input(self, book: Book, code: str, column: Column) -> _Field:
        question = self._asking.question(code)
        spec, limits, counts = question.spec, self._asking.limits(question), self._asking.counts(question)
        unit = Said(f"{limits.zh}（{question.unit}）", f"{limits.en} ({spec.unit.replace('_', ' ')})")
        if question.choices:
            validation: Mapping[str, Any] = validations.choose(book.choice(question.choices))
        else:
            most = spec.maximum if isinstance(spec.maximum, (int, float)) else None
            validation = validations.number(unit, is_whole=spec.type == "integer", minimum=spec.minimum, maximum=most)
        caption = f"{question.unit} · {spec.label.en}"
        style = "fill_choice" if question.choices else "fill_whole" if spec.type == "integer" else "fill"
        note = Said(f"{spec.label.zh}，{unit.zh}；{counts.zh}", f"{spec.label.en}, {unit.en}; {counts.en}")
        return _Field(column.headers[0], caption, style, validation, note)

    def _field(self, book: Book, dataset: Dataset, code: str, column: Column, *, is_needed: bool) -> _Field:
        kind = field_type(self._asking.framework.file, dataset, code)
        choice = self._choice(book, dataset, code, column, kind)
        style, validation, note = _typed(kind, column, self._period(column))
        if choice is not None:
            style, validation = "fill_choice", validations.choose(choice)
            few = "、".join(choice.items[:12]) + ("…" if len(choice.items) > 12 else "")
            is_code = bool(self._codes(dataset, code, column))
            note = Said("从下拉框选择编码，含义见下" if is_code else f"从下拉框选择（{few}）", "choose from the list")
        caption = code.replace("_", " ")
        note = Said(f"必填，{note.zh}", f"{caption}: required, {note.en}") if is_needed else Said(note.zh, f"{caption}: {note.en}")
        return _Field(column.headers[0], caption, style, validation, note, is_needed=is_needed)

    def _period(self, column: Column) -> tuple[date, date] | None:
        period = self._asking.framework.file.period
        return (period.from_, period.to) if column.within == "period" else None

    def _choice(self, book: Book, dataset: Dataset, code: str, column: Column, kind: str) -> Choice | None:
        """The drop-down of a field: its words, or the codes that it names."""
        if kind == "boolean":
            items = [self._asking.spoken(value, column.values.get(value, [])) for value in ("true", "false")]
        elif kind == "category":
            items = [self._asking.spoken(value, synonyms) for value, synonyms in column.values.items()]
        elif code == "gate" and dataset.kind == "waiver":
            items = list(GATES)
        else:
            items = self._codes(dataset, code, column)
        return book.choice(items) if items else None

    def _codes(self, dataset: Dataset, code: str, column: Column) -> list[str]:
        """The codes of indicators or inputs that a field names; none where it names neither."""
        file = self._asking.framework.file
        if column.names == "indicator":
            return self._asking.lowest
        if file.confirmation and (dataset.dataset, code) == (file.confirmation.dataset, file.confirmation.indicator):
            return list(dict.fromkeys(spec.verify.tests for spec in file.inputs.values() if spec.verify))
        if dataset.kind and code in (NAMING.get(dataset.kind), "input"):
            is_any = dataset.kind == APPEAL or "decision" in dataset.columns  # a refusal may name what was appealed against
            return [*file.inputs, *(self._asking.others if is_any else [])]
        return []


def _typed(kind: str, column: Column, period: tuple[date, date] | None) -> tuple[str, Mapping[str, Any] | None, Said]:
    """The format, check and note of a field that is typed in."""
    match kind:
        case "integer" | "number":
            least = f"，不小于{number_text(column.minimum)}" if column.minimum is not None else ""
            most = f"，不大于{number_text(column.maximum)}" if column.maximum is not None else ""
            kind_said = Said("整数" if kind == "integer" else "数字", "a whole number" if kind == "integer" else "a number")
            bounds = [
                f"{word} {number_text(limit)}"
                for word, limit in (("at least", column.minimum), ("at most", column.maximum))
                if limit is not None
            ]
            said = Said(kind_said.zh + least + most, ", ".join([kind_said.en, *bounds]))
            return "fill", validations.number(said, is_whole=kind == "integer", minimum=column.minimum, maximum=column.maximum), said
        case "date":
            return "fill_day", validations.day(period), _day_note("日期", "a day", period)
        case "moment":
            return "fill_moment", None, _day_note("日期和时间，如2020-03-01 09:30", "day and time", period)
        case _:
            return "fill_text", None, Said("文字", "text")


def _day_note(zh: str, en: str, period: tuple[date, date] | None) -> Said:
    return Said(f"{zh}，{period[0]}至{period[1]}", f"{en}, {period[0]} to {period[1]}") if period else Said(zh, en)


def _width(field: _Field) -> float:
    return 24.0 if field.is_filled or field.format == "fill_text" else 16.0
