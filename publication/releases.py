"""Which releases exist, which one is an edition's latest, and the ledger that says when and in which order they were made.

A release is its folder. The ledger adds what the folder must not hold: the clock and the sequence. A line is written each time that a
release becomes its edition's latest, so one that returns (a rule changed and changed back) has two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import Workspace, append_line, read_lines

MANIFEST = "manifest.json"
_RELEASE = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Release:
    """One release as it became its edition's latest: `sequence` counts over all editions, `made_at` is in UTC."""

    edition: str
    release: str
    sequence: int
    made_at: datetime


def recorded(workspace: Workspace) -> list[Release]:
    """The ledger's lines whose folder is there, in their order."""
    return [
        Release(line["edition"], line["release"], line["sequence"], datetime.fromisoformat(line["made_at"]))
        for line in read_lines(workspace.release_ledger)
        if (workspace.release(line["edition"], line["release"]) / MANIFEST).exists()
    ]


def all_releases(workspace: Workspace) -> list[Release]:
    """The recorded ones, then the folders that a killed run left without a line, by the moment of their renaming."""
    known = recorded(workspace)
    names = {(entry.edition, entry.release) for entry in known}
    unrecorded = sorted(
        (_made_at(folder), folder.parent.name, folder.name)
        for folder in _folders(workspace.published)
        if (folder.parent.name, folder.name) not in names
    )
    first = _next_sequence(workspace)
    return known + [Release(edition, release, first + place, moment) for place, (moment, edition, release) in enumerate(unrecorded)]


def latest_release(workspace: Workspace, edition: str) -> Release | None:
    """The edition's latest release, or none where it was never published."""
    return latest_releases(workspace).get(edition)


def latest_releases(workspace: Workspace) -> dict[str, Release]:
    """Each published edition's latest release, editions in the order of their codes."""
    last = {entry.edition: entry for entry in all_releases(workspace)}
    return dict(sorted(last.items()))


def record_unrecorded(workspace: Workspace) -> None:
    """Write the lines that killed runs still owe the ledger. The caller holds the lock of `published/`."""
    for entry in all_releases(workspace)[len(recorded(workspace)) :]:
        _append(workspace, entry)


def record(workspace: Workspace, edition: str, release: str) -> Release:
    """Make the release its edition's latest, now. The caller holds the lock of `published/`."""
    entry = Release(edition, release, _next_sequence(workspace), datetime.now(UTC))
    _append(workspace, entry)
    return entry


def _append(workspace: Workspace, entry: Release) -> None:
    append_line(
        workspace.release_ledger,
        {"edition": entry.edition, "release": entry.release, "sequence": entry.sequence, "made_at": entry.made_at.isoformat()},
    )


def _next_sequence(workspace: Workspace) -> int:
    return max((line["sequence"] for line in read_lines(workspace.release_ledger)), default=0) + 1


def _folders(published: Path) -> list[Path]:
    return [path.parent for path in published.glob(f"*/*/{MANIFEST}") if _RELEASE.fullmatch(path.parent.name)]


def _made_at(folder: Path) -> datetime:
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
