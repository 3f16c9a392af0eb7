"""A small sound framework in a folder of its own, and what the loader says of it once a line is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from frameworks import FrameworkError, Mistake, read_framework

Changes = dict[str, str]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of the small edition's framework, to be changed at will."""
    return Path(shutil.copytree(Path(__file__).with_name("small"), tmp_path / "frameworks"))


@pytest.fixture
def told(small: Path) -> Callable[[Changes], tuple[list[Mistake], str]]:
    """The mistakes told of small.yaml after some texts were replaced, and the changed text itself."""

    def change(changes: Changes) -> tuple[list[Mistake], str]:
        path = small / "small.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in small.yaml"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        try:
            read_framework(path, "frameworks/small.yaml")
        except FrameworkError as error:
            return error.mistakes, text
        return [], text

    return change
