"""The release of the edition worked by hand is the golden one of tests/golden, which is rewritten by `make golden` and read like code.

What is worked by hand stands in tests/worked/expected and is the judge of what is right; the golden release also holds every other column,
row and type of every table, so that no change passes unseen.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from storage import Workspace
from tests.pipeline import release_folder
from tests.worked.deliveries import EDITION

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / EDITION
# These name the code, or hold comments of the rules too: they change where no figure does.
LEFT_OUT = ["release", "code_version", "framework_hash"]
# Bytes of a workbook are the compressing library's, so a delivery is told by its path instead of its hash, which neutral names show too.
LOADS = ["load_id", "waived_by"]
_LINES = 80


@pytest.mark.golden
@pytest.mark.slow
@pytest.mark.xdist_group("worked")
def test_the_release_is_the_golden_one(worked: Workspace, request: pytest.FixtureRequest) -> None:
    made = dict(texts(release_folder(worked, EDITION)))
    if request.config.getoption("--golden-write"):
        write(made)
    told = list(differences(read(), made))
    if told:
        left = f"… and {len(told) - _LINES} lines more\n" if len(told) > _LINES else ""
        asked = "If this is meant, `make golden` writes the golden release anew.\n"
        pytest.fail("The release is another one than in tests/golden:\n" + "".join(told[:_LINES]) + left + asked, pytrace=False)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """A release as texts by file name: a CSV a table, the types of all columns, what was delivered and what counted."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    shown = {delivery["file"]: delivery["file"].replace(delivery["sha256"][:12], "sha256") for delivery in manifest["deliveries"]}
    files = {delivery["sha256"]: f"{delivery['source']}/{shown[delivery['file']]}" for delivery in reversed(manifest["deliveries"])}
    types = []
    for name in sorted(manifest["tables"]):
        table = pl.read_parquet(folder / f"{name}.parquet")
        types += [{"table": name, "column": column, "type": str(kind)} for column, kind in table.schema.items()]
        yield f"{name}.csv", csv(table.drop(LEFT_OUT, strict=False), files, shown)
    yield "columns.csv", pl.DataFrame(types).write_csv()
    delivered = [{**delivery, "file": shown[delivery["file"]]} for delivery in manifest["deliveries"]]
    yield "deliveries.csv", pl.DataFrame(delivered, infer_schema_length=None).drop("sha256").write_csv()
    yield "records.csv", pl.DataFrame(manifest["records"]).write_csv()


def csv(table: pl.DataFrame, files: Mapping[str, str], shown: Mapping[str, str]) -> str:
    """The table's rows as they stand, sorted anew where hashes sort them; a double to 12 digits: its last may be another processor's."""
    doubles = [pl.col(name).map_elements(digits, return_dtype=pl.String) for name, kind in table.schema.items() if kind == pl.Float64]
    loads = [pl.col(name).replace(files) for name in LOADS if name in table.columns]
    named = [pl.col("file").replace(shown)] if "file" in table.columns else []
    told = table.with_columns(*doubles, *loads, *named)
    return (told.sort(told.columns) if "load_id" in told.columns else told).write_csv()


def digits(value: float) -> str:
    return f"{value:.12g}"


def read() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.csv"))}


def write(made: Mapping[str, str]) -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name in read().keys() - made.keys():
        (GOLDEN / name).unlink()
    for name, text in made.items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


def differences(golden: Mapping[str, str], made: Mapping[str, str]) -> Iterator[str]:
    """The lines that differ, as a patch from golden to made, each hunk led by its table's header."""
    for name in sorted(golden.keys() | made.keys()):
        old, new = (text.get(name, "").splitlines(keepends=True) for text in (golden, made))
        found = list(difflib.unified_diff(old, new, f"golden {name}", f"made {name}", n=0))
        yield from [*found[:2], *(f" {line}" for line in new[:1]), *found[2:]] if found else []


def test_a_difference_is_told_with_its_table_its_header_and_both_lines() -> None:
    golden: dict[str, Any] = {"a.csv": "place,score\n甲,1\n乙,2\n", "b.csv": "x\n"}
    told = list(differences(golden, {"a.csv": "place,score\n甲,1\n乙,3\n", "b.csv": "x\n"}))
    assert told == ["--- golden a.csv\n", "+++ made a.csv\n", " place,score\n", "@@ -3 +3 @@\n", "-乙,2\n", "+乙,3\n"]
