"""The data team's summary: who must be called, the matrix of places and datasets, and every delivery. Also as Markdown for Dagster's UI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from correspondence import words
from correspondence.appeals import appeals
from correspondence.book import Said
from correspondence.completeness import Call, asked
from correspondence.intake import Intake, Row
from correspondence.page import Cell, Column, Page, Table, Tone
from frameworks import Framework

_SIGNS: Mapping[str, tuple[str, Tone]] = {
    "complete": ("✓", "good"),
    "partial": ("◐", "open"),
    "absent": ("✗", "bad"),
    "rejected": ("退", "bad"),
    "none": ("0", "quiet"),
    "not_asked": ("–", "quiet"),
}
_STANDING: Mapping[str, Tone] = {"counts": "good", "counts_in_part": "open", "rejected": "bad", "nothing_counts": "bad"}
LEGEND = Said(
    "✓ 齐全；◐ 缺一部分（数字是 已计入/应有）；✗ 没有；退 报来的文件整份退回；0 没有记录（可能本来就没有）；"
    "– 不需要。测评、评审等只写计入的条数。",
    "✓ complete; ◐ part is missing (given/asked); ✗ nothing; 退 what came was rejected whole; 0 no record, which may be right; "
    "– not asked. Of records the number that counts.",
)


def summary_page(intake: Intake, found: pl.DataFrame, matrix: pl.DataFrame, to_call: Sequence[Call]) -> Page:
    """The page of an edition. Links lead to receipts and places' pages beside it."""
    title, collection = intake.framework.file.title, intake.framework.file.collection
    states = Counter(found["standing"].to_list())
    facts = [
        (Said("收到的文件", "Files"), Cell(str(found.height))),
        *((words.standing(name), Cell(str(states[name]))) for name in words.STANDINGS if states[name]),
        (Said("退回", "Rejects"), Cell(str(found["rejects"].sum()))),
    ]
    waiting = intake.tables["appeals"].filter(state="open").height
    facts.append((Said("待处理的申诉", "Open appeals"), Cell(str(waiting), "open" if waiting else None)))
    if collection:
        facts.insert(0, (Said("截止日期", "Deadline"), Cell(str(collection.deadline))))
        facts.append((Said("晚于截止日期的文件", "Files after the deadline"), Cell(str(found["is_late"].sum()))))
    return Page(
        Said("报送情况汇总", "Deliveries at a glance"),
        Said(title.zh, title.en),
        _verdict(matrix, to_call),
        facts,
        [_call_table(intake, to_call), *_appeals(intake), _matrix(intake, matrix), _delivered(intake, found)],
    )


def _appeals(intake: Intake) -> list[Table]:
    rows = intake.tables["appeals"].rows(named=True)
    return [appeals(intake, rows, has_places=True)] if rows else []


def _verdict(matrix: pl.DataFrame, to_call: Sequence[Call]) -> Cell:
    places = matrix["entity_code"].n_unique()
    lacking = matrix.filter(pl.col("state").is_in(["partial", "absent", "rejected"]))["entity_code"].n_unique()
    zh = f"{places} 个地区中 {places - lacking} 个数据齐全，{lacking} 个还缺数据；需要联系 {len(to_call)} 件事。"
    en = f"{places - lacking} of {places} places are complete, {lacking} still lack figures; {len(to_call)} calls to make."
    return Cell(zh, "good" if not to_call else "open", en)


def _call_table(intake: Intake, to_call: Sequence[Call]) -> Table:
    rows = []
    for call in to_call:
        zh, en = intake.label(call.source, call.dataset)
        whence = Cell(f"{words.source(call.source).zh}" + (f" · {zh}" if zh else ""), small=en)
        rows.append([Cell(call.about, link=call.receipt), whence, Cell(call.why.zh, small=call.why.en)])
    columns = [Column(Said("对象", "About"), 44), Column(Said("数据", "What"), 26), Column(Said("原因", "Why"), 90)]
    return Table(Said("需要联系", "Who must be called"), columns, rows, empty=Said("没有需要联系的。", "Nobody."))


