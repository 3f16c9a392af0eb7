"""The receipt of one delivery: what was taken, what was not and why, what is still missing, which version counts and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from correspondence import words
from correspondence.appeals import appeals
from correspondence.book import Said
from correspondence.intake import Intake, Row
from correspondence.page import Cell, Column, Page, Table, Tone
from correspondence.tables_of_cells import GIVEN, ITEM, PLACE, WHERE, counted, in_file, item, records, values, where
from frameworks.layouts import APPEAL

_TONES: Mapping[str, Tone] = {"counts": "good", "counts_in_part": "open", "superseded": "quiet", "duplicate": "quiet", "withdrawn": "quiet"}
_FILE = Column(Said("文件", "File"), 34)
_WHY = Column(Said("问题和改法", "What is wrong, and what to do"), 70)


def receipt_page(intake: Intake, row: Row, lines: Sequence[Row], same: Sequence[Row], standing: Sequence[Row]) -> Page:
    """The page of one delivery.

    `lines`: its lines; `same`: other files of the same bytes; `standing`: of its places the delivery that counts, where that is another.
    """
    of = {kind: [line for line in lines if line["kind"] == kind] for kind in ("rejected", "missing", "changed", "taken")}
    dataset = intake.datasets.get((row["source"], row["dataset"] or ""))
    is_form = dataset is not None and dataset.layout == "form"
    title = intake.framework.file.title
    return Page(
        Said("报送回执", "Receipt of a delivery"),
        Said(title.zh, title.en),
        _verdict(row, same, is_outdated=row["standing"] == "superseded" or any(each["sent_at"] > row["sent_at"] for each in standing)),
        _facts(intake, row, of["taken"] if is_form else [], same, standing),
        [
            rejected(intake, of["rejected"], has_places=not is_form),
            missing(intake, of["missing"], has_places=not is_form),
            _changed(intake, row, of["changed"], has_places=not is_form),
            _taken(intake, row, of["taken"], is_form=is_form),
            *_appeals(intake, row),
        ],
    )


def _appeals(intake: Intake, row: Row) -> list[Table]:
    """Of a file of appeals what became of each."""
    dataset = intake.datasets.get((row["source"], row["dataset"] or ""))
    if dataset is None or dataset.kind != APPEAL:
        return []
    own = intake.tables["appeals"].filter(source=row["source"], dataset=row["dataset"], load_id=row["load_id"])
    return [appeals(intake, own.rows(named=True), has_places=False)]


def _verdict(row: Row, same: Sequence[Row], *, is_outdated: bool) -> Cell:
    said = words.standing(row["standing"])
    numbers = f"读到 {row['cells']} 项，计入 {row['cells_counted']} 项，退回 {row['rejects']} 处，仍缺 {row['missing']} 项。"
    english = f"{row['cells']} cells read, {row['cells_counted']} count, {row['rejects']} rejects, {row['missing']} still missing."
    if row["state"] == "duplicate" and same:
        numbers, english = f"相同的文件是 {same[0]['file']}，以它为准。", f"The same as {same[0]['file']}, which counts."
    todo = row["state"] in ("taken", "rejected") and (row["rejects"] or row["missing"]) and not is_outdated
    ask, please = ("请按下面各表改正或补齐后重新报送。", "Please correct what is listed below and deliver again.") if todo else ("", "")
    if is_outdated and row["state"] == "rejected":
        ask, please = "已有更晚的报送计入，本份无须处理。", "A later delivery counts; nothing need be done."
    tone = "open" if todo and row["standing"] == "counts" else _TONES.get(row["standing"], "bad")
    return Cell(f"{said.zh}。{numbers}{ask}", tone, f"{said.en}. {english} {please}".strip())


def _facts(intake: Intake, row: Row, form: Sequence[Row], same: Sequence[Row], standing: Sequence[Row]) -> list[tuple[Said, Cell]]:
    zh, en = intake.label(row["source"], row["dataset"])
    source = words.source(row["source"])
    late = (
        Cell(f"{intake.when(row['sent_at'])}（晚于截止日期）", "open", "after the deadline")
        if row["is_late"]
        else Cell(intake.when(row["sent_at"]))
    )
    places = sorted({intake.place(line["entity_code"]) for line in form if line["entity_code"]})
    facts = [
        (Said("文件", "File"), Cell(row["file"])),
        (Said("报送单位", "Sender"), Cell(row["sender"] or "未注明", small="" if row["sender"] else "not stated")),
        (Said("报送时间", "Sent at"), late),
        (Said("数据", "What it is"), Cell(f"{source.zh} · {zh or '无法判断'}", small=f"{source.en} · {en or 'cannot be told'}")),
        (Said("文件指纹（SHA-256）", "Fingerprint"), Cell(row["load_id"], small=f"{row['size']:,} 字节 bytes")),
    ]
    if places:
        facts.insert(0, (Said("地区", "Place"), Cell("、".join(places))))
    if same:
        facts.append(
            (
                Said("内容相同的文件", "Files of the same bytes"),
                Cell("；".join(f"{each['file']}（{intake.when(each['sent_at'])}）" for each in same)),
            )
        )
    if standing:
        said = "；".join(f"{each['file']}（{intake.when(each['sent_at'])}，指纹 {each['load_id'][:12]}…）" for each in standing)
        facts.append((Said("现在计入的版本", "The version that counts"), Cell(said)))
    if row["previous_load_id"]:
        facts.append((Said("上一版的指纹", "Fingerprint of the version before"), Cell(row["previous_load_id"])))
    return facts


def rejected(intake: Intake, lines: Sequence[Row], *, has_places: bool, has_files: bool = False) -> Table:
    """What was not taken, with the sentence that says why and what to do."""
    rows = []
    for line in sorted(lines, key=lambda line: (line["source"], line["file"], in_file(line))):
        place = [Cell(intake.place(line["entity_code"]))] if has_places else []
        file = [Cell(line["file"], small=words.source(line["source"]).zh)] if has_files else []
        rows.append(
            [
                *file,
                Cell(where(line) or "整个文件", small="" if where(line) else "the whole file"),
                *place,
                item(line),
                Cell(line["text"] or ""),
                _outdated(line) if line["because"] else Cell(line["message_zh"], "bad", line["message_en"]),
            ]
        )
    return Table(
        Said("退回的内容，请改正", "Rejected: please correct"),
        [*([_FILE] if has_files else []), WHERE, *([PLACE] if has_places else []), ITEM, GIVEN, _WHY],
        rows,
        empty=Said("没有退回的内容。", "Nothing was rejected."),
    )


def _outdated(line: Row) -> Cell:
    """A reject of a form in whose place a later one counts: nothing is to be done."""
    done = Said("已有更晚的报送，无须处理。", "A later delivery counts; nothing need be done.")
    return Cell(f"{line['message_zh']}{done.zh}", "quiet", f"{line['message_en']} {done.en}")


def missing(intake: Intake, lines: Sequence[Row], *, has_places: bool) -> Table:
    """What was to be delivered and was not."""
    rows = []
    for line in lines:
        place = [Cell(intake.place(line["entity_code"]))] if has_places else []
        what = item(line) if line["field"] else Cell("全部", small="all of it")
        rows.append([*place, what, Cell(line["message_zh"], "open", line["message_en"])])
    return Table(
        Said("仍然缺少的内容", "Still missing"),
        [*([PLACE] if has_places else []), ITEM, Column(Said("说明", "Why"), 60)],
        rows,
        empty=Said("没有缺少的内容。", "Nothing is missing."),
    )


def _changed(intake: Intake, row: Row, lines: Sequence[Row], *, has_places: bool) -> Table:
    rows = []
    for line in lines:
        place = [Cell(intake.place(line["entity_code"]))] if has_places else []
        before = Cell(_plain(line["before_value"]), small=line["before_cell"] or "")
        after = Cell(_plain(line["value"]), small=where(line))
        rows.append([*place, item(line), before, after, counted(line)])
    columns = [ITEM, Column(Said("上一版", "Before"), 24), Column(Said("这一版", "Now"), 24), Column(Said("是否计入", "Does it count"), 22)]
    note = Said(f"与指纹为 {row['previous_load_id']} 的文件比较。", "") if row["previous_load_id"] else None
    return Table(
        Said("与上一版的差异", "Changes from the version before"),
        [*([PLACE] if has_places else []), *columns],
        rows,
        note,
        Said("没有更早的版本，或内容没有变化。", "There is no version before, or it says the same."),
    )


def _plain(value: str | None) -> str:
    return "没有 none" if value is None else value


def _taken(intake: Intake, row: Row, lines: Sequence[Row], *, is_form: bool) -> Table:
    heading = Said("收到的内容", "What was taken")
    dataset = intake.datasets.get((row["source"], row["dataset"] or ""))
    if dataset is None or dataset.layout in ("form", "places"):
        return values(intake, heading, lines, has_places=not is_form)
    if dataset.layout == "records":
        return records(intake, heading, lines, has_places=bool(dataset.entity))
    said = Said(
        f"共 {row['cells']} 条，其中 {row['cells_counted']} 条计入。", f"{row['cells']} items, of which {row['cells_counted']} count."
    )
    return Table(heading, [], [], empty=said)
