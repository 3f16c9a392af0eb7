"""From a framework file to a Framework: read, validate, check, and tell every mistake at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from frameworks.beside import Reader
from frameworks.checks import check_rules
from frameworks.checks_of_deliveries import check_deliveries
from frameworks.checks_of_inputs import check_inputs
from frameworks.checks_of_sets import check_sets
from frameworks.compiled import Compiled, compile_all
from frameworks.document import read_document
from frameworks.frozen import Norms, read_frozen, with_weights
from frameworks.hints import near
from frameworks.mistakes import FrameworkError, Mistake
from frameworks.model import FrameworkFile
from frameworks.references import References, read_references
from frameworks.registry import Calendar, Registry
from frameworks.tables import build_tables
from frameworks.validation import validate
from storage import Workspace


@dataclass(frozen=True)
class Framework:
    """One edition's rules, sound: the file's objects, its places and calendar, its compiled expressions.

    `hash` is a SHA-256 over the bytes of the framework file and of each file that it names, and of the words and guards of intake.
    """

    path: Path
    file: FrameworkFile
    registry: Registry
    calendar: Calendar | None
    hash: str
    compiled: Compiled
    norms: Norms = field(default_factory=Norms)

    @property
    def edition(self) -> str:
        """The edition's code."""
        return self.file.edition

    def tables(self) -> dict[str, pl.DataFrame]:
        """The framework as tables, by name (docs/architecture.md, "framework tables")."""
        return build_tables(self)


def load_framework(workspace: Workspace, edition: str) -> Framework:
    """The framework of `edition`. Raises FrameworkError with every mistake where it is not sound, or is not there."""
    path, known = workspace.framework_file(edition), workspace.editions()
    shown = f"{workspace.frameworks.name}/{edition}.yaml"
    if edition not in known:  # a code from outside never leads to another folder
        message = f"there is no framework of this edition; {near(edition, known)}"
        raise FrameworkError([Mistake(shown, 0, "", message)])
    return read_framework(path, shown, edition)


def read_framework(path: Path, shown: str | None = None, edition: str | None = None) -> Framework:
    """The framework at `path`, its references sought beside it; `shown` names the file in mistakes.

    `edition` is the code that it must have, where one is asked for. Raises FrameworkError with every mistake where the framework
    is not sound, or is not there.
    """
    name = shown or str(path)
    if not path.is_file():
        raise FrameworkError([Mistake(name, 0, "", "there is no such file; give the path of a framework file.")])
    content = path.read_bytes()
    document, mistakes = read_document(content, name)
    validated = validate(document)
    validated.mistakes += mistakes
    if validated.file is None:
        raise FrameworkError(validated.mistakes)
    if edition is not None and validated.file.edition != edition:
        validated.add(
            ("edition",), f"the file of edition {validated.file.edition} must be called {validated.file.edition}.yaml; rename one of them."
        )
    reader = Reader(validated, path.parent)
    frozen = read_frozen(reader, validated.file)
    file = with_weights(validated.file, frozen.weights)
    compiled, references = _checked(reader, file)
    check_sets(validated, file, references.registry, frozen.norms)
    if validated.mistakes:
        raise FrameworkError(validated.mistakes)
    return Framework(path, file, references.registry, references.calendar, _hash(content, references), compiled, frozen.norms)


def _checked(reader: Reader, file: FrameworkFile) -> tuple[Compiled, References]:
    validated, compiled = reader.validated, compile_all(reader.validated, file)
    check_rules(validated, file, compiled)
    check_inputs(validated, file)
    check_deliveries(validated, file)
    return compiled, read_references(reader, file, compiled)


def _hash(content: bytes, references: References) -> str:
    digest = hashlib.sha256()
    for part, value in sorted({**references.digests, "": hashlib.sha256(content).hexdigest()}.items()):
        digest.update(f"{part} {value}\n".encode())
    return digest.hexdigest()
