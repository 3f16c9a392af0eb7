"""The JSON Schema for editors: current, sound, and of one mind with the loader on the project's own files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from frameworks.schema import SCHEMA_FILE, schema_text

PROJECT = Path(__file__).resolve().parents[3]
FILES = [*sorted((PROJECT / "frameworks").glob("*.yaml")), Path(__file__).with_name("small") / "small.yaml"]


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: python -m frameworks schema"


def test_the_schema_is_a_schema_and_takes_the_frameworks() -> None:
    assert check("--check-metaschema", str(SCHEMA_FILE)).returncode == 0
    found = check("--schemafile", str(SCHEMA_FILE), *map(str, FILES))
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("calendar: small_days.csv", "calender: small_days.csv"),
        ("{method: goalposts, worst: 50, best: 100}", "{method: goalposts, worst: 50, best: 100, target: 3}"),
        ("    points: 40\n", "    points: many\n"),
        ("source: third_party, dataset: calls, unit: points", "source: third_parties, dataset: calls, unit: points"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(small: Path, old: str, new: str) -> None:
    path = small / "small.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert check("--schemafile", str(SCHEMA_FILE), str(path)).returncode == 1


def test_every_key_is_described_for_the_editor() -> None:
    """Each class has its docstring as description, so that an editor can show what a part of the file means."""
    definitions = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["$defs"]
    assert [
        name for name, definition in definitions.items() if definition.get("type") == "object" and not definition.get("description")
    ] == []
