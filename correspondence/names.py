"""How places and files are called in what we send, so that intake knows them when they come back; and what is safe as a file's name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from frameworks.file_names import matching
from frameworks.model import Dataset
from frameworks.registry import Entity, Registry

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST = 80
WORKBOOK, TEXT = ".xlsx", ".csv"


def shown_places(registry: Registry) -> dict[str, str]:
    """By code the name under which each unit is listed, sorted by code.

    Its full name with its city's before it. Where that would be another's too, or would begin a formula in a spreadsheet, its code.
    """
    names = {unit.code: _full(registry, unit) for unit in registry.units.values()}
    borne = Counter(map(_folded, names.values()))
    return {code: code if borne[_folded(name)] > 1 or name[:1] in ("=", "+", "-", "@") else name for code, name in names.items()}


def _full(registry: Registry, unit: Entity) -> str:
    city = registry.by_code.get(unit.parent_code or "")
    return (city.name if city and city.code in registry.units else "") + unit.name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def file_name(dataset: Dataset, siblings: Sequence[Dataset], before: str, after: str) -> str | None:
    """A name that fits this dataset's patterns and no other's of its source, a workbook's where they let one through, else a table's.

    `before` and `after` what the dataset is called tell files apart. None where its patterns let neither kind of file through.
    """
    label = dataset.label.zh if dataset.label else dataset.dataset
    for ending in (WORKBOOK, TEXT):
        for name in _candidates(dataset, before, label, f"{after}{ending}"):
            if matching(name, siblings) == [dataset]:
                return name
    return None


def _candidates(dataset: Dataset, before: str, label: str, after: str) -> list[str]:
    names = [f"{before}{label}{after}"]
    for pattern in dataset.files:
        fixed = [part for part in re.split(r"[*?]|\[[^\]]*\]", pattern) if part]
        core = "_".join(part for part in fixed if not part.startswith("."))
        names += [f"{before}{core}_{label}{after}", f"{before}{core}{after}", f"{core}_{before}{label}{after}", f"{core}{after}", pattern]
    return [safe(name) for name in names if not {"*", "?"} & set(name)]


def safe(name: str) -> str:
    """`name` as a file may be called on any machine: no separators or control signs, not hidden, 80 signs at most with its ending."""
    stem, dot, ending = _UNSAFE.sub("_", name).rpartition(".")
    if not dot:
        return ending[:_LONGEST].strip(" .~$") or "_"
    return (stem[: _LONGEST - len(ending) - 1].strip(" .~$") or "_") + f".{ending}"
