"""Which entities a text is about, by their names: guarded, since half of all places found as mere substrings are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from frameworks.registry import Entity, Registry
from sources.places import Places
from sources.text import key
from sources.words import Words


@dataclass
class _Name:
    """What a name may stand for: entities within a city, cities, or neither (a guard). `is_alone`: needs no city beside it."""

    within: set[str] = field(default_factory=set)
    cities: set[str] = field(default_factory=set)
    is_home: bool = False
    is_alone: bool = False


class Linker:
    """Links a text to the most specific entities that it names.

    Names are sought leftmost-longest among those of the registry, of all provinces and cities, and of words in which a place's name
    hides. A county's short name counts only with its city or its province in the text, unless it is distinctive; so does a full name
    that stands elsewhere too. An ambiguous name links nothing; a city is not linked beside a county of its own.
    """

    def __init__(self, registry: Registry, places: Places, words: Words) -> None:
        self._entities = frozenset(registry.units)
        self._places = places
        self._names: dict[str, _Name] = {}
        self._guard(registry, words)
        self._add(registry, words)
        longest_first = sorted(self._names, key=lambda name: (-len(name), name))
        after = "|".join(map(re.escape, sorted((guard.name for guard in words.guards if guard.kind == "after"), key=len, reverse=True)))
        self._pattern = re.compile(f"({'|'.join(map(re.escape, longest_first))})({after})?") if longest_first else None

    def link(self, text: str) -> list[str]:
        """The codes of the entities that a normalised text is about, sorted; none where it names none for certain."""
        found = list(self._found(text))
        cities = {code for name in found for code in name.cities}
        is_home = any(name.is_home for name in found)
        within = {code for name in found if name.within for code in self._certain(name, cities, is_home=is_home)}
        parents = {self._places.city_of(code) for code in within}
        return sorted((within | (cities - parents)) & self._entities)

    def _found(self, text: str) -> Iterator[_Name]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer("".join(text.split()).casefold()):
            if not match[2]:
                yield self._names[match[1]]

    def _certain(self, name: _Name, cities: set[str], *, is_home: bool) -> set[str]:
        beside = {code for code in name.within if self._places.city_of(code) in cities}
        if beside or len(name.within) > 1:
            return beside if len(beside) == 1 else set()
        return name.within if is_home or name.is_alone else set()

    # --- names ------------------------------------------------------------------------------------------------------------

    def _guard(self, registry: Registry, words: Words) -> None:
        home = {row.parent_code for row in registry.rows}
        for guard in words.guards:
            if guard.kind in ("province", "city", "word"):
                for text in filter(None, (guard.name, guard.short)):
                    name = self._names.setdefault(text, _Name())
                    name.is_home |= guard.kind == "province" and guard.code in home

    def _add(self, registry: Registry, words: Words) -> None:
        elsewhere = {guard.name for guard in words.guards if guard.kind == "elsewhere"}
        distinctive = {guard.name for guard in words.guards if guard.kind == "distinctive"}
        for row in self._rows(registry):
            full = {key(row.name), *(key(alias.alias) for alias in registry.aliases if alias.code == row.code)}
            names = full | {short for text in full for short in self._places.short_names(text)}
            for text in names:
                name = self._names.setdefault(text, _Name())
                if self._places.city_of(row.code):
                    name.within.add(row.code)
                    name.is_alone |= text in distinctive or (text in full and text not in elsewhere)
                else:
                    name.cities.add(row.code)

        for name in self._names.values():
            if name.cities:
                name.within.clear()  # a name that is a city's is the city's alone

    @staticmethod
    def _rows(registry: Registry) -> list[Entity]:
        """Entities, and the places in which they lie, which a text names beside them."""
        codes = {*registry.units, *(parent for parent in registry.parents.values() if parent in registry.by_code)}
        return [registry.by_code[code] for code in sorted(codes)]
