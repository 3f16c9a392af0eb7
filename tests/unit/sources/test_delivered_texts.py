from __future__ import annotations

import pytest

from sources.text import key, masked, plain, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  南京市 ", "南京市"),
        ("９８.５％", "98.5%"),
        ("南\u200b京\ufeff市", "南京市"),
        ("\u3000鼓楼区", "鼓楼区"),
        ("−5", "-5"),
        ("a\x00b", "ab"),
    ],
)
def test_plain_text_is_half_width_without_unseen_signs(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_headers_are_the_same_whatever_blanks_brackets_marks_and_capitals_they_have() -> None:
    assert key("常住人口（万人）*") == key(" 常住人口 (万人)：") == key("常住\n人口(万人)")
    assert key("ＡB c") == "abc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系13812345678张三", "联系***********张三"),
        ("电话 138 1234 5678", "电话 *************"),
        ("025-83201234", "************"),
        ("身份证32010219900101123X", "身份证******************"),
        ("审结12345件", "审结12345件"),
        ("金额1234567890123", "金额1234567890123"),
    ],
)
def test_identity_and_telephone_numbers_are_masked_and_figures_are_not(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_a_shown_value_is_one_masked_line_of_at_most_80_signs() -> None:
    value = shown("１３８１２３４５６７８\n" + "很" * 200)
    assert value.startswith("*********** 很")
    assert len(value) == 80
