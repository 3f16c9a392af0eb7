"""A small edition for the tests of intake: every layout and type, the real registry of Jiangsu, and files made in the test itself."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from openpyxl.styles import Alignment

from frameworks import Framework, load_framework
from sources import Assembly, ParseReport, archive, assemble, parse
from sources.batch import Batch
from sources.reading import Reader
from storage import SOURCES, Workspace
from storage.workspace import PROJECT

EDITION = "mini-2020"
REFERENCES = ("jiangsu_regions.csv", "jiangsu_aliases.csv", "zones.csv")


class World:
    """The edition in a folder of its own: files are dropped into its inbox, then taken in, read and assembled."""

    def __init__(self, folder: Path) -> None:
        frameworks = folder / "frameworks"
        frameworks.mkdir(parents=True)
        for name in REFERENCES:
            shutil.copy(PROJECT / "frameworks" / name, frameworks)
        shutil.copy(Path(__file__).with_suffix(".yaml"), frameworks / f"{EDITION}.yaml")
        self.workspace = Workspace(folder / "data", frameworks)
        self.framework: Framework = load_framework(self.workspace, EDITION)

    def drop(self, name: str, content: bytes | str) -> Path:
        """Put a file into the inbox, `name` being source/…; texts as UTF-8."""
        path = self.workspace.data / "inbox" / EDITION / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self) -> Assembly:
        """Take in, read and assemble all that lies in the inbox."""
        archive(self.workspace, self.framework)
        for source in SOURCES:
            self.parse(source)
        return assemble(self.workspace, self.framework)

    def parse(self, source: str) -> ParseReport:
        """Read one source."""
        return parse(self.workspace, self.framework, source)

    def table(self, name: str) -> pl.DataFrame:
        """One of the intake tables."""
        return pl.read_parquet(self.workspace.stage(EDITION) / "intake" / f"{name}.parquet")

    def read(self, source: str, dataset: str, file: str, content: bytes | str) -> Batch:
        """What reading one file gives, without inbox and lake."""
        data = content.encode() if isinstance(content, str) else content
        return Reader(self.workspace, self.framework, source).read(data, file, dataset)


def workbook(
    sheets: Mapping[str, Any],
    formats: Mapping[str, str] | None = None,
    merged: Iterable[str] = (),
    indents: Mapping[str, int] | None = None,
) -> bytes:
    """A workbook of those sheets, row by row; of the last one `formats` (of numbers), `merged` ranges, and `indents`, by cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    for cell, indent in (indents or {}).items():
        sheet[cell].alignment = Alignment(indent=indent)
    for area in merged:
        sheet.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def form(place: Any, answers: Sequence[Sequence[Any]], year: Any = 2020, formats: Mapping[str, str] | None = None) -> bytes:
    """A form of that place with answers of (code, value)."""
    return workbook({"封面": [["填报单位", place], ["评价年度", year]], "甲": [["指标编码", "填报值"], *answers]}, formats)
