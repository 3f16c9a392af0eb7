"""What an expression may not hold: whatever reaches past arithmetic over its names is refused before any SQL is written."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks.expressions import ExpressionError, compile_expression
from frameworks.scope import ALLOWED, Name, Scope, Type

SCOPE = Scope(
    {
        "a": Name("number"),
        "b": Name("number"),
        "cases_decided": Name("number"),
        "flag": Name("boolean"),
        "day": Name("date"),
        "at": Name("moment"),
        "kind": Name("text", frozenset({"agency", "village"})),
        "note": Name("text"),
    },
    "an input",
    period=(date(2020, 1, 1), date(2020, 12, 31)),
)


TYPES: tuple[Type, ...] = ("number", "boolean", "date", "moment", "text")


def problems(text: str, wanted: Type = "number") -> list[str]:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, SCOPE, wanted)
    return caught.value.problems


@pytest.mark.parametrize(
    "text",
    [
        "a; drop table x",
        "a -- b",
        "a /* b */ + 1",
        "(select 1)",
        "a + (select max(a) from x)",
        "a in (select b)",
        "a in (b)",
        "exists (select 1)",
        "cast(a as integer)",
        "a::integer",
        "try_cast(a as date)",
        "count(a)",
        "sum(a) over (partition by b)",
        "row_number() over ()",
        "a // b",
        "a % b",
        "a ** b",
        "a ^ b",
        "a || b",
        "a & b",
        "~a",
        "a == b",
        "a => b",
        "{{ a }}",
        "{% raw %}",
        "{# a #}",
        '"a"',
        "`a`",
        "[a]",
        "a[1]",
        "x.a",
        "main.a",
        "$a",
        "$1",
        "?",
        ":a",
        "@a",
        "#1",
        "a\\b",
        "a\x00",
        "a\u00a0+ b",
        "ａ + b",
        "a ＋ b",
        "a\u2028+ b",
        "а + b",  # a Cyrillic letter
        "a\u202e",
        "'it''s'",
        "E'a'",
        "x'41'",
        "b'1'",
        "N'a'",
        "'a b'",
        "note = 'a b'",
        "note in ('a', '(b)')",
        "note = '-a'",
        "'a;b'",
        "''",
        "0x1F",
        "1e999",
        "1..2",
        ".5",
        "1_000",
        "1a",
        "nan",
        "inf",
        "a like 'b'",
        "a similar to 'b'",
        "a is true",
        "a is distinct from b",
        "a between symmetric 1 and 2",
        "a as b",
        "a b",
        "a, b",
        "(a, b)",
        "a = any (b)",
        "interval 1 day",
        "current_date",
        "now()",
        "random()",
        "getenv('x')",
        "read_csv('x')",
        "pg_sleep(1)",
        "if(a > 1, 2)",
        "if(a, 1, 2)",
        "case end",
        "case when a > 1 then 2",
        "coalesce()",
        "coalesce(*)",
        "count(*)",
        "*",
        "a *",
        "a * * b",
        "()",
        "(a",
        "a)",
        "abs(a, b)",
        "abs()",
        "ln()",
        "ln(a, b)",
        "log(a)",
        "nullif(a)",
        "least()",
        "workdays(day)",
        "workdays(day, day, day)",
        "workdays(distinct day, day)",
        "add_months(day, a)",
        "add_months(day, 1.5)",
        "add_months(day, 9999999)",
        "date(a)",
        "date a",
        "date '2020-02-30'",
        "date '20200101'",
        "date '2020-W01-1'",
        "workdays",
        "a(b)",
        "lambda x: x",
        "x -> x",
        "not",
        "null is not",
        "a is not",
        "list_sort(a)",
        "period_from(a)",
        "struct_pack(a := 1)",
        "a using b",
        "a collate b",
        "a at time zone 'UTC'",
        "unnest(a)",
        "a union b",
        "a limit 1",
        "a order by b",
        "a filter (where b > 1)",
        "values (1)",
        "pragma version",
        "attach 'x'",
        "",
        "   ",
        "\n",
    ],
)
def test_what_is_not_on_the_list_is_refused_whatever_is_wanted(text: str) -> None:
    for wanted in TYPES:
        assert problems(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "says"),
    [
        ("case_decided / a", "number", ["“case_decided” is not an input; did you mean cases_decided?"]),
        ("x1 + b9", "number", ["“x1” is not an input. Write it under its code, or add it.", "“b9” is not an input; did you mean b?"]),
        ("cases_Decided", "number", ["“cases_Decided” is not an input; did you mean cases_decided?"]),
        ("a = null", "boolean", ["“a = NULL” is never true; write is null or is not null."]),
        ("day > 3", "boolean", ["“day > 3” sets date beside number; its parts must be of one type."]),
        ("day < at", "boolean", ["“day < at” sets date beside moment; its parts must be of one type."]),
        ("day + 1", "number", ["“day” is a date, where a number is needed."]),
        ("kind = 'agncy'", "boolean", ["“agncy” is none of the values agency, village; write one of these."]),
        ("kind < 'agency'", "boolean", ["“kind < 'agency'” orders a text; only numbers, dates and moments have an order."]),
        ("a < b < 3", "boolean", ["“a < b < 3” sets boolean beside number; its parts must be of one type."]),
        ("a > b", "number", ["“a > b” is a boolean, where a number is needed. Write if(…, 1, 0)."]),
        ("a", "boolean", ["“a” is a number, where a boolean is needed. Compare it, as in x > 0."]),
        ("workdays(day, a)", "number", ["“a” is a number, where a date is needed."]),
        ("workdays(day)", "number", ["“workdays(day)” wants two dates: workdays(from, to)."]),
        ("add_months(day, a) > day", "boolean", ["“add_months(day, a)” wants a date and a whole number of months: add_months(day, 6)."]),
        ("count(a)", "number", [f"“count” is no function that is allowed here. {ALLOWED}"]),
        ("a; b", "number", [f"Not allowed in an expression: ; (signs are half-width, names bare). {ALLOWED}"]),
        ("a ＞ （b）", "boolean", [f"Not allowed in an expression: （ ） ＞ (signs are half-width, names bare). {ALLOWED}"]),
        ("a + case_decided + kind", "number", ["“case_decided” is not an input; did you mean cases_decided?"]),
        ("day + kind", "number", ["“day” is a date, where a number is needed.", "“kind” is a text, where a number is needed."]),
    ],
)  # fmt: skip
def test_each_reason_is_told(text: str, wanted: Type, says: list[str]) -> None:
    assert problems(text, wanted) == says


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "a" + ")" * 500,
        "not " * 900 + "flag",
        "- " * 900 + "a",
        " + ".join(["a"] * 600),
        "if(flag, " * 60 + "a" + ", b)" * 60,
        "case when flag then " * 60 + "a" + " end" * 60,
        "ln(" * 200 + "a" + ")" * 200,
        "a" * 3000,
        "1" * 1990,
    ],
)
def test_what_is_too_large_is_refused_in_a_sentence(text: str) -> None:
    assert all(len(problem) < 400 for problem in problems(text))


def test_the_largest_that_is_allowed_is_rendered() -> None:
    assert compile_expression("not " * 390 + "flag", SCOPE, "boolean").sql.count("not") == 390
    assert compile_expression("ln(" * 31 + "a" + ")" * 31, SCOPE, "number").sql.count("greatest") == 31


WORDS = [
    "a",
    "b",
    "flag",
    "day",
    "kind",
    "select",
    "from",
    "and",
    "or",
    "not",
    "is",
    "null",
    "in",
    "case",
    "when",
    "then",
    "else",
    "end",
    "if",
    "ln",
]
SIGNS = [
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "=",
    "<",
    ">",
    "!",
    ".",
    "'",
    "1",
    "'x'",
    "date",
    "workdays",
    "add_months",
    "between",
    "::",
    ";",
    "\n",
]
RENDERED = re.compile(r"[ ()\[\],+\-*/=<>'\"a-z0-9_.]*\Z")


@settings(max_examples=400)
@given(st.lists(st.sampled_from(WORDS + SIGNS), max_size=14).map(" ".join) | st.text(max_size=30))
def test_whatever_is_written_is_refused_in_words_or_rendered_from_the_list(text: str) -> None:
    """No other error, and no sign in the SQL that the renderer does not write itself."""
    for wanted in ("number", "boolean"):
        try:
            found = compile_expression(text, SCOPE, wanted)
        except ExpressionError:
            continue
        assert RENDERED.match(found.sql)
        assert "select" not in found.sql
        assert "from " not in found.sql
