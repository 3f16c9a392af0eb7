"""Expressions: the small safe subset of SQL in which a framework computes. Parsing, checking, rendering; nothing is evaluated here.

An author's text passes four sieves: its signs, its words, sqlglot's tree against a list of what may stand there, and types.
SQL is then written anew from the tree, so that no sign of the author's text reaches the warehouse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

Type = Literal["number", "boolean", "date", "moment", "text", "null"]

KEYWORDS = frozenset("and or not in is null between case when then else end true false date".split())
FUNCTIONS = frozenset("if coalesce nullif least greatest abs ln workdays add_months".split())
CONSTANTS = frozenset({"period_from", "period_to"})
RESERVED = KEYWORDS | FUNCTIONS | CONSTANTS
NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}\Z")

_OPERATORS = frozenset(["+", "-", "*", "/", "=", "<>", "!=", "<", "<=", ">", ">=", "(", ")", ","])
_SIGNS = re.compile(r"[A-Za-z0-9_.,'()+\-*/<>=!\s]")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_LITERAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")
_LONGEST, _MOST_TOKENS, _DEEPEST = 2000, 400, 32
_ALLOWED = (
    "Allowed: + - * /, = <> < <= > >=, and or not, is null, in (…), between, case, if, coalesce, nullif, least, greatest, abs, ln, workdays, "
    "add_months, numbers, date '2020-12-31', true false null, codes in single quotes."
)


class ExpressionError(Exception):
    """An expression that is refused; `problems` says each reason in a sentence."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class Name:
    """What a name stands for; `values` are the codes of a category, with which alone it may be compared."""

    type: Type
    values: frozenset[str] | None = None


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use. `noun` says in a message what they are: "an input", "a field of calls".

    `period` gives period_from and period_to their days. Over inputs (`flags_are_numbers`) a boolean lies in its column as 1 or 0;
    over records it is a boolean.
    """

    names: Mapping[str, Name]
    noun: str
    period: tuple[date, date] | None = None
    flags_are_numbers: bool = False

    def type_of(self, name: str) -> Name | None:
        """The name's meaning, or None where it has none."""
        if name in CONSTANTS and self.period:
            return Name("date")
        return self.names.get(name)


@dataclass(frozen=True)
class Expression:
    """A checked expression: `sql` for DuckDB, the names that it reads, and the functions that it calls, each sorted."""

    sql: str
    type: Type
    names: tuple[str, ...]
    functions: tuple[str, ...]


def compile_expression(text: str, scope: Scope, wanted: Type) -> Expression:
    """The expression's checked tree, rendered as DuckDB SQL that gives `wanted`.

    Numbers are rendered as doubles (`100e0`), so that no integer or decimal arithmetic is left to overflow or truncate.
    Raises ExpressionError with every reason where the text holds anything that is not allowed.
    """
    tokens = _sieve(text, scope)
    try:
        tree = sqlglot.parse_one(" ".join(tokens), dialect="duckdb")
        renderer = _Renderer(scope)
        piece = renderer.render(tree)
        sql = renderer.want(piece, wanted, tree)
    except SqlglotError:
        raise ExpressionError([f"“{_short(text)}” cannot be read as an expression. {_ALLOWED}"]) from None
    except RecursionError:
        raise ExpressionError(["The expression is nested too deeply; split it into several inputs or measures."]) from None
    if renderer.problems:
        raise ExpressionError(renderer.problems)
    return Expression(sql, wanted, tuple(sorted(renderer.names)), tuple(sorted(renderer.functions)))


# --- signs and words ----------------------------------------------------------------------------------------------------


