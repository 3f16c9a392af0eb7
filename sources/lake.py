"""The lake: what each delivery gave when it was read, as Parquet, a file a delivery. Can be made anew from the archive alone."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from sources.batch import CELLS, ITEMS, Batch, rejected
from sources.delivery import Delivery, deliveries
from sources.guarded import Refused, Task, readers
from sources.lake_files import LakeFiles, Notes, lake_files, notes
from sources.ledger import read_ledger
from storage import Workspace, write_bytes
from storage.workspace import PROJECT

if TYPE_CHECKING:
    from frameworks import Framework

# Deliveries that wait for the disk at once, while others are read; and so many at most are held in memory.
_THREADS, _MOST_PENDING = 8, 16


class LakeNotCurrent(Exception):
    """A delivery of the ledger was not read by this code under this framework; the message says which, and what to do."""


@dataclass(frozen=True)
class ParseReport:
    """What reading one source gave. `read`: deliveries read now; `current`: those that lay in the lake already.

    `unmapped`: by file the headers that no field asks for; `left_out`: rows passed over, by kind (total, note, header, sheet); `ignored`:
    the cells passed over in forms and tables, by kind, which with `cells` and `rejects` are all that the files hold.
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
    ignored: dict[str, int]


@dataclass(frozen=True)
class Loaded:
    """One delivery as it lies in the lake."""

    cells: pl.DataFrame
    items: pl.DataFrame
    rejects: pl.DataFrame


def parse(workspace: Workspace, framework: Framework, source: str) -> ParseReport:
    """Read every delivery of the source from the archive into the lake, but those that this code has read under this framework."""
    listed = [
        delivery for delivery in deliveries(read_ledger(workspace, framework.file.edition), framework.file) if delivery.source == source
    ]
    mark, tally = fingerprint(framework), _Tally(source)
    files = [_File.of(workspace, framework, source, mark, of_bytes) for of_bytes in _by_bytes(listed).values()]
    unread = {file.task.path: file for file in files if file.notes() is None}
    with ThreadPoolExecutor(_THREADS) as pool:
        writing = deque[Future[None]]()
        for task, answer in readers().read(workspace, framework, [file.task for file in unread.values()]):
            writing.append(pool.submit(unread[task.path].write, answer))
            if len(writing) == _MOST_PENDING:
                writing.popleft().result()
        for written in writing:
            written.result()
    for file in files:
        tally.add(file)
    for delivery in listed:
        tally.rules.update(reject.rule for reject in delivery.rejects)
    return tally.report(framework.file.edition, len(listed), read=len(unread))


def load(workspace: Workspace, framework: Framework, listed: Iterable[Delivery]) -> dict[tuple[str, str], Loaded]:
    """What the lake holds of these deliveries, by source and load_id. Raises LakeNotCurrent where one was not read so."""
    mark = fingerprint(framework)
    loaded = {}
    for source in sorted({delivery.source for delivery in listed}):
        for load_id, of_bytes in _by_bytes(delivery for delivery in listed if delivery.source == source).items():
            file = _File.of(workspace, framework, source, mark, of_bytes)
            noted = file.notes()
            if noted is None:
                raise LakeNotCurrent(
                    f"{framework.file.edition}: {source}/{of_bytes[0].file} was not read; parse the source {source}, then assemble again."
                )
            loaded[source, load_id] = Loaded(
                pl.read_parquet(file.cells) if noted.cells else pl.DataFrame(schema=CELLS),
                pl.read_parquet(file.items) if noted.items else pl.DataFrame(schema=ITEMS),
                pl.read_parquet(file.rejects),
            )
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
        "\n".join([mark, *(f"{delivery.dataset} {Path(delivery.file).name}" for delivery in of_bytes)]).encode()
    ).hexdigest()


# --- one delivery -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    """One delivered file and those of the lake. The rejects are written last, with the stamp: where it fits, all are whole.

    No cells, no file of them; so with items.
    """

    name: str
    task: Task
    cells: Path
    items: Path
    rejects: Path

    @classmethod
    def of(cls, workspace: Workspace, framework: Framework, source: str, mark: str, of_bytes: Sequence[Delivery]) -> _File:
        edition, load_id = framework.file.edition, of_bytes[0].load_id
        read_as = [(delivery.dataset or "", delivery.file) for delivery in of_bytes]
        lake = workspace.lake(source, edition)
        return cls(
            of_bytes[0].file,
            Task(source, workspace.archive / load_id, read_as, _stamp(mark, of_bytes)),
            lake / f"{load_id}.parquet",
            lake / f"{load_id}.items.parquet",
            workspace.lake_rejects(edition) / f"{source}.{load_id}.parquet",
        )

    def notes(self) -> Notes | None:
        """What was noted when the delivery was read; None where it was not, or by other code or under another framework."""
        noted = notes(self.rejects, self.task.stamp) if self.rejects.exists() else None
        if noted is None or (noted.cells and not self.cells.exists()) or (noted.items and not self.items.exists()):
            return None
        return noted

    def write(self, answer: LakeFiles | Refused) -> None:
        """Keep what the file gave; of one that could not be read within its limits, a reject."""
        if isinstance(answer, Refused):
            reject = rejected(answer.rule, limit=answer.limit)
            answer = lake_files(self.task.stamp, [(dataset, Batch(rejects=[reject])) for dataset, _ in self.task.read_as])
        for path, content in ((self.cells, answer.cells), (self.items, answer.items)):
            if content:
                write_bytes(path, content)
            else:
                path.unlink(missing_ok=True)
        write_bytes(self.rejects, answer.rejects)


class _Tally:
    def __init__(self, source: str) -> None:
        self.source = source
        self.files = self.cells = self.items = 0
        self.rules: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()
        self.unmapped: dict[str, list[str]] = {}

    def add(self, file: _File) -> None:
        notes = file.notes()
        if notes is None:
            raise RuntimeError(f"{file.rejects} is not what was just written")
        self.files += 1
        self.cells += notes.cells
        self.items += notes.items
        self.rules.update(notes.rules)
        self.left_out.update(notes.left_out)
        self.ignored.update(notes.ignored)
        if notes.unmapped:
            self.unmapped[file.name] = notes.unmapped

    def report(self, edition: str, listed: int, read: int) -> ParseReport:
        rules, left_out, ignored = (dict(sorted(counted.items())) for counted in (self.rules, self.left_out, self.ignored))
        rejects = sum(rules.values())
        return ParseReport(
            edition, self.source, listed, read, self.files - read, self.cells, self.items, rejects, rules, self.unmapped, left_out, ignored
        )
