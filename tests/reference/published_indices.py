"""Editions of published indices, written from ../shared/reference at test time; nothing of the data lies in the project."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from storage import Workspace
from storage.workspace import PROJECT
from tests.pipeline import run_edition

REFERENCE = PROJECT.parent / "shared" / "reference"
HERE = Path(__file__).resolve().parent
REGISTRY = ("code", "name", "name_en", "level", "parent_code", "valid_from", "valid_to", "successor_code")
Row = Mapping[str, str]


def reference(path: str) -> list[dict[str, str]]:
    """The rows of a published table. Skips the test where the reference data are not beside the project."""
    file = REFERENCE / path
    if not file.exists():
        pytest.skip(f"the published figures are not at hand: ../shared/reference/{path}")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def hdi_inputs() -> list[dict[str, str]]:
    """The inputs of the HDI, a row a country (or aggregate) and year, without the five years of RWA that were never published."""
    rows = reference("hdi/inputs_1990_2021.csv")
    return [row for row in rows if not (row["iso3"] == "RWA" and 1990 <= int(row["year"]) <= 1994)]


def is_aggregate(iso3: str) -> bool:
    """Whether the row is a group of countries: it has a value and no rank among them."""
    return iso3.startswith("ZZ")


def write_edition(
    workspace: Workspace,
    framework: str,
    edition: str,
    rows: Sequence[Row],
    place: Callable[[Row], tuple[str, str, str]],
    columns: Sequence[str],
) -> None:
    """Write `edition`: the framework of that name with the groups found, its registry, and one delivery.

    `place` gives a row's entity code, name and group; `columns` are delivered as they stand.
    """
    places = [place(row) for row in rows]
    yaml = YAML()
    content = yaml.load((HERE / f"{framework}.yaml").read_text(encoding="utf-8"))
    content["edition"] = edition
    content["entities"]["groups"] = sorted({group for _, _, group in places})
    workspace.frameworks.mkdir(parents=True, exist_ok=True)
    with workspace.framework_file(edition).open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    registry = ((code, name, name, group, "", "", "", "") for code, name, group in places)
    _write(workspace.frameworks / content["entities"]["registry"], REGISTRY, registry)
    [delivery] = content["deliveries"]["provincial"]
    lines = ((code, *(row[column] for column in columns)) for (code, _, _), row in zip(places, rows, strict=True))
    inbox = workspace.inbox(edition, "provincial") / "2022-01-01"
    inbox.mkdir(parents=True)
    _write(inbox / delivery["files"].replace("*", ""), (delivery["entity"], *columns), lines)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def evaluate(workspace: Workspace, edition: str) -> None:
    """Run the edition; a run that does not end well fails the test with what it said."""
    outcome = run_edition(workspace, edition)
    assert outcome.code == 0, outcome.output
