"""What the tests of templates share: an edition's templates made once, filled in as a person would, and read as intake reads them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from correspondence.templates import Issued, templates
from frameworks import Framework, load_framework
from sources.batch import Batch
from sources.reading import Reader
from storage import Workspace
from storage.workspace import PROJECT

REAL = Workspace(PROJECT / "data", PROJECT / "frameworks")
Filled = Mapping[str, Mapping[str, Any]]  # by sheet and cell


@cache
def jiangsu() -> Framework:
    return load_framework(REAL, "jiangsu-2020")


@cache
def of_jiangsu() -> dict[tuple[str, str | None], Issued]:
    """Templates of jiangsu-2020 by dataset and place."""
    return {(made.dataset, made.entity_code): made for made in templates(jiangsu(), {}) if isinstance(made, Issued)}


def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(workbook: Any) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def cells_of(workbook: Any, headers: Mapping[str, str]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """By input code its sheet and its cells by header, of every sheet of a form; `headers`: name → header."""
    found = {}
    for sheet in workbook.worksheets:
        head = next(
            (row for row in sheet.iter_rows(max_row=10) if {headers["code"], headers["value"]} <= {cell.value for cell in row}), None
        )
        if head is None:
            continue
        columns = {cell.value: cell.column for cell in head}
        for row in range(head[0].row + 1, sheet.max_row + 1):
            code = sheet.cell(row, columns[headers["code"]]).value
            if code:
                found[code] = (sheet, {name: sheet.cell(row, columns[header]) for name, header in headers.items() if header in columns})
    return found


FORM = {"code": "指标编码", "value": "填报值", "note": "备注", "evidence": "佐证材料"}


def read(framework: Framework, workspace: Workspace, source: str, dataset: str, file: str, content: bytes) -> Batch:
    return Reader(workspace, framework, source).read(content, file, dataset)


def numbers(batch: Batch) -> dict[tuple[str | None, str], float | None]:
    return {(cell.entity_code, cell.field): cell.number for cell in batch.cells}


def folder_of(path: Path, framework: Path) -> Workspace:
    """A workspace with one framework file of the tests and the project's reference files."""
    frameworks = path / "frameworks"
    frameworks.mkdir(parents=True)
    for file in (PROJECT / "frameworks").glob("*.csv"):
        (frameworks / file.name).write_bytes(file.read_bytes())
    (frameworks / framework.name).write_bytes(framework.read_bytes())
    return Workspace(path / "data", frameworks)
