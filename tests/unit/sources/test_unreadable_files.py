"""Files that cannot be read at all: each one reject with its own sentence, and nothing raised."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.batch import Batch, Reject
from tests.sources_world import World, form, workbook

GOOD = form("南京市", [("officials", 5)])
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def read(world: World, content: bytes, name: str = "自评.xlsx") -> Batch:
    return world.read("self_assessment", "workbook", name, content)


def only(batch: Batch) -> Reject:
    assert (batch.cells, batch.items) == ([], [])
    (reject,) = batch.rejects
    assert (reject.sheet, reject.cell) == (None, None)
    return reject


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def without(content: bytes, lost: str, **changed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return archive(**{name: changed.get(name, file.read(name)) for name in file.namelist() if name != lost})


SENTENCES = {
    "empty": (
        b"",
        "empty_file",
        "文件是空的（0字节），请重新导出后再报送。",
        "The file is empty (0 bytes); export it again and deliver it anew.",
    ),
    "pdf": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        "pdf",
        "这是PDF文件，无法读取其中的表格，请报送Excel工作簿（.xlsx）原件。",
        "This is a PDF, whose tables cannot be read; deliver the Excel workbook (.xlsx) that it was made from.",
    ),
    "password": (
        OLE2 + "EncryptedPackage".encode("utf-16-le"),
        "password_protected",
        "工作簿设有打开密码，无法读取，请取消密码后重新报送。",
        "The workbook is protected by a password and cannot be read; take the password off and deliver it again.",
    ),
    "xls": (
        OLE2 + "Workbook".encode("utf-16-le"),
        "old_excel",
        "这是旧版Excel格式（.xls），请用Excel或WPS另存为.xlsx后重新报送。",
        "This is the old Excel format (.xls); save it as .xlsx and deliver it again.",
    ),
    "random": (
        random.Random(1).randbytes(5000),
        "not_a_workbook",
        "文件内容不是Excel工作簿，请用Excel或WPS打开核对后另存为.xlsx重新报送。",
        "The file is no Excel workbook; open it, check it, save it as .xlsx and deliver it again.",
    ),
    "zip": (
        archive(**{"南京.csv": b"1"}),
        "zip_without_workbook",
        "这是一个不含Excel工作簿的压缩包，请解压后报送其中的文件。",
        "This is a ZIP archive without an Excel workbook in it; unpack it and deliver the files inside.",
    ),
    "cut": (
        GOOD[: len(GOOD) // 2],
        "cut_file",
        "工作簿文件不完整（可能上传中断），请重新上传完整文件。",
        "The workbook is cut short (an upload may have broken off); upload the whole file again.",
    ),
    "lost sheet": (
        without(GOOD, "xl/worksheets/sheet2.xml"),
        "damaged_workbook",
        "工作簿已损坏，无法读取（xl/worksheets/sheet2.xml is missing），请用Excel或WPS打开并另存后重新报送。",
        "The workbook is damaged and cannot be read (xl/worksheets/sheet2.xml is missing); open it, save it anew and deliver it again.",
    ),
    "entities": (
        without(GOOD, "", **{"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><workbook>&a;</workbook>'}),
        "damaged_workbook",
        "工作簿已损坏，无法读取（XML with entities），请用Excel或WPS打开并另存后重新报送。",
        "The workbook is damaged and cannot be read (XML with entities); open it, save it anew and deliver it again.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_each_has_its_own_sentence(reading: World, name: str) -> None:
    content, rule, zh, en = SENTENCES[name]
    reject = only(read(reading, content))
    assert (reject.rule, reject.message_zh, reject.message_en) == (rule, zh, en)


def test_a_zip_with_a_password_is_a_password(reading: World) -> None:
    content = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    assert only(read(reading, bytes(content))).rule == "password_protected"


def test_a_part_that_unpacks_to_too_much_is_not_unpacked(reading: World) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name in good.namelist():
            file.writestr(name, good.read(name))
        file.writestr("xl/worksheets/sheet9.xml", b" " * (40 * 1024 * 1024))
    reject = only(read(reading, content.getvalue()))
    assert (reject.rule, len(content.getvalue()) < 100_000) == ("too_large", True)


def test_one_value_in_the_last_cell_of_a_sheet_costs_nothing(reading: World) -> None:
    sheets = {"封面": [["填报单位", "南京市"], ["评价年度", 2020]], "甲": [["编码", "填报值"], ["officials", 5]]}
    content = without(workbook(sheets), "")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet2.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    batch = read(reading, without(content, "", **{"xl/worksheets/sheet2.xml": far}))
    assert ([cell.field for cell in batch.cells], batch.rejects) == (["officials"], [])


def test_a_table_of_headers_alone_is_told_whatever_its_layout(reading: World) -> None:
    for source, dataset, name, headers in (
        ("provincial", "reconsideration", "行政复议.csv", "地区,审结件数,纠错件数,按期审结率,风险等级\n"),
        ("third_party", "calls", "热线.csv", "编号,地区,拨打日期,类型,是否接通,回复日期,质量,测评员"),
        ("opinion", "items", "舆情.csv", "编号,标题,正文,站点,媒体级别,发布时间,热度\n\n"),
    ):
        assert only(reading.read(source, dataset, name, headers)).rule == "no_rows"


def test_random_bytes_named_csv(reading: World) -> None:
    reject = only(reading.read("provincial", "reconsideration", "行政复议.csv", random.Random(2).randbytes(5000)))
    assert reject.rule == "not_text"
    assert reject.message_zh == "文件既不是UTF-8也不是GB18030编码的文本，无法读取，请另存为UTF-8编码的CSV后重新报送。"


def test_a_csv_cut_within_its_quotes(reading: World) -> None:
    reject = only(reading.read("provincial", "reconsideration", "行政复议.csv", '地区,审结件数\n南京市,"3\n'))
    assert reject.rule == "damaged_table"
    assert (
        reject.message_en
        == "The quotation marks near line 2 do not match, so the table cannot be read; export the CSV again and deliver it anew."
    )


def test_a_workbook_named_csv_is_read_as_what_it_is(reading: World) -> None:
    content = workbook({"汇总": [["地区", "审结件数"], ["南京市", 3]]})
    batch = reading.read("provincial", "reconsideration", "行政复议.csv", content)
    assert [cell.number for cell in batch.cells] == [3]


def test_a_type_that_nobody_reads(reading: World) -> None:
    reject = only(reading.read("provincial", "reconsideration", "行政复议.docx", b"text"))
    assert reject.message_zh == "无法读取“.docx”类型的文件，请报送以下类型之一：.xlsx、.csv。"


def test_errors_and_formulas_without_results_are_rejects_of_their_cells(reading: World) -> None:
    sheets = {"封面": [["填报单位", "南京市"], ["评价年度", 2020]], "甲": [["编码", "填报值"], ["officials", "=1+1"], ["trained", 1]]}
    content = workbook(sheets)
    batch = read(reading, content)
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == [("formula_without_value", "B2", "=1+1")]
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet2.xml")
    cached = sheet.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    assert cached != sheet
    batch = read(reading, without(content, "", **{"xl/worksheets/sheet2.xml": cached}))
    assert [(cell.field, cell.number, cell.text) for cell in batch.cells] == [("officials", 2, "2"), ("trained", 1, "1")]
    broken = cached.replace(b"<f>1+1</f><v>2</v>", b"<f>1/0</f><v>#DIV/0!</v>").replace(b'<c r="B2">', b'<c r="B2" t="e">')
    batch = read(reading, without(content, "", **{"xl/worksheets/sheet2.xml": broken}))
    assert [(reject.rule, reject.value) for reject in batch.rejects] == [("excel_error", "#DIV/0!")]


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.integers(0, len(GOOD)).map(lambda n: GOOD[:n]),
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4)).map(
            lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + len(change[1]) :]
        ),
    )
)
def test_no_bytes_raise(reading: World, content: bytes) -> None:
    for source, dataset, name in (
        ("self_assessment", "workbook", "自评.xlsx"),
        ("provincial", "reconsideration", "行政复议.csv"),
        ("opinion", "items", "a.jsonl"),
        ("opinion", "items", "舆情.csv"),
    ):
        batch = reading.read(source, dataset, name, content)
        assert batch.cells or batch.items or batch.rejects
        assert "unreadable" not in [reject.rule for reject in batch.rejects]
