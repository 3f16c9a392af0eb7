"""The deliveries of the edition worked by hand: the readable tables of `tables/` as the files that people would send.

Each table becomes a file in its source's dated folder, in the format and encoding stated below; the figures stand in the tables alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parent
EDITION = "worked"
YEAR = 2020
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Rows = list[dict[str, str]]


def table(name: str) -> Rows:
    """A table of `tables/`, its cells as text."""
    with (HERE / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_inbox(data: Path) -> list[Path]:
    """Write every delivery below `data`/inbox; gives the files written, in the order of their paths."""
    inbox = data / "inbox" / EDITION
    files = {inbox / path: content for path, content in _files()}
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(files)


def _files() -> Iterable[tuple[str, bytes]]:
    yield from _workbooks()
    for name, place, write in TABLES:
        yield place, write(table(name))
    items = table("items")
    yield "opinion/2021-01-02/feed.jsonl", _json_lines([row for row in items if row["format"] == "jsonl"])
    yield "opinion/2021-01-03/舆情监测.csv", _csv("utf-8")([row for row in items if row["format"] == "csv"])


def _csv(encoding: str, delimiter: str = ",") -> Callable[[Rows], bytes]:
    def write(rows: Rows) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, [column for column in rows[0] if column != "format"], delimiter=delimiter, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode(encoding)

    return write


def _xlsx(title: str) -> Callable[[Rows], bytes]:
    def write(rows: Rows) -> bytes:
        buffer = io.BytesIO()
        book = _workbook(buffer)
        sheet = book.add_worksheet("汇总")
        sheet.merge_range(0, 0, 0, len(rows[0]) - 1, title)
        sheet.write_row(1, 0, list(rows[0]))
        for line, row in enumerate(rows, 2):
            for column, text in enumerate(row.values()):
                sheet.write(line, column, _cell(text))
        book.close()
        return buffer.getvalue()

    return write


def _json_lines(rows: Rows) -> bytes:
    lines = (json.dumps({key: value for key, value in row.items() if key != "format"}, ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _workbooks() -> Iterable[tuple[str, bytes]]:
    forms: dict[tuple[str, str], Rows] = {}
    for row in table("workbooks"):
        forms.setdefault((row["place"], row["sent"]), []).append(row)
    for (place, sent), rows in forms.items():
        yield f"self_assessment/{sent}/{place}_自评表.xlsx", _form(place, rows)


def _form(place: str, rows: Rows) -> bytes:
    buffer = io.BytesIO()
    book = _workbook(buffer)
    cover = book.add_worksheet("封面")
    cover.write_row(0, 0, ["填报单位", place])
    cover.write_row(1, 0, ["评价年度", YEAR])
    for name in dict.fromkeys(row["sheet"] for row in rows):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["指标编码", "填报值", "单位", "备注"])
        for line, row in enumerate((row for row in rows if row["sheet"] == name), 1):
            sheet.write_row(line, 0, [row["code"], _cell(row["value"]), row["unit"]])
    book.close()
    return buffer.getvalue()


def _workbook(buffer: io.BytesIO) -> xlsxwriter.Workbook:
    """A workbook whose bytes are the same each time."""
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(2020, 12, 1)})  # noqa: DTZ001 - Excel knows no zone
    return book


def _cell(text: str) -> str | float | date | None:
    """A number or a day where it is written plainly; the rest as text, as people leave it."""
    if NUMBER.fullmatch(text):
        return float(text)
    return date.fromisoformat(text) if DAY.fullmatch(text) else text or None


TABLES: list[tuple[str, str, Callable[[Rows], bytes]]] = [
    ("confirmation", "third_party/2020-12-05/自评核验.csv", _csv("utf-8-sig")),
    ("applications", "third_party/2020-12-05/依申请公开测试.xlsx", _xlsx("依申请公开测试记录")),
    ("calls", "third_party/2020-12-05/12345热线测试.csv", _csv("gb18030", ";")),
    ("law", "provincial/2020-12-10/依法行政考核.csv", _csv("gb18030")),
    ("law", "provincial/2020-12-12/依法行政考核（再次报送）.csv", _csv("gb18030")),
    ("reconsideration", "provincial/2020-12-10/行政复议.csv", _csv("utf-8")),
    ("platform", "provincial/2020-12-10/信用信息归集.xlsx", _xlsx("信用信息归集情况")),
    ("finance", "provincial/2020-12-10/财政.csv", _csv("utf-8-sig")),
    ("service", "provincial/2020-12-10/政务服务.xlsx", _xlsx("政务服务")),
    ("court_list", "provincial/2020-12-31/失信被执行人.csv", _csv("gb18030")),
    ("expert_scores", "expert_review/2021-01-07/专家评分表.xlsx", _xlsx("专家评分表")),
    ("corrections", "correction/2021-01-15/数据更正.csv", _csv("utf-8")),
    ("opinion_decisions", "correction/2021-01-15/舆情核定.csv", _csv("utf-8")),
    ("falsified", "correction/2021-01-15/造假认定.csv", _csv("utf-8")),
]
