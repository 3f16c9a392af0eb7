"""The words of intake that are no edition's own: what stands for missing, for a total, for a note; which names guard a place's name.

They lie as CSV beside the framework files (`intake_words.csv`, `intake_units.csv`, `place_guards.csv`); a folder without them uses the
project's own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from frameworks.intake_files import GUARDS, UNITS, WORDS, intake_file
from sources.text import key, squeezed
from storage import Workspace


@dataclass(frozen=True)
class Guard:
    """A name that guards the names of places. `kind`: province, city, elsewhere, distinctive, word, after (docs/deliveries.md)."""

    kind: str
    name: str
    short: str
    code: str


@dataclass(frozen=True)
class Words:
    """The words of intake by kind, as `text.squeezed` writes them, the guards of places, and how units are written.

    `units`: a framework's unit → the words in which people write it or one of its kind → what one of these is in the framework's unit.
    """

    by_kind: dict[str, tuple[str, ...]]
    guards: tuple[Guard, ...]
    units: dict[str, dict[str, Decimal]]

    def of(self, kind: str) -> tuple[str, ...]:
        """All words of one kind, in the file's order."""
        return self.by_kind.get(kind, ())

    def is_total(self, text: str) -> bool:
        """Whether a row under this name is a total, a subtotal or a part that another row holds already."""
        return key(text) in self.of("total") or squeezed(text).startswith(self.of("total_prefix"))

    def is_note(self, text: str) -> bool:
        """Whether a row that begins so is a note, not a record."""
        return squeezed(text).startswith(self.of("note_prefix"))

    def unit_name(self, unit: str | None) -> str:
        """The framework's unit as people write it; its code where nobody said how."""
        return next((word for word, factor in self.units.get(unit or "", {}).items() if factor == 1), unit or "–")

    def is_unit(self, text: str) -> bool:
        """Whether the text is the word of some unit."""
        return bool(text) and squeezed(text) in self._unit_words

    @cached_property
    def _unit_words(self) -> frozenset[str]:
        return frozenset(word for words in self.units.values() for word in words)

    def is_missing(self, text: str) -> bool:
        """Whether the text says that there is no value."""
        return squeezed(text) in ("", *self.of("missing"))


def load_words(workspace: Workspace) -> Words:
    """The words and guards that hold in this workspace."""
    return _load(*(intake_file(workspace.frameworks, name) for name in (WORDS, GUARDS, UNITS)))


@lru_cache(maxsize=8)
def _load(words: bytes, guards: bytes, units: bytes) -> Words:
    by_kind: dict[str, list[str]] = {}
    for row in csv.DictReader(words.decode("utf-8-sig").splitlines()):
        by_kind.setdefault(row["kind"], []).append(squeezed(row["word"]))
    rows = (
        Guard(row["kind"], key(row["name"]), key(row["short"]), row["code"])
        for row in csv.DictReader(guards.decode("utf-8-sig").splitlines())
    )
    by_unit: dict[str, dict[str, Decimal]] = {}
    for row in csv.DictReader(units.decode("utf-8-sig").splitlines()):
        by_unit.setdefault(row["unit"], {})[squeezed(row["word"])] = Decimal(row["factor"])
    return Words({kind: tuple(dict.fromkeys(words)) for kind, words in by_kind.items()}, tuple(rows), by_unit)