def _sieve(text: str, scope: Scope) -> list[str]:
    """The text's tokens, names among them quoted; raises where a sign or a word is not allowed."""
    if not text.strip():
        raise ExpressionError(["The expression is empty; write one, or leave the key out."])
    if len(text) > _LONGEST:
        raise ExpressionError([f"The expression has {len(text):,} signs; at most {_LONGEST:,} are allowed. Split it into several inputs or measures."])
    _check_signs(text)
    try:
        tokens = sqlglot.tokenize(text, dialect="duckdb")
    except SqlglotError:
        raise ExpressionError([f"“{_short(text)}” cannot be read as an expression: a quote is not closed."]) from None
    if len(tokens) > _MOST_TOKENS or _depth(tokens) > _DEEPEST:
        raise ExpressionError(
            [f"The expression is too large (at most {_MOST_TOKENS} words and {_DEEPEST} brackets deep); split it into several inputs or measures."]
        )
    problems: list[str] = []
    pieces = [_piece(token, _is_called(tokens, position), scope, problems) for position, token in enumerate(tokens)]
    if problems:
        raise ExpressionError(problems)
    return pieces


def _check_signs(text: str) -> None:
    strange = sorted({sign for sign in text if not sign.isascii() or not _SIGNS.match(sign)})
    if strange:
        shown = " ".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in strange[:8])
        raise ExpressionError([f"Not allowed in an expression: {shown} (signs are half-width, names bare). {_ALLOWED}"])
    for comment in ("--", "/*"):
        if comment in text:
            raise ExpressionError([f"Not allowed in an expression: the comment sign {comment}. {_ALLOWED}"])


