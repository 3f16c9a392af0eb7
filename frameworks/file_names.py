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
    """The datasets whose patterns the file's name fits; full-width forms and capitals are all the same.

    The name of a file in an archive (`自评.zip/南京市.xlsx`) that fits none is sought with the archive's before it.
    """
    path = PurePosixPath(file)
    packed = [folder.stem for folder in path.parents if folder.suffix.lower() == ".zip"]
    for name in (path.name, *(f"{before} {path.name}" for before in packed)):
        fitting = [dataset for dataset in datasets if any(_pattern(pattern).fullmatch(_folded(name)) for pattern in dataset.files)]
        if fitting:
            return fitting
    return []


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(_folded(pattern)))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
