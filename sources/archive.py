"""Taking deliveries in: from the inbox to the archive and the ledger, each file once. Only reads in the inbox."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sources.ledger import ELSEWHERE, Entry, heaviest, ledger_lock, read_ledger, write_entry
from sources.sidecar import SUFFIX, BadSidecar, Note, folder_day, read_note, written_at
from sources.text import visible
from sources.unpacking import CannotUnpack, is_archive, unpacked
from sources.words import Words, load_words
from storage import SOURCES, Workspace, write_bytes

if TYPE_CHECKING:
    from frameworks import Framework


@dataclass(frozen=True)
class ArchiveReport:
    """What one look into the inbox gave. `waiting`: files that are still being written or named, with why, taken in once they are whole."""

    edition: str
    new: int
    known: int
    refused: int
    new_by_source: dict[str, int]
    waiting: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether the inbox held nothing at all."""
        return not (self.new or self.known or self.refused or self.waiting)


@dataclass(frozen=True)
class _Found:
    """One name in the inbox: the path that opens it, the source (or ELSEWHERE), and its name within the source as a person reads it."""

    path: Path
    source: str
    file: str
    is_link: bool


@dataclass
class _Taking:
    workspace: Workspace
    edition: str
    zone: ZoneInfo
    words: Words
    seen: dict[tuple[str, str, str], list[Entry]]
    counts: Counter[str] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)
    waiting: list[str] = field(default_factory=list)

    def unopened(self, error: OSError) -> None:
        """Tell of a folder that cannot be opened. That there is no inbox yet is nothing to tell."""
        if not isinstance(error, FileNotFoundError):
            folder = Path(error.filename).relative_to(self.workspace.inbox(self.edition, SOURCES[0]).parent)
            shown = "/".join(map(_readable, folder.parts)) or "."
            self.waiting.append(f"{shown}/: the folder cannot be opened ({error.strerror}); let the pipeline read it")


def archive(workspace: Workspace, framework: Framework) -> ArchiveReport:
    """Take in every file of the edition's inbox that was not taken before: its bytes first, then a line of the ledger.

    A file is known by source, name and bytes. A link is refused and not followed; its text is what is archived. Nothing in the inbox is
    moved, renamed or deleted. A process killed in between has either taken a file whole or not at all.
    """
    workspace.prepare()
    edition = framework.file.edition
    with ledger_lock(workspace):
        seen: dict[tuple[str, str, str], list[Entry]] = {}
        for entry in read_ledger(workspace, edition):
            seen.setdefault((entry.source, entry.file, entry.sha256), []).append(entry)
        taking = _Taking(workspace, edition, ZoneInfo(framework.file.time_zone), load_words(workspace), seen)
        for found in _inbox(workspace, edition, taking.unopened):
            _take(found, taking)
    counts, by_source = taking.counts, dict(sorted(taking.by_source.items()))
    return ArchiveReport(edition, counts["new"], counts["known"], counts["refused"], by_source, taking.waiting)


# --- the inbox ----------------------------------------------------------------------------------------------------------


def _inbox(workspace: Workspace, edition: str, unopened: Callable[[OSError], None]) -> Iterator[_Found]:
    """Every file and link below the edition's inbox but hidden ones, in the order of their names; `unopened` hears of closed folders."""
    top = workspace.inbox(edition, SOURCES[0]).parent
    found = []
    for folder, folders, files in os.walk(top, onerror=unopened):
        here = Path(folder)
        links = [name for name in folders if os.path.islink(here / name)]  # noqa: PTH114  Path raises where a folder may not be entered
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        for name in (*files, *links):
            path = here / name
            parts = path.relative_to(top).parts
            source = parts[0] if len(parts) > 1 and parts[0] in SOURCES else ELSEWHERE
            shown = "/".join(_readable(part) for part in (parts if source == ELSEWHERE else parts[1:]))
            if not name.startswith("."):
                found.append(_Found(path, source, shown, os.path.islink(path) or not os.path.isfile(path)))  # noqa: PTH113, PTH114  likewise
    return iter(sorted(found, key=lambda item: (item.source, item.file)))


def _readable(name: str) -> str:
    """A file's name as text: bytes that are no UTF-8 are those of an archive packed under a Chinese Windows."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return visible(os.fsencode(name).decode("gb18030", "replace"))
    return visible(name)


def _is_unfinished(name: str, words: Words) -> bool:
    lower = name.lower()
    return lower.startswith("~$") or lower.endswith(words.of("unfinished"))


# --- one file -----------------------------------------------------------------------------------------------------------


def _take(found: _Found, taking: _Taking) -> None:
    name = found.path.name.lower()
    if name in taking.words.of("ignored_file") or name.startswith("~$"):
        return
    if name.endswith(SUFFIX) and not found.is_link:
        if not found.path.with_name(found.path.name[: -len(SUFFIX)]).exists():
            taking.waiting.append(f"{found.source}/{found.file}: a delivery note whose file is not there")
        return
    if _is_unfinished(name, taking.words):
        taking.waiting.append(f"{found.source}/{found.file}: still being written")
        return
    content = _content(found)
    if content is None:
        taking.waiting.append(f"{found.source}/{found.file}: it cannot be read (let the pipeline read it), or changed while it was read")
        return
    note = _note(found, taking)
    if not found.is_link and is_archive(name, content):
        _take_packed(found, content, note, taking)
    else:
        _write(_entry(found, content, note, taking), content, taking)


def _take_packed(found: _Found, content: bytes, note: tuple[Note, str] | None, taking: _Taking) -> None:
    """Take each file of an archive as a delivery of its own, sent by whom and when the archive was. The archive's bytes are kept too."""
    try:
        entries = []
        for packed in unpacked(content):
            file = _Found(found.path, found.source, f"{found.file}/{visible(packed.name)}", packed.is_link)
            ending = file.file.lower()
            if ending.rpartition("/")[2] not in taking.words.of("ignored_file") and not ending.endswith(SUFFIX):
                entries.append((_entry(file, packed.content, note, taking), packed.content))
    except CannotUnpack as error:
        entry = _entry(found, content, note, taking)
        refused = entry if entry.refused else replace(entry, refused="zip_not_unpacked", details={"fault": str(error)})
        _write(refused, content, taking)
        return
    _keep(hashlib.sha256(content).hexdigest(), content, taking)
    for entry, packed_content in entries:
        _write(entry, packed_content, taking)


