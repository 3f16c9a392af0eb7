"""Who sent a file, when and why: from `<file>.delivery.yaml` beside it, else from a dated folder, else from the file's own time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sources.grid import GridCell
from sources.text import encodable, visible
from sources.values import read_moment

SUFFIX = ".delivery.yaml"
_KEYS = ("sender", "sent_at", "reason")
LARGEST = 64 * 1024


class BadSidecar(Exception):
    """The sidecar cannot be used; the message says why in a few words."""


@dataclass(frozen=True)
class Note:
    """What a sidecar says; each part may be left out. `sent_at` is UTC without a zone."""

    sender: str | None = None
    sent_at: datetime | None = None
    reason: str | None = None


def read_note(content: bytes, zone: ZoneInfo) -> Note:
    """The sidecar's word: `sender`, `sent_at` (a day or a moment; without a zone in the framework's) and `reason`. Raises BadSidecar."""
    if len(content) > LARGEST:
        raise BadSidecar("longer than 64 KB")
    try:
        # Every scalar as its text: a sender named 1e3 or a day must not become a number or lose its zone.
        data: Any = YAML(typ="base", pure=True).load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadSidecar("not UTF-8") from None
    except (YAMLError, ValueError, RecursionError):
        raise BadSidecar("not YAML") from None
    if not isinstance(data, dict) or not data:
        raise BadSidecar("no keys")
    if unknown := sorted(visible(encodable(str(name))) for name in data if name not in _KEYS):
        raise BadSidecar(f"unknown key {unknown[0][:40]}")
    if wrong := [name for name in _KEYS if name in data and not isinstance(data[name], str)]:
        raise BadSidecar(f"{wrong[0]} is no text")
    told = {name: visible(encodable(str(data.get(name) or "")).strip()) for name in _KEYS}
    stated = told["sent_at"]
    sent_at = read_moment(GridCell(stated, stated), zone) if stated else None
    if stated and sent_at is None:
        raise BadSidecar(f"sent_at {stated[:40]} is no moment")
    return Note(told["sender"] or None, sent_at, told["reason"] or None)


def folder_day(file: str, zone: ZoneInfo) -> datetime | None:
    """The beginning, in UTC, of the day that the nearest folder of the file is named by (YYYY-MM-DD); None where none is."""
    day = next((part for part in reversed(PurePosixPath(file).parts[:-1]) if is_day(part)), None)
    return datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC).replace(tzinfo=None) if day else None


def is_day(folder: str) -> bool:
    """Whether a folder is named by a day, YYYY-MM-DD."""
    try:
        return len(folder) == 10 and bool(date.fromisoformat(folder))
    except ValueError:
        return False


def written_at(nanoseconds: int) -> datetime:
    """A file's modification time in UTC, to the microsecond."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=rest // 1000)
