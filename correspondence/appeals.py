"""Appeals and corrections as they are told: to the place, to who sent the appeal, and to the data team."""

from __future__ import annotations

from collections.abc import Iterable

from correspondence.book import Said
from correspondence.intake import Field, Intake, Row, number_text
from correspondence.page import Cell, Column, Table, Tone

_STATES: dict[str, tuple[Said, Tone]] = {
    "open": (Said("待处理", "open, not decided yet"), "open"),
    "accepted": (Said("已支持", "accepted"), "good"),
    "refused": (Said("不予支持", "refused"), "bad"),
    "superseded": (Said("已被同一事项后一次申诉取代", "replaced by a later appeal on the same subject"), "quiet"),
    "conflict": (Said("同一时间有内容不同的两份申诉，请重报一份", "two of one moment differ; send one again"), "bad"),
    "withdrawn": (Said("已撤回", "withdrawn"), "quiet"),
    "incomplete": (Said("内容不全，未予受理，请按退回内容补齐", "not complete, so not taken; see what was rejected"), "bad"),
    "contests_other": (
        Said("争议值不是计入值，请按计入值重报", "names another value than the one that counts; send it again"),
        "bad",
    ),
}
_COLUMNS = (
    Column(Said("申诉事项", "Subject"), 30),
    Column(Said("争议值 → 主张值", "Contested → claimed"), 20),
    Column(Said("申诉理由", "Claim"), 36),
    Column(Said("申诉时间", "Sent at"), 17),
    Column(Said("状态", "State"), 24),
    Column(Said("处理决定", "Decision"), 40),
)


def appeals(intake: Intake, rows: Iterable[Row], *, has_places: bool) -> Table:
    """Appeals, those that wait for a decision first, each with what was decided."""
    ordered = sorted(rows, key=lambda row: (row["state"] != "open", row["sent_at"], row["entity_code"], row["subject"], row["record_no"]))
    columns = [Column(Said("地区", "Place"), 18), *_COLUMNS] if has_places else list(_COLUMNS)
    return Table(
        Said("申诉及处理", "Appeals and what was decided"),
        columns,
        [_row(intake, row, has_places=has_places) for row in ordered],
        Said("申诉本身不改变数据；予以支持的，以核定的数值计入。", "An appeal changes nothing; of one accepted the value decided counts."),
        Said("没有申诉。", "There is no appeal."),
    )


def _row(intake: Intake, row: Row, *, has_places: bool) -> list[Cell]:
    said, tone = _STATES[row["decision"] or row["state"]]
    zh, en = intake.subject(row["subject_kind"], row["subject"])
    place = [Cell(intake.place(row["entity_code"]), link=f"places/{row['entity_code']}")] if has_places else []
    values = " → ".join(_number(intake, row["subject"], row[name]) for name in ("contested_value", "claimed_value"))
    return [
        *place,
        Cell(zh, small=f"{en} · {row['subject']}"),
        Cell("" if row["contested_value"] is None and row["claimed_value"] is None else values),
        Cell(row["claim"] or "", small=f"佐证 evidence：{row['evidence']}" if row["evidence"] else ""),
        Cell(intake.when(row["sent_at"])),
        Cell(said.zh, tone, said.en),
        _decision(intake, row),
    ]


def _number(intake: Intake, code: str, number: float | None) -> str:
    if number is None:
        return "未写"
    field = intake.field_of_input(code)
    return intake.in_words(field, number) if field else number_text(number)


def _decision(intake: Intake, row: Row) -> Cell:
    if row["decision"] is None:
        return Cell("")
    day = row["decided_on"] or intake.when(row["decision_sent_at"])[:10]
    about = "" if row["decided_input"] == row["subject"] else f"{intake.subject('input', row['decided_input'])[0]}："
    value = "" if row["decided_value"] is None else f"核定为 {_number(intake, row['decided_input'], row['decided_value'])}；"
    return Cell(f"{about}{value}{row['decision_reason'] or ''}", small=f"{day}")


def corrected(intake: Intake, field: Field, number: float, before: str = "") -> Cell:
    """The value that the office decided, in place of the one delivered."""
    was = f"更正前 before correction: {before}" if before else "原未报送，由更正补入 given by a correction"
    return Cell(f"{intake.in_words(field, number)} {field.unit}".strip(), "open", was)
