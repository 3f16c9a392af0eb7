"""A page as HTML and as a workbook: what comes from outside takes no effect in either."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from correspondence.book import Said
from correspondence.html import html
from correspondence.page import Cell, Column, Page, Table
from correspondence.sheets import workbook


def page(text: str, link: str = "") -> Page:
    table = Table(Said("表", "Table"), [Column(Said("甲", "A"))], [[Cell(text, small=text, link=link)]])
    return Page(Said("页", "Page"), Said("", ""), Cell("好", "good", "fine"), [(Said("乙", "B"), Cell(text))], [table])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31m红", "\u241b[31m红"),
        ("a\u202egpj.exe", "agpj.exe"),  # turns what follows round
        ("南\u200b京", "南京"),
        ("两行\n文字", "两行\n文字"),
        ("\x00", "\u2400"),
    ],
)
def test_signs_of_effect_are_shown_and_take_none(text: str, seen: str) -> None:
    shown = html(page(text), "x.xlsx").decode()
    assert text in shown if text == seen else text not in shown
    assert shown.count(seen) >= 3
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(page(text), date(2020, 12, 31))))["表"]
    assert sheet["A2"].value == f"{seen}\n{seen}"


def test_markup_is_escaped_once() -> None:
    shown = html(page("<b>&</b>"), "x.xlsx").decode()
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in shown
    assert "&amp;lt;" not in shown


def test_a_link_leads_to_a_folder_of_any_name() -> None:
    assert 'href="a/100%25%20%231/x.html"' in html(page("x", "a/100% #1/x"), "x.xlsx").decode()


def test_the_workbooks_first_sheet_says_what_came_of_it_in_both_languages() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(page("x"), date(2020, 12, 31))))["概要"]
    assert (sheet["A3"].value, sheet["A4"].value) == ("好", "fine")


def test_a_row_is_as_high_as_its_texts_for_programs_that_do_not_see_to_it() -> None:
    sheets = openpyxl.load_workbook(io.BytesIO(workbook(page("十四个汉字分作三行的一段文字"), date(2020, 12, 31))))
    high = sheets["表"].row_dimensions[2].height  # 28 wide in 14: three lines, and three of the small text; in whole pixels
    assert high == pytest.approx(5 + 6 * 15, abs=0.5)
    assert sheets["概要"].row_dimensions[6].height == pytest.approx(20, abs=0.5)