def _matrix(intake: Intake, matrix: pl.DataFrame) -> Table:
    columns = [Column(Said("地区", "Place"), 22), Column(Said("齐全", "Full"), 8)]
    for source, dataset in asked(intake):
        zh, en = intake.label(source, dataset)
        columns.append(Column(Said(zh, en), 6, is_narrow=True, above=words.source(source).zh))
    rows = []
    for entity, of in _by_place(intake, matrix):
        rows.append([Cell(intake.place(entity), link=f"places/{entity}"), _share(of), *(_cell(row) for row in of)])
    return Table(Said("地区与数据对照表", "Places and datasets"), columns, rows, LEGEND)


def _by_place(intake: Intake, matrix: pl.DataFrame) -> list[tuple[str, list[Row]]]:
    """The matrix's rows place by place, groups in the framework's order, each dataset in its column."""
    columns = {name: position for position, name in enumerate(asked(intake))}
    groups = dict(intake.rules["groups"].select("group_code", "position").iter_rows())
    of_place: dict[str, list[Row]] = {}
    for row in matrix.rows(named=True):
        of_place.setdefault(row["entity_code"], []).append(row)
    ordered = sorted(of_place, key=lambda code: (groups.get(intake.entities[code]["group_code"], 0), code))
    return [(code, sorted(of_place[code], key=lambda row: columns[row["source"], row["dataset"]])) for code in ordered]


def _share(of: Sequence[Row]) -> Cell:
    """The share of the asked figures that count; of places without any of the kind, nothing."""
    wanted, given = (sum(row[name] for row in of if row["wanted"] is not None) for name in ("wanted", "given"))
    if not wanted:
        return Cell("")
    return Cell(f"{int(100 * given / wanted)}%", "good" if given == wanted else "open")


def _cell(row: Row) -> Cell:
    sign, tone = _SIGNS[row["state"]]
    if row["wanted"] is None:
        return Cell(str(row["given"]) if row["given"] else sign, tone)
    return Cell(sign, tone, f"{row['given']}/{row['wanted']}" if row["state"] == "partial" else "")


def _delivered(intake: Intake, found: pl.DataFrame) -> Table:
    rows = []
    for row in found.rows(named=True):
        zh, en = intake.label(row["source"], row["dataset"])
        said = words.standing(row["standing"])
        late = Cell(intake.when(row["sent_at"]), "open", "迟报 late") if row["is_late"] else Cell(intake.when(row["sent_at"]))
        rows.append(
            [
                late,
                Cell(row["sender"] or ""),
                Cell(row["file"], link=row["receipt"]),
                Cell(words.source(row["source"]).zh + (f" · {zh}" if zh else ""), small=en),
                Cell(
                    said.zh,
                    _STANDING.get(row["standing"], "quiet"),
                    said.en,
                ),
                *(Cell(str(row[name])) for name in ("cells", "cells_counted", "rejects", "missing", "changed")),
            ]
        )
    numbers = {
        "cells": Said("读到", "Cells"),
        "counted": Said("计入", "Count"),
        "rejects": Said("退回", "Rejects"),
        "missing": Said("仍缺", "Missing"),
        "changed": Said("变化", "Changed"),
    }
    columns = [
        Column(Said("报送时间", "Sent at"), 17),
        Column(Said("报送单位", "Sender"), 20),
        Column(Said("文件（点开为回执）", "File, leads to its receipt"), 46),
        Column(Said("数据", "What"), 26),
        Column(Said("结果", "What came of it"), 26),
        *(Column(said, 8) for said in numbers.values()),
    ]
    return Table(Said("收到的文件", "Deliveries"), columns, rows)


def matrix_markdown(framework: Framework, matrix: pl.DataFrame, escape: Callable[[str], str]) -> str:
    """The matrix as a table of Markdown: a row a place, a column a dataset. `escape` makes any text safe there."""
    intake = Intake(framework, {})  # the framework's words alone
    names = [intake.label(source, dataset)[0] for source, dataset in asked(intake)]
    lines = [
        "| " + " | ".join(["地区", "齐全", *map(escape, names)]) + " |",
        "|---|---|" + "---|" * len(names),
    ]
    for entity, of in _by_place(intake, matrix):
        cells = [_marked(row) for row in of]
        lines.append("| " + " | ".join([escape(intake.place(entity)), _share(of).text, *cells]) + " |")
    return "\n".join([*lines, "", f"{LEGEND.zh} {LEGEND.en}"])


def _marked(row: Row) -> str:
    shown: Any = _cell(row)
    return f"**{shown.text}** {shown.small}".strip() if row["state"] in ("partial", "absent", "rejected") else shown.text
