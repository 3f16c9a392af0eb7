"""The page of one place: what counts of it, from every source, and what is still missing. Nothing of another place, nothing personal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from correspondence import words
from correspondence.appeals import appeals, corrected
from correspondence.book import Said
from correspondence.intake import Intake, Row
from correspondence.page import Cell, Column, Page, Table
from correspondence.receipt_page import rejected
from correspondence.tables_of_cells import ITEM, item, records, understood, where

_SOURCE = Column(Said("来源", "Source"), 24)
_FILE = Column(Said("出自", "From"), 46)


def place_page(intake: Intake, entity: str, lines: Sequence[Row], items: Sequence[Row], matrix: Sequence[Row]) -> Page:
    """The page of `entity`. `lines`: the lines of all receipts that are about it; `items`: opinion items about it that count."""
    title = intake.framework.file.title
    taken = [_public(intake, line) for line in lines if line["kind"] == "taken"]
    wrong = [_public(intake, line) for line in lines if line["kind"] == "rejected"]
    figures = _figures(intake, entity, taken)
    tables = [_lacking(intake, entity, taken, matrix), rejected(intake, wrong, has_places=False, has_files=True), figures]
    counting: dict[tuple[str, str], list[Row]] = {}
    for line in taken:
        if line["is_counted"]:
            counting.setdefault((line["source"], line["dataset"]), []).append(line)
    for (source, code), dataset in intake.datasets.items():
        own = counting.get((source, code), [])
        if dataset.layout == "records" and own:
            zh, en = intake.label(source, code)
            tables.append(
                records(intake, Said(f"{words.source(source).zh}：{zh}", f"{words.source(source).en}: {en}"), own, has_places=False)
            )
    own_appeals = intake.tables["appeals"].filter(entity_code=entity)
    if not own_appeals.is_empty():
        tables.insert(2, appeals(intake, own_appeals.rows(named=True), has_places=False))
    if items:
        tables.append(_opinion(intake, items))
    tables.append(_not_counted(intake, taken))
    name = intake.entities[entity]
    return Page(
        Said(intake.place(entity), name["name_en"] or ""),
        Said(f"{title.zh}：计入的数据", f"{title.en}: what counts"),
        _verdict(tables[0], matrix, sum(line["because"] is None for line in wrong)),
        [
            (Said("行政区划代码", "Code"), Cell(entity)),
            (Said("从表格计入的数据项", "Figures that count"), Cell(str(len(figures.rows)))),
            (Said("计入的记录", "Records that count"), Cell(str(sum(row["given"] for row in matrix if row["wanted"] is None)))),
            (Said("计入的舆情信息", "Opinion items that count"), Cell(str(len(items)))),
        ],
        tables,
    )


def _public(intake: Intake, line: Row) -> Row:
    """The line with its file under the name that may be shown to others than its sender."""
    return {**line, "file": intake.public_names.get((line["source"], line["load_id"], line["file"]), line["dataset"] or line["source"])}


def _verdict(lacking: Table, matrix: Sequence[Row], rejects: int) -> Cell:
    wanted, given = (sum(row[name] for row in matrix if row["wanted"] is not None) for name in ("wanted", "given"))
    said = Said(f"应有 {wanted} 项数据，已全部计入。", f"All {wanted} figures that are asked for count.")
    if lacking.rows:
        said = Said(
            f"应有 {wanted} 项数据，已计入 {given} 项；还缺的见下表。",
            f"{given} of {wanted} figures that are asked for count; what is missing is listed below.",
        )
    more = Said(f"有 {rejects} 处退回，请改正后重报。", f"Rejects to correct and deliver again: {rejects}.") if rejects else Said("", "")
    return Cell(said.zh + more.zh, "open" if lacking.rows or rejects else "good", f"{said.en} {more.en}".strip())


def _lacking(intake: Intake, entity: str, taken: Sequence[Row], matrix: Sequence[Row]) -> Table:
    have = {(line["source"], line["dataset"], line["field"]) for line in taken if line["is_counted"] and line["state"] == "reported"}
    have |= {(spec["source"], spec["dataset"], code) for code, spec in intake.inputs.items() if (entity, code) in intake.corrected}
    rows = []
    for row in matrix:
        source, dataset = row["source"], row["dataset"]
        zh, en = intake.label(source, dataset)
        whence = Cell(f"{words.source(source).zh} · {zh}", small=en)
        if row["wanted"] is None and row["state"] == "absent":
            rows.append(
                [Cell("没有记录", small="no record"), whence, Cell("还没有关于本地区的记录。", "open", "No record of this place has come.")]
            )
        for code in intake.expected(source, dataset, entity) if row["wanted"] is not None else []:
            if (source, dataset, code) not in have:
                spec = intake.inputs[code]
                why = _why(taken, source, dataset, code)
                rows.append([Cell(spec["label_zh"], small=spec["label_en"]), whence, Cell(why.zh, "open", why.en)])
    return Table(
        Said("还缺的数据", "Still missing"),
        [ITEM, _SOURCE, Column(Said("说明", "Why"), 50)],
        rows,
        Said(
            "自评数据请本地区补报；省级数据由主管部门报送。",
            "Self-assessed figures are yours to deliver; provincial ones come from departments.",
        ),
        Said("没有缺少的数据。", "Nothing is missing."),
    )


def _why(taken: Sequence[Row], source: str, dataset: str, code: str) -> Said:
    own = [line for line in taken if (line["source"], line["dataset"], line["field"]) == (source, dataset, code)]
    if any(line["is_counted"] for line in own):
        return Said("报为没有数据。", "Delivered as missing.")
    if own:
        said = words.BECAUSE.get(own[0]["because"], Said(own[0]["because"] or "", ""))
        return Said(f"收到但不计入：{said.zh}。", f"Taken, but does not count: {said.en}.")
    return Said("没有收到可用的数值。", "No figure that can be used has come.")


def _figures(intake: Intake, entity: str, taken: Sequence[Row]) -> Table:
    order = {name: position for position, name in enumerate(intake.datasets)}
    own = [line for line in taken if line["is_counted"] and _layout(intake, line) in ("form", "places")]
    own.sort(
        key=lambda line: (
            order[line["source"], line["dataset"]],
            intake.field(line["source"], line["dataset"], line["field"]).position,
            line["field"],
        )
    )
    rows = []
    for line in own:
        zh, en = intake.label(line["source"], line["dataset"])
        whence = Cell(f"{words.source(line['source']).zh} · {zh}", small=en)
        cell = Cell(" · ".join(filter(None, (line["file"], where(line)))), small=f"{intake.when(line['sent_at'])}")
        field = intake.field(line["source"], line["dataset"], line["field"])
        decided = intake.corrected.get((entity, line["field"]))
        counts = understood(line) if decided is None else corrected(intake, field, decided, understood(line).text)
        rows.append([_coded(item(line), line["field"]), counts, Cell(line["text"] or ""), Cell(words.notes(line["note"])), whence, cell])
    rows += _not_delivered(intake, entity, own)
    columns = [
        ITEM,
        Column(Said("计入的数值", "Value that counts"), 18),
        Column(Said("填报内容", "As delivered"), 18),
        Column(Said("怎样理解", "How it was understood"), 22),
        _SOURCE,
        _FILE,
    ]
    note = Said("更正过的，以核定的数值计入，小字是更正前的数值。", "Of what was corrected the value decided counts; below it the former.")
    has_correction = any(whose == entity for whose, _ in intake.corrected)
    return Table(Said("计入的数据", "Figures that count"), columns, rows, note if has_correction else None)


def _coded(cell: Cell, code: str) -> Cell:
    """What a figure is called, with the code by which an appeal names it."""
    return Cell(cell.text, small=f"{cell.small} · {code}")


def _not_delivered(intake: Intake, entity: str, own: Sequence[Row]) -> Iterator[list[Cell]]:
    """Figures that nobody delivered and a correction gives."""
    delivered = {line["field"] for line in own}
    for (whose, code), number in sorted(intake.corrected.items()):
        field = intake.field_of_input(code)
        if whose == entity and code not in delivered and field:
            spec = intake.inputs[code]
            zh, en = intake.label(spec["source"], spec["dataset"])
            whence = Cell(f"{words.source(spec['source']).zh} · {zh}", small=en)
            yield [
                _coded(Cell(spec["label_zh"], small=spec["label_en"]), code),
                corrected(intake, field, number),
                Cell(""),
                Cell(""),
                whence,
                Cell(""),
            ]


def _layout(intake: Intake, line: Row) -> str:
    dataset = intake.datasets.get((line["source"], line["dataset"]))
    return dataset.layout if dataset else ""


def _opinion(intake: Intake, items: Sequence[Row]) -> Table:
    rows = [
        [
            Cell(intake.when(row["published_at"])),
            Cell(row["title"]),
            Cell(row["site_name"] or ""),
            Cell("负面 negative", "open") if row["is_negative"] else Cell("", "quiet"),
        ]
        for row in sorted(items, key=lambda row: (row["published_at"], row["load_id"], row["line_no"]))
    ]
    columns = [
        Column(Said("发布时间", "Published"), 18),
        Column(Said("标题", "Title"), 60),
        Column(Said("媒体", "Outlet"), 18),
        Column(Said("性质", "Kind"), 14),
    ]
    return Table(Said("舆情信息", "Opinion items"), columns, rows)


def _not_counted(intake: Intake, taken: Sequence[Row]) -> Table:
    left = pl.DataFrame(
        [(line["source"], line["dataset"], line["because"]) for line in taken if not line["is_counted"]],
        schema=["source", "dataset", "because"],
        orient="row",
    )
    rows = []
    for source, dataset, because, number in (
        left.group_by("source", "dataset", "because").len().sort("source", "dataset", "because").iter_rows()
    ):
        zh, en = intake.label(source, dataset)
        said = words.BECAUSE.get(because, Said(because or "", ""))
        rows.append([Cell(f"{words.source(source).zh} · {zh}", small=en), Cell(str(number)), Cell(said.zh, small=said.en)])
    columns = [_SOURCE, Column(Said("项数", "Cells"), 10), Column(Said("原因", "Why"), 50)]
    return Table(Said("收到但不计入的内容", "Taken, but does not count"), columns, rows)
