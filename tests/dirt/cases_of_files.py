"""Dirt in the file as a whole: containers, encodings, delimiters, what was cut off or renamed."""

from __future__ import annotations

import io
import random
import zipfile

from tests.dirt.corpus import CODES, COVER, File, case, cases, form, items, people, raw_form
from tests.sources_world import workbook

AT = "甲!B2"
GOOD = workbook({"封面": COVER, "甲": [CODES, ("officials", 100)]})
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
TABLE = "地区,常住人口（万人）\n南京市,5\n"
TAKEN = {"B2": 5}


def archive(**parts: bytes) -> bytes:
    """A ZIP archive of those files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def without(content: bytes, lost: str) -> bytes:
    """A workbook without one of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return archive(**{name: file.read(name) for name in file.namelist() if name != lost})


# --- containers ---------------------------------------------------------------------------------------------------------


@case("password-protected", rejected={None: "password_protected"})
def a_workbook_with_a_password() -> File:
    return raw_form(OLE2 + "EncryptedPackage".encode("utf-16-le"))


@case(".xls renamed to .xlsx", rejected={None: "old_excel"})
def an_old_workbook_under_a_new_name() -> File:
    return raw_form(OLE2 + "Workbook".encode("utf-16-le"))


@case(".xls proper", rejected={None: "old_excel"})
def an_old_workbook() -> File:
    return raw_form(OLE2 + "Workbook".encode("utf-16-le"), "自评.xls")


@case(".csv renamed to .xlsx", taken=TAKEN)
def a_text_named_as_a_workbook() -> File:
    return people(TABLE, "人口.xlsx")


@case(".csv renamed to .xlsx", rejected={None: "not_a_workbook"})
def a_text_named_as_a_workbook_without_any_table() -> File:
    return people("见附件", "人口.xlsx")


@case(".xlsx renamed to .csv", taken={"汇总!B2": 5})
def a_workbook_named_as_a_text() -> File:
    return people(workbook({"汇总": [["地区", "常住人口（万人）"], ["南京市", 5]]}), "人口.csv")


@case("web pages named as workbooks", rejected={None: "web_page"})
def a_web_page_that_a_system_exports_as_xls() -> File:
    return people("<html><body><table><tr><td>地区</td></tr></table></body></html>", "人口.xls")


