"""A page as one HTML file: no script, nothing loaded from elsewhere, every text escaped. It prints on A4."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from correspondence.page import Column, Page
from correspondence.signs import shown

LONGEST = 500  # rows of a table; the workbook beside the page has all of them
_FOLDER = Path(__file__).resolve().parent


def html(page: Page, workbook: str) -> bytes:
    """The page in UTF-8; `workbook` is the name of the file beside it that has every row."""
    return _template().render(page=page, workbook=workbook, longest=LONGEST).encode()


def _runs(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """What stands above the columns, each with the number of columns below it."""
    return [(above, len(list(of))) for above, of in groupby(columns, key=lambda column: column.above)]


def _seen(value: object) -> object:
    """A text without signs of effect; what is escaped already, such as a macro's output, stays of its type."""
    return type(value)(shown(value)) if isinstance(value, str) else value


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    environment.filters["groupby_run"] = _runs
    return environment.get_template("page.html.j2")
