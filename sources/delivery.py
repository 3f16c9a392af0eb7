"""What was delivered, by the ledger: a file's dataset, names that are one delivery, what is rejected by its name alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from frameworks.file_names import matching
from frameworks.model import FrameworkFile
from sources.batch import Reject, rejected
from sources.context import datasets_of
from sources.ledger import Entry, standing_faults, statements
from sources.sidecar import SUFFIX


@dataclass(frozen=True)
class Delivery:
    """One delivered file: what it is, who sent it when (UTC), and the rejects that its name or place alone bring.

    `is_latest`: of several files with the same bytes and dataset the one that counts, that of the latest `sent_at`, then the first by name:
    who sends A, then B, then A again means A.
    """

    source: str
    file: str
    load_id: str
    sender: str | None
    sent_at: datetime
    reason: str | None
    size: int
    dataset: str | None
    rejects: tuple[Reject, ...] = ()
    is_latest: bool = True


def deliveries(entries: Iterable[Entry], framework: FrameworkFile) -> list[Delivery]:
    """Every file that the ledger names, in the order of source, dataset, moment and name."""
    found = sorted((_delivery(entry, framework) for entry in statements(entries)), key=_order)
    latest: dict[tuple[str, str | None, str], Delivery] = {}
    for delivery in found:
        held = latest.setdefault(_content(delivery), delivery)
        if delivery.sent_at > held.sent_at:
            latest[_content(delivery)] = delivery
    return [replace(delivery, is_latest=delivery.dataset is None or latest[_content(delivery)] is delivery) for delivery in found]


def wrong_notes(entries: Iterable[Entry]) -> list[tuple[Entry, Reject]]:
    """The sidecars that could not be used and that nothing has put right since."""
    return [(entry, rejected("bad_sidecar", **entry.details)) for entry in standing_faults(entries, SUFFIX)]


def _delivery(entry: Entry, framework: FrameworkFile) -> Delivery:
    sent_at = datetime.fromisoformat(entry.sent_at).replace(tzinfo=None)
    delivery = Delivery(entry.source, entry.file, entry.sha256, entry.sender, sent_at, entry.reason, entry.size, None)
    if entry.refused:
        return replace(delivery, rejects=(rejected(entry.refused, **entry.details),))
    datasets = datasets_of(framework, entry.source)
    fitting = matching(entry.file, datasets)
    if len(fitting) == 1:
        return replace(delivery, dataset=fitting[0].dataset)
    patterns = "、".join(pattern for dataset in (fitting or datasets) for pattern in dataset.files) or "–"
    return replace(delivery, rejects=(rejected("several_datasets" if fitting else "no_dataset", patterns=patterns),))


def _content(delivery: Delivery) -> tuple[str, str | None, str]:
    return delivery.source, delivery.dataset, delivery.load_id


def _order(delivery: Delivery) -> tuple[str, str, datetime, str, str]:
    return delivery.source, delivery.dataset or "", delivery.sent_at, delivery.file, delivery.load_id
