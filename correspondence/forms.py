"""The self-assessment workbook of a place: a cover that explains, a sheet a first-level indicator, a sheet that checks.

Words that the form reader looks for (labels of the cover, headers, codes) stand where it seeks them and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from correspondence import validations
from correspondence.book import Book, Said, height, quoted, sheet_name
from correspondence.questions import Asking, Part, Question, number_text
from frameworks.model import Dataset

COVER, CHECK = "封面", "检查"
MISSING = "未填 Missing"
EXPLAINED = "未填，已在备注中说明 Missing, explained"
FILLED = "已填 Filled in"
_HEAD, _FIRST = 3, 4  # rows from 0: title, hint, English captions, header, then a row an input
_SENTENCE = {
    "title": Said(
        "只填黄色单元格。确实没有的填0；没有数据的才留空，并在备注中说明原因。",
        "Fill in the yellow cells alone. Where there was none write 0; leave blank what you have no figure for, and say why in the note.",
    ),
    "evidence": Said("佐证材料填文件名或网址，文件另附。", "As evidence give file names or addresses; send the files along."),
}


Previous = Mapping[tuple[str, str], float]  # by entity and input


@dataclass(frozen=True)
class _Column:
    """One column of a part's sheet: the field of the form (empty: for readers alone), its header, caption and width."""

    name: str
    header: str
    caption: str
    width: float


@dataclass
class _Placed:
    """Where each question stands once its sheet is written."""

    sheet: str
    row: int
    value: str
    note: str | None


