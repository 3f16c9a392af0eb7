"""Self-assessment workbooks: the issued template, filled in by a place, with what a person does to the cells of a form."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from examples.places import Place
from examples.profile import Dirt, PartOf, Profile
from examples.quantities import Figure
from examples.sheets import FULL_WIDTH, Cell, new_workbook
from frameworks import Framework
from frameworks.model import Dataset

WIDTHS = (7, 26, 34, 16, 8, 10, 24, 30)


@dataclass(frozen=True)
class Part:
    """One sheet: a first-level indicator and the inputs that the template asks for under it."""

    code: str
    name: str
    inputs: tuple[str, ...]


def parts(framework: Framework) -> list[Part]:
    """The template's sheets, in the framework's order; an input stands under the first indicator that needs it."""
    tables = framework.tables()
    parent = dict(tables["indicators"].select("indicator_code", "parent_code").iter_rows())
    indicator_of = dict(tables["measures"].select("measure_code", "indicator_code").iter_rows())
    wanted = {code for code, spec in framework.file.inputs.items() if spec.source == "self_assessment"}
    under: dict[str, list[str]] = {}
    placed = set()
    for measure, code in tables["measure_inputs"].select("measure_code", "input_code").iter_rows():
        if code in wanted and code not in placed:
            placed.add(code)
            under.setdefault(_first_level(indicator_of[measure], parent), []).append(code)
    order = {code: position for position, code in enumerate(framework.file.inputs)}
    return [
        Part(node.code, node.name.zh, tuple(sorted(under[node.code], key=order.__getitem__)))
        for node in framework.file.indicators
        if node.code in under
    ]


def _first_level(code: str, parent: dict[str, str | None]) -> str:
    above = parent[code]
    while above is not None:
        code, above = above, parent[above]
    return code


class Template:
    """The form of an edition: makes the workbook of a place."""

    def __init__(self, framework: Framework, dataset: Dataset, profile: Profile) -> None:
        self.framework = framework
        self.dataset = dataset
        self.profile = profile
        self.parts = parts(framework)

    def fill(self, place: Place, figures: dict[str, Figure], stream: Random, day: date) -> bytes:
        """The workbook of a place with `figures` by input code; `stream` decides which cells are dirty."""
        buffer = io.BytesIO()
        book = new_workbook(buffer, day, place.full_name)
        formats = _formats(book)
        self._cover(book, formats, place, day)
        choice = int(stream.random() < self.profile.dirt.header_synonym)
        for part in self.parts:
            sheet = book.add_worksheet(f"{part.code} {part.name}"[:31])
            self._head(sheet, formats, part, choice)
            for line, code in enumerate(part.inputs, 3):
                self._row(sheet, formats, line, code, figures, stream)
            last = 3 + len(part.inputs)
            sheet.merge_range(
                last + 1, 0, last + 1, len(WIDTHS) - 1, "填表说明：只填黄色单元格；确无数据的填“—”，并在备注中说明。", formats["hint"]
            )
        book.close()
        return buffer.getvalue()

    def _cover(self, book: Any, formats: dict[str, Any], place: Place, day: date) -> None:
        sheet = book.add_worksheet("封面")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 40)
        sheet.merge_range("A1:B2", f"{self.framework.file.title.zh}自评表", formats["title"])
        year = self.framework.file.period.to.year
        lines = (
            (self.dataset.place[0], place.full_name),
            (self.dataset.year[0], year),
            ("填报日期", f"{day:%Y年%m月%d日}"),
            ("联系科室", "信用建设科"),
        )
        for line, (label, value) in enumerate(lines, 3):
            sheet.write(line, 0, label, formats["label"])
            sheet.write(line, 1, value, formats["text"])
        sheet.merge_range("A10:B10", "示例数据，均为虚构。Made-up example data.", formats["hint"])

    def _head(self, sheet: Any, formats: dict[str, Any], part: Part, choice: int) -> None:
        columns = self.dataset.columns
        named = {code: column.headers[min(choice, len(column.headers) - 1)] for code, column in columns.items()}
        header = ("序号", named["code"], "指标数据名称", named["value"], named["unit"], "占比", named["note"], named["evidence"])
        sheet.merge_range(0, 0, 0, len(header) - 1, f"{part.code} {part.name}", formats["title"])
        sheet.merge_range(1, 0, 1, len(header) - 1, "请对照评价标准如实填报，佐证材料另附。", formats["hint"])
        sheet.set_row(0, 26)
        for column, (text, width) in enumerate(zip(header, WIDTHS, strict=True)):
            sheet.write(2, column, text, formats["head"])
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 3)

    def _row(self, sheet: Any, formats: dict[str, Any], line: int, code: str, figures: dict[str, Figure], stream: Random) -> None:
        spec = self.framework.file.inputs[code]
        figure = figures[code]
        sheet.write(line, 0, line - 2, formats["text"])
        sheet.write(line, 1, code, formats["text"])
        sheet.write(line, 2, spec.label.zh, formats["text"])
        cell = _cell(figure, self.profile.dirt, stream)
        sheet.write(line, 3, cell, formats["whole" if spec.type == "integer" else "number"] if cell is not None else formats["empty"])
        sheet.write(line, 4, self.profile.template.units.get(spec.unit, spec.unit), formats["text"])
        sheet.write(line, 5, self._share(code, figures), formats["percent"])
        sheet.write(line, 6, "" if cell is not None else "暂缺", formats["text"])
        sheet.write_string(line, 7, stream.choice(self.profile.template.evidence), formats["text"])

    def _share(self, code: str, figures: dict[str, Figure]) -> Cell:
        """The percentage that the template shows beside a part of another figure."""
        quantity = self.profile.quantities.get(code)
        whole = figures.get(quantity.of) if isinstance(quantity, PartOf) else None
        value = figures[code]
        return round(value / whole, 4) if isinstance(value, (int, float)) and isinstance(whole, (int, float)) and whole else None


def _cell(figure: Figure, dirt: Dirt, stream: Random) -> Cell:
    """The figure, or one of the things that people put into a cell in its place."""
    chance = stream.random()
    spellings: tuple[tuple[float, Cell], ...] = (
        (dirt.blank, None),
        (dirt.dash, "—"),
        (dirt.about, f"约{figure}"),
        (dirt.full_width, str(figure).translate(FULL_WIDTH)),
        (dirt.thousands_text, f"{figure:,}" if isinstance(figure, (int, float)) else figure),
        (dirt.number_as_text, f"{figure} "),
    )
    for rate, spelling in spellings:
        chance -= rate
        if chance < 0:
            return spelling
    return figure


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter"}
    yellow = {**cell, "bg_color": "#FFF9DB", "align": "right"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "font_name": "SimHei"}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#DDEBF7", "align": "center", "text_wrap": True}),
        "hint": book.add_format({"italic": True, "font_color": "#7F7F7F", "text_wrap": True}),
        "label": book.add_format({**cell, "bold": True}),
        "text": book.add_format(cell),
        "empty": book.add_format(yellow),
        "whole": book.add_format({**yellow, "num_format": "#,##0"}),
        "number": book.add_format({**yellow, "num_format": "0.0"}),
        "percent": book.add_format({**cell, "num_format": "0.0%"}),
    }
