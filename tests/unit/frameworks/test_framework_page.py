"""docs/writing-a-framework.md is true: its example loads, and its tables name every key, method and expectation with its default."""

from __future__ import annotations

import json
import math
import re
import textwrap
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from frameworks import EXPECTATIONS, methods, model, read_framework, results
from frameworks.expressions import compile_expression
from frameworks.parts import SETS
from frameworks.scope import FUNCTIONS, Name, Scope

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "writing-a-framework.md").read_text(encoding="utf-8")
Rows = list[list[str]]

# The table after which words on the page describes which class.
TABLES: dict[str, type[BaseModel]] = {
    "## The edition": model.FrameworkFile,
    "## Who is evaluated": model.Entities,
    "### A dataset": model.Dataset,
    "### A column": model.Column,
    "## Inputs": model.Input,
    "`of` may also be a table of **bands**": model.Bands,
    "| key of `confirmation`": model.Confirmation,
    "| key of `verify`": model.Verify,
    "| key of `opinion`": model.Opinion,
    "| key of `severity`": model.Severity,
    "| key of a category": model.OpinionCategory,
    "| key of an indicator": model.Indicator,
    "| key of a measure": model.Measure,
    "| key of `screen`": results.Screen,
    "| key of `treat`": methods.Winsorise,
    "| key of `rank` |": model.Ranking,
    "| key of a tier": model.Tier,
    "| key of `judged`": model.Judged,
    "| key of `panel`": model.Panel,
    "| key of a grade": model.Grade,
    "| key of a veto": model.Veto,
    "| key of `rank_interval`": model.RankInterval,
    "| key of an expectation": model.Expectation,
}


def table_after(words: str) -> Rows:
    """The rows of the first table of four columns or fewer that begins with those words, or stands below them."""
    below = PAGE[PAGE.index(words) :]
    start = below.index("\n|---") + 1
    rows = []
    for line in below[start:].splitlines()[1:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def written(field: Any) -> Any:
    default = field.get_default(call_default_factory=True)
    return default.model_dump(by_alias=True, exclude_none=True) if isinstance(default, BaseModel) else default


@pytest.mark.parametrize("words", TABLES)
def test_each_table_names_every_key_with_its_default(words: str) -> None:
    rows = {names(row[0])[0]: row[2] for row in table_after(words)}
    fields = {field.alias or name: field for name, field in TABLES[words].model_fields.items()}
    assert list(rows) == list(fields)
    for key, field in fields.items():
        cell = rows[key]
        if field.is_required():
            assert cell == "required", key
        elif cell == "–":
            assert written(field) in (None, [], {}), key
        else:
            default = written(field)
            gates: dict[str, Any] = {gate: {} for gate in EXPECTATIONS}
            assert YAML(typ="safe").load(cell) == ({} if default == gates else default), key


@pytest.mark.parametrize(
    ("words", "union", "common"),
    [
        ("### Imputing", methods.Impute, {"method"}),
        ("### Treating outliers", methods.Treat, set(methods.Winsorise.model_fields) - {"at_most"}),
    ],
)
def test_every_method_of_imputing_and_treating_is_described_with_its_parameters(words: str, union: Any, common: set[str]) -> None:
    rows = {method: set(names(row[2])) for row in table_after(words) for method in names(row[0])}
    classes = {method: one for one in get_args(get_args(union)[0]) for method in get_args(one.model_fields["method"].annotation)}
    assert set(classes) - set(rows) <= {"none"}
    assert {method: set(classes[method].model_fields) - common for method in rows} == rows


def test_every_method_of_normalising_is_described_with_its_parameters() -> None:
    rows = {names(row[0])[0]: row[2] for row in table_after("### Normalising")}
    classes = {get_args(one.model_fields["method"].annotation)[0]: one for one in get_args(get_args(model.Normalise)[0])}
    assert list(rows) == list(classes)
    for method, one in classes.items():
        parameters = {field.alias or name for name, field in one.model_fields.items()} - {"method", "decimals"}
        told = {name.split(":")[0] for name in names(rows[method])}
        assert parameters <= told, method


def test_every_method_of_aggregating_is_described() -> None:
    told = [name for row in table_after("### Aggregates") for name in names(row[0])]
    known = [name for one in get_args(get_args(model.Aggregation)[0]) for name in get_args(one.model_fields["method"].annotation)]
    assert sorted(told) == sorted(known)
    rows = {names(row[0])[0]: set(names(row[2])) for row in table_after("**Aggregates of rates**")}
    classes = {method: one for one in get_args(get_args(model.Aggregate)[0]) for method in get_args(one.model_fields["method"].annotation)}
    assert set(rows) == set(classes)
    for method, one in classes.items():
        assert set(one.model_fields) - {"method", "at_least"} <= rows[method], method
    for words, one in (("### Missing values", methods.Missing), ("| `policy` of an indicator", methods.MissingIndicator)):
        assert [names(row[0])[0] for row in table_after(words)] == list(get_args(one.model_fields["policy"].annotation))


def test_every_set_is_described() -> None:
    assert [name for row in table_after("### Reference sets") for name in names(row[0])] == list(SETS)


def test_every_kind_of_indicator_is_described() -> None:
    told = [names(row[0])[0] for row in table_after("## Bonuses and deductions")]
    assert told == list(get_args(model.Indicator.model_fields["kind"].annotation))


def test_every_function_of_expressions_is_described() -> None:
    told = {name.split("(")[0] for row in table_after("## Expressions") for name in names(row[0]) + names(row[1])}
    assert told >= FUNCTIONS


def test_every_expectation_is_named_with_its_threshold() -> None:
    rows = [(names(row[0])[0], names(row[1])[0], row[3]) for row in table_after("| gate | expectation | asks that")]
    assert [(gate, name) for gate, name, _ in rows] == [(gate, name) for gate, known in EXPECTATIONS.items() for name in known]
    for gate, name, threshold in rows:
        expected = EXPECTATIONS[gate][name]
        assert ("floor" in threshold) == expected.is_floor, name
        assert ("to be stated" in threshold) == expected.needs_threshold, name
        assert expected.is_floor or names(threshold) == ([expected.bound] if expected.bound else []), name


def test_the_example_of_the_page_is_sound(tmp_path: Path) -> None:
    blocks = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE))
    assert set(blocks) == {"wellbeing-2021.yaml", "wellbeing_countries.csv", "yearbook.csv"}
    for name, content in blocks.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    framework = read_framework(tmp_path / "wellbeing-2021.yaml")

    assert list(framework.registry.entities) == ["AAA", "BBB", "CCC"]
    assert framework.tables()["indicators"].select("indicator_code", "points", "aggregate").rows() == [
        ("W", 1.0, "geometric"),
        ("W1", 0.5, "arithmetic"),
        ("W2", 0.5, "arithmetic"),
    ]


