"""The ledger of deliveries: a line each time that a file, or a new note about it, was first seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from filelock import FileLock

from storage import Workspace, append_lines, read_lines

ELSEWHERE = "unknown"  # the source of a file that lies in no source's folder
_FROM = {"mtime": 0, "folder": 1, "sidecar": 2}


@dataclass(frozen=True)
class Entry:
    """One line. Moments are UTC, ISO 8601. `sent_at_from`: sidecar, folder or mtime; `noted_at`: the sidecar's own modification time.

    `refused`: the rule under which the file, or its sidecar (`file` then ends in .delivery.yaml), was not taken; `details` its sentence's.
    """

    edition: str
    source: str
    file: str
    sender: str | None
    sent_at: str
    reason: str | None
    size: int
    sha256: str
    sent_at_from: str = "mtime"
    noted_at: str | None = None
    refused: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)


def read_ledger(workspace: Workspace, edition: str) -> list[Entry]:
    """Every line of the edition, in the order in which they were written. Lines that another version wrote without these keys are none."""
    names = set(Entry.__dataclass_fields__)
    lines = (line for line in read_lines(workspace.delivery_ledger) if line.get("edition") == edition)
    return [_entry(line) for line in lines if names >= set(line) >= {"source", "file", "sha256", "sent_at", "size"}]


@contextmanager
def ledger_lock(workspace: Workspace) -> Iterator[None]:
    """Holds the one ledger of all editions for its only writer."""
    workspace.archive.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.archive / "ledger.lock", fallback_to_soft=False):
        yield


def write_entries(workspace: Workspace, entries: Iterable[Entry]) -> None:
    """Append the entries and flush them to disk; under `ledger_lock`."""
    append_lines(workspace.delivery_ledger, map(asdict, entries))


def statements(entries: Iterable[Entry]) -> list[Entry]:
    """One entry a delivered file (source, name, bytes): of several the one with the weightiest word on who sent it when.

    A sidecar's word outweighs a dated folder's, and that the file's own time; of several sidecars the one written last holds. So the
    result is the same in whatever order files and sidecars were seen. Notes on sidecars themselves are left out.
    """
    best: dict[tuple[str, str, str], Entry] = {}
    for entry in sorted(entries, key=_weight):
        if entry.refused != "bad_sidecar":
            best[entry.source, entry.file, entry.sha256] = entry
    return [best[name] for name in sorted(best)]


def heaviest(entries: Iterable[Entry]) -> Entry:
    """Of several entries of one file the one whose word holds."""
    return max(entries, key=_weight)


def standing_faults(entries: Iterable[Entry], suffix: str) -> list[Entry]:
    """The wrong sidecars that no later one of the same file has put right."""
    noted: dict[tuple[str, str], str] = {}
    wrong: dict[tuple[str, str], Entry] = {}
    for entry in sorted(entries, key=_weight):
        if entry.refused == "bad_sidecar":
            wrong[entry.source, entry.file.removesuffix(suffix)] = entry
        elif entry.noted_at:
            noted[entry.source, entry.file] = max(entry.noted_at, noted.get((entry.source, entry.file), ""))
    return [entry for name, entry in sorted(wrong.items()) if (entry.noted_at or "") > noted.get(name, "")]


def _weight(entry: Entry) -> tuple[int, str, str, str, str]:
    return _FROM.get(entry.sent_at_from, 0), entry.noted_at or "", entry.sent_at, entry.sender or "", entry.reason or ""


def _entry(line: Mapping[str, Any]) -> Entry:
    return Entry(**line)
