"""Files made to do harm: each costs itself only, and what is sound in it counts. Limits of the process: test_guarded_reading.py."""

from __future__ import annotations

import gc
import io
import json
import os
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sources import archive as taking
from sources.batch import Batch
from sources.container import LARGEST_BESIDE_MB, MOST_PARTS
from sources.text import visible
from tests.sources_world import World, form, workbook

GOOD = form("南京市", [("officials", 5)])
SHEET = "xl/worksheets/sheet2.xml"
Edit = Callable[[str, bytes], bytes]


def repacked(edit: Edit = lambda _, part: part, more: Mapping[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The good form, its parts changed, with further ones."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(content, "w", method) as file:
        for name in good.namelist():
            file.writestr(name, edit(name, good.read(name)))
        for name, part in (more or {}).items():
            file.writestr(name, part)
    return content.getvalue()


def in_part(part: str, old: bytes, new: bytes) -> Edit:
    def edit(name: str, content: bytes) -> bytes:
        assert name != part or old in content
        return content.replace(old, new, 1) if name == part else content

    return edit


def with_rows(rows: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return repacked(in_part(SHEET, b"</sheetData>", rows + b"</sheetData>"), method=method)


def read(world: World, content: bytes, name: str = "自评.xlsx") -> Batch:
    return world.read("self_assessment", "workbook", name, content)


def refused(world: World, content: bytes) -> tuple[str, str, str]:
    batch = read(world, content)
    (reject,) = batch.rejects
    assert (batch.cells, reject.sheet, reject.cell) == ([], None, None)
    return reject.rule, reject.message_zh, reject.message_en


def taken(batch: Batch) -> list[tuple[str, float | None]]:
    return [(cell.field, cell.number) for cell in batch.cells]


# --- containers ---------------------------------------------------------------------------------------------------------


def test_a_part_shrunk_as_no_workbook_is_is_not_unpacked(reading: World) -> None:
    content = with_rows(b"<row/>" * 1_000_000)
    assert refused(reading, content) == (
        "too_shrunk",
        "工作簿中有部分内容压缩到不足原来的200分之一，正常的工作簿不会这样，未予读取，请用Excel或WPS打开并另存后重新报送。",
        "A part of the workbook is shrunk to less than 1/200, as no sound one is, and was not read; open it and save it anew.",
    )


def test_what_is_no_xml_by_its_name_is_counted_too(reading: World) -> None:
    content = io.BytesIO(repacked())
    with zipfile.ZipFile(content, "a") as file:
        file.writestr("xl/media/image1.png", b"x")
        file.getinfo("xl/media/image1.png").file_size = (LARGEST_BESIDE_MB + 1) * 1024 * 1024
    assert refused(reading, content.getvalue()) == (
        "too_large",
        "工作簿解压后超过256MB，未予读取，请删去无关工作表，或另存为CSV后重新报送。",
        "The workbook unpacks to more than 256 MB and was not read; remove unrelated sheets, or deliver it as CSV.",
    )


def test_a_part_that_says_that_it_is_small_gives_no_more_than_it_says(reading: World) -> None:
    content = io.BytesIO(repacked())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet9.xml", b"<a>" + b" " * 50_000_000)
        file.getinfo("xl/worksheets/sheet9.xml").file_size = 1000
    assert refused(reading, content.getvalue())[2].startswith("The workbook is damaged and cannot be read (BadZipFile)")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({f"xl/media/{number}": b"" for number in range(MOST_PARTS)}, f"{MOST_PARTS + 10} parts"),
        ({"XL/Workbook.xml": b"<workbook/>"}, "xl/workbook.xml is there twice"),
    ],
)
def test_a_container_that_programs_read_differently_or_without_end_is_damaged(reading: World, more: dict[str, bytes], fault: str) -> None:
    assert refused(reading, repacked(more=more))[2] == (
        f"The workbook is damaged and cannot be read ({fault}); open it, save it anew and deliver it again."
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_compressions_that_no_workbook_has_are_not_tried(reading: World, method: int) -> None:
    assert "（another compression than Deflate）" in refused(reading, repacked(method=method))[1]


def test_parts_whose_names_climb_out_are_never_written_and_never_read_from_outside(reading: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<worksheet/>")
    out = f"../../../../../../../../../../{secret.relative_to('/')}"
    before = sorted(tmp_path.iterdir())
    assert taken(read(reading, repacked(more={"../../evil.xml": b"<a/>", "/tmp/evil": b"x"}))) == [("officials", 5)]
    link = in_part("xl/_rels/workbook.xml.rels", b"/xl/worksheets/sheet2.xml", out.encode())
    assert "（a sheet is missing）" in refused(reading, repacked(link))[1]
    assert sorted(tmp_path.iterdir()) == before


# --- XML ----------------------------------------------------------------------------------------------------------------

BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_and_references_to_other_files_are_refused_in_whatever_encoding(
    reading: World, doctype: bytes, encoding: str, part: str
) -> None:
    def edit(name: str, content: bytes) -> bytes:
        return (doctype + content).decode().encode(encoding) if name == part else content

    assert refused(reading, repacked(edit)) == (
        "damaged_workbook",
        "工作簿已损坏，无法读取（XML with entities），请用Excel或WPS打开并另存后重新报送。",
        "The workbook is damaged and cannot be read (XML with entities); open it, save it anew and deliver it again.",
    )


def test_an_encoding_in_which_entities_could_hide_is_refused(reading: World) -> None:
    def edit(name: str, content: bytes) -> bytes:
        return b'<?xml version="1.0" encoding="cp037"?>' + content if name == SHEET else content

    assert "（xl/worksheets/sheet2.xml in the encoding cp037）" in refused(reading, repacked(edit))[1]


def test_a_sheet_under_the_name_of_a_picture_is_looked_at_as_well(reading: World) -> None:
    sheet = b' \n<!DOCTYPE a [<!ENTITY a "b">]><worksheet/>'
    assert "（XML with entities）" in refused(reading, repacked(more={"xl/media/image1.png": sheet}))[1]


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml"])
def test_nesting_without_end_does_no_harm(reading: World, part: str) -> None:
    end = b"</sheetData>" if part == SHEET else b"</styleSheet>"
    nested = b"<x>" * 300_000 + b"</x>" * 300_000
    assert taken(read(reading, repacked(in_part(part, end, nested + end), method=zipfile.ZIP_STORED))) == [("officials", 5)]


# --- sheets -------------------------------------------------------------------------------------------------------------


def test_a_million_empty_rows_are_nothing(reading: World) -> None:
    """Some seconds: the rows are really there."""
    batch = read(reading, with_rows(b"".join(b'<row r="%d"/>' % row for row in range(100, 1_048_577))))
    assert (taken(batch), batch.rejects) == ([("officials", 5)], [])


def test_a_row_of_all_columns_gives_one_reject_of_what_stands_as_code(reading: World) -> None:
    row = b'<row r="100">' + b"<c><v>1</v></c>" * 16_384 + b"</row>"
    batch = read(reading, with_rows(row))
    assert taken(batch) == [("officials", 5)]
    assert [(reject.rule, reject.cell, reject.value) for reject in batch.rejects] == [("unknown_input", "B100", "1")]


def test_a_text_of_many_megabytes_is_shown_in_eighty_signs_and_kept_nowhere(reading: World) -> None:
    """It stands where a label, a header, a code, a place and a value would: what is remembered of each would add up, file by file."""
    text = b'<c t="inlineStr"><is><t>' + b"9" * 3_000_000 + b"</t></is></c>"
    content = with_rows(b'<row r="100">' + text + b"<c><v>1</v></c></row>", zipfile.ZIP_STORED)
    table = f"地区,常住人口（万人）,{'列' * 1_000_000}\n{'九' * 1_000_000},5\n南京市,{'九' * 1_000_000}\n"
    reading.read("provincial", "residents", "人口.csv", "地区,常住人口（万人）\n南京市,5\n")  # what is made once for all files
    read(reading, GOOD)
    tracemalloc.start()
    batch = read(reading, content)
    assert [(reject.rule, reject.value) for reject in batch.rejects] == [("unknown_input", "9" * 79 + "…")]
    assert len(batch.rejects[0].message_zh) < 200
    rejects = reading.read("provincial", "residents", "人口.csv", table).rejects
    assert [(reject.rule, reject.cell, len(reject.value or "")) for reject in rejects] == [
        ("unknown_place", "A2", 80),
        ("not_a_number", "B3", 80),
    ]
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000


MANY = 4_000
COUNTED = "地区,审结件数,纠错件数,按期审结率,风险等级\n"
LONG_FILES = {
    "rows and totals": COUNTED + "南京市,3,1,95,绿\n" * MANY + "合计,3,1,,\n" * MANY,
    "a total beside each row": COUNTED + "南京市,3,1,95,绿\n合计,3,1,,\n" * MANY,
    "namesakes under a city": COUNTED + "徐州市,3,1,95,绿\n" + " 鼓楼区,3,1,95,绿\n" * MANY,
    "namesakes ever deeper": COUNTED + "".join(f"{' ' * (number % 50)}鼓楼区,3,1,95,绿\n" for number in range(MANY)),
    "rejects and blank rows": COUNTED + "南京市,约3,1,95,绿\n,,,,\n备注,,,,\n" * MANY,
    "headers again and again": (COUNTED + "纠错件数,审结件数,地区\n南京市,3,1\n") * MANY,
    "tables side by side": ",".join(["地区,审结件数"] * 2_000) + "\n" + (",".join(["南京市,3"] * 2_000) + "\n") * 10,
}


@pytest.mark.parametrize("name", LONG_FILES)
def test_a_file_of_ten_times_as_many_rows_takes_ten_times_as_long_and_no_more(reading: World, name: str) -> None:
    """What costs the square of its rows would take a minute or more of processor; a few seconds are allowed."""
    began = time.process_time()
    batch = reading.read("provincial", "reconsideration", "行政复议.csv", LONG_FILES[name])
    assert batch.cells or batch.rejects
    assert time.process_time() - began < 15


def test_a_form_of_many_totals_and_answers_given_again_takes_no_longer_than_its_rows(reading: World) -> None:
    began = time.process_time()
    batch = read(reading, form("南京市", [("officials", 5), ("合计", 5)] * MANY))
    assert {reject.rule for reject in batch.rejects} == {"given_twice", "total_differs"}
    assert max(len(reject.message_zh) for reject in batch.rejects) < 1_000
    assert time.process_time() - began < 15


def test_a_workbook_with_macros_is_read_as_data_and_its_macros_stay_where_they_are(reading: World) -> None:
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    content = repacked(in_part("[Content_Types].xml", plain, macro), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})
    assert taken(read(reading, content, "自评.xlsm")) == [("officials", 5)]


# --- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [400, 5_000, 200_000])
def test_a_number_beyond_all_numbers_is_none(reading: World, digits: int) -> None:
    batch = reading.read("provincial", "residents", "人口.csv", f"地区,常住人口（万人）\n南京市,{'9' * digits}\n苏州市,8\n")
    assert [(cell.entity_code, cell.number) for cell in batch.cells] == [("320500", 8)]
    assert [(reject.rule, reject.cell) for reject in batch.rejects] == [("not_a_number", "B2")]


# --- JSON ---------------------------------------------------------------------------------------------------------------

ITEM = '{"item_id": "1", "title": "南京市政府推诿", "published_at": "2020-03-01 10:00"'


@pytest.mark.parametrize("depth", [100, 900, 970, 980, 985, 990, 1_000, 500_000])
def test_json_nested_without_end_costs_its_line_at_most(reading: World, depth: int) -> None:
    lines = [ITEM + "}", ITEM + f', "x": {"[" * depth}{"]" * depth}}}', ITEM + f', "y": {"{" + chr(34) + "a" + chr(34) + ":"}1}}}}']
    batch = reading.read("opinion", "items", "a.jsonl", "\n".join(lines))
    assert {item.line_no for item in batch.items} >= {1, 3}
    assert {(reject.rule, reject.cell) for reject in batch.rejects} <= {("not_json", "line 2")}
    assert len({item.line_no for item in batch.items}) + len(batch.rejects) == 3


@pytest.mark.parametrize("number", ["9" * 400, "9" * 4_000, "9" * 50_000, "1e999", "-Infinity", "NaN"])
def test_json_numbers_beyond_all_numbers_cost_their_cell_or_line(reading: World, number: str) -> None:
    batch = reading.read("opinion", "items", "a.jsonl", ITEM + f', "heat": {number}}}\n' + ITEM + "}")
    assert [item.heat for item in batch.items if item.heat is not None] == []
    assert [reject.rule for reject in batch.rejects] in (["not_a_number"], ["not_json"])


# --- names --------------------------------------------------------------------------------------------------------------


def test_control_signs_become_pictures_and_signs_that_turn_text_round_go() -> None:
    assert visible("南京\x1b[2J\x07\r\n市\x7f") == "南京␛[2J␇␍␊市␡"
    assert visible("自评\u202exslx.exe\u2066\u200b\x9b31m\ud800") == "自评xslx.exe31m\ufffd"
    assert visible("自评 表🙂（1）.xlsx") == "自评 表🙂（1）.xlsx"


def test_no_control_sign_of_a_name_or_note_reaches_a_table_or_a_terminal(world: World) -> None:
    world.drop("self_assessment/甲\x1b]0;x\x07/自评\u202e\x1b[31m_南京\n市.xlsx", GOOD)
    world.drop("provincial/2021/行政\x1b复议\x9b.csv", "地区\n")
    world.drop("provincial/2021/行政\x1b复议\x9b.csv.delivery.yaml", 'sender: "司法\\e[2J厅"\nreason: "重\\x07报"\n')
    world.drop("third_party/\x1bx.csv.part", "")
    report = taking(world.workspace, world.framework)
    assert report.waiting == ["third_party/␛x.csv.part: still being written"]
    world.run()
    listed = world.table("deliveries")
    assert listed["file"].to_list() == ["2021/行政␛复议.csv", "甲␛]0;x␇/自评␛[31m_南京␊市.xlsx"]
    assert listed.filter(file="2021/行政␛复议.csv")["sender"].to_list() == ["司法␛[2J厅"]
    assert world.table("cells")["number"].to_list() == [5]
    for name in ("deliveries", "cells", "rejects"):
        assert not [text for row in world.table(name).rows() for text in row if isinstance(text, str) and visible(text) != text]


def test_control_signs_in_headers_and_sheets_reach_nobody(reading: World) -> None:
    content = workbook({"甲\u202e": [["地区", "审结件数\x9b2J", "审结件数"], ["南京\u202e市", 3, "三\x9b"]]})
    batch = reading.read("provincial", "reconsideration", "行政复议.xlsx", content)
    texts = [*batch.unmapped, *(text for reject in batch.rejects for text in (reject.message_zh, reject.sheet, reject.value) if text)]
    assert texts
    assert not [text for text in texts if "\u202e" in text or "\x9b" in text]
    lines = ITEM.replace('"title"', '"ti\\u001btle"') + ', "\\u001bheat": "\\u001b[1m", "\\u001bmore": 1}'
    batch = reading.read("opinion", "items", "a.jsonl", lines)
    assert [(reject.cell, reject.value) for reject in batch.rejects] == [("line 1 ␛heat", "[1m")]


def test_a_file_that_became_a_link_or_a_pipe_since_it_was_listed_is_not_followed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = world.workspace.data / "secret"
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_text("secret")
    path, pipe = world.drop("provincial/行政复议.csv", "地区\n"), world.drop("provincial/行政复议二.csv", "地区\n")

    def swapped(entry: str | Path) -> bool:
        if Path(entry) == path and not path.is_symlink():
            path.unlink()
            path.symlink_to(secret)
        elif Path(entry) == pipe and pipe.is_file():
            pipe.unlink()
            os.mkfifo(pipe)
        return False

    monkeypatch.setattr(os.path, "islink", swapped)
    monkeypatch.setattr(os.path, "isfile", lambda _: True)
    report = taking(world.workspace, world.framework)
    assert (report.new, len(report.waiting)) == (0, 2)
    assert b"secret" not in b"".join(file.read_bytes() for file in world.workspace.archive.iterdir())


def test_the_json_of_the_ledger_holds_names_as_they_are_shown(world: World) -> None:
    world.drop("provincial/行政复议\x1b.csv", "地区\n")
    taking(world.workspace, world.framework)
    (line,) = world.workspace.delivery_ledger.read_text().splitlines()
    assert json.loads(line)["file"] == "行政复议␛.csv"
