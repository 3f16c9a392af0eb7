"""The ASEM connectivity index, 51 countries × 49 indicators on three levels, as editions: one a variant of its method."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML

from storage import Workspace
from tests.reference.published_indices import HERE, REGISTRY, Row, evaluate, reference

FOLDER = "coinr_asem"
EDITION = "asem-2018"
LABEL = {"zh": "项", "en": "Item"}
DENOMINATORS = ("Area", "Energy", "GDP", "Population")


@dataclass(frozen=True)
class Variant:
    """What a variant starts from and does: `values` is the table delivered, `normalise` of each indicator, `top` the file's own keys."""

    values: str
    normalise: Mapping[str, Any] = field(default_factory=lambda: {"method": "min_max", "range": [0, 100]})
    means: tuple[str, str, str] = ("arithmetic", "arithmetic", "arithmetic")
    at_least: float | None = None
    weights: str | None = None
    top: Mapping[str, Any] = field(default_factory=dict)
    denominate: bool = False
    only: frozenset[str] | None = None
    posts: bool = False


def description() -> list[Row]:
    """The published description: a row an indicator or an aggregate, in its order."""
    return [row for row in reference(f"{FOLDER}/raw/iMeta.csv") if row["Type"] in {"Indicator", "Aggregate"}]


def run_variant(workspace: Workspace, variant: Variant) -> None:
    """Write the variant's framework, registry and delivery, and run the edition."""
    nodes = [row for row in description() if variant.only is None or row["Type"] == "Aggregate" or row["iCode"] in variant.only]
    yaml = YAML()
    content = yaml.load((HERE / "asem.yaml").read_text(encoding="utf-8"))
    content.update(variant.top)
    leaves = [row for row in nodes if row["Type"] == "Indicator"]
    columns = [row["iCode"] for row in leaves] + (list(DENOMINATORS) if variant.denominate else [])
    content["deliveries"]["provincial"][0]["columns"] = {_input(name): name for name in columns}
    content["inputs"] = {_input(name): {"source": "provincial", "unit": "units", "label": dict(LABEL)} for name in columns}
    weights = _weights(variant, nodes)
    content["indicators"] = [_node(variant, nodes, weights, root, 0) for root in nodes if not root["Parent"] or root["Parent"] == "NA"]
    workspace.frameworks.mkdir(parents=True, exist_ok=True)
    with workspace.framework_file(EDITION).open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    values = reference(f"{FOLDER}/{variant.values}")
    regions = {row["uCode"]: row["EurAsia_group"].lower() for row in reference(f"{FOLDER}/raw/iData.csv")}
    _write_registry(workspace, sorted(regions.items()))
    _write_delivery(workspace, values, columns)
    evaluate(workspace, EDITION)


def _input(name: str) -> str:
    return f"x_{name.lower()}"


def _weights(variant: Variant, nodes: list[Row]) -> dict[str, float]:
    if variant.weights is None:
        return {row["iCode"]: float(row["Weight"]) for row in nodes}
    return {row["iCode"]: float(row["Weight"]) for row in reference(f"{FOLDER}/configs/{variant.weights}")}


def _node(variant: Variant, nodes: list[Row], weights: dict[str, float], row: Row, depth: int) -> dict[str, Any]:
    code = row["iCode"]
    below = [child for child in nodes if child["Parent"] == code]
    aggregate: dict[str, Any] = {"method": variant.means[depth]}
    if variant.at_least is not None:
        aggregate["at_least"] = variant.at_least
    node: dict[str, Any] = {"code": code.upper(), "name": dict(LABEL), "aggregate": aggregate}
    node |= {"points": 1.0} if depth == 0 else {"weight": weights[code]}
    if below[0]["Type"] == "Indicator":
        return node | {"measures": [_measure(variant, weights[child["iCode"]], child) for child in below]}
    return node | {"indicators": [_node(variant, nodes, weights, child, depth + 1) for child in below]}


def _measure(variant: Variant, weight: float, row: Row) -> dict[str, Any]:
    code, denominator = row["iCode"], row["Denominator"]
    is_divided = variant.denominate and denominator in DENOMINATORS
    rises = row["Direction"] == "1"
    # Copied to the depth: a list that stands twice would be written as an alias, which no framework may hold.
    normalise = deepcopy(dict(variant.normalise))
    if variant.posts:
        # COINr divides what is bad, with its sign turned, by the same 100.
        normalise |= {"worst": 0, "best": 100 if rises else -100}
    return {
        "code": code.lower(),
        "value": f"{_input(code)} / {_input(denominator)}" if is_divided else _input(code),
        "unit": "units",
        "direction": "higher_is_better" if rises else "lower_is_better",
        "weight": weight,
        "normalise": normalise,
        "label": dict(LABEL),
    }


def _write_registry(workspace: Workspace, regions: list[tuple[str, str]]) -> None:
    with (workspace.frameworks / "asem_registry.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*REGISTRY, "eurasia_group"))
        writer.writerows((code, code, code, "country", "", "", "", "", region) for code, region in regions)


def _write_delivery(workspace: Workspace, values: list[dict[str, str]], columns: list[str]) -> None:
    inbox = workspace.inbox(EDITION, "provincial") / "2019-01-01"
    inbox.mkdir(parents=True)
    with (inbox / "asem.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("uCode", *columns))
        writer.writerows((row["uCode"], *(_plain(row[column]) for column in columns)) for row in values)


def _plain(text: str) -> str:
    """The figure without an exponent, which no delivery may have; NA is a blank."""
    return "" if text in {"", "NA"} else format(Decimal(text), "f")
