"""The corpus of dirt: how a case is written. A new case is one small function that makes one file and says what must come of it.

    @case("words in a number", rejected={"甲!B2": "not_a_number"})
    def about_95() -> File:
        return answer("officials", "约95")

`kind`: what is wrong with the file. `taken`: cell → value (`MISSING` where nothing was delivered); `of`: of which place, one for all
or one a cell. `rejected`: cell → rule, None for the whole file. `notes`: cell → how the value was understood. `left_out`: rows passed over.
What is not named there must not come of the file. A cell is named `sheet!B2`, in a text file `B2`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frameworks import load_framework
from sources.batch import Batch
from sources.reading import Reader
from storage import Workspace
from storage.workspace import PROJECT
from tests.sources_world import REFERENCES, workbook

EDITION = "dirt-2020"
MISSING = object()
NANJING = "320100"
Key = str | None


@dataclass(frozen=True)
class File:
    """One delivered file: of which dataset of which source, and its name and bytes."""

    source: str
    dataset: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Case:
    """One file with what must come of it; `lot`: in a table, the cells that a rule rejects as one."""

    name: str
    kind: str
    make: Callable[[], File]
    taken: Mapping[str, Any]
    of: str | Mapping[str, str | None] | None
    rejected: Sequence[tuple[Key, str]]
    notes: Mapping[str, str]
    left_out: Mapping[str, int]


CASES: list[Case] = []


def case(
    kind: str,
    *,
    taken: Mapping[str, Any] | None = None,
    of: str | Mapping[str, str | None] | None = NANJING,
    rejected: Mapping[Any, str] | Iterable[tuple[Key, str]] = (),
    notes: Mapping[str, str] | None = None,
    left_out: Mapping[str, int] | None = None,
) -> Callable[[Callable[[], File]], Callable[[], File]]:
    """Register the file that the function makes, under its name."""
    wrong = list(rejected.items() if isinstance(rejected, Mapping) else rejected)

    def register(make: Callable[[], File]) -> Callable[[], File]:
        assert make.__name__ not in {known.name for known in CASES}, make.__name__
        CASES.append(Case(make.__name__, kind, make, taken or {}, of, wrong, notes or {}, left_out or {}))
        return make

    return register


class DirtWorld:
    """The edition of the corpus, which reads one file at a time."""

    def __init__(self, folder: Path) -> None:
        frameworks = folder / "frameworks"
        frameworks.mkdir(parents=True)
        for name in REFERENCES:
            shutil.copy(PROJECT / "frameworks" / name, frameworks)
        shutil.copy(Path(__file__).with_name("dirt.yaml"), frameworks / f"{EDITION}.yaml")
        self.workspace = Workspace(folder / "data", frameworks)
        self.framework = load_framework(self.workspace, EDITION)
        self._readers: dict[str, Reader] = {}

    def read(self, file: File) -> Batch:
        """What reading the file gives."""
        reader = self._readers.setdefault(file.source, Reader(self.workspace, self.framework, file.source))
        return reader.read(file.content, file.name, file.dataset)


# --- what came of a file ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """A batch in the words of a case."""

    taken: dict[str, Any] = field(default_factory=dict)
    of: dict[str, str | None] = field(default_factory=dict)
    rejected: list[tuple[Key, str]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


def outcome(batch: Batch) -> Outcome:
    """What came of a file, cell by cell; of an opinion item its line and id."""
    taken: dict[str, Any] = {}
    of: dict[str, str | None] = {}
    notes: dict[str, str] = {}
    for cell in batch.cells:
        at = named(cell.sheet, cell.cell)
        values = [value for value in (cell.number, cell.day, cell.moment, cell.code) if value is not None]
        assert at not in taken, f"{at} was taken twice"
        taken[at] = MISSING if cell.state == "missing" else values[0]
        of[at] = cell.entity_code
        notes |= {at: cell.note} if cell.note else {}
    for item in batch.items:
        taken[f"line {item.line_no}"], of[f"line {item.line_no}"] = item.item_id, item.entity_code
    rejected = sorted(((named(each.sheet, each.cell), each.rule) for each in batch.rejects), key=str)
    return Outcome(taken, of, rejected, notes, {kind: count for kind, count in batch.left_out.items() if count})


def expected(each: Case) -> Outcome:
    """What must come of the case's file."""
    of = {at: each.of.get(at) if isinstance(each.of, Mapping) else each.of for at in each.taken}
    return Outcome(dict(each.taken), of, sorted(each.rejected, key=str), dict(each.notes), dict(each.left_out))


