"""The data dictionary is current, and leaves no published table or column without words."""

from __future__ import annotations

import re

import pytest

from publication.dictionary import PATH, dictionary, parse_manifest

_CHINESE = re.compile("[\u4e00-\u9fff]")
_ENGLISH = re.compile("[A-Za-z]{3}")


@pytest.fixture(scope="module")
def page() -> str:
    return dictionary(parse_manifest())


@pytest.mark.slow
def test_the_dictionary_is_what_dbt_says_now(page: str) -> None:
    """Slow: dbt parses its whole project."""
    assert PATH.read_text(encoding="utf-8") == page, "docs/data-dictionary.md is not current; run `make docs`"


@pytest.mark.slow
def test_every_table_says_what_a_row_is_and_every_column_its_type_in_both_languages(page: str) -> None:
    """Slow: as above."""
    tables = page.split("\n## ")[1:]
    assert len(tables) > 16
    for table in tables:
        name, _, said, *rest = table.splitlines()
        assert "One row is" in said, name
        assert "每行一" in said, name
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in rest if line.startswith("| `")]
        assert [row[0] for row in rows[:2]] == ["`edition`", "`release`"], name
        for column, kind, words in rows:
            assert kind, f"{name}.{column} has no type"
            assert _CHINESE.search(words), f"{name}.{column} says nothing in Chinese"
            assert _ENGLISH.search(words), f"{name}.{column} says nothing in English"
