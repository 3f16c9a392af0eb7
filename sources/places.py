"""Whose row is this: the entity of a name or code as delivered. Registry and aliases decide; guesses are suggestions alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from frameworks.registry import Entity, Registry
from sources.encodings import repaired
from sources.text import key, remembered
from sources.words import Words

_CODE = re.compile(r"\d{6}0{6}")
_CODED = re.compile(r"(?P<front>\d{6}(?:0{6})?)[-_.:/(]?(?P<name>[^\d()]+)\)?|(?P<named>[^\d()]+)[-_.:/(]?(?P<back>\d{6}(?:0{6})?)\)?")
_BRACKETS = re.compile(r"\((?P<city>[^()]+)\)(?P<name>[^()]+)|(?P<before>[^()]+)\((?P<behind>[^()]+)\)")
_BETWEEN = re.compile(r"[-‐-―_/\\|·•、,.>]+")  # between city and county
_NEAR = 60  # rapidfuzz's ratio, of 100, from which a name is worth suggesting


@dataclass(frozen=True)
class Fault:
    """Why a name gives no entity: the rule, and what its sentence names."""

    rule: str
    details: Mapping[str, object] = field(default_factory=dict)


class Places:
    """The edition's entities by every name under which they are delivered: full, short, old, with city or province before it, by code."""

    def __init__(self, registry: Registry, words: Words, labels: Mapping[str, str]) -> None:
        self._registry = registry
        self._words = words
        self._labels = labels
        self._provinces = {guard.code: (guard.name, guard.short) for guard in words.guards if guard.kind == "province"}
        self._units = {entity.code: entity.unit_code for entity in registry.entities.values()}
        self._codes_by_key = {key(code): code for code in registry.by_code}
        self._parents = {code: parent for code, parent in registry.parents.items() if parent in registry.by_code}
        self._cities = {
            name: code
            for code in sorted(set(self._parents.values()))
            for name in self._prefixed(registry.by_code[code], self.names_of(code))
        }
        self._alone, self._within = self._index(registry.units.values())
        self._others = {name: row for row in self._not_evaluated() for name in self._prefixed(row, self._names(row.name))}
        self._zones = {name: zone.code for zone in registry.zones for name in self._zone_names(zone.zone, zone.code)}
        self._full = {self.full_name(code): code for code in registry.units}
        self.find = remembered(65_536)(self._find)

    # --- look-up ----------------------------------------------------------------------------------------------------------

    def _find(self, text: str, city: str | None = None) -> str | Fault:
        """The entity's code for a name or code as delivered; `city`: the code of the city that stands beside it."""
        name = key(text)
        if not self._codes(name) and (coded := _CODED.fullmatch(name)):
            return self._coded(coded["front"] or coded["back"], coded["name"] or coded["named"], city)
        for candidate in (name, *self._without_office(name), *self._rejoined(name)):
            codes = self._codes(candidate)
            if city and len(codes) > 1:
                codes = [code for code in codes if self.city_of(code) == city] or codes
            if len(codes) == 1:
                return codes[0]
            if codes:
                return Fault("ambiguous_place", {"candidates": "、".join(self.full_name(code) for code in codes)})
        return self._explained(name, text)

    def _coded(self, code: str, name: str, city: str | None) -> str | Fault:
        """The place of a code with a name beside it, which must be its own."""
        found = self._find(code)
        if isinstance(found, Fault):
            return found
        named = self._find(name, city or self.city_of(found))
        if named in (found, city) or (isinstance(named, Fault) and self.full_name(found) in str(named.details.get("candidates", ""))):
            return found
        return Fault("place_contradicts", {"code": code, "place": self.full_name(found), "name": name})

    def named_in(self, text: str) -> frozenset[str]:
        """Every entity that the text may name: of each name its bearers, the longest names first; no city beside a county of its own."""
        rest, found = key(text), set[str]()
        for name in self._longest_first:
            if name in rest:
                rest = rest.replace(name, "\n")
                found.update(self._codes(name))
        return frozenset(found - {self.city_of(code) for code in found})

    @cached_property
    def _longest_first(self) -> list[str]:
        """Names for finding in a text: a county's short name may be a person's, so it counts with its city before it alone."""
        endings = self._words.of("place_ending")
        alone = {name for name, codes in self._alone.items() if name.endswith(endings) or self.is_city(codes[0])}
        return sorted(alone | set(self._within), key=lambda name: (-len(name), name))

    def beside(self, text: str, city: str | None, *, is_stated: bool = True) -> str | Fault:
        """The entity of a name with the city beside it, which must be its own where it stands there (`is_stated`), not rows above.

        A city's short name beside that same city may be the county's that bears it too, so it is ambiguous there.
        """
        found = self.find(text, city)
        if city is None or isinstance(found, Fault):
            return found
        if found == city:
            counties = [code for code, parent in self._parents.items() if parent == city and key(text) in self.names_of(code)]
            return Fault("ambiguous_place", {"candidates": "、".join(map(self.full_name, (city, *counties)))}) if counties else found
        if is_stated and self.city_of(found) != city:
            return Fault("other_city", {"city": self._registry.by_code[city].name})
        return found

    def city(self, text: str) -> str | None:
        """The code of the city named in a column beside the place's; None where it names none."""
        return self._cities.get(key(text)) or (text in self._parents.values() and text) or None

    def is_city(self, code: str) -> bool:
        """Whether entities lie within it."""
        return code in self._parents.values()

    def city_of(self, code: str) -> str | None:
        """The code of the city within which the entity lies; None for one that lies in none."""
        return self._parents.get(self._units.get(code, code))

    def full_name(self, code: str) -> str:
        """The entity's name, its city's before it."""
        rows, code = self._registry.by_code, self._units.get(code, code)
        return (rows[self._parents[code]].name if code in self._parents else "") + rows[code].name

    def short_names(self, name: str) -> tuple[str, ...]:
        """The name without its ending (市, 区, 县 …), where two signs or more are left."""
        return tuple(name[: -len(end)] for end in self._words.of("place_ending") if name.endswith(end) and len(name) - len(end) >= 2)[:1]

    def province_names(self, code: str) -> tuple[str, ...]:
        """The names of the province in which the entity lies, in full and in short; none where it is not known."""
        city = self._registry.by_code.get(self._registry.by_code[code].parent_code or "")
        return self._provinces.get((city or self._registry.by_code[code]).parent_code or "", ())

    def names_of(self, code: str) -> tuple[str, ...]:
        """The entity's full, old and short names, as `text.key` writes them."""
        old = [alias.alias for alias in self._registry.aliases if alias.code == code]
        return self._names(self._registry.by_code[code].name, *old)

    def _names(self, *full: str) -> tuple[str, ...]:
        names = [key(name) for name in full]
        return tuple(dict.fromkeys([*names, *(short for name in names for short in self.short_names(name))]))

    # --- indexes ----------------------------------------------------------------------------------------------------------

    def _index(self, entities: Iterable[Entity]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Codes by names that stand alone, and by those with the city or province before them; a city's short name is the city's alone."""
        alone: dict[str, list[str]] = {}
        within: dict[str, list[str]] = {}
        for entity in entities:
            names = self.names_of(entity.code)
            own = [name for name in names if self._cities.get(name, entity.code) == entity.code]
            for name in own:
                alone.setdefault(name, []).append(entity.code)
            for name in self._prefixed(entity, names):
                if name not in own:
                    within.setdefault(name, []).append(entity.code)
        return alone, within

    def _prefixed(self, row: Entity, names: Sequence[str]) -> Iterator[str]:
        """Each name, also with the city and the province before it, in full and in short."""
        city = self._registry.by_code.get(row.parent_code or "")
        cities = ("", key(city.name), *self.short_names(key(city.name))) if city else ("",)
        provinces = ("", *self.province_names(row.code))
        yield from (f"{province}{before}{name}" for province in provinces for before in cities for name in names)

    def _codes(self, name: str) -> list[str]:
        code = self._code(name)
        if code in self._registry.units:
            return [code]
        renamed = self._renamed(code)
        return [renamed] if renamed else self._alone.get(name) or self._within.get(name) or []

    def _code(self, name: str) -> str:
        return self._codes_by_key.get(name) or (_CODE.fullmatch(name) and self._codes_by_key.get(name[:6])) or ""

    def _renamed(self, code: str) -> str | None:
        """The entity that took the place of this code alone: its figures are the whole of the new one's."""
        row = self._registry.by_code.get(code)
        successor = row.successor_code if row else None
        whole = successor in self._registry.units and sum(other.successor_code == successor for other in self._registry.rows) == 1
        return successor if whole else None

    def _not_evaluated(self) -> list[Entity]:
        """The registry's rows that are no entities of the edition, those gone before those to come before those of other groups."""
        rows = [row for row in self._registry.rows if row.code not in self._registry.units]
        return sorted(rows, key=lambda row: (row.is_valid(self._registry.as_of), row.valid_to is None, row.code), reverse=True)

    def _zone_names(self, zone: str, code: str) -> Iterator[str]:
        place = self._registry.by_code[code]
        for before in ("", key(place.name), *self.short_names(key(place.name))):
            yield before + key(zone)

    @staticmethod
    def _rejoined(name: str) -> list[str]:
        """The name without what people put between city and county, and with a city in brackets before it."""
        if bracketed := _BRACKETS.fullmatch(name):
            return [(bracketed["city"] or bracketed["behind"]) + (bracketed["name"] or bracketed["before"])]
        return [_BETWEEN.sub("", name)] if _BETWEEN.search(name) else []

    # --- explaining -------------------------------------------------------------------------------------------------------

    def _without_office(self, name: str) -> list[str]:
        return [name.removesuffix(end) for end in self._words.of("office_ending") if name.endswith(end) and name != end]

    def _explained(self, name: str, text: str) -> Fault:
        row = self._registry.by_code.get(self._code(name)) or self._others.get(name)
        if row is not None:
            return self._gone(row)
        if name in self._zones:
            return Fault("zone", {"place": self.full_name(self._zones[name])})
        for repair in map(key, repaired(text)):
            if codes := self._codes(repair):
                return Fault("garbled_place", {"suggestion": "、".join(map(self.full_name, codes))})
        near = process.extractOne(name, sorted({*self._alone, *map(key, self._full)}), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if near is None:
            return Fault("unknown_place", {"hint_zh": "", "hint_en": ""})
        suggestion = "、".join(self.full_name(code) for code in self._codes(near[0]))
        return Fault("unknown_place", {"hint_zh": f"（是否为“{suggestion}”？）", "hint_en": f" (did you mean “{suggestion}”?)"})

    def _gone(self, row: Entity) -> Fault:
        as_of = self._registry.as_of
        explanation = self._registry.explain(row.code)
        if explanation and row.valid_to and row.valid_to < as_of:
            return Fault("merged_place", {"explanation_zh": explanation[0], "explanation_en": explanation[1]})
        if row.valid_from and row.valid_from > as_of:
            return Fault("not_yet_place", {"day": row.valid_from, "as_of": as_of})
        return Fault("not_evaluated", {"groups": "、".join(self._labels.get(group, group) for group in self._registry.groups)})


def listed_cities(found: Sequence[str | Fault], places: Places) -> list[str | None]:
    """The city under which a table lists each row: the last above it, where all counties from there to the next city are its."""
    cities: list[str | None] = [None] * len(found)
    starts = [at for at, place in enumerate(found) if _is_city(place, places)]
    for start, end in itertools.pairwise([*starts, len(found)]):
        city, block = found[start], found[start + 1 : end]
        if isinstance(city, str) and {places.city_of(code) for code in block if isinstance(code, str)} == {city}:
            cities[start + 1 : end] = [city] * len(block)
    return cities


def _is_city(code: str | Fault, places: Places) -> bool:
    return isinstance(code, str) and places.is_city(code)