def named(sheet: str | None, cell: str | None) -> Any:
    """A cell's name in a case."""
    return f"{sheet}!{cell or ''}" if sheet else cell


# --- files --------------------------------------------------------------------------------------------------------------

Rows = Sequence[Sequence[Any]]
COVER: list[list[Any]] = [["填报单位", "南京市"], ["评价年度", 2020]]
CODES: list[Any] = ["指标编码", "填报值"]


def form(sheets: Mapping[str, Rows], name: str = "自评.xlsx", **more: Any) -> File:
    """A self-assessment workbook of those sheets."""
    return File("self_assessment", "workbook", name, workbook(sheets, **more))


def answers(*rows: Sequence[Any], cover: Rows = COVER, **more: Any) -> File:
    """南京's form of 2020 with those rows of code and value: the first value stands in 甲!B2."""
    return form({"封面": cover, "甲": [CODES, *rows]}, **more)


def answer(code: str, value: Any, number_format: str | None = None) -> File:
    """南京's form with one answer, in 甲!B2."""
    return answers((code, value), formats={"B2": number_format} if number_format else None)


def raw_form(content: bytes, name: str = "自评.xlsx") -> File:
    """Bytes in place of a form."""
    return File("self_assessment", "workbook", name, content)


def people(text: str | bytes, name: str = "人口.csv") -> File:
    """A table of residents, in 10,000, as text."""
    return File("provincial", "residents", name, text if isinstance(text, bytes) else text.encode())


def people_of(place: str) -> File:
    """A table of residents of one place: A2 its name, B2 five."""
    return people(f'地区,常住人口（万人）\n"{place}",5\n')


def rates(*values: Any) -> File:
    """A table of percentages of cities, one below the other from B2 on."""
    cities = ("南京市", "无锡市", "徐州市", "常州市", "苏州市")
    return File("provincial", "rates", "比率.csv", _csv([["地区", "办结率"], *zip(cities, values, strict=False)]))


def book(dataset: str, name: str, rows: Rows, sheet: str = "汇总", **more: Any) -> File:
    """A workbook of one sheet with a row a place."""
    return File("provincial", dataset, name, workbook({sheet: rows}, **more))


def money(rows: Rows, **more: Any) -> File:
    """A workbook of debts (10k yuan) and what was paid (yuan)."""
    return book("money", "财政.xlsx", rows, **more)


def cases(text: str) -> File:
    """A table of reconsideration cases, as text."""
    return File("provincial", "reconsideration", "行政复议.csv", text.encode())


def calls(rows: Rows, **more: Any) -> File:
    """A workbook of test calls, its header in row 1."""
    header = ["编号", "地区", "拨打日期", "类型", "是否接通"]
    return File("third_party", "calls", "热线.xlsx", workbook({"记录": [header, *rows]}, **more))


def call_texts(text: str | bytes) -> File:
    """A table of test calls as text."""
    return File("third_party", "calls", "热线.csv", text if isinstance(text, bytes) else text.encode())


def items(text: str | bytes, name: str = "a.jsonl") -> File:
    """An opinion feed."""
    return File("opinion", "items", name, text if isinstance(text, bytes) else text.encode())


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    return "".join(",".join(f'"{value}"' for value in row) + "\n" for row in rows).encode()
