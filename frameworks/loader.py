"""From a framework file to a Framework: read, validate, check, and tell every mistake at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from frameworks.compiled import Compiled, compile_all
from frameworks.document import Document, read_document
from frameworks.mistakes import FrameworkError, Mistake
from frameworks.model import FrameworkFile
from frameworks.registry import Alias, Calendar, Entity, Registry, Zone, read_aliases, read_calendar, read_entities, read_zones
from frameworks.tables import build_tables
from storage import Workspace


@dataclass(frozen=True)
class Framework:
    """One edition's rules, sound: the file's objects, its places and calendar, its compiled expressions.

    `hash` is a SHA-256 over the bytes of the framework file and of each file that it names.
    """

    path: Path
    file: FrameworkFile
    registry: Registry
    calendar: Calendar | None
    hash: str
    compiled: Compiled

    @property
    def edition(self) -> str:
        """The edition's code."""
        return self.file.edition

    def tables(self) -> dict[str, pl.DataFrame]:
        """The framework as tables, by name (docs/architecture.md, "framework tables")."""
        return build_tables(self)


def load_framework(workspace: Workspace, edition: str) -> Framework:
    """The framework of `edition`. Raises FrameworkError with every mistake where it is not sound, or is not there."""
    path = workspace.framework_file(edition)
    return read_framework(path, f"{path.parent.name}/{path.name}")


def read_framework(path: Path, shown: str | None = None) -> Framework:
    """The framework at `path`, its references sought beside it; `shown` names the file in mistakes.

    Raises FrameworkError with every mistake where it is not sound, or is not there.
    """
    name = shown or str(path)
    if not path.is_file():
        raise FrameworkError([Mistake(name, 0, "", "there is no such file; give the path of a framework file.")])
    content = path.read_bytes()
    document, mistakes = read_document(content, name)
    try:
        file = FrameworkFile.model_validate(document.data)
    except ValidationError as error:
        found = [document.mistake(tuple(detail["loc"]), detail["msg"]) for detail in error.errors()]
        raise FrameworkError([*mistakes, *found]) from None
    compiled = compile_all(file)
    mistakes += [document.mistake(loc, problem) for loc, problems in compiled.refused.items() for problem in problems]
    registry, calendar, parts = _references(document, file, path.parent, mistakes)
    if mistakes:
        raise FrameworkError(mistakes)
    digest = hashlib.sha256("".join(f"{part} {hashlib.sha256(parts[part]).hexdigest()}\n" for part in sorted(parts)).encode() + content)
    return Framework(path, file, registry, calendar, digest.hexdigest(), compiled)


def _references(
    document: Document, file: FrameworkFile, folder: Path, mistakes: list[Mistake]
) -> tuple[Registry, Calendar | None, dict[str, bytes]]:
    parts: dict[str, bytes] = {}

    def read(loc: tuple[str, ...], name: str | None) -> bytes | None:
        if name is None:
            return None
        try:
            parts[name] = (folder / name).read_bytes()
        except OSError:
            mistakes.append(document.mistake(loc, f"{name} cannot be read beside the framework file; put it there."))
            return None
        return parts[name]

    places = file.entities
    rows, aliases, zones, calendar = list[Entity](), list[Alias](), list[Zone](), None
    if content := read(("entities", "registry"), places.registry):
        rows, found = read_entities(content, places.registry)
        mistakes += found
    codes = frozenset(row.code for row in rows)
    if places.aliases and (content := read(("entities", "aliases"), places.aliases)):
        aliases, found = read_aliases(content, places.aliases, codes)
        mistakes += found
    if places.zones and (content := read(("entities", "zones"), places.zones)):
        zones, found = read_zones(content, places.zones, codes)
        mistakes += found
    if file.calendar and (content := read(("calendar",), file.calendar)):
        calendar, found = read_calendar(content, file.calendar)
        mistakes += found
    registry = Registry(tuple(rows), places.as_of, tuple(places.groups), tuple(aliases), tuple(zones))
    return registry, calendar, parts
