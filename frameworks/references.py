"""The files that a framework names, sought beside it: registry, aliases, zones, calendar, and the previous edition's framework."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from frameworks.beside import Reader
from frameworks.compiled import Compiled
from frameworks.document import read_document
from frameworks.intake_files import GUARDS, UNITS, WORDS, intake_file
from frameworks.mistakes import FrameworkError
from frameworks.model import FrameworkFile
from frameworks.registry import Alias, Calendar, Entity, Registry, Zone
from frameworks.registry_files import read_aliases, read_calendar, read_entities, read_zones
from frameworks.validation import Validated

_MOST_TIMES = 1200


@dataclass
class References:
    """What the named files hold. `digests`: a SHA-256 of each file's bytes, by its name."""

    registry: Registry
    calendar: Calendar | None
    digests: dict[str, str]


def read_references(reader: Reader, file: FrameworkFile, compiled: Compiled) -> References:
    """Read every file that the framework names; what is wrong in one is told with that file's own line."""
    validated, folder, places = reader.validated, reader.folder, file.entities
    rows, aliases, zones, calendar = list[Entity](), list[Alias](), list[Zone](), None
    if found := reader.read(("entities", "registry"), places.registry):
        rows, mistakes = read_entities(*found)
        validated.mistakes += mistakes
        if not mistakes:
            _groups(validated, file, rows)
    codes = frozenset(row.code for row in rows)
    if (found := reader.read(("entities", "aliases"), places.aliases)) and rows:
        aliases, mistakes = read_aliases(*found, codes)
        validated.mistakes += mistakes
    if (found := reader.read(("entities", "zones"), places.zones)) and rows:
        zones, mistakes = read_zones(*found, codes)
        validated.mistakes += mistakes
    if found := reader.read(("calendar",), file.calendar):
        calendar, mistakes = read_calendar(*found)
        validated.mistakes += mistakes
        if not mistakes:
            _calendar_covers(validated, file, calendar)
    _calendar_named(validated, file, compiled)
    previous = _previous(validated, file, folder)
    if previous:
        reader.digests["previous"] = previous.isoformat()
    reader.digests |= {name: hashlib.sha256(intake_file(folder, name)).hexdigest() for name in (WORDS, UNITS, GUARDS)}
    registry = Registry(tuple(rows), places.as_of, tuple(places.groups), tuple(aliases), tuple(zones), previous, _times(validated, file))
    return References(registry, calendar, reader.digests)


def _times(validated: Validated, file: FrameworkFile) -> tuple[int, ...]:
    panel = file.entities.panel
    if panel is None:
        return ()
    if panel.from_ > panel.to:
        validated.add(("entities", "panel", "to"), f"the panel ends at {panel.to}, before it begins; exchange from and to.")
    elif len(panel.times) > _MOST_TIMES:
        message = f"a panel of {len(panel.times):,} times is too long (at most {_MOST_TIMES:,}); count in greater steps."
        validated.add(("entities", "panel", "to"), message)
        return ()
    return tuple(panel.times)


def _groups(validated: Validated, file: FrameworkFile, rows: list[Entity]) -> None:
    """Each group has somebody in it."""
    places = file.entities
    levels = sorted({row.level for row in rows if row.is_valid(places.as_of)})
    for position, group in enumerate(places.groups):
        if group not in levels:
            message = f"{places.registry} has no {group} on {places.as_of}; its levels then are {', '.join(levels) or 'none'}."
            validated.add(("entities", "groups", position), message, ("entities", "as_of"), ("entities", "registry"))


def _calendar_named(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    if file.calendar is None:
        for loc, expression in compiled.expressions.items():
            if "workdays" in expression.functions:
                validated.add(loc, "workdays() needs a calendar; add calendar with a file of days.", ("calendar",))
                return  # one calendar mends them all


def _calendar_covers(validated: Validated, file: FrameworkFile, calendar: Calendar) -> None:
    """Every day of the period is in the calendar."""
    first, last = file.period.from_, file.period.to
    begins, ends = (calendar.days[0], calendar.days[-1]) if calendar.days else (None, None)
    if begins is None or ends is None or begins > first or ends < last:
        message = f"{file.calendar} goes from {begins} to {ends}, and the period from {first} to {last}; add the days."
        validated.add(("calendar",), message, ("period",))


def _previous(validated: Validated, file: FrameworkFile, folder: Path) -> date | None:
    """The day on which the previous edition's entities were taken; None where there is no previous edition."""
    if file.previous is None or file.previous == file.edition:
        return None
    path, loc = folder / f"{file.previous}.yaml", ("previous",)
    if not path.is_file():
        validated.add(loc, f"there is no {path.name} beside the framework file; put it there, or leave previous out.")
        return None
    try:
        document, _ = read_document(path.read_bytes(), path.name)
    except FrameworkError as error:
        validated.add(loc, f"{path.name} cannot be read ({error.mistakes[0]}); mend it first.")
        return None
    entities = document.data.get("entities")
    as_of = entities.get("as_of") if isinstance(entities, dict) else None
    if not isinstance(as_of, date):
        validated.add(loc, f"{path.name} does not say entities.as_of; mend it first.")
        return None
    if as_of >= file.entities.as_of:
        validated.add(
            loc,
            f"{file.previous} looks at {as_of}, which is not before {file.entities.as_of}; name an earlier edition.",
            ("entities", "as_of"),
        )
    return as_of
