"""The JSON Schema of a framework file, made from its classes: for editors, which complete and check keys while an author writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from frameworks.model import FrameworkFile

SCHEMA_FILE = Path(__file__).with_name("schema.json")


def schema() -> dict[str, Any]:
    """The schema as plain data."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FrameworkFile.model_json_schema(mode="validation"),
        "title": "Framework of an edition",
    }


def schema_text() -> str:
    """The schema as the text of `schema.json`."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
