"""Taking deliveries in: from the inbox to the archive and the ledger, each file once. Only reads in the inbox."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sources.delivered_bytes import Delivered, NotReadable, head
from sources.ledger import ELSEWHERE, Entry, heaviest, ledger_lock, read_ledger, write_entries
from sources.sidecar import LARGEST, SUFFIX, BadSidecar, Note, folder_day, read_note, written_at
from sources.text import visible
from sources.unpacking import ENDING, CannotUnpack, is_archive, unpacked
from sources.words import Words, load_words
from storage import SOURCES, Workspace, sync_folder

if TYPE_CHECKING:
    from frameworks import Framework

# Files that wait for the disk at once, and lines that are written at once.
_THREADS, _MOST_PENDING = 8, 64
_UNREADABLE = "it cannot be read (let the pipeline read it), or changed while it was read"


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
    pending: list[tuple[Entry, Delivered]] = field(default_factory=list)

    def take(self, entry: Entry, content: Delivered) -> None:
        """Have the bytes archived and then the line written, both once there are enough of them."""
        self.pending.append((entry, content))
        if len(self.pending) >= _MOST_PENDING:
            self.flush()

    def flush(self) -> None:
        """Archive the bytes of what is pending, then write its lines: a killed process leaves bytes without a line, never the reverse."""
        pending, self.pending = self.pending, []
        if not pending:
            return
        with ThreadPoolExecutor(_THREADS) as pool:
            kept = list(pool.map(self._is_kept, (content for _, content in pending)))
        sync_folder(self.workspace.archive)
        news = [entry for (entry, _), is_kept in zip(pending, kept, strict=True) if self._is_news(entry, is_kept=is_kept)]
        write_entries(self.workspace, news)

    def _is_kept(self, content: Delivered) -> bool:
        try:
            content.keep(self.workspace.archive)
        except NotReadable:
            return False
        return True

    def _is_news(self, entry: Entry, *, is_kept: bool) -> bool:
        """Count the entry, and say whether the ledger does not say as much already."""
        if not is_kept:
            self.waiting.append(f"{entry.source}/{entry.file}: {_UNREADABLE}")
            return False
        lines = self.seen.setdefault((entry.source, entry.file, entry.sha256), [])
        self.counts["refused" if entry.refused else "known" if lines else "new"] += 1
        if _is_known(entry, lines):
            return False
        if not lines and not entry.refused:
            self.by_source[entry.source] += 1
        lines.append(entry)
        return True

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
        taking.flush()
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
    try:
        content = _content(found)
        note = _note(found, taking)
        if not found.is_link and name.endswith(ENDING):
            _take_packed(found, content, note, taking)
        else:
            taking.take(_entry(found, content, note, taking), content)
    except NotReadable:
        taking.waiting.append(f"{found.source}/{found.file}: {_UNREADABLE}")


def _content(found: _Found) -> Delivered:
    """The file's bytes; a link's own text. Raises NotReadable where the file cannot be read, or changed while it was read."""
    if not found.is_link:
        return Delivered.of_file(found.path)
    try:
        return Delivered.of_text(os.fsencode(found.path.readlink()) if found.path.is_symlink() else b"")
    except OSError as error:
        raise NotReadable from error


def _take_packed(found: _Found, content: Delivered, note: tuple[Note, str] | None, taking: _Taking) -> None:
    """Take each file of an archive as a delivery of its own, sent by whom and when the archive was. The archive's bytes are kept too."""
    entry = _entry(found, content, note, taking)
    content.keep(taking.workspace.archive)
    path = taking.workspace.archive / content.sha256
    if not is_archive(found.path.name, path):
        taking.take(entry, content)
        return
    try:
        with unpacked(path) as files:
            for packed in files:
                file = _Found(found.path, found.source, f"{found.file}/{visible(packed.name)}", packed.is_link)
                ending = file.file.lower()
                if ending.rpartition("/")[2] not in taking.words.of("ignored_file") and not ending.endswith(SUFFIX):
                    taking.take(_entry(file, packed.content, note, taking), packed.content)
            taking.flush()  # while the archive is open
    except CannotUnpack as error:
        refused = entry if entry.refused else replace(entry, refused="zip_not_unpacked", details={"fault": str(error)})
        taking.take(refused, content)


def _note(found: _Found, taking: _Taking) -> tuple[Note, str] | None:
    """What the file's sidecar says, and when the sidecar was written; a wrong one is noted in the ledger and says nothing."""
    path = found.path.with_name(found.path.name + SUFFIX)
    if found.is_link or path.is_symlink() or not path.is_file():
        return None
    try:
        text, state = head(path, LARGEST + 1)
        noted_at = _iso(written_at(state.st_mtime_ns))
    except OSError as error:
        taking.waiting.append(
            f"{found.source}/{found.file}{SUFFIX}: the delivery note cannot be read ({error.strerror}), and its file was taken without it"
        )
        return None
    try:
        return read_note(text, taking.zone), noted_at
    except BadSidecar as error:
        content = Delivered.of_file(path)
        wrong = Entry(
            taking.edition,
            found.source,
            found.file + SUFFIX,
            None,
            noted_at,
            None,
            content.size,
            content.sha256,
            "sidecar",
            noted_at,
            "bad_sidecar",
            {"fault": str(error)},
        )
        taking.take(wrong, content)
        return None


def _entry(found: _Found, content: Delivered, noted: tuple[Note, str] | None, taking: _Taking) -> Entry:
    note, noted_at = noted or (Note(), None)
    folder = folder_day(found.file, taking.zone)
    sent_at = note.sent_at or folder
    entry = Entry(
        edition=taking.edition,
        source=found.source,
        file=found.file,
        sender=note.sender,
        sent_at=_iso(sent_at) if sent_at else _first_seen(found, content.sha256, taking),
        reason=note.reason,
        size=content.size,
        sha256=content.sha256,
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
