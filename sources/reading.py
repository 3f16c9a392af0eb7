"""From a delivery's bytes to its batch: which reader reads it. Here a file's faults end: none stops the other files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sources import form, items, places_table, records
from sources.batch import Batch, UnreadableDelivery, rejected
from sources.blocks import wanted
from sources.context import Context, contexts
from sources.delimited import read_delimited
from sources.encodings import decode
from sources.grid import Grid
from sources.headers import find_header
from sources.opinion_places import Linker
from sources.opinion_text import Judge
from sources.words import load_words
from sources.workbook import is_container, read_workbook
from storage import Workspace

if TYPE_CHECKING:
    from frameworks import Framework

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
TEXTS = (".csv", ".txt", ".tsv")
_WEB_PAGE = re.compile(rb"[^<]{0,3}\s*<(?:!doctype|html|table|meta|head|\?xml)", re.IGNORECASE)
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Reader:
    """Reads the deliveries of one source of an edition."""

    workspace: Workspace
    framework: Framework
    source: str

    def read(self, content: bytes, file: str, dataset: str) -> Batch:
        """The batch of one delivered file of that dataset. Whatever is wrong with the file is a reject in it.

        Raises MemoryError alone, which whoever guards this process answers.
        """
        try:
            batch = self._read(content, PurePosixPath(file).name, self._contexts[dataset])
            return batch if batch.cells or batch.items or batch.rejects else replace(batch, rejects=[rejected("no_rows")])
        except UnreadableDelivery as error:
            return Batch(rejects=list(error.rejects))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  one file never stops the others, whatever is in it
            return Batch(rejects=[rejected("unreadable", fault=type(error).__name__)])

    def _read(self, content: bytes, name: str, context: Context) -> Batch:
        suffix = PurePosixPath(name).suffix.lower()
        if not content:
            raise UnreadableDelivery(rejected("empty_file"))
        if context.dataset.layout == "items":
            if suffix in LINES and not is_container(content):
                return items.read_lines(decode(content), context, self._linker, self._judge)
            return items.read_tables(_grids(content, suffix, context), context, self._linker, self._judge)
        grids = _grids(content, suffix, context)
        match context.dataset.layout:
            case "form":
                return form.read(grids, context, name)
            case "places":
                return places_table.read(grids, context)
            case "records":
                return records.read(grids, context)

    @cached_property
    def _contexts(self) -> dict[str, Context]:
        return contexts(self.workspace, self.framework, self.source)

    @cached_property
    def _linker(self) -> Linker:
        context = next(iter(self._contexts.values()))
        return Linker(self.framework.registry, context.places, load_words(self.workspace))

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.framework.file.opinion)


def _grids(content: bytes, suffix: str, context: Context) -> Sequence[Grid]:
    """The file's sheets: a workbook by its bytes or its name, else text; the file's name decides only what the bytes leave open."""
    if is_container(content) or content.startswith(b"%PDF"):
        return read_workbook(content)
    if suffix in WORKBOOKS:
        return [_named_as_workbook(content, context)]
    if suffix not in TEXTS:
        formats = "、".join((".xlsx", ".csv", *(LINES if context.dataset.layout == "items" else ())))
        raise UnreadableDelivery(rejected("unknown_format", None, None, suffix, formats=formats))
    return [read_delimited(content, _sought(context), context.hints)]


def _named_as_workbook(content: bytes, context: Context) -> Grid:
    """The table of a text that was named as a workbook, where it shows its header; a page of the web, and all else, is refused."""
    if _WEB_PAGE.match(content[:1000]):
        raise UnreadableDelivery(rejected("web_page"))
    try:
        grid = read_delimited(content, _sought(context), context.hints)
        header = find_header(grid, _sought(context), context.hints)
    except UnreadableDelivery as error:
        raise UnreadableDelivery(rejected("not_a_workbook")) from error
    if header is None or header.found < 2:
        raise UnreadableDelivery(rejected("not_a_workbook"))
    return grid


def _sought(context: Context) -> Mapping[str, Sequence[str]]:
    return context.fields.headers if context.dataset.layout == "items" else wanted(context)
