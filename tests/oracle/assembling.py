"""Several examples laid side by side as one edition: each a first-level indicator with codes of its own, entities and groups shared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.oracle.edition import Edition
from tests.oracle.examples import Example
from tests.oracle.worlds import World

EDITION = "drawn"


def side_by_side(world: World, examples: Sequence[Example]) -> Edition:
    """The edition of these examples; the code X of the first becomes X1, of the second X2, and so on."""
    numbered = [_renamed(example, number) for number, example in enumerate(examples, start=1)]
    inputs = {code: column for example in numbered for code, column in example.inputs.items()}
    times = sorted({entity.time for entity in world.entities if entity.time is not None})
    scale = sum(example.tree["points"] for example in numbered if example.tree.get("kind", "part") == "part")
    panel = {"panel": {"from": times[0], "to": times[-1]}} if times else {}
    rules: dict[str, Any] = {
        "edition": EDITION,
        "title": {"zh": "抽样", "en": "Drawn"},
        "period": {"from": "2020-01-01", "to": "2020-12-31"},
        "entities": {"registry": "drawn.csv", "as_of": "2020-12-31", "groups": list(world.groups), **panel},
        "scale": scale,
        **world.rules,
        **{key: [_scaled(step, scale) for step in world.rules[key]] for key in ("tiers", "grades") if key in world.rules},
        "deliveries": {
            "provincial": [
                {
                    "dataset": "figures", "files": "*f*", "layout": "places", "entity": "code", **({"time": ["year"]} if times else {}),
                    "columns": {code: [code] for code in inputs},
                }
            ]
        },
        "inputs": {code: {"source": "provincial", "unit": "units", "label": {"zh": code, "en": code}} for code in inputs},
        "indicators": [example.tree for example in numbered],
    }  # fmt: skip
    norms = {key: values for example in numbered for key, values in example.norms.items()}
    if norms:
        rules["norms"] = "norms.csv"
    return Edition(rules, list(world.entities), inputs, norms=norms)


def _scaled(step: dict[str, Any], scale: float) -> dict[str, Any]:
    return {key: value * scale / 100 if key == "at_least" else value for key, value in step.items()}


def example_of(code: str) -> int:
    """Which example (0 the first) a code of the edition belongs to."""
    found = re.match(r"[Xx](\d+)", code)
    assert found
    return int(found[1]) - 1


def _renamed(example: Example, number: int) -> Example:
    def text(value: str) -> str:
        return re.sub(r"\b([Xx])(?=[._]|\b)", rf"\g<1>{number}", value)

    def renamed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: renamed(below, name) for name, below in value.items()}
        if isinstance(value, list):
            return [renamed(below) for below in value]
        return text(value) if isinstance(value, str) and key in {"code", "value", "applies_when", "zh", "en"} else value

    return Example(
        renamed(example.tree),
        {text(code): column for code, column in example.inputs.items()},
        {(text(code), group): values for (code, group), values in example.norms.items()},
    )
