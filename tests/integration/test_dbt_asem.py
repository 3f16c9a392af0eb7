"""The ASEM connectivity index, 51 countries × 49 indicators on three levels, as another program published each of its steps.

From the imputed values on: winsorising (15 of the 49 are treated, one at the low end), min-max, weighted means of every level, ranks.
The figures lie outside the project; the test is skipped where they are not.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from storage import Workspace
from storage.workspace import PROJECT
from tests.integration.dbt_stage import Stage

ASEM = PROJECT.parent / "shared" / "reference" / "coinr_asem"
EDITION = "asem-2018"
ABOUT = """\
edition: asem-2018
title: {zh: 亚欧互联互通指数, en: ASEM connectivity index}
period: {from: 2018-01-01, to: 2018-12-31}
entities: {registry: countries.csv, as_of: 2018-12-31, groups: [country]}
scale: 100
decimals: 9
round: {at: total, decimals: 9}
"""

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not ASEM.is_dir(), reason="the published figures (../shared/reference/coinr_asem) are not here"),
]


def table(path: str) -> list[dict[str, str]]:
    with (ASEM / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def framework(nodes: list[dict[str, str]]) -> str:
    """The framework file: an input and a measure an indicator, in a tree of as many levels as the index has."""
    leaves = [node["iCode"] for node in nodes if node["Level"] == "1"]
    children: dict[str, list[dict[str, str]]] = {}
    for node in nodes:
        children.setdefault(node["Parent"], []).append(node)
    label = "{zh: 项, en: Item}"
    columns = ", ".join(f"{leaf.lower()}: {leaf}" for leaf in leaves)
    lines = [
        ABOUT,
        f'deliveries:\n  provincial:\n    - {{dataset: figures, files: "*f*", entity: country, columns: {{{columns}}}}}\n',
        "inputs:\n",
    ]
    lines += [f"  {leaf.lower()}: {{source: provincial, unit: units, label: {label}}}\n" for leaf in leaves]

    def written(node: dict[str, str], indent: str) -> None:
        code = node["iCode"]
        weight = "points: 100" if indent == "  " else f"weight: {node['Weight']}"
        lines.append(f"{indent}- code: {code.upper()}\n{indent}  name: {label}\n{indent}  {weight}\n")
        if node["Level"] == "1":
            direction = "higher_is_better" if node["Direction"] == "1" else "lower_is_better"
            lines.append(
                f"{indent}  measures:\n{indent}    - {{code: {code.lower()}, value: {code.lower()}, unit: units, direction: {direction}, "
                f"treat: {{method: winsorise}}, normalise: {{method: min_max}}, label: {label}}}\n"
            )
            return
        lines.append(f"{indent}  indicators:\n")
        for child in children[code]:
            written(child, f"{indent}    ")

    lines.append("indicators:\n")
    for root in children[""]:
        written(root, "  ")
    return "".join(lines)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder: Path = tmp_path_factory.mktemp("asem")
    workspace = Workspace(folder / "data", folder / "frameworks")
    workspace.frameworks.mkdir()
    nodes = [node for node in table("raw/iMeta.csv") if node["Type"] in {"Indicator", "Aggregate"}]
    (workspace.frameworks / f"{EDITION}.yaml").write_text(framework(nodes), "utf-8")
    values = table("base/imputed.csv")
    places = "".join(f"{row['uCode']},{row['uCode']},{row['uCode']},country,,,,\n" for row in values)
    (workspace.frameworks / "countries.csv").write_text(
        f"code,name,name_en,level,parent_code,valid_from,valid_to,successor_code\n{places}", "utf-8"
    )
    stage = Stage(workspace, EDITION)
    leaves = [node["iCode"] for node in nodes if node["Level"] == "1"]
    for row in values:
        stage.record("provincial", "figures", row["uCode"], {leaf.lower(): float(row[leaf]) for leaf in leaves})
    stage.write()
    stage.dbt("run")
    return stage


def compared(found: dict[tuple[str, str], float], path: str, scale: float, least: int) -> None:
    """Every cell of the published table agrees to a part in a thousand million."""
    wanted = {
        (row["uCode"], code.upper()): float(text) / scale
        for row in table(path)
        for code, text in row.items()
        if (row["uCode"], code.upper()) in found
    }
    assert len(wanted) >= least
    apart = {key: (found[key], value) for key, value in wanted.items() if not math.isclose(found[key], value, rel_tol=1e-9, abs_tol=1e-12)}
    assert apart == {}


def test_treated_values_are_the_published_ones(built: Stage) -> None:
    rows = built.rows_of("select entity_code, upper(measure_code), value_treated from scoring.treated")
    compared({(place, code): value for place, code, value in rows}, "base/treated.csv", 1, 51 * 49)


def test_normalised_values_are_the_published_ones(built: Stage) -> None:
    rows = built.rows_of("select entity_code, upper(measure_code), normalised from scoring.normalised")
    compared({(place, code): value for place, code, value in rows}, "base/normalised.csv", 100, 51 * 49)


def test_means_of_every_level_are_the_published_ones(built: Stage) -> None:
    rows = built.rows_of("select entity_code, indicator_code, rate from scoring.indicator_scores where level > 0")
    compared({(place, code): value for place, code, value in rows}, "base/aggregated.csv", 100, 51 * 60)


def test_ranks_are_the_published_ones(built: Stage) -> None:
    rows = dict(built.rows_of("select entity_code, rank from ranking.fct_ranking"))
    assert rows == {row["uCode"]: int(row["Index"]) for row in table("base/ranks.csv")}
