"""Reference files: who is evaluated (registry, aliases, zones) and which days are worked. Reading and look-up; no file format but CSV."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate

from frameworks.days import day_of
from frameworks.mistakes import Mistake


@dataclass(frozen=True)
class Entity:
    """One row of a registry: a place (or country …) of one level, with the days on which it exists, both included."""

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor_code: str | None = None

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

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Those evaluated, by code, sorted: the rows of the edition's groups that are valid at `as_of`."""
        valid = (row for row in self.rows if row.level in self.groups and row.is_valid(self.as_of))
        return {row.code: row for row in sorted(valid, key=lambda row: row.code)}

    def group(self, code: str) -> tuple[Entity, ...]:
        """The entities of one group, sorted by code."""
        return tuple(entity for entity in self.entities.values() if entity.level == code)

    @cached_property
    def parents(self) -> dict[str, str]:
        """The parent's code of each entity that has one."""
        return {entity.code: entity.parent_code for entity in self.entities.values() if entity.parent_code}

    @cached_property
    def by_code(self) -> dict[str, Entity]:
        """Every row, of whatever time or level, by code; of two rows of one code the one valid at `as_of`, else the later."""
        return {row.code: row for row in sorted(self.rows, key=lambda row: (row.is_valid(self.as_of), row.valid_from or date.min))}

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """The aliases that may stand for an entity of this edition at `as_of`, sorted."""
        valid = (alias for alias in self.all_aliases if alias.is_valid(self.as_of) and alias.code in self.entities)
        return tuple(sorted(valid, key=lambda alias: (alias.code, alias.alias)))

    def predecessors(self, code: str) -> tuple[Entity, ...]:
        """The rows that `code` took the place of by `as_of`, since that of the previous edition (all, where there is none), sorted."""
        ended = (row for row in self.rows if row.valid_to is not None and row.valid_to < self.as_of)
        rows = (row for row in ended if row.successor_code == code and row.code != code)
        since = (row for row in rows if self.previous_as_of is None or row.is_valid(self.previous_as_of))
        return tuple(sorted(since, key=lambda row: row.code))

    def named(self, name: str) -> tuple[Entity, ...]:
        """Every row of that full name, of whatever time or level, sorted by code."""
        return tuple(sorted((row for row in self.rows if row.name == name), key=lambda row: row.code))

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


# --- reading ------------------------------------------------------------------------------------------------------------


class _Rows:
    """A CSV file's rows under checked headers; notes mistakes with the file's own line."""

    def __init__(self, content: bytes, file: str, needed: Iterable[str], optional: Iterable[str]) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self.rows: list[tuple[int, dict[str, str]]] = []
        try:
            reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
            headers = [header.strip() for header in reader.fieldnames or []]
            reader.fieldnames = headers
            for header in needed:
                if header not in headers:
                    self.note(1, f"the column {header} is missing; add it.")
            for header in headers:
                if header not in {*needed, *optional} or headers.count(header) > 1:
                    self.note(
                        1,
                        f"the column {header or '(nameless)'} is not known or stands twice; known are {', '.join((*needed, *optional))}.",
                    )
            if not self.mistakes:
                self.rows = [(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}) for row in reader]
        except UnicodeDecodeError:
            self.note(0, "the file is not UTF-8 text; save it as UTF-8.")
        except csv.Error as error:
            self.note(0, f"the CSV cannot be read ({error}); save it again with commas and double quotes.")

    def note(self, line: int, message: str) -> None:
        self.mistakes.append(Mistake(self.file, line, "", message))

    def text(self, line: int, row: dict[str, str], column: str) -> str:
        if not row.get(column):
            self.note(line, f"{column} is blank; fill it in.")
        return row.get(column, "")

    def day(self, line: int, row: dict[str, str], column: str) -> date | None:
        text = row.get(column) or ""
        day = day_of(text)
        if text and day is None:
            self.note(line, f"{column} “{text[:40]}” is no date; write it as 2020-12-31.")
        return day