@dataclass
class Form:
    """The form of an edition; `workbook` makes that of one place."""

    asking: Asking
    dataset: Dataset
    previous: Previous
    parts: Sequence[Part] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = self.asking.parts(self.dataset)
        asked = {question.code for part in self.parts for question in part.questions}
        self._columns = _columns(self.dataset, has_previous=any(code in asked for _, code in self.previous))
        self._at = self._placed()

    def workbook(self, code: str, place: str) -> bytes:
        """The file for the place of that code, listed under the name `place`."""
        file = self.asking.framework.file
        book = Book(f"{file.title.zh} {place}", file.period.from_)
        self._cover(book, code, place)
        for part in self.parts:
            self._part(book, part, code)
        self._check(book)
        return book.content()

    def _placed(self) -> dict[str, _Placed]:
        columns = [column.name for column in self._columns]
        at = {}
        for part in self.parts:
            sheet = _part_sheet(part)
            for row, question in enumerate(part.questions, _FIRST):
                cells = {
                    name: f"'{sheet}'!{xl_rowcol_to_cell(row, columns.index(name), row_abs=True, col_abs=True)}"
                    for name in ("value", "note")
                    if name in columns
                }
                at[question.code] = _Placed(sheet, row, cells["value"], cells.get("note"))
        return at

    # --- the cover ------------------------------------------------------------------------------------------------------

    def _cover(self, book: Book, code: str, place: str) -> None:
        framework = self.asking.framework
        file = framework.file
        sheet = book.sheet(COVER, (24, 62))
        label = self.dataset.label or file.title
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, f"{file.title.zh}：{label.zh}", book.format("title"))
        sheet.write_string(1, 0, f"{file.title.en}: {label.en}", book.format("en_line"))
        facts: list[tuple[Said, str | int]] = [(Said(self.dataset.place[0], ""), place)]
        if self.dataset.year:
            facts.append((Said(self.dataset.year[0], ""), file.period.to.year))
        facts.append((Said("行政区划代码", "Code of the place"), code))
        facts.append((Said("数据期间", "Period of the figures"), f"{file.period.from_} – {file.period.to}"))
        if file.collection:
            facts.append((Said("报送截止日", "To be sent by"), str(file.collection.deadline)))
        facts.append((Said("表样版本", "Version of this form"), framework.hash[:12]))
        for row, (what, value) in enumerate(facts, 3):
            sheet.set_row(row, 20 if not what.en else 32)
            book.say(sheet, row, 0, what, "label")
            (sheet.write_number if isinstance(value, int) else sheet.write_string)(row, 1, value, book.format("text"))
        self._how_to(book, sheet, 4 + len(facts))

    def _how_to(self, book: Book, sheet: Any, row: int) -> None:
        steps = [
            Said("怎样填报", "How to fill this in"),
            _SENTENCE["title"],
            Said(
                "其他单元格已锁定；请勿改动表名和列名。",
                "All other cells are locked; keep the names of sheets and columns.",
            ),
            Said(
                "每项只填一个准确数字，不带单位或“约”等文字；百分数98.5%填98.5。",
                "Give one exact figure each, without unit or words; of 98.5 % write 98.5.",
            ),
            _SENTENCE["evidence"],
            Said(
                f"填完后看“{CHECK}”表：它列出还缺什么、哪里要改。",
                "When done, look at the sheet “检查” (check): it lists what is missing or wrong.",
            ),
            Said(
                "保存为.xlsx，不要设打开密码，不要改文件名，按原渠道报送。",
                "Save as .xlsx, without a password, under this file name, and send it back the way it came.",
            ),
        ]
        for line, step in enumerate(steps):
            number = f"{line}. " if line else ""
            sheet.merge_range(row + line, 0, row + line, 1, "", book.format("zh"))
            book.say(sheet, row + line, 0, Said(number + step.zh, step.en), "zh" if line else "heading")
            sheet.set_row(row + line, height((f"{number}{step.zh}\n{step.en}", 84)))

    # --- the sheets -----------------------------------------------------------------------------------------------------

    def _part(self, book: Book, part: Part, place: str) -> None:
        sheet = book.sheet(_part_sheet(part), [column.width for column in self._columns])
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, f"{part.code} {part.name.zh}".strip(), book.format("title"))
        hint = _SENTENCE["title"]
        sheet.merge_range(1, 0, 1, len(self._columns) - 1, "", book.format("zh"))
        period = self.asking.framework.file.period
        zh, en = f"数据期间{period.from_}至{period.to}。{hint.zh}", f"{part.name.en}. Figures of {period.from_} to {period.to}. {hint.en}"
        book.say(sheet, 1, 0, Said(zh, en), "zh")
        sheet.set_row(1, 34)
        for number, column in enumerate(self._columns):
            sheet.write_string(2, number, column.caption, book.format("caption"))
            sheet.write_string(_HEAD, number, column.header, book.format("head_fill" if column.name in _FILLED_IN else "head"))
        sheet.set_row(_HEAD, 24)
        for row, question in enumerate(part.questions, _FIRST):
            self._question(book, sheet, row, question, self.previous.get((place, question.code)))
        sheet.freeze_panes(_FIRST, 2)
        sheet.repeat_rows(2, _HEAD)

    def _question(self, book: Book, sheet: Any, row: int, question: Question, previous: float | None) -> None:
        said: Mapping[str, Said] = {
            "code": Said(question.code, ""),
            "label": Said(question.label.zh, question.label.en),
            "counts": self.asking.counts(question),
            "unit": Said(question.unit, ""),
            "limits": self.asking.limits(question),
            "previous": Said("" if previous is None else number_text(previous), ""),
        }
        for number, column in enumerate(self._columns):
            if column.name == "value":
                sheet.write_blank(row, number, None, book.format(value_format(question)))
                sheet.data_validation(row, number, row, number, self._validation(book, question))
            elif column.name in _FILLED_IN:
                sheet.write_blank(row, number, None, book.format("fill_text"))
            else:
                book.say(sheet, row, number, said[column.name])
        widths = {column.name: column.width for column in self._columns}
        shown = [(f"{said[name].zh}\n{said[name].en}", widths[name]) for name in ("label", "counts", "limits")]
        sheet.set_row(row, height(*shown))

    def _validation(self, book: Book, question: Question) -> dict[str, Any]:
        spec = question.spec
        if question.choices:
            return validations.choose(book.choice(question.choices))
        whole = self._at.get(spec.maximum) if isinstance(spec.maximum, str) else None
        limits = self.asking.limits(question)
        return validations.number(
            Said(f"{limits.zh}（{question.unit}）", f"{limits.en} ({spec.unit.replace('_', ' ')})"),
            is_whole=spec.type == "integer",
            minimum=spec.minimum,
            maximum=spec.maximum if isinstance(spec.maximum, (int, float)) else None,
            whole_at=whole.value if whole else None,
        )

    # --- the check ------------------------------------------------------------------------------------------------------

    def _check(self, book: Book) -> None:
        """A row a question with a formula that tells its state, above them how many of each there are."""
        sheet = book.sheet(CHECK, (34, 44, 46))
        questions = [question for part in self.parts for question in part.questions]
        first, last = 6, 5 + len(questions)
        states = f"$C${first + 1}:$C${last + 1}"
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, "报送前检查", book.format("title"))
        sheet.write_string(1, 0, "Check before you send: what is missing, what must be corrected", book.format("en_line"))
        for column, (what, wanted) in enumerate(
            ((Said("已填", "Filled in"), "已填*"), (Said("未填", "Missing"), MISSING), (Said("要改", "To correct"), "请*"))
        ):
            count = 0 if wanted != MISSING else len(questions)
            sheet.write_formula(
                2,
                column,
                f'="{what.zh} {what.en}: "&COUNTIF({states},{quoted(wanted)})',
                book.format("state"),
                f"{what.zh} {what.en}: {count}",
            )
        done, rest = "全部填好，可以报送。 All is filled in; it can be sent.", "还没有填好，请看下表。 Not finished yet; see below."
        sheet.merge_range(3, 0, 3, 2, "", book.format("state"))
        sheet.write_formula(
            3,
            0,
            f'=IF(COUNTIF({states},"已填*")+COUNTIF({states},{quoted(EXPLAINED)})={len(questions)},{quoted(done)},{quoted(rest)})',
            book.format("state"),
            rest,
        )
        for column, text in enumerate(("所在工作表 Sheet", "数据（点击前往） Figure (click to go there)", "检查结果 State")):
            sheet.write_string(5, column, text, book.format("head"))
        for row, question in enumerate(questions, first):
            at = self._at[question.code]
            sheet.write_string(row, 0, at.sheet, book.format("text"))
            link = f"internal:{at.value.replace('$', '')}"
            sheet.write_url(row, 1, link, book.format("link"), f"{question.label.zh}（{question.code}）")
            sheet.write_formula(row, 2, "=" + self._state(book, question), book.format("state"), MISSING)
            sheet.set_row(row, 20)
        self._colours(book, sheet, first, last)
        sheet.freeze_panes(first, 0)

    def _colours(self, book: Book, sheet: Any, first: int, last: int) -> None:
        for begins, name in (("已填", "good"), (EXPLAINED, "good"), ("未填", "open"), ("请", "bad")):
            rule = {"type": "text", "criteria": "begins with", "value": begins, "format": book.format(name), "stop_if_true": True}
            sheet.conditional_format(first, 2, last, 2, rule)
        sheet.conditional_format(3, 0, 3, 2, {"type": "text", "criteria": "begins with", "value": "全部", "format": book.format("good")})
        sheet.conditional_format(3, 0, 3, 2, {"type": "text", "criteria": "begins with", "value": "还没", "format": book.format("open")})

    def _state(self, book: Book, question: Question) -> str:
        """The formula of a question's state, without its equals sign: the first fault found, by the reader's own rules."""
        at, spec = self._at[question.code], question.spec
        cell = at.value
        faults: list[tuple[str, str]] = []
        if question.choices:
            faults.append((f"NOT({book.choice(question.choices).holds(cell)})", "请从下拉框选择 Choose from the list"))
        else:
            faults.append((f"NOT(ISNUMBER({cell}))", "请只填数字 Give a number alone"))
            if spec.type == "integer":
                faults.append((f"{cell}<>INT({cell})", "请填整数 Give a whole number"))
            if spec.minimum is not None:
                faults.append((f"{cell}<{number_text(spec.minimum)}", f"请核对：小于{number_text(spec.minimum)} Below the least value"))
            if isinstance(spec.maximum, (int, float)):
                faults.append((f"{cell}>{number_text(spec.maximum)}", f"请核对：大于{number_text(spec.maximum)} Above the largest value"))
            faults += self._against_others(cell, spec.maximum, spec.unit)
        state = quoted(FILLED)
        for test, text in reversed(faults):
            state = f"IF({test},{quoted(text)},{state})"
        missing = f'IF(TRIM({at.note})="",{quoted(MISSING)},{quoted(EXPLAINED)})' if at.note else quoted(MISSING)
        return f'IFERROR(IF(TRIM({cell})="",{missing},{state}),{quoted("请改正单元格中的错误 Correct the error in the cell")})'

    def _against_others(self, cell: str, maximum: object, unit: str) -> list[tuple[str, str]]:
        faults = []
        if isinstance(maximum, str) and maximum in self._at:
            whole, label = self._at[maximum].value, self.asking.framework.file.inputs[maximum].label.zh
            faults.append((f"AND(ISNUMBER({whole}),{cell}>{whole})", f"请核对：大于“{label}” Above its whole"))
        if unit == "percent":
            bare = f'AND({cell}>0,{cell}<=1,LEFT(CELL("format",{cell}),1)<>"P")'
            faults.append((bare, "请核对：是98%还是0.98%？请写明百分号 Write the per cent sign"))
        return faults


