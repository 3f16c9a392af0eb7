"""Which dataset a file is of, by its name: the patterns of the framework, as intake reads them and as templates are named after them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fnmatch import translate
from functools import cache
from pathlib import PurePosixPath

from frameworks.model import Dataset


def matching(file: str, datasets: Sequence[Dataset]) -> list[Dataset]:
    """The datasets whose patterns the file's name fits; full-width forms and capitals are all the same."""
    name = _folded(PurePosixPath(file).name)
    return [dataset for dataset in datasets if any(_pattern(pattern).fullmatch(name) for pattern in dataset.files)]


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(_folded(pattern)))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
