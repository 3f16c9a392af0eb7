"""Receipts back: for each delivery a receipt, for each place a page, for the data team a summary, and the same facts as tables.

A pure function of framework and intake tables, without a clock. Nothing here is read by an evaluation, and no release rests on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from correspondence.completeness import Call, calls, completeness
from correspondence.facts import lines as lines_of
from correspondence.facts import receipts as receipts_of
from correspondence.html import html
from correspondence.intake import Intake, Row, read_intake
from correspondence.page import Page
from correspondence.place_page import place_page
from correspondence.receipt_page import receipt_page
from correspondence.sheets import workbook
from correspondence.summary_page import summary_page
from frameworks import Framework
from storage import Workspace, write_bytes, write_parquet, write_text

_ENDINGS = (".html", ".xlsx")
_NOTED = "pages.json"
_TABLES = ("receipts", "receipt_lines", "completeness")


@dataclass(frozen=True)
class ReceiptReport:
    """What was written: receipts, places' pages; and what the data team is to see of it."""

    receipts: pl.DataFrame
    matrix: pl.DataFrame
    calls: list[Call]
    pages: int
    folder: Path


def write_receipts(workspace: Workspace, framework: Framework) -> ReceiptReport:
    """Write all receipts of the edition anew, and take away those of deliveries that are told otherwise by now."""
    intake = read_intake(workspace, framework)
    lines = lines_of(intake)
    found = receipts_of(intake, lines)
    matrix = completeness(intake)
    to_call = calls(intake, found, lines, matrix)
    folder = workspace.receipts(framework.file.edition)
    written = _write(folder, _pages(intake, found, lines, matrix, to_call), framework)
    for name, table in zip(_TABLES, (found, lines, matrix), strict=True):
        write_parquet(folder / f"{name}.parquet", table)
    _take_away(folder, written)
    return ReceiptReport(found, matrix, to_call, len(written), folder)


def _pages(
    intake: Intake, found: pl.DataFrame, lines: pl.DataFrame, matrix: pl.DataFrame, to_call: list[Call]
) -> Iterator[tuple[str, Page]]:
    """Every page with its path below the edition's folder, without its ending."""
    listed = lines.rows(named=True)
    of_delivery = _grouped(listed, "source", "dataset", "load_id")
    same, of_path = _grouped(found.rows(named=True), "load_id", "dataset"), _grouped(found.rows(named=True), "receipt")
    for name in sorted(of_path, key=str):
        row = next((each for each in of_path[name] if each["state"] != "duplicate"), of_path[name][0])
        own = of_delivery.get((row["source"], row["dataset"], row["load_id"]), [])
        others = [each for each in same[row["load_id"], row["dataset"]] if each["file"] != row["file"]]
        yield row["receipt"], receipt_page(intake, row, own, others, _now(intake, row, own))
    yield from _places(intake, listed, matrix)
    yield "summary", summary_page(intake, found, matrix, to_call)


def _places(intake: Intake, lines: Iterable[Row], matrix: pl.DataFrame) -> Iterator[tuple[str, Page]]:
    of_entity = _grouped(lines, "entity_code")
    of_matrix = _grouped(matrix.rows(named=True), "entity_code")
    items = _grouped(intake.tables["opinion_items"].filter("is_counted").rows(named=True), "entity_code")
    for entity in intake.entities:
        name = (entity,)
        yield f"places/{entity}", place_page(intake, entity, of_entity.get(name, []), items.get(name, []), of_matrix.get(name, []))


def _grouped(rows: Iterable[Row], *by: str) -> dict[tuple[str | None, ...], list[Row]]:
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    return groups


def _now(intake: Intake, row: Row, own: list[Row]) -> list[Row]:
    """The delivery that counts in place of a form's, where that is another one."""
    places = sorted({line["entity_code"] for line in own if line["kind"] in ("taken", "rejected") and line["entity_code"]})
    found = (intake.counting.get((row["source"], row["dataset"], place)) for place in places)
    return [each for each in found if each is not None and each["load_id"] != row["load_id"]]


def _write(folder: Path, pages: Iterable[tuple[str, Page]], framework: Framework) -> set[str]:
    """Write each page but those that lie there as they should, and note what does; so the run after one more delivery is short."""
    noted, code = _noted(folder), _code()
    written = {}
    for name, page in pages:
        digest = hashlib.sha256(f"{code}{page!r}".encode()).hexdigest()
        written[name] = digest
        paths = [folder / f"{name}{ending}" for ending in _ENDINGS]
        if noted.get(name) != digest or not all(path.exists() for path in paths):
            write_bytes(paths[0], html(page, paths[1].name))
            write_bytes(paths[1], workbook(page, framework.file.period.to))
    write_text(folder / _NOTED, json.dumps(written, ensure_ascii=False, indent=0, sort_keys=True))
    return set(written)


def _noted(folder: Path) -> dict[str, str]:
    """By page the digest under which it was written last; nothing where nobody noted one."""
    path = folder / _NOTED
    noted = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return noted if isinstance(noted, dict) else {}


def _code() -> str:
    """A digest of what makes a page look as it does."""
    own = Path(__file__).resolve().parent
    files = sorted(path for path in own.iterdir() if path.suffix in (".py", ".j2"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _take_away(folder: Path, written: set[str]) -> None:
    kept = {folder / f"{name}{ending}" for name in written for ending in _ENDINGS}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.suffix in _ENDINGS and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
