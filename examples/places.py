"""The evaluated places as the examples see them: how many people live there, and how good a place is."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from examples.draws import Draws
from examples.profile import PlaceProfile
from frameworks import Framework
from frameworks.registry import Registry


@dataclass(frozen=True)
class Place:
    """One entity. `roots` are the places that it was made of, as far back as the registry knows (itself, where nothing changed).

    `old_name`: the one that it bore until the period. `residents` is in 10,000; `quality` is standard normal over all places.
    """

    code: str
    name: str
    city: str | None
    city_name: str | None
    group: str
    roots: tuple[str, ...]
    is_name_unique: bool
    is_short_unique: bool
    old_name: str | None
    residents: float
    quality: float

    @property
    def full_name(self) -> str:
        """With its city: 南京市玄武区; a city by its own name."""
        return f"{self.city_name}{self.name}" if self.city_name else self.name

    @property
    def plain_name(self) -> str:
        """Its own name, with its city only where another place has the same."""
        return self.name if self.is_name_unique else self.full_name


class Country:
    """All places of an edition with the draws that make them what they are."""

    def __init__(self, framework: Framework, profile: PlaceProfile, draws: Draws) -> None:
        self.edition = framework.file.edition
        self.profile = profile
        self.draws = draws
        self.years = framework.file.period.to.year - profile.year
        self._particular: dict[tuple[str, tuple[object, ...]], float] = {}
        self.places = self._places(framework)

    def _places(self, framework: Framework) -> list[Place]:
        registry = framework.registry
        names = {entity.code: entity.name for entity in registry.entities.values()}
        shared = Counter(names.values())
        shared_short = Counter(short_name(name) for name in names.values())
        roots = {code: _roots(registry, code) for code in names}
        parents = {entity.code: entity.parent_code if entity.parent_code in names else None for entity in registry.entities.values()}
        recent = framework.file.period.from_ - timedelta(days=1)
        old_names = {alias.code: alias.alias for alias in registry.aliases if alias.valid_from and alias.valid_from > recent}
        residents = self._residents(roots, parents)
        return [
            Place(
                code=code,
                name=names[code],
                city=parents[code],
                city_name=names.get(parents[code] or ""),
                group=registry.entities[code].level,
                roots=roots[code],
                is_name_unique=shared[names[code]] == 1,
                is_short_unique=shared_short[short_name(names[code])] == 1,
                old_name=old_names.get(code),
                residents=residents[code],
                quality=self._quality(roots[code], parents[code]),
            )
            for code in names
        ]

    def _residents(self, roots: dict[str, tuple[str, ...]], parents: dict[str, str | None]) -> dict[str, float]:
        """Residents in 10,000: the public figure of a city, grown; a county's made-up share of its city's."""
        grown = (1 + self.profile.growth) ** self.years
        weights = {code: sum(self._weight(root) for root in parts) for code, parts in roots.items()}
        of_city: dict[str, float] = defaultdict(float)
        for code, city in parents.items():
            if city:
                of_city[city] += weights[code]
        found = {}
        for code, city in parents.items():
            known = self.profile.residents.get(code)
            whole = self.profile.residents.get(city) if city else None
            if known is None:
                known = whole * weights[code] / of_city[city] if whole and city else self.profile.residents_elsewhere * weights[code]
            found[code] = round(known * grown, 2)
        return found

    def _weight(self, root: str) -> float:
        return math.exp(self.profile.share_spread * self.draws.normal("share", root))

    def _kept(self, kept: float, root: str, *name: object) -> float:
        """A standard normal number of a place, of whose variance the share `kept` stays from edition to edition."""
        lasting = self.draws.normal(*name, root)
        passing = self.draws.normal(*name, root, self.edition)
        return math.sqrt(kept) * lasting + math.sqrt(1 - kept) * passing

    def _quality(self, roots: tuple[str, ...], city: str | None) -> float:
        own = sum(self._kept(self.profile.persistence, root, "quality") for root in roots) / len(roots)
        if city is None:
            return own
        common = self._kept(self.profile.persistence, city, "quality")
        return math.sqrt(self.profile.with_city) * common + math.sqrt(1 - self.profile.with_city) * own

    def particular(self, place: Place, *name: object) -> float:
        """What is particular to the place in the quantity `name`: standard normal, in part kept from edition to edition."""
        key = (place.code, name)
        if key not in self._particular:
            drawn = sum(self._kept(self.profile.stability, root, *name) for root in place.roots)
            self._particular[key] = drawn / math.sqrt(len(place.roots))
        return self._particular[key]


def short_name(name: str) -> str:
    """A place's name without its kind; a name of one sign keeps it (丰县)."""
    return name[:-1] if len(name) > len("丰县") else name


def _roots(registry: Registry, code: str) -> tuple[str, ...]:
    earlier = {row.code for row in registry.rows if row.successor_code == code and row.code != code}
    return tuple(sorted({root for one in earlier for root in _roots(registry, one)})) or (code,)
