"""Under which name a delivered file may be published: its own, but a neutral one where a file of its kind names persons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from frameworks.model import Dataset, FrameworkFile

_SUFFIX = re.compile(r"\.[A-Za-z]{1,5}")
_SIGNS = 12


def published_name(file: str, load_id: str, kind: str, datasets: Sequence[Dataset]) -> str:
    """The file's own name; where one of the datasets that it may be of has a personal field: `kind`, 12 signs of `load_id`, its ending."""
    if not any(column.personal for dataset in datasets for column in dataset.columns.values()):
        return file
    suffix = PurePosixPath(file).suffix
    return f"{kind}_{load_id[:_SIGNS]}{suffix.lower() if _SUFFIX.fullmatch(suffix) else ''}"


def datasets_of_file(framework: FrameworkFile, source: str, dataset: str | None) -> list[Dataset]:
    """The datasets that a file may be of: the one that it is of, else all of its source, and all there are where it lies in none."""
    of_source = dict[str, list[Dataset]](framework.deliveries.items())
    possible = of_source.get(source) or [each for datasets in of_source.values() for each in datasets]
    return [each for each in possible if each.dataset == dataset] or list(possible)
