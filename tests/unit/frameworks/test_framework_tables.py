"""The framework as tables: the columns that the contract names, in one order and one rendering, also where nothing is in them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from frameworks import SCHEMAS, Framework, read_framework, write_tables

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def framework(small: Path) -> Framework:
    return read_framework(small / "small.yaml")


def rows(framework: Framework, table: str, *columns: str) -> list[tuple[object, ...]]:
    return framework.tables()[table].select(columns).rows()


def test_every_table_has_the_columns_that_the_contract_names() -> None:
    """docs/architecture.md, "framework tables": `table`: `column, column (remark), …`."""
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8").split("### framework tables")[1].split("\n## ")[0]
    named = {
        table: [column.strip().split(" ")[0] for column in re.sub(r"\([^)]*\)", "", columns).split(",")]
        for table, columns in re.findall(r"`(\w+)`(?: \([^)]*\))?: (?:one row: )?`([^`]+)`", text)
    }
    named["edition"] = [column.strip() for column in re.findall(r"- `edition`: one row: `([^`]+)`", text)[0].split(",")]
    assert {table: list(schema) for table, schema in SCHEMAS.items()} == {
        table: columns for table, columns in named.items() if table in SCHEMAS
    }
    assert set(named) >= set(SCHEMAS)


def test_tables_are_written_with_their_schemas_also_when_empty(small: Path, tmp_path: Path) -> None:
    path = small / "small.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("grades:")], encoding="utf-8")
    write_tables(read_framework(path), tmp_path / "stage")

    assert sorted(file.stem for file in (tmp_path / "stage").iterdir()) == sorted(SCHEMAS)
    for table in ("grades", "vetoes", "gates"):
        frame = pl.read_parquet(tmp_path / "stage" / f"{table}.parquet")
        assert (frame.height, dict(frame.schema)) == (0, SCHEMAS[table])


def test_the_same_framework_gives_the_same_bytes(framework: Framework, small: Path, tmp_path: Path) -> None:
    write_tables(framework, tmp_path / "one")
    write_tables(read_framework(small / "small.yaml"), tmp_path / "two")
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_the_order_of_inputs_and_deliveries_in_the_file_does_not_show(framework: Framework, small: Path) -> None:
    path = small / "small.yaml"
    text = path.read_text(encoding="utf-8")
    finance = text[text.index("    - dataset: finance") : text.index("  opinion:\n    - dataset: items")]
    cases = text[text.index("    - dataset: cases") : text.index("    - dataset: finance")]
    path.write_text(text.replace(cases + finance, finance + cases), encoding="utf-8")
    turned = read_framework(path)
    for table in ("datasets", "fields", "inputs", "input_bands"):
        assert turned.tables()[table].equals(framework.tables()[table])


def test_points_are_stated_or_derived_from_weights(framework: Framework) -> None:
    """A has 40 points, weights 3 and 1 below it: 40 × 3/4 = 30 and 40 × 1/4 = 10."""
    assert rows(framework, "indicators", "position", "indicator_code", "parent_code", "level", "points", "is_lowest", "aggregate") == [
        (1, "A", None, 1, 40.0, False, "arithmetic"),
        (2, "A1", "A", 2, 30.0, True, "arithmetic"),
        (3, "A2", "A", 2, 10.0, True, "geometric"),
        (4, "B", None, 1, 60.0, False, "arithmetic"),
        (5, "B1", "B", 2, 20.0, True, "arithmetic"),
        (6, "B2", "B", 2, 20.0, True, "arithmetic"),
        (7, "B3", "B", 2, 20.0, True, "arithmetic"),
    ]


def test_measures_carry_the_parameters_of_their_methods(framework: Framework) -> None:
    columns = ["normalise_method", "worst", "best", "goalpost_scale", "target", "floor", "else_value", "within", "missing_policy"]
    found = {str(code): values for code, *values in rows(framework, "measures", "measure_code", *columns)}
    assert found["trained_rate"] == ["goalposts", 50.0, 100.0, "linear", None, None, None, None, "zero"]
    assert found["income_level"] == ["goalposts", 100.0, 10000.0, "ln", None, None, None, None, "zero"]
    assert found["soon_rate"] == ["ratio_to_target", None, None, None, 90.0, None, None, None, "zero"]
    assert found["corrected_rate"] == ["bands", None, None, None, None, None, 0.0, None, "reweight"]
    assert found["polite"] == ["min_max", None, None, None, None, None, None, "group", "zero"]
    assert found["events"] == ["deduction", None, None, None, None, 0.0, None, None, "zero"]
    assert rows(framework, "measures", "treat_method", "treat_at_most", "treat_skew", "treat_kurtosis")[4] == ("winsorise", 5, 2.0, 3.5)
    assert rows(framework, "node_bands", "node_code", "at_most", "score") == [
        ("plan", 0.0, 0.0),
        ("plan", 1.0, 1.0),
        ("corrected_rate", 5.0, 1.0),
        ("corrected_rate", 10.0, 0.5),
    ]


def test_measures_name_the_inputs_that_they_read_in_value_and_condition(framework: Framework) -> None:
    found = rows(framework, "measure_inputs", "measure_code", "input_code")
    assert [pair for pair in found if pair[0] in {"trained_rate", "corrected_rate"}] == [
        ("trained_rate", "officials"),
        ("trained_rate", "trained"),
        ("corrected_rate", "corrected"),
        ("corrected_rate", "decided"),
    ]


def test_inputs_say_where_they_come_from_and_how_records_become_them(framework: Framework) -> None:
    columns = ["dataset", "layout", "aggregate_method", "of_sql", "where_sql", "band_by", "drop", "at_least", "none_value"]
    found = {str(code): values for code, *values in rows(framework, "inputs", "input_code", *columns)}
    assert found["officials"] == ["workbook", "form", None, None, None, None, None, None, None]
    assert found["income"] == ["finance", "places", None, None, None, None, None, None, None]
    assert found["calls_made"] == ["calls", "records", "count", None, None, None, None, None, 0.0]
    assert found["politeness"] == ["calls", "records", "mean", '"politeness"', None, None, None, None, None]
    assert found["opinion_points"] == ["items", "items", "event_deduction", None, None, None, None, None, 0.0]
    assert found["innovation"] == ["opinions_of_experts", "records", "trimmed_mean", '"score"', None, None, 1, 5, None]
    assert found["reply_score"][3:6] == ['workdays_between("called_on", "replied_on")', None, "kind"]
    assert rows(framework, "input_bands", "by_value", "at_most", "score", "else_score") == [
        ("enquiry", 1.0, 1.0, 0.0),
        ("enquiry", 3.0, 0.5, 0.0),
        ("other", 3.0, 1.0, 0.0),
        ("other", 7.0, 0.5, 0.0),
    ]
    limits = {str(code): values for code, *values in rows(framework, "inputs", "input_code", "minimum", "maximum", "maximum_input")}
    assert limits["trained"] == [0.0, None, "officials"]
    verified = {
        str(code): values for code, *values in rows(framework, "inputs", "input_code", "verify_indicator", "verify_at_least", "verify_else")
    }
    assert verified["trained"] == ["A1", 3, "group_median"]


def test_entities_and_their_predecessors(framework: Framework) -> None:
    assert rows(framework, "entities", "entity_code", "name_zh", "group_code", "parent_code", "predecessor_codes") == [
        ("100", "甲市", "city", None, []),
        ("101", "东县", "county", "100", []),
        ("104", "新县", "county", "100", ["102", "103"]),
        ("106", "北县", "county", "100", []),
    ]
    assert rows(framework, "predecessors", "entity_code", "predecessor_code") == [("104", "102"), ("104", "103")]
    assert rows(framework, "groups", "group_code", "position", "label_zh") == [("city", 1, "市"), ("county", 2, "县")]


def test_results_and_settings(framework: Framework) -> None:
    assert rows(framework, "vetoes", "veto_code", "position", "when_sql", "effect", "effect_value") == [
        ("red_debt", 1, '("debt_level" = 0e0)', "cap_grade", "B"),
        ("no_calls", 2, '("calls_made" = 0e0)', "fail", None),
        ("no_plan", 3, '(not ("has_plan" <> 0))', "fixed_score", "10"),
    ]
    assert rows(framework, "grades", "grade", "at_least", "position") == [("A", 80.0, 1), ("B", 60.0, 2), ("C", 0.0, 3)]
    assert rows(framework, "edition", "edition", "period_to", "previous", "round_at", "confirmation_dataset", "as_of") == [
        ("small", date(2020, 1, 31), "small-before", "lowest_indicator", "tests", date(2020, 1, 31))
    ]
    assert rows(framework, "opinion_deductions", "severity", "deduction") == [(1, 0.5), (2, 1.0)]
    assert rows(framework, "gates", "gate", "expectation", "severity", "at_most", "at_least")[1] == (
        "intake",
        "dataset_coverage",
        "error",
        None,
        0.9,
    )
    assert rows(framework, "workdays", "day", "is_workday", "workday_no")[16:19] == [
        (date(2020, 1, 17), True, 12),
        (date(2020, 1, 18), False, 12),
        (date(2020, 1, 19), True, 13),
    ]


def test_fields_have_the_type_in_which_they_are_read(framework: Framework) -> None:
    found = {
        (str(dataset), str(field)): (kind, personal)
        for dataset, field, kind, personal in rows(framework, "fields", "dataset", "field", "type", "is_personal")
    }
    assert found["workbook", "value"] == ("text", False)
    assert found["cases", "decided"] == ("integer", False)
    assert found["finance", "debt_level"] == ("category", False)
    assert found["calls", "is_answered"] == ("boolean", False)
    assert found["items", "published_at"] == ("moment", False)
    assert found["opinions_of_experts", "employer"] == ("text", True)


def test_every_sql_text_of_the_projects_frameworks_is_sound_sql(tmp_path: Path) -> None:
    """DuckDB binds each of them over columns of the types that the contract states."""
    types = {
        "integer": "double",
        "number": "double",
        "boolean": "boolean",
        "date": "date",
        "moment": "timestamp",
        "category": "varchar",
        "text": "varchar",
    }
    with duckdb.connect() as database:
        database.execute("create macro workdays_between(a, b) as date_diff('day', a, b)")
        database.execute("create macro add_months(d, n) as cast(d + to_months(n) as date)")
        for path in sorted((PROJECT / "frameworks").glob("*.yaml")):
            tables = read_framework(path).tables()
            over_inputs = ", ".join(f'1.0::double as "{code}"' for code in tables["inputs"]["input_code"])
            texts = [text for column in ("value_sql", "applies_sql") for text in tables["measures"][column].drop_nulls()]
            for text in [*texts, *tables["vetoes"]["when_sql"]]:
                assert database.execute(f"select {text} from (select {over_inputs})").fetchall()
            for dataset, of_sql, where_sql in tables["inputs"].select("dataset", "of_sql", "where_sql").rows():
                fields = tables["fields"].filter(pl.col("dataset") == dataset).select("field", "type").rows()
                over_records = ", ".join(f'null::{types[kind]} as "{field}"' for field, kind in fields)
                for text in filter(None, (of_sql, where_sql)):
                    assert database.execute(f"select {text} from (select {over_records})").fetchall()