_FILLED_IN = ("value", "note", "evidence")
_WANTED = (
    _Column("code", "数据编码", "Code", 23),
    _Column("label", "数据名称", "Figure", 26),
    _Column("counts", "统计口径", "What counts", 38),
    _Column("unit", "计量", "Unit", 9),
    _Column("limits", "允许范围", "Allowed", 22),
    _Column("previous", "上期数", "Previous edition", 12),
    _Column("value", "填报值", "Value: fill in", 15),
    _Column("note", "备注", "Note: fill in", 24),
    _Column("evidence", "佐证材料", "Evidence: fill in", 28),
)


def _columns(dataset: Dataset, *, has_previous: bool) -> list[_Column]:
    """The columns in order: fields of the form under the framework's headers, the others under names that no field bears."""
    taken = {header for column in dataset.columns.values() for header in column.headers}
    columns = []
    for column in _WANTED:
        field_of_form = dataset.columns.get(column.name)
        if field_of_form:
            header = field_of_form.headers[0]
        elif column.name in ("note", "evidence") or (column.name == "previous" and not has_previous):
            continue
        else:
            header = f"参考：{column.header}" if column.header in taken else column.header
        caption = "" if column.caption in taken or header.isascii() else column.caption
        columns.append(_Column(column.name, header, caption, column.width))
    return columns


def _part_sheet(part: Part) -> str:
    return sheet_name(f"{part.code} {part.name.zh}".strip())


def value_format(question: Question) -> str:
    """The format of a cell to fill in. A number's is the general one: who types 98% has typed a percentage, and is read so."""
    if question.choices:
        return "fill_choice"
    return "fill_whole" if question.spec.type == "integer" else "fill"
