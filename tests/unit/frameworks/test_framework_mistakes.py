"""Each kind of mistake that a framework can hold, told in one sentence with its line and key path: the cases stand in mistakes.yaml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from frameworks import Mistake

Told = Callable[[dict[str, str]], tuple[list[Mistake], str]]
CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("mistakes.yaml"))


def line_of(text: str, marker: str) -> int:
    assert marker in text
    return text[: text.index(marker)].count("\n") + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_mistake_is_told_once_with_its_line_and_path(told: Told, case: dict[str, str]) -> None:
    mistakes, text = told({case["replace"]: case["by"]})

    line = line_of(text, case.get("at") or case["by"].strip("\n").rsplit("\n", 1)[-1])
    place = f"frameworks/small.yaml:{line} {case['path']}".rstrip()
    assert [str(mistake) for mistake in mistakes] == [f"{place}: {case['says']}"]
