"""docs/writing-a-framework.md is true: its example loads, and its tables name every key, method and expectation with its default."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from frameworks import EXPECTATIONS, methods, model, read_framework, results
from frameworks.scope import FUNCTIONS

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
        parameters = {field.alias or name for name, field in one.model_fields.items()} - {"method"}
        told = {name.split(":")[0] for name in names(rows[method])}
        assert parameters <= told, method


def test_every_method_of_aggregating_is_described() -> None:
    told = [name for row in table_after("### Aggregates") for name in names(row[0])]
    known = [name for one in get_args(get_args(model.Aggregation)[0]) for name in get_args(one.model_fields["method"].annotation)]
    assert sorted(told) == sorted(known)
    told = [names(row[0])[0] for row in table_after("**Aggregates of rates**")]
    assert told == list(get_args(model.Aggregate.model_fields["method"].annotation))
    told = [names(row[0])[0] for row in table_after("### Missing values")]
    assert told == list(get_args(model.Missing.model_fields["policy"].annotation))


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
        assert expected.is_floor or names(threshold) == [expected.bound], name


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
