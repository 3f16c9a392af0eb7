"""The files of intake that hold for every edition of a folder, so that no framework names them (docs/deliveries.md)."""

from __future__ import annotations

from pathlib import Path

from storage.workspace import PROJECT

WORDS = "intake_words.csv"
GUARDS = "place_guards.csv"
UNITS = "intake_units.csv"


def intake_file(folder: Path, name: str) -> bytes:
    """The file's bytes: the one beside the framework files, or the project's own where the folder has none."""
    own = folder / name
    return (own if own.is_file() else PROJECT / "frameworks" / name).read_bytes()
