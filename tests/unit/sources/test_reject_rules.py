from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from sources.batch import rejected
from sources.messages import MESSAGES
from storage.workspace import PROJECT

CODE = "".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "sources").glob("*.py")) if path.name != "messages.py")


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("rule", MESSAGES)
def test_each_rule_is_one_sentence_in_both_languages_about_the_same(rule: str) -> None:
    zh, en = MESSAGES[rule]
    assert re.fullmatch(r"[a-z_]+", rule)
    assert zh.endswith("。")
    assert zh.count("。") == 1
    assert en.endswith(".")
    assert {name.removesuffix("_zh") for name in names(zh)} == {name.removesuffix("_en") for name in names(en)}


@pytest.mark.parametrize("rule", MESSAGES)
def test_each_rule_is_used(rule: str) -> None:
    assert f'"{rule}"' in CODE


def test_the_guide_lists_every_rule_with_its_sentences() -> None:
    guide = Path(PROJECT / "docs" / "deliveries.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (.*) \| (.*) \|$", guide, re.MULTILINE)
    assert {rule: (zh, en) for rule, zh, en in rows} == MESSAGES


def test_a_value_is_masked_and_cut_wherever_it_is_shown() -> None:
    reject = rejected("not_a_number", "甲", "B2", "电话13812345678，" + "很" * 100)
    assert reject.value is not None
    assert len(reject.value) == 80
    assert "13812345678" not in reject.message_zh + reject.message_en + reject.value
    assert reject.value in reject.message_zh
    assert "13812345678" not in rejected("columns_missing", sought="甲", found="13812345678").message_en


def test_signs_of_formats_in_a_value_are_only_text() -> None:
    assert "{value}" in rejected("not_a_number", None, "B2", "{value}").message_en
