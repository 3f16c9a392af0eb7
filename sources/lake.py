"""The lake: what each delivery gave when it was read, as Parquet, a file a delivery. Can be made anew from the archive alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from sources.batch import CELLS, ITEMS, REJECTS, Batch, frame
from sources.delivery import Delivery, deliveries
from sources.ledger import read_ledger
from sources.reading import Reader
from storage import Workspace, write_parquet
from storage.workspace import PROJECT

if TYPE_CHECKING:
    from frameworks import Framework

_MARK = "zhengxin"


class LakeNotCurrent(Exception):
    """A delivery of the ledger was not read by this code under this framework; the message says which, and what to do."""


@dataclass(frozen=True)
class ParseReport:
    """What reading one source gave. `read`: deliveries read now; `current`: those that lay in the lake already.

    `unmapped`: by file the headers that no field asks for; `left_out`: rows passed over, by kind (total, note, header, sheet).
    """

    edition: str
    source: str
    deliveries: int
    read: int
    current: int
    cells: int
    items: int
    rejects: int
    rejects_by_rule: dict[str, int]
    unmapped: dict[str, list[str]]
    left_out: dict[str, int]


@dataclass(frozen=True)
class Loaded:
    """One delivery as it lies in the lake."""

    cells: pl.DataFrame
    items: pl.DataFrame
    rejects: pl.DataFrame


def parse(workspace: Workspace, framework: Framework, source: str) -> ParseReport:
    """Read every delivery of the source from the archive into the lake, but those that this code has read under this framework."""
    reader = Reader(workspace, framework, source)
    mark = fingerprint(framework)
    listed = [
        delivery for delivery in deliveries(read_ledger(workspace, framework.file.edition), framework.file) if delivery.source == source
    ]
    tally = _Tally(source)
    for load_id, of_bytes in _by_bytes(listed).items():
        paths = _Paths.of(workspace, framework.file.edition, source, load_id)
        stamp = _stamp(mark, of_bytes)
        notes = paths.notes(stamp)
        if notes is None:
            notes = _read(workspace, reader, paths, stamp, of_bytes)
            tally.read += 1
        tally.add(of_bytes[0].file, notes)
    for delivery in listed:
        tally.rules.update(reject.rule for reject in delivery.rejects)
    return tally.report(framework.file.edition, len(listed))


def load(workspace: Workspace, framework: Framework, listed: Iterable[Delivery]) -> dict[tuple[str, str], Loaded]:
    """What the lake holds of these deliveries, by source and load_id. Raises LakeNotCurrent where one was not read so."""
    mark = fingerprint(framework)
    loaded = {}
    for source in sorted({delivery.source for delivery in listed}):
        for load_id, of_bytes in _by_bytes(delivery for delivery in listed if delivery.source == source).items():
            paths = _Paths.of(workspace, framework.file.edition, source, load_id)
            if paths.notes(_stamp(mark, of_bytes)) is None:
                raise LakeNotCurrent(
                    f"{framework.file.edition}: {source}/{of_bytes[0].file} was not read; parse the source {source}, then assemble again."
                )
            loaded[source, load_id] = Loaded(*(pl.read_parquet(path) for path in (paths.cells, paths.items, paths.rejects)))
    return loaded


def fingerprint(framework: Framework) -> str:
    """SHA-256 over all that reading depends on beside the bytes: the framework (with words and guards), the code, the libraries."""
    return hashlib.sha256(f"{framework.hash}\n{_code()}".encode()).hexdigest()


@cache
def _code() -> str:
    digest = hashlib.sha256()
    code = [path for folder in ("sources", "frameworks") for path in sorted((PROJECT / folder).glob("*.py"))]
    for path in (*code, PROJECT / "requirements.lock"):
        digest.update(f"{path.relative_to(PROJECT).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _by_bytes(listed: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    """The deliveries that are of a dataset, by their bytes: one file of the lake each, whatever their names."""
    grouped: dict[str, list[Delivery]] = {}
    for delivery in listed:
        if delivery.dataset is not None and delivery.is_latest:
            grouped.setdefault(delivery.load_id, []).append(delivery)
    return grouped


def _stamp(mark: str, of_bytes: Iterable[Delivery]) -> str:
    return hashlib.sha256(
        "\n".join([mark, *(f"{delivery.dataset} {Path(delivery.file).suffix}" for delivery in of_bytes)]).encode()
    ).hexdigest()


# --- one delivery -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Paths:
    """The three files of one delivery. The rejects are written last and carry the stamp: where it fits, all three are whole."""

    cells: Path
    items: Path
    rejects: Path

    @classmethod
    def of(cls, workspace: Workspace, edition: str, source: str, load_id: str) -> _Paths:
        lake = workspace.lake(source, edition)
        return cls(
            lake / f"{load_id}.parquet", lake / f"{load_id}.items.parquet", workspace.lake_rejects(edition) / f"{source}.{load_id}.parquet"
        )

    def notes(self, stamp: str) -> _Notes | None:
        """What was noted when the delivery was read; None where it was not, or by other code or under another framework."""
        if not (self.rejects.exists() and self.cells.exists() and self.items.exists()):
            return None
        notes = json.loads(pl.read_parquet_metadata(self.rejects).get(_MARK, "{}"))
        return _Notes(**notes["notes"]) if notes.get("stamp") == stamp else None

    def write(self, stamp: str, batches: list[tuple[str, Batch]]) -> _Notes:
        notes = _Notes.of(batch for _, batch in batches)
        write_parquet(self.cells, frame(((dataset, cell) for dataset, batch in batches for cell in batch.cells), CELLS))
        write_parquet(self.items, frame(((dataset, item) for dataset, batch in batches for item in batch.items), ITEMS))
        rejects = frame(((dataset, reject) for dataset, batch in batches for reject in batch.rejects), REJECTS)
        write_parquet(self.rejects, rejects, {_MARK: json.dumps({"stamp": stamp, "notes": notes.__dict__}, ensure_ascii=False)})
        return notes


@dataclass(frozen=True)
class _Notes:
    cells: int
    items: int
    rules: dict[str, int]
    unmapped: list[str]
    left_out: dict[str, int]

    @classmethod
    def of(cls, batches: Iterable[Batch]) -> _Notes:
        rules, left_out, unmapped, cells, items = Counter[str](), Counter[str](), list[str](), 0, 0
        for batch in batches:
            rules.update(reject.rule for reject in batch.rejects)
            left_out.update(batch.left_out)
            unmapped.extend(batch.unmapped)
            cells += len(batch.cells)
            items += len({item.line_no for item in batch.items})
        return cls(cells, items, dict(sorted(rules.items())), sorted(set(unmapped)), {kind: n for kind, n in sorted(left_out.items()) if n})


def _read(workspace: Workspace, reader: Reader, paths: _Paths, stamp: str, of_bytes: list[Delivery]) -> _Notes:
    content = (workspace.archive / of_bytes[0].load_id).read_bytes()
    batches = [(delivery.dataset or "", reader.read(content, delivery.file, delivery.dataset or "")) for delivery in of_bytes]
    return paths.write(stamp, batches)


class _Tally:
    def __init__(self, source: str) -> None:
        self.source = source
        self.read = self.files = self.cells = self.items = 0
        self.rules: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.unmapped: dict[str, list[str]] = {}

    def add(self, file: str, notes: _Notes) -> None:
        self.files += 1
        self.cells += notes.cells
        self.items += notes.items
        self.rules.update(notes.rules)
        self.left_out.update(notes.left_out)
        if notes.unmapped:
            self.unmapped[file] = notes.unmapped

    def report(self, edition: str, listed: int) -> ParseReport:
        rules, left_out = dict(sorted(self.rules.items())), dict(sorted(self.left_out.items()))
        rejects = sum(rules.values())
        current = self.files - self.read
        return ParseReport(
            edition, self.source, listed, self.read, current, self.cells, self.items, rejects, rules, self.unmapped, left_out
        )