def test_the_pieces_of_yaml_on_the_page_are_what_the_classes_take() -> None:
    """Each fenced piece is keys of the top of a file; what is in it is read by the class that will read it."""
    pieces = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert len(pieces) > 5
    for piece in pieces:
        for key, value in YAML(typ="safe").load(piece).items():
            if key == "aggregate":
                assert model.Summary.model_validate(value).method == "mean"
                continue
            with pytest.raises(ValidationError) as caught:
                model.FrameworkFile.model_validate({key: value})
            faults = [(detail["type"], len(detail["loc"])) for detail in caught.value.errors()]
            assert set(faults) == {("missing", 1)}, piece  # the file's other keys, and nothing else


FRAGMENTS = re.findall(r"(?:^    [^\n]*\n)+", PAGE.split("## Known indices, written out")[1].split("## Mistakes")[0], flags=re.MULTILINE)


def _completed(node: dict[str, Any]) -> dict[str, Any]:
    """An indicator of a fragment with the names that the page leaves out."""
    below = {key: [_completed(child) for child in node[key]] for key in ("indicators",) if key in node}
    return {"name": {"zh": "例", "en": "Example"}, **node, **below}


def _measures(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [*node.get("measures", []), *(measure for child in node.get("indicators", []) for measure in _measures(child))]


@pytest.mark.parametrize("fragment", [one for one in FRAGMENTS if "- code:" in one], ids=lambda one: one.split()[2])
def test_each_index_that_is_written_out_is_sound(fragment: str, tmp_path: Path) -> None:
    text = textwrap.dedent(fragment).replace(", …}", ', unit: u, label: {zh: "例", en: "Example"}}')
    nodes = [_completed(node) for node in YAML(typ="safe").load(text)]
    words = {word for node in nodes for measure in _measures(node) for word in re.findall(r"[a-z_]+", str(measure["value"]))}
    inputs = {word: {"source": "provincial", "unit": "u", "label": {"zh": "例", "en": "Example"}} for word in sorted(words)}
    table = {"dataset": "t", "files": "*t*", "entity": "code", "columns": {word: [word] for word in inputs}}
    rules = {
        "edition": "e",
        "title": {"zh": "例", "en": "Example"},
        "period": {"from": "2020-01-01", "to": "2020-12-31"},
        "entities": {"registry": "r.csv", "as_of": "2020-12-31", "groups": ["country"]},
        "scale": sum(node["points"] for node in nodes),
        "round": {"at": "total", "decimals": 3},
        "deliveries": {"provincial": [table]},
        "inputs": inputs,
        "indicators": nodes,
    }
    written = re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", json.dumps(rules, ensure_ascii=False))  # a day stands without quotes
    (tmp_path / "e.yaml").write_text(written, encoding="utf-8")
    (tmp_path / "r.csv").write_text("code,name,level\nA,甲,country\n", encoding="utf-8")
    assert read_framework(tmp_path / "e.yaml").tables()["measures"].height == sum(len(_measures(node)) for node in nodes)


def test_the_expression_of_gender_inequality_is_what_its_notes_say() -> None:
    """Of equal women and men in a land of 10 deaths and 1 birth there is none; of others the working stands here."""
    fragment = next(one for one in FRAGMENTS if one.strip().startswith("value: >-"))
    text = YAML(typ="safe").load(textwrap.dedent(fragment))["value"]
    names = ("maternal", "births", "seats_f", "seats_m", "school_f", "school_m", "work_f", "work_m")
    sql = compile_expression(text, Scope({name: Name("number") for name in names}, "an input"), "number").sql

    def index(*values: float) -> float:
        row = ", ".join(f'{value}::double as "{name}"' for name, value in zip(names, values, strict=True))
        with duckdb.connect() as database:
            return float(database.execute(f"select {sql} from (select {row})").fetchall()[0][0])

    assert index(10, 1, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7) == pytest.approx(0, abs=1e-12)
    health = math.sqrt(10 / 40 / 25)
    women = (health * math.sqrt(0.2 * 0.5) * 0.4) ** (1 / 3)
    men = (math.sqrt(0.8 * 0.6) * 0.8) ** (1 / 3)
    both = ((health + 1) / 2 * (math.sqrt(0.2 * 0.5) + math.sqrt(0.8 * 0.6)) / 2 * 0.6) ** (1 / 3)
    assert index(40, 25, 0.2, 0.8, 0.5, 0.6, 0.4, 0.8) == pytest.approx(1 - 2 / (1 / women + 1 / men) / both, rel=1e-12)
