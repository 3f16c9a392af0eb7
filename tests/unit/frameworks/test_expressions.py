"""What an expression means: its SQL, run in DuckDB on values whose result is worked by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworks.expressions import Expression, compile_expression
from frameworks.scope import Name, Scope, Type

INPUTS = Scope({"a": Name("number"), "b": Name("number"), "c": Name("number"), "flag": Name("boolean")}, "an input", flags_are_numbers=True)
RECORDS = Scope(
    {
        "from_day": Name("date"),
        "to_day": Name("date"),
        "given_at": Name("moment"),
        "extended": Name("boolean"),
        "kind": Name("text", frozenset({"agency", "village"})),
        "note": Name("text"),
        "n": Name("number"),
        "date": Name("date"),  # a word of SQL, and a field's code all the same
    },
    "a field of the dataset tests",
    period=(date(2020, 1, 1), date(2020, 12, 31)),
)


def compiled(text: str, wanted: Type = "number", scope: Scope = INPUTS) -> Expression:
    return compile_expression(text, scope, wanted)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the two functions that dbt makes: here every day is worked, so that days can be counted by hand."""
    with duckdb.connect() as connection:
        connection.execute("create macro workdays_between(a, b) as date_diff('day', a, b)")
        connection.execute("create macro add_months(d, n) as cast(d + to_months(n) as date)")
        yield connection


def over_inputs(database: duckdb.DuckDBPyConnection, text: str, wanted: Type = "number", **values: float | None) -> object:
    columns = {name: values.get(name) for name in INPUTS.names}
    given_row = ", ".join(f'cast(${name} as double) as "{name}"' for name in columns)
    found = database.execute(f"select {compiled(text, wanted).sql} from (select {given_row})", columns).fetchone()
    assert found is not None
    return found[0]


def over_records(database: duckdb.DuckDBPyConnection, text: str, wanted: Type = "boolean", **values: object) -> object:
    types = {"number": "double", "boolean": "boolean", "date": "date", "moment": "timestamp", "text": "varchar"}
    columns = {name: values.get(name) for name in RECORDS.names}
    given_row = ", ".join(f'cast(${name} as {types[RECORDS.names[name].type]}) as "{name}"' for name in columns)
    found = database.execute(f"select {compiled(text, wanted, RECORDS).sql} from (select {given_row})", columns).fetchone()
    assert found is not None
    return found[0]


