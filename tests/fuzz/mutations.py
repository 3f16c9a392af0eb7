"""Sound deliveries of every layout, and what transfer, programs and malice make of them: each mutation is decided by its seed alone."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from tests.sources_world import form, workbook

SNIPPETS = (
    "", "\0", "\x1b[2J", '"', "'", ",", ";", "\t", "\r", "\n", "\ufeff", "\u202e", "—", "约95", "98%", "１２", "1.2.3", "1e400", "-0",
    "9" * 400, "NaN", "=1", "@SUM(A1)", "#DIV/0!", "南京", "鼓楼区", "江寧區", "合计", "2020-02-30", "45000", "true", "null", "[[[[", "{}",
    "&lt;", "<", "]]>", "A1:XFD1048576", "XFD1048576", "../../x", "🙂", "\\ud800", "注：", "万元",
)  # fmt: skip
_TAG = re.compile(rb"<[^<>]+>")
_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")
_ATTRIBUTE = re.compile(rb'(?<=")[^"<>]*(?=")')
Mutation = Callable[[bytes, random.Random], bytes]
Rows = list[list[object]]


@dataclass(frozen=True)
class Base:
    """One sound delivery: the folder and name under which it is dropped, `{}` standing for a number, and its bytes."""

    name: str
    content: bytes


CALLS: Rows = [
    ["编号", "地区", "拨打日期", "类型", "是否接通", "回复日期", "质量", "测评员"],
    *(
        [f"T{n}", place, "2020-05-06", "咨询", "是", "2020/5/8", 1 + n % 5, "张三"]
        for n, place in enumerate(("南京市", "苏州市", "昆山市", "新北区"))
    ),
]
CASES: Rows = [
    ["地区", "审结件数", "纠错件数", "按期审结率", "风险等级"],
    *(
        [place, 100 + n, n, f"{90 + n}%", "绿"]
        for n, place in enumerate(("南京市", "无锡市", "徐州市", "常州市", "苏州市", "玄武区", "江宁区"))
    ),
    ["合计", 700, 21, "", ""],
]
SCORES: Rows = [
    ["地区", "专家", "工作单位", "评分", "评分时间"],
    *([place, f"专家{n}", "某大学", 80 + n, "2021-01-05 10:00"] for n, place in enumerate(("南京市",) * 5)),
]
ITEMS: list[dict[str, object]] = [
    {
        "item_id": f"n{n}", "title": f"{place}政府推诿拖欠工程款", "body": "正文" * 30, "site_name": "新华网", "media_level": "中央",
        "published_at": f"2020-03-{n + 1:02d} 10:30", "heat": n, "url": f"https://example.org/{n}",
    }
    for n, place in enumerate(("南京市", "苏州市", "昆山市", "徐州市", "泰州市", "海门区"))
]  # fmt: skip


@cache
def workbooks() -> Sequence[Base]:
    """A form with formulas, formats, merged and hidden cells, and tables of places, of records and of opinion items."""
    answers = [("officials", 50), ("trained", "=40+2"), ("satisfaction", 0.98), ("has_plan", "是"), ("nothing", None)]
    older = {"封面": [["填报单位", "苏州市", None]], "甲": [["评价年度", 2020], ["编码", "数值"], *answers]}
    titled = {"说明": [["填表说明"]], "汇总": [["全省行政复议情况"], [], *CASES]}
    items = [list(ITEMS[0]), *(list(item.values()) for item in ITEMS)]
    return (
        Base("self_assessment/自评_{}.xlsx", form("南京市", answers, formats={"B4": "0.0%"})),
        Base("self_assessment/自评_{}.xlsx", workbook(older, merged=["B1:C1"])),
        Base("provincial/行政复议_{}.xlsx", workbook(titled, merged=["A1:E1"])),
        Base("third_party/热线_{}.xlsx", workbook({"明细": CALLS})),
        Base("opinion/舆情_{}.csv", workbook({"舆情": items})),
    )


@cache
def texts() -> Sequence[Base]:
    """The same tables as CSV under three delimiters and two encodings, and opinion items as JSON Lines."""
    return (
        Base("provincial/行政复议_{}.csv", _csv(CASES)),
        Base("provincial/行政复议_{}.csv", _csv(CASES, ";").decode().encode("gb18030")),
        Base("third_party/热线_{}.csv", _csv(CALLS, "\t")),
        Base("expert_review/专家_{}.csv", b"\xef\xbb\xbf" + _csv(SCORES)),
        Base("opinion/舆情_{}.csv", _csv([list(ITEMS[0]), *(list(item.values()) for item in ITEMS)])),
        *(
            Base("opinion/{}.jsonl", "\n".join(json.dumps(item, ensure_ascii=is_ascii) for item in ITEMS).encode())
            for is_ascii in (True, False)
        ),
    )


def mutated(base: Base, number: int, seed: int) -> tuple[str, bytes]:
    """The name and the bytes of one mutated delivery: one to three mutations, one upon the other."""
    chance = random.Random(f"{seed} {number} {base.name}")
    content, own = (
        base.content,
        _OF_WORKBOOKS if base.content.startswith(b"PK") else _OF_LINES if base.name.endswith(".jsonl") else _OF_TEXTS,
    )
    for _ in range(chance.choice((1, 1, 2, 3))):
        mutation = chance.choice((*own, *own, *_OF_BYTES))
        try:
            content = mutation(content, chance)
        except (zipfile.BadZipFile, ValueError, IndexError, NotImplementedError, OSError, EOFError, zlib.error):
            continue  # a mutation before has left nothing to which this one applies
    return base.name.format(f"{number:05d}"), content


def _csv(rows: Rows, delimiter: str = ",") -> bytes:
    return "".join(delimiter.join(f'"{cell}"' if delimiter in str(cell) else str(cell) for cell in row) + "\r\n" for row in rows).encode()


# --- bytes --------------------------------------------------------------------------------------------------------------


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _lose(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.randrange(1, 200) :]


def _repeat(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at : at + chance.randrange(1, 500)] * chance.choice((2, 3, 50)) + content[at:]


def _insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + _snippet(chance) + content[at:]


def _snippet(chance: random.Random) -> bytes:
    return chance.choice(SNIPPETS).encode(chance.choice(("utf-8", "utf-8", "gb18030", "utf-16")), "replace")


# --- workbooks ----------------------------------------------------------------------------------------------------------


def _repacked(content: bytes, edit: Callable[[list[tuple[str, bytes]]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = [(name, file.read(name)) for name in file.namelist()]
    edit(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts:
            file.writestr(name, part)
    return packed.getvalue()


def _swap_parts(content: bytes, chance: random.Random) -> bytes:
    def edit(parts: list[tuple[str, bytes]]) -> None:
        one, other = chance.sample(range(len(parts)), 2)
        parts[one], parts[other] = (parts[one][0], parts[other][1]), (parts[other][0], parts[one][1])

    return _repacked(content, edit)


def _drop_part(content: bytes, chance: random.Random) -> bytes:
    def edit(parts: list[tuple[str, bytes]]) -> None:
        del parts[chance.randrange(len(parts))]

    return _repacked(content, edit)


def _rename_part(content: bytes, chance: random.Random) -> bytes:
    def edit(parts: list[tuple[str, bytes]]) -> None:
        at = chance.randrange(len(parts))
        parts[at] = (chance.choice(("../x.xml", "/etc/x", "xl/worksheets/sheet1.xml", parts[at][0].upper(), "x" * 300)), parts[at][1])

    return _repacked(content, edit)


def _in_xml(content: bytes, chance: random.Random, edit: Callable[[bytes], bytes]) -> bytes:
    def edit_one(parts: list[tuple[str, bytes]]) -> None:
        at = chance.choice([*range(len(parts)), *(at for at, (name, _) in enumerate(parts) if "sheet" in name)])
        parts[at] = (parts[at][0], edit(parts[at][1]))

    return _repacked(content, edit_one)


def _replace(pattern: re.Pattern[bytes]) -> Mutation:
    def mutation(content: bytes, chance: random.Random) -> bytes:
        def edit(part: bytes) -> bytes:
            match = chance.choice(list(pattern.finditer(part)))
            other = chance.choice((_snippet(chance), chance.choice(list(pattern.finditer(part)))[0], match[0] * 2))
            return part[: match.start()] + other + part[match.end() :]

        return _in_xml(content, chance, edit)

    return mutation


def _flip_in_part(content: bytes, chance: random.Random) -> bytes:
    return _in_xml(content, chance, lambda part: chance.choice((_flip, _cut, _lose, _repeat))(part, chance))


def _recode_part(content: bytes, chance: random.Random) -> bytes:
    return _in_xml(content, chance, lambda part: part.decode().encode(chance.choice(("utf-16", "utf-16-le", "gb18030", "utf-8-sig"))))


# --- texts --------------------------------------------------------------------------------------------------------------


def _lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines.pop(at)
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines = lines * chance.choice((2, 20))
    return b"".join(lines)


def _field(content: bytes, chance: random.Random) -> bytes:
    fields = list(re.finditer(rb"[^,;\t\r\n]+", content))
    match = chance.choice(fields)
    return content[: match.start()] + chance.choice((_snippet(chance), chance.choice(fields)[0])) + content[match.end() :]


def _recode(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8-sig")
    match chance.randrange(3):
        case 0:
            return text.encode(chance.choice(("gb18030", "utf-16", "utf-8-sig", "utf-32", "big5")), "replace")
        case 1:
            return text.encode().decode("gb18030", "replace").encode()
        case _:
            return text.replace("\r\n", "\n").replace("\n", chance.choice(("\r", "\n\n", "\r\r\n", "\u2028"))).encode()


def _json_value(content: bytes, chance: random.Random) -> bytes:
    lines = content.decode().split("\n")
    at = chance.randrange(len(lines))
    item = json.loads(lines[at])
    deep = json.loads("[" * 300 + "]" * 300)
    item[chance.choice(list(item))] = chance.choice(
        (None, True, -1, 1e308, 10**30, "", [], {}, deep, chance.choice(SNIPPETS), float("nan"))
    )
    lines[at] = json.dumps(item, ensure_ascii=chance.choice((True, False)))
    return "\n".join(lines).encode("utf-8", "surrogatepass")


_OF_BYTES: tuple[Mutation, ...] = (_flip, _cut, _lose, _repeat, _insert)
_OF_XML: tuple[Mutation, ...] = (_replace(_TAG), _replace(_TEXT), _replace(_ATTRIBUTE))
_OF_WORKBOOKS: tuple[Mutation, ...] = (_swap_parts, _drop_part, _rename_part, _flip_in_part, _recode_part, *_OF_XML, *_OF_XML, *_OF_XML)
_OF_TEXTS: tuple[Mutation, ...] = (_lines, _field, _field, _recode)
_OF_LINES: tuple[Mutation, ...] = (_lines, _json_value, _json_value, _recode)