def _content(found: _Found) -> bytes | None:
    """The file's bytes; a link's own text; None where the file cannot be read, or changed while it was read."""
    try:
        if found.is_link:
            return os.fsencode(found.path.readlink()) if found.path.is_symlink() else b""
        content, before, after = _read(found.path)
    except OSError:
        return None
    is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(content) == after.st_size
    return content if is_same and stat.S_ISREG(after.st_mode) else None


def _read(path: Path) -> tuple[bytes, os.stat_result, os.stat_result]:
    """A file's bytes and its state before and after; one that has become a link or a pipe since it was listed is not followed."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        before = os.fstat(file.fileno())
        return file.read() if stat.S_ISREG(before.st_mode) else b"", before, path.lstat()


def _note(found: _Found, taking: _Taking) -> tuple[Note, str] | None:
    """What the file's sidecar says, and when the sidecar was written; a wrong one is noted in the ledger and says nothing."""
    path = found.path.with_name(found.path.name + SUFFIX)
    if found.is_link or path.is_symlink() or not path.is_file():
        return None
    try:
        content, state, _ = _read(path)
        noted_at = _iso(written_at(state.st_mtime_ns))
    except OSError as error:
        taking.waiting.append(
            f"{found.source}/{found.file}{SUFFIX}: the delivery note cannot be read ({error.strerror}), and its file was taken without it"
        )
        return None
    try:
        return read_note(content, taking.zone), noted_at
    except BadSidecar as error:
        sha256 = hashlib.sha256(content).hexdigest()
        wrong = Entry(
            taking.edition,
            found.source,
            found.file + SUFFIX,
            None,
            noted_at,
            None,
            len(content),
            sha256,
            "sidecar",
            noted_at,
            "bad_sidecar",
            {"fault": str(error)},
        )
        _write(wrong, content, taking)
        return None


def _entry(found: _Found, content: bytes, noted: tuple[Note, str] | None, taking: _Taking) -> Entry:
    note, noted_at = noted or (Note(), None)
    folder, sha256 = folder_day(found.file, taking.zone), hashlib.sha256(content).hexdigest()
    sent_at = note.sent_at or folder
    entry = Entry(
        edition=taking.edition,
        source=found.source,
        file=found.file,
        sender=note.sender,
        sent_at=_iso(sent_at) if sent_at else _first_seen(found, sha256, taking),
        reason=note.reason,
        size=len(content),
        sha256=sha256,
        sent_at_from="sidecar" if noted else "folder" if folder else "mtime",
        noted_at=noted_at,
    )
    if found.is_link:
        return replace(entry, refused="link")
    if found.source == ELSEWHERE:
        return replace(entry, refused="misplaced", details={"folders": "、".join(SOURCES)})
    return entry


def _first_seen(found: _Found, sha256: str, taking: _Taking) -> str:
    """The file's own time when it was first archived: what touches it afterwards makes no other moment of sending."""
    lines = taking.seen.get((found.source, found.file, sha256))
    return lines[0].sent_at if lines else _iso(written_at(found.path.lstat().st_mtime_ns))


def _write(entry: Entry, content: bytes, taking: _Taking) -> None:
    """Archive the bytes and then the line, unless both are there: a killed process leaves bytes without a line, never the reverse."""
    lines = taking.seen.setdefault((entry.source, entry.file, entry.sha256), [])
    is_known = _is_known(entry, lines)
    _keep(entry.sha256, content, taking)
    taking.counts["refused" if entry.refused else "known" if lines else "new"] += 1
    if not is_known:
        if not lines and not entry.refused:
            taking.by_source[entry.source] += 1
        lines.append(entry)
        write_entry(taking.workspace, entry)


def _keep(sha256: str, content: bytes, taking: _Taking) -> None:
    path = taking.workspace.archive / sha256
    if not path.exists() or path.stat().st_size != len(content):
        write_bytes(path, content)


def _is_known(entry: Entry, lines: list[Entry]) -> bool:
    """A file's own time tells nothing new of a file that is known; a folder or a sidecar does where it differs from what holds now."""
    if not lines or entry.sent_at_from == "mtime":
        return bool(lines)
    holds = heaviest(lines)
    return (holds.sent_at_from, holds.sender, holds.sent_at, holds.reason) == (
        entry.sent_at_from,
        entry.sender,
        entry.sent_at,
        entry.reason,
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"