def _depth(tokens: list[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        depth += {"case": 1, "end": -1}.get(token.text.lower(), 0)
        deepest = max(deepest, depth)
    return deepest


def _is_called(tokens: list[Token], position: int) -> bool:
    return position + 1 < len(tokens) and tokens[position + 1].text == "(" and tokens[position + 1].token_type is TokenType.L_PAREN


def _piece(token: Token, is_called: bool, scope: Scope, problems: list[str]) -> str:  # noqa: FBT001 (one token's neighbour)
    text = token.text
    if token.token_type is TokenType.STRING:
        if not _LITERAL.match(text):
            problems.append(f"“{_short(text)}” is no code: between quotes stand letters, digits, dot, _ and - alone.")
        return f"'{text}'"
    if token.token_type is TokenType.NUMBER:
        if not _NUMBER.match(text) or not math.isfinite(float(text)):
            problems.append(f"“{_short(text)}” is no number; write it as 1000 or 0.5.")
        return text
    if text in _OPERATORS:
        return text
    return _word(text, is_called, scope, problems)


def _word(text: str, is_called: bool, scope: Scope, problems: list[str]) -> str:  # noqa: FBT001 (one token's neighbour)
    if scope.type_of(text) and not is_called:
        return f'"{text}"'
    word = text.lower()
    if word in FUNCTIONS and is_called:
        return word
    if word in KEYWORDS and not (is_called and word in {"date", "null", "true", "false"}):
        return word
    problems.append(_unknown(text, is_called, scope))
    return "null"


def _unknown(text: str, is_called: bool, scope: Scope) -> str:  # noqa: FBT001 (one token's neighbour)
    if is_called:
        return f"“{_short(text)}” is no function that is allowed here. {_ALLOWED}"
    if not re.match(r"\w+\Z", text):
        return f"“{_short(text)}” is not allowed in an expression. {_ALLOWED}"
    if text in CONSTANTS:
        return f"“{text}” is known only in expressions over the records of a dataset."
    near = get_close_matches(text, [*scope.names, *(CONSTANTS if scope.period else [])], n=1)
    hint = f"; did you mean {near[0]}?" if near else ". Write it under its code, or add it."
    return f"“{_short(text)}” is not {scope.noun}{hint}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"


# --- the tree -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    sql: str
    type: Type
    as_number: str | None = None
    values: frozenset[str] | None = None
    literal: str | None = None


_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_ORDER: dict[type[exp.Expr], str] = {exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
_EQUALITY: dict[type[exp.Expr], str] = {exp.EQ: "=", exp.NEQ: "<>"}
_LOGIC: dict[type[exp.Expr], str] = {exp.And: "and", exp.Or: "or"}


@dataclass
class _Renderer:
    """Walks a tree once: checks each node against what may stand there, and writes its SQL."""

    scope: Scope
    problems: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)

    def render(self, node: exp.Expr) -> _Piece:
        kind = type(node)
        if kind in _ARITHMETIC or kind is exp.Div:
            return self._arithmetic(node)
        if kind in _ORDER or kind in _EQUALITY:
            return self._comparison(node)
        if kind in _LOGIC:
            left, right = (self.want(self.render(side), "boolean", side) for side in (node.this, node.expression))
            return _Piece(f"({left} {_LOGIC[kind]} {right})", "boolean")
        handler = _HANDLERS.get(kind)
        return handler(self, node) if handler else self._refuse(node)

    def want(self, piece: _Piece, wanted: Type, node: exp.Expr) -> str:
        """The piece's SQL as `wanted`; a problem is noted where it is of another type."""
        if piece.type in {wanted, "null"}:
            return piece.sql
        if wanted == "number" and piece.as_number:
            return piece.as_number
        hint = " Write if(…, 1, 0)." if (wanted, piece.type) == ("number", "boolean") else ""
        hint = " Compare it, as in x > 0." if (wanted, piece.type) == ("boolean", "number") else hint
        self.problems.append(f"“{_shown(node)}” is a {piece.type}, where a {wanted} is needed.{hint}")
        return "null"

    def _refuse(self, node: exp.Expr) -> _Piece:
        self.problems.append(f"“{_shown(node)}” is not allowed in an expression. {_ALLOWED}")
        return _Piece("null", "null")

    def _only(self, node: exp.Expr, *allowed: str) -> bool:
        """Whether the node carries nothing beside the parts named; sqlglot keeps every modifier as a part."""
        return all(part in allowed or not value for part, value in node.args.items())

    def _alike(self, nodes: list[exp.Expr], whole: exp.Expr) -> tuple[list[str], Type]:
        """The nodes' SQL, all of one type; nulls suit any type, a bare flag suits numbers."""
        pieces = [self.render(node) for node in nodes]
        types = {piece.type for piece in pieces} - {"null"}
        if types == {"number", "boolean"} and all(piece.as_number for piece in pieces if piece.type == "boolean"):
            return [piece.as_number or piece.sql for piece in pieces], "number"
        if len(types) > 1:
            self.problems.append(f"“{_shown(whole)}” sets {' beside '.join(sorted(types))}; its parts must be of one type.")
        self._check_codes(pieces)
        return [piece.sql for piece in pieces], next(iter(sorted(types)), "null")

    def _check_codes(self, pieces: list[_Piece]) -> None:
        values = frozenset().union(*(piece.values for piece in pieces if piece.values))
        if values:
            for literal in (piece.literal for piece in pieces if piece.literal and piece.literal not in values):
                self.problems.append(f"“{literal}” is none of the values {', '.join(sorted(values))}; write one of these.")

    def _arithmetic(self, node: exp.Expr) -> _Piece:
        left, right = (self.want(self.render(side), "number", side) for side in (node.this, node.expression))
        if isinstance(node, exp.Div):
            return _Piece(f"({left} / nullif({right}, 0))", "number")
        return _Piece(f"({left} {_ARITHMETIC[type(node)]} {right})", "number")

    def _comparison(self, node: exp.Expr) -> _Piece:
        if any(isinstance(side, exp.Null) for side in (node.this, node.expression)):
            self.problems.append(f"“{_shown(node)}” is never true; write is null or is not null.")
        (left, right), common = self._alike([node.this, node.expression], node)
        sign = _EQUALITY.get(type(node)) or _ORDER[type(node)]
        if type(node) in _ORDER and common in {"boolean", "text"}:
            self.problems.append(f"“{_shown(node)}” orders a {common}; only numbers, dates and moments have an order.")
        return _Piece(f"({left} {sign} {right})", "boolean")

    def _paren(self, node: exp.Expr) -> _Piece:
        return self.render(node.this)

    def _negative(self, node: exp.Expr) -> _Piece:
        return _Piece(f"(-{self.want(self.render(node.this), 'number', node.this)})", "number")

    def _not(self, node: exp.Expr) -> _Piece:
        return _Piece(f"(not {self.want(self.render(node.this), 'boolean', node.this)})", "boolean")

    def _is(self, node: exp.Expr) -> _Piece:
        if not isinstance(node.expression, exp.Null):
            return self._refuse(node)
        return _Piece(f"({self.render(node.this).sql} is null)", "boolean")

    def _in(self, node: exp.Expr) -> _Piece:
        if not self._only(node, "this", "expressions") or not all(_is_literal(item) for item in node.expressions):
            return self._refuse(node)
        (value, *items), _ = self._alike([node.this, *node.expressions], node)
        return _Piece(f"({value} in ({', '.join(items)}))", "boolean")

    def _between(self, node: exp.Expr) -> _Piece:
        if not self._only(node, "this", "low", "high"):
            return self._refuse(node)
        (value, low, high), common = self._alike([node.this, node.args["low"], node.args["high"]], node)
        if common in {"boolean", "text"}:
            self.problems.append(f"“{_shown(node)}” orders a {common}; only numbers, dates and moments have an order.")
        return _Piece(f"({value} between {low} and {high})", "boolean")

    def _if(self, node: exp.Expr) -> _Piece:
        if not node.args.get("false"):
            self.problems.append(f"“{_shown(node)}” wants three parts: if(condition, then, else).")
            return _Piece("null", "null")
        condition = self.want(self.render(node.this), "boolean", node.this)
        (yes, no), common = self._alike([node.args["true"], node.args["false"]], node)
        return _Piece(f"if({condition}, {yes}, {no})", common)

    def _case(self, node: exp.Expr) -> _Piece:
        subject, branches = node.args.get("this"), node.args["ifs"]
        if subject is not None:
            keys, _ = self._alike([subject, *(branch.this for branch in branches)], node)
            conditions = [f"({keys[0]} = {key})" for key in keys[1:]]
        else:
            conditions = [self.want(self.render(branch.this), "boolean", branch.this) for branch in branches]
        default = node.args.get("default") or exp.Null()
        (*results, otherwise), common = self._alike([*(branch.args["true"] for branch in branches), default], node)
        whens = " ".join(f"when {condition} then {result}" for condition, result in zip(conditions, results, strict=True))
        return _Piece(f"case {whens} else {otherwise} end", common)

    def _coalesce(self, node: exp.Expr) -> _Piece:
        parts, common = self._alike([node.this, *node.expressions], node)
        return _Piece(f"coalesce({', '.join(parts)})", common)

    def _nullif(self, node: exp.Expr) -> _Piece:
        parts, common = self._alike([node.this, node.expression], node)
        return _Piece(f"nullif({', '.join(parts)})", common)

    def _extreme(self, node: exp.Expr) -> _Piece:
        """Least or greatest; null where any part is null, which DuckDB's own would skip."""
        parts, common = self._alike([node.this, *node.expressions], node)
        if common in {"boolean", "text"}:
            self.problems.append(f"“{_shown(node)}” orders a {common}; only numbers, dates and moments have an order.")
        order = "asc" if isinstance(node, exp.Least) else "desc"
        return _Piece(f"list_sort([{', '.join(parts)}], '{order}', 'nulls first')[1]", common)

    def _abs(self, node: exp.Expr) -> _Piece:
        return _Piece(f"abs({self.want(self.render(node.this), 'number', node.this)})", "number")

    def _ln(self, node: exp.Expr) -> _Piece:
        """The natural logarithm; null where there is none. DuckDB's greatest skips nulls, so a null becomes 0 and then null again."""
        return _Piece(f"ln(nullif(greatest({self.want(self.render(node.this), 'number', node.this)}, 0), 0))", "number")

    def _workdays(self, node: exp.Expr) -> _Piece:
        if node.name.lower() != "workdays" or len(node.expressions) != 2:
            self.problems.append(f"“{_shown(node)}” wants two dates: workdays(from, to).")
            return _Piece("null", "number")
        self.functions.add("workdays")
        start, end = (self.want(self.render(part), "date", part) for part in node.expressions)
        return _Piece(f"workdays_between({start}, {end})", "number")

    def _add_months(self, node: exp.Expr) -> _Piece:
        months = node.expression
        sign = "-" if isinstance(months, exp.Neg) else ""
        number = months.this if isinstance(months, exp.Neg) else months
        if not isinstance(number, exp.Literal) or number.is_string or not str(number.this).isdigit() or int(str(number.this)) > 1200:
            self.problems.append(f"“{_shown(node)}” wants a date and a whole number of months: add_months(day, 6).")
            return _Piece("null", "date")
        return _Piece(f"add_months({self.want(self.render(node.this), 'date', node.this)}, {sign}{int(str(number.this))})", "date")

    def _date(self, node: exp.Expr) -> _Piece:
        text = node.this.name if isinstance(node.this, exp.Literal) else ""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.problems.append(f"“{_short(text)}” is no date; write date '2020-12-31'.")
            return _Piece("null", "date")
        return _Piece(f"date '{day.isoformat()}'", "date")

    def _literal(self, node: exp.Expr) -> _Piece:
        if node.is_string:
            return _Piece(f"'{node.name}'", "text", literal=node.name)
        return _Piece(_double(float(node.name)), "number")

    def _boolean(self, node: exp.Expr) -> _Piece:
        return _Piece("true" if node.this else "false", "boolean")

    def _null(self, _: exp.Expr) -> _Piece:
        return _Piece("null", "null")

    def _column(self, node: exp.Expr) -> _Piece:
        name = node.name
        meaning = self.scope.type_of(name)
        if not self._only(node, "this") or meaning is None:
            return self._refuse(node)
        if name in CONSTANTS and self.scope.period:
            day = self.scope.period[0] if name == "period_from" else self.scope.period[1]
            return _Piece(f"date '{day.isoformat()}'", "date")
        self.names.add(name)
        if meaning.type != "boolean":
            return _Piece(f'"{name}"', meaning.type, values=meaning.values)
        if self.scope.flags_are_numbers:
            return _Piece(f'("{name}" <> 0)', "boolean", as_number=f'"{name}"')
        return _Piece(f'"{name}"', "boolean", as_number=f'cast("{name}" as double)')


_HANDLERS = {
    exp.Paren: _Renderer._paren,
    exp.Neg: _Renderer._negative,
    exp.Not: _Renderer._not,
    exp.Is: _Renderer._is,
    exp.In: _Renderer._in,
    exp.Between: _Renderer._between,
    exp.If: _Renderer._if,
    exp.Case: _Renderer._case,
    exp.Coalesce: _Renderer._coalesce,
    exp.Nullif: _Renderer._nullif,
    exp.Least: _Renderer._extreme,
    exp.Greatest: _Renderer._extreme,
    exp.Abs: _Renderer._abs,
    exp.Ln: _Renderer._ln,
    exp.Anonymous: _Renderer._workdays,
    exp.AddMonths: _Renderer._add_months,
    exp.Cast: _Renderer._date,
    exp.Literal: _Renderer._literal,
    exp.Boolean: _Renderer._boolean,
    exp.Null: _Renderer._null,
    exp.Column: _Renderer._column,
}


def _is_literal(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


def _double(value: float) -> str:
    text = f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return text if "e" in text else f"{text}e0"


def _shown(node: exp.Expr) -> str:
    return _short(node.sql(dialect="duckdb").replace('"', ""))
