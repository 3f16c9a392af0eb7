"""Tables of delivered cells on receipts and places' pages: a row a value of a form or table of places; of records a row a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from correspondence import words
from correspondence.book import Said
from correspondence.intake import HIDDEN, Intake, Row, row_of
from correspondence.page import Cell, Column, Table
from frameworks.layouts import APPEAL, NAMING

PLACE = Column(Said("地区", "Place"), 18)
ITEM = Column(Said("数据项", "Item"), 30)
WHERE = Column(Said("位置", "Where"), 22)
GIVEN = Column(Said("填报内容", "As delivered"), 20)
_UNDERSTOOD = Column(Said("理解为", "Understood as"), 18)
_HOW = Column(Said("怎样理解", "How"), 22)
_COUNTED = Column(Said("是否计入", "Does it count"), 22)


def where(row: Row) -> str:
    """Sheet and cell."""
    return " · ".join(filter(None, (row["sheet"], row["cell"])))


def in_file(row: Row) -> tuple[str, int, str]:
    """Where a line lies, to sort by: sheet, row, cell."""
    at = row_of(row["cell"] or "")
    return row["sheet"] or "", int(at) if at.isdigit() else 0, row["cell"] or ""


def item(row: Row) -> Cell:
    """What a line is about, in both languages."""
    return Cell(row["label_zh"] or row["field"] or "", small=row["label_en"] or "")


def understood(row: Row) -> Cell:
    """A value as it was understood, with its unit; of what was delivered as missing just that."""
    if row["state"] == "missing":
        return Cell("没有数据", "open", "delivered as missing")
    unit = f" {row['unit']}" if row["unit"] and row["value"] != HIDDEN else ""
    return Cell((row["value"] or "") + unit)


def counted(row: Row) -> Cell:
    """Whether a cell counts, and why it does not."""
    if row["is_counted"]:
        return Cell("计入", "good", "counts")
    because = words.BECAUSE.get(row["because"], Said(row["because"] or "", ""))
    return Cell(f"不计入：{because.zh}", "open", because.en)


def values(intake: Intake, heading: Said, lines: Iterable[Row], *, has_places: bool) -> Table:
    """Values of forms and tables of places, as understood, beside the cell and the text."""
    rows = []
    for row in sorted(lines, key=lambda row: (row["record_no"], *_position(intake, row))):
        cells = [item(row), understood(row), Cell(row["text"] or ""), Cell(where(row)), Cell(words.notes(row["note"])), counted(row)]
        rows.append([Cell(intake.place(row["entity_code"])), *cells] if has_places else cells)
    columns = [ITEM, _UNDERSTOOD, GIVEN, WHERE, _HOW, _COUNTED]
    return Table(heading, [PLACE, *columns] if has_places else columns, rows)


def records(intake: Intake, heading: Said, lines: Sequence[Row], *, has_places: bool, note: Said | None = None) -> Table:
    """Records of one dataset, a row each: its fields as understood, the text below where that differs. A personal field shows ***."""
    if not lines:
        return Table(heading, [], [], note)
    source, dataset = lines[0]["source"], lines[0]["dataset"]
    names = sorted({row["field"] for row in lines}, key=lambda name: (intake.field(source, dataset, name).position, name))
    columns = [WHERE, *([PLACE] if has_places else [])]
    for name in names:
        field = intake.field(source, dataset, name)
        columns.append(Column(Said(field.label_zh, field.label_en)))
    rows = []
    for _, of_record in groupby(sorted(lines, key=_record), key=_record):
        own = {row["field"]: row for row in of_record}
        first = next(iter(own.values()))
        place = [Cell(intake.place(first["entity_code"]))] if has_places else []
        at = " · ".join(filter(None, (first["sheet"], f"第{row_of(first['cell'])}行")))
        rows.append([Cell(at), *place, *(_field(intake, own.get(name)) for name in names), _standing(intake, first)])
    return Table(heading, [*columns, _COUNTED], rows, note)


def _standing(intake: Intake, row: Row) -> Cell:
    """Whether a record counts; of an appeal whether it was taken up, for it counts as no figure."""
    dataset = intake.datasets.get((row["source"], row["dataset"]))
    if row["is_counted"] and dataset is not None and dataset.kind == APPEAL:
        return Cell("已受理", "good", "taken up")
    return counted(row)


def _position(intake: Intake, row: Row) -> tuple[int, str]:
    return intake.field(row["source"], row["dataset"], row["field"]).position, row["field"]


def _record(row: Row) -> tuple[str, str, int]:
    return row["file"], row["load_id"], row["record_no"]


def _field(intake: Intake, row: Row | None) -> Cell:
    if row is None:
        return Cell("")
    if row["state"] == "missing":
        return Cell("没有数据", "quiet")
    if row["field"] in NAMING.values() and row["value"]:
        zh, _ = intake.subject("input", row["value"])
        return Cell(zh, small="" if zh == row["value"] else row["value"])
    value = row["value"] or ""
    return Cell(value, small="" if row["text"] in (value, value.split(" ")[0]) else f"原文：{row['text']}")
