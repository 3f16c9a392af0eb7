"""The oracle and dbt over batches of random editions: do they agree? What does not is shrunk and told."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML

from tests.oracle.assembling import side_by_side
from tests.oracle.building import BuildFailed, Warehouse
from tests.oracle.comparing import Difference, differences
from tests.oracle.drawing import Batch
from tests.oracle.edition import ROOT, Edition
from tests.oracle.method import Outcome, scored_by_hand
from tests.oracle.shrinking import smallest

TRIES = 60
MOST = 1e9
# So begins what the check of the framework refuses, before dbt is asked.
MISTAKE = "frameworks/"


@dataclass(frozen=True)
class Disagreement:
    """What was left of a batch on which the two do not agree."""

    batch: Batch
    found: list[Difference]
    refused: str

    def __str__(self) -> str:
        edition = side_by_side(self.batch.world, self.batch.examples)
        lines = [f"batch {self.batch.number} (make differential FIRST={self.batch.number} BUILDS=1 EACH=…)", _readable(edition)]
        lines += [f"dbt refused it: {self.refused}"] if self.refused else [str(difference) for difference in self.found[:12]]
        return "\n".join(lines)


def disagreement(warehouse: Warehouse, batch: Batch, tries: int = TRIES) -> Disagreement | None:
    """None where the two agree on every cell of every step; else the smallest batch found on which they do not."""
    found, refused = _judged(warehouse, batch)
    if not found and not refused:
        return None
    first = found[0].column if found else ""

    def fails(smaller: Batch) -> bool:
        now, no = _judged(warehouse, smaller)
        if refused:
            return bool(no) and no.startswith(MISTAKE) == refused.startswith(MISTAKE)
        return any(difference.column == first for difference in now)

    small = smallest(batch, fails, tries)
    return Disagreement(small, *_judged(warehouse, small))


def _judged(warehouse: Warehouse, batch: Batch) -> tuple[list[Difference], str]:
    edition = side_by_side(batch.world, batch.examples)
    outcome = scored_by_hand(edition)
    beyond = _beyond_keeping(outcome)
    if beyond:
        kept = [example for number, example in enumerate(batch.examples, start=1) if number not in beyond]
        return _judged(warehouse, replace(batch, examples=kept)) if kept else ([], "")
    try:
        return differences(outcome, warehouse.build(edition)), ""
    except BuildFailed as failed:
        return [], str(failed)


def _beyond_keeping(outcome: Outcome) -> set[int]:
    """Numbers of the examples of which a score has more digits than are kept: a build with one ends, and says so."""
    of_node = ((node.removeprefix("X").partition(".")[0], score.exact) for (_, node), score in outcome.scores.nodes.items() if node != ROOT)
    return {int(number) for number, exact in of_node if abs(exact or 0.0) >= MOST}


def _readable(edition: Edition) -> str:
    """The framework's rules and the delivered values, for a person."""
    said = io.StringIO()
    shown = {key: rule for key, rule in edition.rules.items() if key not in {"edition", "title", "period", "deliveries", "inputs"}}
    YAML().dump(_without_labels(shown), said)
    codes = list(edition.inputs)
    rows = [["entity", "group", "attributes", *codes]]
    for entity in edition.entities:
        about = " ".join(f"{name}={value}" for name, value in entity.attributes)
        rows.append([entity.code, entity.group, about, *(str(edition.inputs[code][entity.code]) for code in codes)])
    return said.getvalue() + "\n".join(["  ".join(row) for row in rows] + _past(edition))


def _past(edition: Edition) -> list[str]:
    """Who of the edition before has gone into whom, and what its release says."""
    if edition.before is None:
        return []
    lines = [f"{unit} has gone into {into}" for unit, into in edition.before.gone]
    for code, past in edition.before.released.items():
        values = [f"{measure}={value}" for (entity, measure), value in edition.previous.items() if entity == code]
        lines.append(f"before: {code}  {past.group}  total {past.total}  rank {past.rank}  {' '.join(values)}")
    return lines


def _without_labels(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_labels(below) for key, below in value.items() if key not in {"label", "name", "unit"}}
    return [_without_labels(below) for below in value] if isinstance(value, list) else value