@case("other formats", rejected={None: "pdf"})
def a_pdf() -> File:
    return raw_form(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")


@case("other formats", rejected={None: "unknown_format"})
def a_letter() -> File:
    return people(b"text", "人口.docx")


@case("other formats", rejected={None: "not_a_workbook"})
def random_bytes() -> File:
    return raw_form(random.Random(1).randbytes(5000))


@case("cut in half", rejected={None: "cut_file"})
def half_a_workbook() -> File:
    return raw_form(GOOD[: len(GOOD) // 2])


@case("cut in half", rejected={None: "damaged_workbook"})
def a_workbook_that_lost_a_sheet() -> File:
    return raw_form(without(GOOD, "xl/worksheets/sheet2.xml"))


@case(
    "cut in half",
    rejected={"B3": "cut_row", "C3": "cut_row", "D3": "cut_row", "E3": "cut_row"},
    taken={"B2": 3, "C2": 1, "D2": 95, "E2": 1},
)
def a_table_cut_in_a_row() -> File:
    return cases("地区,审结件数,纠错件数,按期审结率,风险等级\n南京市,3,1,95,绿\n徐州市,1")


@case("cut in half", taken={"B2": 3, "C2": 1, "D2": 95, "E2": 1})
def a_table_whose_last_line_does_not_end() -> File:
    return cases("地区,审结件数,纠错件数,按期审结率,风险等级\n南京市,3,1,95,绿")


@case("cut in half", rejected={None: "cut_text"})
def a_table_cut_within_a_sign() -> File:
    return people((TABLE + "徐州市,5\n无锡市").encode()[:-1])


@case("cut in half", rejected={None: "damaged_table"})
def a_table_cut_within_quotes() -> File:
    return people('地区,常住人口（万人）\n南京市,"5\n')


@case("empty", rejected={None: "empty_file"})
def an_empty_file() -> File:
    return people("")


@case("empty", rejected={None: "columns_missing"})
def a_table_of_blanks() -> File:
    return people("\n\n  \n")


@case("empty", rejected=[(None, "cover_place_missing"), (None, "year_missing")])
def a_workbook_of_empty_sheets() -> File:
    return form({"Sheet1": [], "Sheet2": []})


@case("empty", rejected={None: "no_rows"})
def a_header_and_nothing_below() -> File:
    return people("地区,常住人口（万人）\n")


@case("zip of something else", rejected={None: "zip_without_workbook"})
def a_zip_of_pictures() -> File:
    return raw_form(archive(**{"照片.jpg": b"\xff\xd8\xff"}))


@case("entities in XML", rejected={None: "damaged_workbook"})
def a_workbook_with_entities() -> File:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["xl/workbook.xml"] = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><workbook>&a;</workbook>'
    return raw_form(archive(**parts))


# --- encodings ----------------------------------------------------------------------------------------------------------


@case("UTF-8", taken=TAKEN)
def a_mark_at_the_beginning() -> File:
    return people(TABLE.encode("utf-8-sig"))


@case("GBK", taken=TAKEN)
def gbk() -> File:
    return people(TABLE.encode("gbk"))


@case("GBK", taken=TAKEN)
def gb18030() -> File:
    return people(TABLE.encode("gb18030"))


@case("UTF-16", taken=TAKEN)
def what_excel_calls_unicode_text() -> File:
    return people(TABLE.replace(",", "\t").encode("utf-16"), "人口.txt")


@case("UTF-16", taken=TAKEN)
def the_other_byte_order() -> File:
    return people(b"\xfe\xff" + TABLE.encode("utf-16-be"))


@case("UTF-16", rejected={None: "not_text"})
def utf_16_without_its_mark() -> File:
    return people(TABLE.encode("utf-16-le"))


@case("Big5", rejected={None: "big_five"})
def big5() -> File:
    return people("地區,常住人口（萬人）\n南京市,5\n".encode("big5"))


BIG_FIVE = '{"item_id": "1", "title": "南京市政府推諉扯皮，企業投訴無門", "published_at": "2020-03-01 10:00"}\n'


@case("Big5", rejected={None: "big_five"})
def big5_as_json_lines() -> File:
    return items(BIG_FIVE.encode("big5"))


@case("Big5", rejected={None: "big_five"})
def big5_of_items_under_english_headers() -> File:
    return items(
        "item_id,title,published_at\n1,南京市政府推諉扯皮，企業投訴無門,2020-03-01 10:00\n".replace("，", "").encode("big5"), "a.csv"
    )


@case("Big5", taken={"line 1": "1"})
def traditional_characters_as_gbk_are_no_big5() -> File:
    return items(BIG_FIVE.encode("gb18030"))


@case("Big5", taken={"line 1": "1"})
def a_few_signs_beyond_the_common_ones_are_no_big5() -> File:
    return items(BIG_FIVE.replace("無門", "喆㎡").encode("gb18030"))


@case("Big5", rejected={None: "big_five"})
def big5_of_some_more_rows() -> File:
    return people("地區,常住人口（萬人）\n南京市,5\n無錫市,4\n鹽城市,3\n".encode("big5"))


@case("mojibake", rejected={None: "mojibake"})
def utf_8_read_as_gbk_and_saved_again() -> File:
    return people(TABLE.encode().decode("gb18030", "replace").encode())


@case("mojibake", rejected={None: "mojibake"})
def utf_8_read_as_gbk_and_saved_as_gbk() -> File:
    return people(TABLE.encode().decode("gbk", "ignore").encode("gbk"))


@case("mojibake", rejected={None: "mojibake"})
def utf_8_read_as_western_and_saved_again() -> File:
    return people(TABLE.encode().decode("latin-1").encode())


@case("NUL bytes", rejected={None: "nul_bytes"})
def a_nul_in_the_text() -> File:
    return people(TABLE.encode() + b"\0\0\0")


@case("no text", rejected={None: "not_text"})
def bytes_that_are_no_text() -> File:
    return people(b"\xff\xff\x80" * 50 + b"\x81")


# --- delimiters and quotes ----------------------------------------------------------------------------------------------


@case("semicolons", taken={"B2": 1234})
def semicolons() -> File:
    return people("地区;常住人口（万人）\n南京市;1,234\n")


@case("tabs", taken=TAKEN)
def tabs() -> File:
    return people(TABLE.replace(",", "\t"))


@case("tabs", taken=TAKEN)
def full_width_commas() -> File:
    return people(TABLE.replace(",", "，"))


@case("quoted newlines", taken={"B3": 5})
def a_header_of_two_lines() -> File:
    return people('地区,"常住人口\n（万人）"\n南京市,5\n')


@case("quoted newlines", taken={"B4": 5})
def a_title_of_two_lines() -> File:
    return people('"2020年\n人口",\n地区,常住人口（万人）\n南京市,5\n')


@case("line ends", taken=TAKEN)
def line_ends_of_windows() -> File:
    return people(TABLE.replace("\n", "\r\n"))


@case("line ends", taken=TAKEN)
def line_ends_of_old_macintoshes() -> File:
    return people(TABLE.replace("\n", "\r"))


@case("not JSON Lines", rejected={None: "not_json_lines"})
def a_page_of_text_named_jsonl() -> File:
    return items("见附件\n")


@case("names of files", taken=TAKEN)
def a_name_in_capitals_with_blanks() -> File:
    return people(TABLE, "2020 常住人口 🏙.CSV")
