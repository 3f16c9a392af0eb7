"""Every figure of a release is computed again from its cells, and each of these is found, by another reader, in the archived file."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import coordinate_to_tuple

from storage import Workspace
from tests.pipeline import published
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worked")]
CELL = re.compile(r"[A-Z]+[0-9]+")


def found(workspace: Workspace, load_id: str, sheet: str | None, cell: str) -> Any:
    """What stands in that cell of the archived file."""
    row, column = coordinate_to_tuple(cell)
    if sheet:
        return _book(workspace.archive / load_id)[sheet].cell(row, column).value
    content = (workspace.archive / load_id).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    delimiter = max(",;\t", key=text.split("\n")[0].count)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))[row - 1][column - 1]


@cache
def _book(path: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)


def number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None


def test_every_cell_that_an_input_rests_on_stands_in_the_archived_file(worked: Workspace) -> None:
    cells = [row for row in published(worked, EDITION, "fct_input_cell").rows(named=True) if CELL.fullmatch(row["cell"] or "")]
    assert len(cells) > 20
    for row in cells:
        delivered = found(worked, row["load_id"], row["sheet"], row["cell"])
        assert (delivered in (None, "")) == (row["text"] == ""), row
        written = number(delivered)
        if row["role"] in ("value", "correction") and row["value"] is not None and written is not None:
            assert row["value"] == pytest.approx(float(written)), row


def test_every_input_of_one_cell_is_computed_again_from_it(worked: Workspace) -> None:
    of_input: dict[tuple[str, str], dict[str, list[float]]] = {}
    for row in published(worked, EDITION, "fct_input_cell").rows(named=True):
        of_input.setdefault((row["entity_code"], row["input_code"]), {}).setdefault(row["role"], []).append(row["value"])
    checked = 0
    for row in published(worked, EDITION, "fct_input").rows(named=True):
        roles = of_input.get((row["entity_code"], row["input_code"]), {})
        if row["value"] is None or len(roles.get("value", [])) != 1:
            continue
        (reported,) = roles["value"]
        rate = 1.0 if row["confirmation_rate"] is None else row["confirmation_rate"]
        again = roles["correction"][0] if "correction" in roles else reported * rate
        assert row["value_reported"] == pytest.approx(reported), row
        assert row["value"] == pytest.approx(again), row
        checked += 1
    assert checked > 20
