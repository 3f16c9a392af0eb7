"""What the lake keeps of one delivery, as the bytes of its three files: made wherever it was read, written by whoever holds the edition."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from sources.batch import CELLS, ITEMS, REJECTS, Batch, frame
from sources.text import shown
from storage import parquet

_MARK = "zhengxin"


@dataclass(frozen=True)
class Notes:
    """What was noted of the delivery: numbers of cells, items, rejects by rule, rows and cells passed over; headers not asked for."""

    cells: int
    items: int
    rules: dict[str, int]
    unmapped: list[str]
    left_out: dict[str, int]
    ignored: dict[str, int]

    @classmethod
    def of(cls, batches: Iterable[Batch]) -> Notes:
        """The notes on what one file gave, a batch for each dataset that it was read as."""
        rules, left_out, ignored, unmapped, cells, items = Counter[str](), Counter[str](), Counter[str](), list[str](), 0, 0
        for batch in batches:
            rules.update(reject.rule for reject in batch.rejects)
            left_out.update(batch.left_out)
            ignored.update(batch.ignored)
            unmapped.extend(batch.unmapped)
            cells += len(batch.cells)
            items += len({item.line_no for item in batch.items})
        return cls(
            cells,
            items,
            dict(sorted(rules.items())),
            sorted({shown(header) for header in unmapped}),
            *({kind: n for kind, n in sorted(passed.items()) if n} for passed in (left_out, ignored)),
        )


@dataclass(frozen=True)
class LakeFiles:
    """The files of one delivery as Parquet; b"" where it gave no cells, or no items.

    The notes, with the stamp of whatever read it, lie in the metadata of `rejects`.
    """

    cells: bytes
    items: bytes
    rejects: bytes


def lake_files(stamp: str, batches: Sequence[tuple[str, Batch]]) -> LakeFiles:
    """What one file gave, by dataset, ready to be written; the same batches give the same bytes."""
    noted = {_MARK: json.dumps({"stamp": stamp, "notes": asdict(Notes.of(batch for _, batch in batches))}, ensure_ascii=False)}
    cells = [(dataset, cell) for dataset, batch in batches for cell in batch.cells]
    items = [(dataset, item) for dataset, batch in batches for item in batch.items]
    return LakeFiles(
        cells=parquet(frame(cells, CELLS)) if cells else b"",
        items=parquet(frame(items, ITEMS)) if items else b"",
        rejects=parquet(frame(((dataset, reject) for dataset, batch in batches for reject in batch.rejects), REJECTS), noted),
    )


def notes(rejects: Path, stamp: str) -> Notes | None:
    """The notes in a file of rejects; None where it bears another stamp."""
    noted = json.loads(pl.read_parquet_metadata(rejects).get(_MARK, "{}"))
    return Notes(**noted["notes"]) if noted.get("stamp") == stamp else None