# a = 6, b = 4, c is missing, flag = 1
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", 14.0),
        ("(a + b) * 2", 20.0),
        ("a - b - 1", 1.0),  # from the left: (6 − 4) − 1
        ("-a + b", -2.0),
        ("100.0 * b / a", 400 / 6),
        ("a / b", 1.5),  # no integer division
        ("7 / 2", 3.5),
        ("a / (b - 4)", None),  # by 0: missing, never infinite
        ("a / c", None),
        ("c * 0", None),
        ("100000 * 100000", 1e10),  # no integer to overflow
        ("if(a > b, a, b)", 6.0),
        ("if(c > 1, 1, 0)", 0.0),  # an unknown condition does not hold
        ("if(a > b, c, b)", None),
        ("case when a < b then 1 when a = 6 then 2 else 3 end", 2.0),
        ("case when a < b then 1 end", None),
        ("case a when 6 then 1 else 0 end", 1.0),
        ("coalesce(c, b)", 4.0),
        ("nullif(b, 4)", None),
        ("least(a, b)", 4.0),
        ("greatest(a, b)", 6.0),
        ("least(a, c)", None),  # DuckDB's own least would give 6
        ("greatest(c, a, b)", None),
        ("least(a, greatest(b, 5), 9)", 5.0),
        ("abs(b - a)", 2.0),
        ("ln(a)", math.log(6)),
        ("ln(b - 4)", None),  # of 0: missing, never an error or −∞
        ("ln(b - a)", None),
        ("ln(c)", None),
        ("log10(a + b)", 1.0),
        ("log10(b - a)", None),
        ("log10(b - 4)", None),  # of 0: not −∞
        ("exp(b - 4)", 1.0),
        ("exp(1000)", None),  # more than a double holds
        ("sqrt(b)", 2.0),
        ("sqrt(b - a)", None),
        ("power(a, 2)", 36.0),
        ("power(b, -0.5)", 0.5),
        ("power(b - 4, -1)", None),
        ("power(b - a, 0.5)", None),
        ("power(c, 0)", None),
        ("round(1.005, 2)", 1.01),  # as it is written, not as the double below it lies
        ("round(0 - 2.5)", -3.0),
        ("round(c, 1)", None),
        ("round(power(10, 30))", None),
        ("1 / (1 / (1 / (a - b)))", 0.5),
        ("1 / (1 / (1 / (b - 4)))", None),
        ("ln(ln(a / b) + 1)", math.log(math.log(1.5) + 1)),
        ("flag", 1.0),
        ("flag * 3", 3.0),
        ("coalesce(flag, 0)", 1.0),
        ("if(flag, 40, 20)", 40.0),
        ("IF(Flag_, 1, 2)".replace("Flag_", "flag"), 1.0),  # words in any case
        ("1e2 + 0.5", 100.5),
    ],
)
def test_numbers(database: duckdb.DuckDBPyConnection, text: str, expected: float | None) -> None:
    assert over_inputs(database, text, a=6, b=4, flag=1) == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > b", True),
        ("a <= b", False),
        ("a <> 6", False),
        ("a != 5", True),
        ("c > 1", None),
        ("c is null", True),
        ("a is not null", True),
        ("not a > b", False),
        ("a > b and c > 1", None),
        ("a > b or c > 1", True),
        ("a in (5, 6)", True),
        ("a not in (5, 6)", False),
        ("a between 6 and 7", True),
        ("a not between 6 and 7", False),
        ("flag", True),
        ("flag = true", True),
        ("not flag", False),
        ("a = 6 and b = 3 or flag", True),  # and before or
    ],
)
def test_conditions(database: duckdb.DuckDBPyConnection, text: str, expected: bool | None) -> None:
    assert over_inputs(database, text, "boolean", a=6, b=4, flag=1) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("workdays(from_day, to_day) <= 7", True),  # 1 to 8 June, every day worked: 7
        ("workdays(from_day, to_day) - coalesce(n, 0) <= if(extended, 6, 2)", False),
        ("add_months(from_day, 6) < period_to", True),
        ("add_months(from_day, -6) >= period_from", False),
        ("from_day between period_from and period_to", True),
        ("to_day > date '2020-06-07'", True),
        ("kind in ('agency', 'village') and from_day <= period_to", True),
        ("kind = 'village'", False),
        ("note = 'H1'", True),
        ("date is null", True),
        ("given_at is null or extended", True),
        ("extended", False),
        ("extended * 2 + n > 0", None),
    ],
)
def test_records(database: duckdb.DuckDBPyConnection, text: str, expected: bool | None) -> None:
    row = {"from_day": date(2020, 6, 1), "to_day": date(2020, 6, 8), "extended": False, "kind": "agency", "note": "H1"}
    if expected is True and "extended" in text:
        row["extended"] = True
    assert over_records(database, text, "boolean", **row) is expected


def test_names_read_and_functions_called_are_told() -> None:
    found = compiled("workdays(from_day, to_day) + n", "number", RECORDS)
    assert (found.names, found.functions) == (("from_day", "n", "to_day"), ("workdays",))


def test_the_period_is_a_date_by_then() -> None:
    assert compiled("from_day <= period_to", "boolean", RECORDS).sql == "(\"from_day\" <= date '2020-12-31')"


numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
leaves = st.sampled_from(["a", "b"]) | numbers.map(lambda value: f"{value}" if value >= 0 else f"({value})")
trees = st.recursive(
    leaves,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
    max_leaves=12,
)


@given(text=trees, a=numbers, b=numbers)
def test_arithmetic_is_that_of_doubles(database: duckdb.DuckDBPyConnection, text: str, a: float, b: float) -> None:
    expected = eval(text, {"a": a, "b": b})  # (made of numbers and signs above)
    assert over_inputs(database, text, a=a, b=b) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@given(parts=st.lists(st.none() | numbers, min_size=2, max_size=3))
def test_least_and_greatest_keep_a_missing_value_missing(database: duckdb.DuckDBPyConnection, parts: list[float | None]) -> None:
    names = ["a", "b", "c"][: len(parts)]
    values = dict(zip(names, parts, strict=True))
    known = [part for part in parts if part is not None]
    for function, expected in (("least", min), ("greatest", max)):
        found = over_inputs(database, f"{function}({', '.join(names)})", "number", **values)
        assert found == (expected(known) if len(known) == len(parts) else None)
