"""Nothing delivered is lost: the cells of a file are cells taken, cells rejected and cells passed over, each once and counted by kind."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.batch import Batch
from tests.dirt import cases_of_files, cases_of_forms, cases_of_places, cases_of_tables, cases_of_values
from tests.dirt.corpus import CASES, CODES, COVER, Case, DirtWorld, File, form, people
from tests.sources_world import workbook

MODULES = (cases_of_files, cases_of_forms, cases_of_places, cases_of_tables, cases_of_values)
IGNORED = {"sheet", "cover", "title", "header", "total", "note", "place", "code", "beside", "refused"}
Filled = set[tuple[str | None, str]]


@pytest.fixture(scope="module")
def dirt(tmp_path_factory: pytest.TempPathFactory) -> DirtWorld:
    return DirtWorld(tmp_path_factory.mktemp("conservation"))


def filled_in_workbook(content: bytes) -> Filled:
    """Every cell of a workbook that holds something, by another way than the readers'."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and str(cell.value).strip()
    }


def filled_in_text(text: str) -> Filled:
    """Every field of a CSV of lines without quoted line ends that holds something."""
    return {
        (None, f"{openpyxl.utils.get_column_letter(column)}{line}")
        for line, row in enumerate(csv.reader(io.StringIO(text)), start=1)
        for column, value in enumerate(row, start=1)
        if value.strip()
    }


def check(batch: Batch, filled: Filled) -> None:
    taken = {(cell.sheet, cell.cell) for cell in batch.cells} & filled
    rejected = {(reject.sheet, reject.cell or "") for reject in batch.rejects} & filled
    assert len(batch.cells) == len({(cell.sheet, cell.cell) for cell in batch.cells})
    assert not taken & rejected
    assert set(batch.ignored) <= IGNORED
    assert len(filled) == len(taken) + len(rejected) + batch.ignored.total(), (filled - taken - rejected, batch.ignored)


def is_counted(each: Case) -> bool:
    """Whether the case's file is a table or form of which something was taken."""
    return bool(each.taken) and not any(at and at.startswith("line ") for at in each.taken)


@pytest.mark.parametrize("each", [case for case in CASES if is_counted(case)], ids=lambda each: each.name)
def test_the_account_of_every_file_of_the_corpus_is_whole(dirt: DirtWorld, each: Case) -> None:
    file = each.make()
    if file.content.startswith(b"PK"):
        check(dirt.read(file), filled_in_workbook(file.content))
    elif file.content.count(b'\n"') == 0 and b";" not in file.content and b"\t" not in file.content:
        try:
            text = file.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return
        if "，" not in text and "\r" not in text and '"2020' not in text and '"常住' not in text:
            check(dirt.read(file), filled_in_text(text))


PLACES = st.sampled_from(
    [
        "南京市",
        "玄武",
        "鼓楼区",
        "徐州鼓楼",
        "港闸区",
        "没有市",
        "",
        "合计",
        "其中：省属",
        "备注：无",
        "地区",
        "苏州工业园区",
        "320102",
        "320106玄武区",
        "由省厅提供",
    ]
)
VALUES = st.sampled_from(
    [None, 5, 5.5, 0.5, "1,234", "—", "约5", "98%", "12万元", "3元", "5%", "是", "", "债务余额", "合计", True, -1, "#REF!"]
)
HEADERS = st.permutations(["地区", "债务余额", "已偿金额（万元）", "备注", "序号"])
ROWS = st.lists(st.tuples(PLACES, VALUES, VALUES, VALUES, VALUES), max_size=7)


@settings(max_examples=120, deadline=None)
@given(HEADERS, ROWS, st.lists(st.sampled_from(["单位：万元", "2020年情况", "2019年情况"]), max_size=2), st.integers(0, 3))
def test_of_tables_with_a_row_a_place(
    dirt: DirtWorld, headers: list[str], rows: list[tuple[Any, ...]], titles: list[str], merged: int
) -> None:
    order = ["地区", "债务余额", "已偿金额（万元）", "备注", "序号"]
    laid = [[row[order.index(header)] for header in headers] for row in rows]
    areas = [f"A{len(titles) + 2}:A{len(titles) + 1 + merged}"] if merged > 1 and len(rows) >= merged else []
    content = workbook({"说明": [["填报说明"]], "汇总": [*([title] for title in titles), headers, *laid]}, merged=areas)
    batch = dirt.read(File("provincial", "money", "财政.xlsx", content))
    if batch.cells:
        check(batch, filled_in_workbook(content))
    else:
        assert batch.rejects


CODED = st.sampled_from(
    ["officials", "trained", "satisfaction", "arrears", "debt", None, " Officials ", "合计", "注：年末数", "指标编码", "旧编码"]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(CODED, VALUES, VALUES), max_size=8), st.booleans())
def test_of_forms(dirt: DirtWorld, rows: list[tuple[Any, ...]], is_merged: bool) -> None:
    file = form({"封面": COVER, "说明": [["怎样填写"]], "甲": [[*CODES, "备注"], *rows]}, merged=["B2:B3"] if is_merged else [])
    check(dirt.read(file), filled_in_workbook(file.content))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PLACES, st.sampled_from(["5", "约5", "", "5万人", "—", "3%"])), max_size=6))
def test_of_texts(dirt: DirtWorld, rows: list[tuple[str, str]]) -> None:
    text = "2020年人口,\n地区,常住人口（万人）\n" + "".join(f"{place},{value}\n" for place, value in rows)
    batch = dirt.read(people(text))
    if batch.cells:
        check(batch, filled_in_text(text))
    else:
        assert batch.rejects
