"""Reading the files of who is evaluated and which days are worked: registry, aliases, zones, calendar. CSV alone."""

from __future__ import annotations

import re
from datetime import date

from frameworks.csv_rows import Rows
from frameworks.mistakes import Mistake
from frameworks.parts import SETS
from frameworks.registry import Alias, Calendar, Entity, Zone

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_SET_WORDS = frozenset(SETS)


def read_entities(content: bytes, file: str) -> tuple[list[Entity], list[Mistake]]:
    """A registry's rows. Columns: code, name, level; optional name_en, parent_code, valid_from, valid_to, successor_code.

    Every other column is an attribute, by which entities may be compared.
    """
    needed, optional = ("code", "name", "level"), ("name_en", "parent_code", "valid_from", "valid_to", "successor_code")
    rows = Rows(content, file, needed, optional, _ATTRIBUTE)
    others = sorted(set(rows.headers) - {*needed, *optional})
    for header in sorted(_SET_WORDS & set(others)):
        rows.note(1, f"the column {header} has the name of a set; give the attribute another.")
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
            attributes=tuple((name, row[name]) for name in others if row.get(name)),
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
    rows = Rows(content, file, ("code", "alias"), ("valid_from", "valid_to", "source"))
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
    rows = Rows(content, file, ("zone", "code"), ("source",))
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
    rows = Rows(content, file, ("day", "is_workday"), ())
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
