"""Who is evaluated (registry, aliases, zones) and which days are worked: look-up alone; `registry_files.py` reads the files."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate


def timed(code: str, time: int | None) -> str:
    """The code of an entity or group, in a panel with its time behind it."""
    return code if time is None else f"{code}-{time}"


@dataclass(frozen=True)
class Entity:
    """One row of a registry: a place (or country …) of one level, with the days on which it exists, both included.

    In a panel an entity is a row at one `time`; its code and names end with it, and `unit` is the row's own code.
    """

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor_code: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    time: int | None = None

    @property
    def unit_code(self) -> str:
        """The code of the registry's row."""
        return self.unit or self.code

    @property
    def group(self) -> str:
        """The group within which it is ranked: its level, in a panel its level at its time."""
        return timed(self.level, self.time)

    def at(self, time: int) -> Entity:
        """The entity of a panel that the row is at a time."""
        code, name, name_en = timed(self.code, time), f"{self.name} {time}", f"{self.name_en} {time}"
        return replace(self, code=code, name=name, name_en=name_en, unit=self.code, time=time)

    def is_valid(self, day: date) -> bool:
        """Whether the entity exists on `day`."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True)
class Alias:
    """Another name under which an entity is delivered, and the days on which it may stand for it."""

    code: str
    alias: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def is_valid(self, day: date) -> bool:
        """Whether the name may stand for the entity on `day`."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True)
class Zone:
    """A zone that is no entity, and the entity to whose counts its counts are added."""

    zone: str
    code: str
    source: str = ""


@dataclass(frozen=True)
class Registry:
    """The entities of an edition, and every row that explains a name: earlier entities, aliases, zones."""

    rows: tuple[Entity, ...]
    as_of: date
    groups: tuple[str, ...]
    all_aliases: tuple[Alias, ...] = ()
    zones: tuple[Zone, ...] = ()
    previous_as_of: date | None = None
    times: tuple[int, ...] = ()

    @cached_property
    def units(self) -> dict[str, Entity]:
        """Those evaluated, by code, sorted: the rows of the edition's groups that are valid at `as_of`."""
        valid = (row for row in self.rows if row.level in self.groups and row.is_valid(self.as_of))
        return {row.code: row for row in sorted(valid, key=lambda row: row.code)}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """The units by code, sorted; in a panel each of them at each time."""
        if not self.times:
            return self.units
        return {entity.code: entity for unit in self.units.values() for entity in (unit.at(time) for time in self.times)}

    @cached_property
    def all_groups(self) -> tuple[tuple[str, str, int | None], ...]:
        """Every group within which is ranked, in order: its code, its level, and in a panel its time."""
        return tuple((timed(group, time), group, time) for group in self.groups for time in self.times or (None,))

    def group(self, code: str) -> tuple[Entity, ...]:
        """The entities of one group, sorted by code."""
        return tuple(entity for entity in self.entities.values() if entity.group == code)

    def attributes_of(self, entity: Entity) -> dict[str, str]:
        """The entity's attributes by name; its parent's code is one of them, where it has a parent."""
        return dict(entity.attributes) | ({"parent_code": entity.parent_code} if entity.parent_code else {})

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The names of the attributes that any unit has, sorted."""
        return tuple(sorted({name for unit in self.units.values() for name in self.attributes_of(unit)}))

    @cached_property
    def parents(self) -> dict[str, str]:
        """The parent's code of each unit that has one."""
        return {unit.code: unit.parent_code for unit in self.units.values() if unit.parent_code}

    @cached_property
    def by_code(self) -> dict[str, Entity]:
        """Every row, of whatever time or level, by code; of two rows of one code the one valid at `as_of`, else the later."""
        return {row.code: row for row in sorted(self.rows, key=lambda row: (row.is_valid(self.as_of), row.valid_from or date.min))}

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """The aliases that may stand for an entity of this edition at `as_of`, sorted."""
        valid = (alias for alias in self.all_aliases if alias.is_valid(self.as_of) and alias.code in self.units)
        return tuple(sorted(valid, key=lambda alias: (alias.code, alias.alias)))

    def predecessors(self, code: str) -> tuple[Entity, ...]:
        """The rows that `code` took the place of by `as_of`, since that of the previous edition (all, where there is none), sorted."""
        return self._predecessors.get(code, ())

    @cached_property
    def _predecessors(self) -> dict[str, tuple[Entity, ...]]:
        found: dict[str, list[Entity]] = {}
        for row in sorted(self.rows, key=lambda row: row.code):
            is_gone = row.valid_to is not None and row.valid_to < self.as_of and row.successor_code != row.code
            if is_gone and row.successor_code and (self.previous_as_of is None or row.is_valid(self.previous_as_of)):
                found.setdefault(row.successor_code, []).append(row)
        return {code: tuple(rows) for code, rows in found.items()}

    def named(self, name: str) -> tuple[Entity, ...]:
        """Every row of that full name, of whatever time or level, sorted by code."""
        return self._named.get(name, ())

    @cached_property
    def _named(self) -> dict[str, tuple[Entity, ...]]:
        """The rows of each full name, sorted by code."""
        named: dict[str, list[Entity]] = {}
        for row in sorted(self.rows, key=lambda row: row.code):
            named.setdefault(row.name, []).append(row)
        return {name: tuple(rows) for name, rows in named.items()}

    def explain(self, code: str) -> tuple[str, str] | None:
        """Why a row's entity is not evaluated any more, in Chinese and English; None where it is, or where nothing is known."""
        row = self.by_code.get(code)
        if row is None or row.valid_to is None or row.valid_to >= self.as_of:
            return None
        successor = self.by_code.get(row.successor_code or "")
        day = date.fromordinal(row.valid_to.toordinal() + 1)
        if successor is None:
            return f"{row.name}自{day:%Y-%m-%d}起不再存在", f"{row.name} ceased to exist on {day:%Y-%m-%d}"
        others = [other for other in self.rows if other.successor_code == successor.code]
        zh, en = ("并入", "was merged into") if len(others) > 1 else ("改为", "became")
        return f"{row.name}已于{day:%Y-%m-%d}{zh}{successor.name}", f"{row.name} {en} {successor.name} on {day:%Y-%m-%d}"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: one entry a day, without a gap."""

    days: tuple[date, ...]
    is_workday: tuple[bool, ...]

    @cached_property
    def workday_no(self) -> tuple[int, ...]:
        """For each day the number of working days from the first day up to and including it."""
        return tuple(accumulate(int(worked) for worked in self.is_workday))

    def workdays(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative where `end` is before. Raises KeyError outside the calendar."""
        return self._number(end) - self._number(start)

    def _number(self, day: date) -> int:
        position = bisect_right(self.days, day) - 1
        if position < 0 or self.days[position] != day:
            raise KeyError(day)
        return self.workday_no[position]
