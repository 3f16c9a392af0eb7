"""What counts: of all records of one key one, by the same rule for every source. Pure; knows neither files nor formats.

The rule is that of docs/architecture.md, "What counts", and the result does not depend on the order in which anything came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Because = Literal[
    "superseded", "conflict", "duplicate", "late", "withdrawn", "recused", "no_place", "names_nothing", "contests_other", "incomplete"
]  # fmt: skip
Content = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Record:
    """One delivered record: where it lies, of what it is one, when it was said, and what it says.

    `moment`: the dataset's `latest_by` where it states one ('' where the record does not), then `sent_at`. `excluded`: why it cannot count
    whatever else was delivered. `is_late`: it was sent after the deadline, so it counts only where nothing else of its key was sent before.
    """

    load_id: str
    number: int
    file: str
    key: tuple[str, ...]
    moment: tuple[str, datetime]
    content: Content
    excluded: Because | None = None
    is_late: bool = False

    @property
    def name(self) -> tuple[str, int]:
        """What tells the record from every other of its dataset."""
        return self.load_id, self.number


@dataclass
class Verdicts:
    """Why records of one dataset do not count, by (load_id, record_no), and pairs of records.

    `conflicts`: two that contradict each other; `late`: one that came late, and one of those that stand.
    """

    because: dict[tuple[str, int], Because] = field(default_factory=dict)
    conflicts: list[tuple[Record, Record]] = field(default_factory=list)
    late: list[tuple[Record, Record]] = field(default_factory=list)


def judge(records: Iterable[Record]) -> Verdicts:
    """Decide which records count.

    Of each key the latest that was sent in time, and where none was the first that was sent; of one moment with the same content once;
    with different content none.
    """
    verdicts = Verdicts()
    by_key: dict[tuple[str, ...], list[Record]] = {}
    for record in sorted(records, key=lambda record: (record.key, record.file, record.name)):
        if record.excluded:
            verdicts.because[record.name] = record.excluded
        else:
            by_key.setdefault(record.key, []).append(record)
    for of_key in by_key.values():
        standing = _standing(of_key)
        latest = max(record.moment for record in standing)
        newest = [record for record in standing if record.moment == latest]
        verdicts.because.update({record.name: "superseded" for record in standing if record.moment != latest})
        for record in of_key:
            if record not in standing:
                said_again = len({each.content for each in [record, *newest]}) == 1
                verdicts.because[record.name] = "duplicate" if said_again else "late"
                verdicts.late += [] if said_again else [(record, newest[0])]
        if len({record.content for record in newest}) == 1:
            verdicts.because.update({record.name: "duplicate" for record in newest[1:]})
            continue
        for record in newest:
            verdicts.because[record.name] = "conflict"
            verdicts.conflicts.append((record, next(other for other in newest if other.content != record.content)))
    return verdicts


def _standing(of_key: Sequence[Record]) -> list[Record]:
    """Those of one key among which the latest counts: sent in time; else those sent first, since what is new by then changes nothing."""
    in_time = [record for record in of_key if not record.is_late]
    first = min(record.moment[1] for record in of_key)
    return in_time or [record for record in of_key if record.moment[1] == first]


@dataclass(frozen=True)
class Withdrawal:
    """A decision that a delivery does not count: by which delivery it was made, when, and which it names."""

    load_id: str
    sent_at: datetime
    names: str


def withdrawn(withdrawals: Iterable[Withdrawal]) -> frozenset[str]:
    """The deliveries withdrawn. The later decision goes first: one whose own delivery it withdraws is void."""
    gone: set[str] = set()
    by_name = sorted(withdrawals, key=lambda each: (each.load_id, each.names))
    for withdrawal in sorted(by_name, key=lambda each: each.sent_at, reverse=True):
        if withdrawal.load_id not in gone and withdrawal.names != withdrawal.load_id:
            gone.add(withdrawal.names)
    return frozenset(gone)


def differing(record: Record, other: Record) -> str | None:
    """The first field, by name, in which two records differ."""
    return min((name for name, _ in record.content ^ other.content), default=None)


def content_of(cells: Iterable[Mapping[str, object]]) -> Content:
    """What a record says: its reported fields with their typed values, whatever the texts looked like."""
    return frozenset((str(cell["field"]), typed(cell)) for cell in cells if cell["state"] == "reported")


def typed(cell: Mapping[str, object]) -> str:
    """A cell's typed value as a text that compares and sorts: equal for 1,000 and 1000."""
    value = next((cell[name] for name in ("number", "day", "moment", "code") if cell[name] is not None), "")
    return value.isoformat() if isinstance(value, datetime) else str(value)