def read_entities(content: bytes, file: str) -> tuple[list[Entity], list[Mistake]]:
    """A registry's rows. Columns: code, name, level; optional name_en, parent_code, valid_from, valid_to, successor_code."""
    optional = ("name_en", "parent_code", "valid_from", "valid_to", "successor_code")
    rows = _Rows(content, file, ("code", "name", "level"), optional)
    entities: list[Entity] = []
    of_code: dict[str, list[Entity]] = {}
    for line, row in rows.rows:
        entity = Entity(
            code=rows.text(line, row, "code"),
            name=rows.text(line, row, "name"),
            name_en=row.get("name_en") or row.get("name", ""),
            level=rows.text(line, row, "level"),
            parent_code=row.get("parent_code") or None,
            valid_from=rows.day(line, row, "valid_from"),
            valid_to=rows.day(line, row, "valid_to"),
            successor_code=row.get("successor_code") or None,
        )
        same = of_code.setdefault(entity.code, [])
        if any(_overlap(other, entity) for other in same):
            rows.note(line, f"the code {entity.code} stands twice for the same days; give each entity one row, or rows of different days.")
        same.append(entity)
        entities.append(entity)
    for (line, _), entity in zip(rows.rows, entities, strict=True):
        if entity.successor_code and entity.successor_code not in of_code:
            rows.note(line, f"the successor {entity.successor_code} is not in the registry; correct it, or add the entity.")
    return entities, rows.mistakes


def _overlap(one: Entity, other: Entity) -> bool:
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (one.valid_to or date.max)


def read_aliases(content: bytes, file: str, codes: frozenset[str]) -> tuple[list[Alias], list[Mistake]]:
    """Aliases of the registry's `codes`. Columns: code, alias; optional valid_from, valid_to, source."""
    rows = _Rows(content, file, ("code", "alias"), ("valid_from", "valid_to", "source"))
    aliases = []
    for line, row in rows.rows:
        code = rows.text(line, row, "code")
        if code and code not in codes:
            rows.note(line, f"the code {code} is not in the registry; correct it, or add the entity.")
        days = rows.day(line, row, "valid_from"), rows.day(line, row, "valid_to")
        aliases.append(Alias(code, rows.text(line, row, "alias"), *days, row.get("source", "")))
    return aliases, rows.mistakes


def read_zones(content: bytes, file: str, codes: frozenset[str]) -> tuple[list[Zone], list[Mistake]]:
    """Zones of the registry's `codes`. Columns: zone, code; optional source."""
    rows = _Rows(content, file, ("zone", "code"), ("source",))
    zones: dict[str, Zone] = {}
    for line, row in rows.rows:
        zone = Zone(rows.text(line, row, "zone"), rows.text(line, row, "code"), row.get("source", ""))
        if zone.code and zone.code not in codes:
            rows.note(line, f"the code {zone.code} is not in the registry; correct it, or add the entity.")
        if zone.zone in zones:
            rows.note(line, f"the zone {zone.zone} stands twice; keep one row.")
        zones[zone.zone] = zone
    return list(zones.values()), rows.mistakes


def read_calendar(content: bytes, file: str) -> tuple[Calendar, list[Mistake]]:
    """A calendar. Columns: day, is_workday (1 or 0); the days follow one another without a gap."""
    rows = _Rows(content, file, ("day", "is_workday"), ())
    days, worked = list[date](), list[bool]()
    for line, row in rows.rows:
        day = rows.day(line, row, "day")
        if row.get("is_workday") not in {"0", "1"}:
            rows.note(line, f"is_workday “{row.get('is_workday', '')[:40]}” must be 1 (worked) or 0.")
        if day is None:
            continue
        if days and (day - days[-1]).days != 1:
            rows.note(line, f"{day} does not follow {days[-1]}; list every day once, in order.")
        days.append(day)
        worked.append(row.get("is_workday") == "1")
    return Calendar(tuple(days), tuple(worked)), rows.mistakes
