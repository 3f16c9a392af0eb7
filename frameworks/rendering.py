"""From sqlglot's tree of an expression to DuckDB SQL: each node checked against what may stand there, its types, and written anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from sqlglot import exp

from frameworks.days import day_of
from frameworks.scope import ALLOWED, CONSTANTS, Scope, Type, short


@dataclass(frozen=True)
class Piece:
    """A node's SQL and type. `as_number`: how a bare flag reads as 1 or 0; `values`: a category's codes; `literal`: a quoted code."""

    sql: str
    type: Type
    as_number: str | None = None
    values: frozenset[str] | None = None
    literal: str | None = None


_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_ORDER: dict[type[exp.Expr], str] = {exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
_EQUALITY: dict[type[exp.Expr], str] = {exp.EQ: "=", exp.NEQ: "<>"}
_FUNCTION_NAMES: dict[type[exp.Expr], str] = {exp.Sqrt: "sqrt", exp.Exp: "exp", exp.Pow: "power", exp.Log: "log10"}
_LOGIC: dict[type[exp.Expr], str] = {exp.And: "and", exp.Or: "or"}


@dataclass
class Renderer:
    """Walks a tree once: checks each node against what may stand there, and writes its SQL."""

    scope: Scope
    problems: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)

    def render(self, node: exp.Expr) -> Piece:
        """The node's SQL and type; a problem is noted where it may not stand here."""
        kind = type(node)
        if kind in _ARITHMETIC or kind is exp.Div:
            return self._arithmetic(node)
        if kind in _ORDER or kind in _EQUALITY:
            return self._comparison(node)
        if kind in _LOGIC:
            left, right = (self.want(self.render(side), "boolean", side) for side in (node.this, node.expression))
            return Piece(f"({left} {_LOGIC[kind]} {right})", "boolean")
        handler = self._HANDLERS.get(kind)
        return handler(self, node) if handler else self._refuse(node)

    def want(self, piece: Piece, wanted: Type, node: exp.Expr) -> str:
        """The piece's SQL as `wanted`; a problem is noted where it is of another type."""
        if piece.type in {wanted, "null"}:
            return piece.sql
        if wanted == "number" and piece.as_number:
            return piece.as_number
        hint = " Write if(…, 1, 0)." if (wanted, piece.type) == ("number", "boolean") else ""
        hint = " Compare it, as in x > 0." if (wanted, piece.type) == ("boolean", "number") else hint
        self.problems.append(f"“{_shown(node)}” is a {piece.type}, where a {wanted} is needed.{hint}")
        return "null"

    def _refuse(self, node: exp.Expr) -> Piece:
        self.problems.append(f"“{_shown(node)}” is not allowed in an expression. {ALLOWED}")
        return Piece("null", "null")

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
        return [piece.sql for piece in pieces], types.pop() if len(types) == 1 else "null"

    def _check_codes(self, pieces: list[Piece]) -> None:
        values = frozenset().union(*(piece.values for piece in pieces if piece.values))
        if values:
            for literal in (piece.literal for piece in pieces if piece.literal and piece.literal not in values):
                self.problems.append(f"“{literal}” is none of the values {', '.join(sorted(values))}; write one of these.")

    def _arithmetic(self, node: exp.Expr) -> Piece:
        left, right = (self.want(self.render(side), "number", side) for side in (node.this, node.expression))
        if isinstance(node, exp.Div):
            if _is_zero(node.expression):
                self.problems.append(f"“{_shown(node)}” divides by 0 and would always be missing; divide by another number.")
            return Piece(f"({left} / {_unless_zero(right)})", "number")
        return Piece(f"({left} {_ARITHMETIC[type(node)]} {right})", "number")

    def _comparison(self, node: exp.Expr) -> Piece:
        if any(isinstance(side, exp.Null) for side in (node.this, node.expression)):
            self.problems.append(f"“{_shown(node)}” is never true; write is null or is not null.")
        (left, right), common = self._alike([node.this, node.expression], node)
        sign = _EQUALITY.get(type(node)) or _ORDER[type(node)]
        if type(node) in _ORDER and common in {"boolean", "text"}:
            self.problems.append(f"“{_shown(node)}” orders a {common}; only numbers, dates and moments have an order.")
        return Piece(f"({left} {sign} {right})", "boolean")

    def _paren(self, node: exp.Expr) -> Piece:
        return self.render(node.this)

    def _negative(self, node: exp.Expr) -> Piece:
        return Piece(f"(-{self.want(self.render(node.this), 'number', node.this)})", "number")

    def _not(self, node: exp.Expr) -> Piece:
        return Piece(f"(not {self.want(self.render(node.this), 'boolean', node.this)})", "boolean")

    def _is(self, node: exp.Expr) -> Piece:
        if not isinstance(node.expression, exp.Null):
            return self._refuse(node)
        return Piece(f"({self.render(node.this).sql} is null)", "boolean")

    def _in(self, node: exp.Expr) -> Piece:
        if not self._only(node, "this", "expressions") or not all(_is_literal(item) for item in node.expressions):
            return self._refuse(node)
        (value, *items), _ = self._alike([node.this, *node.expressions], node)
        return Piece(f"({value} in ({', '.join(items)}))", "boolean")

    def _between(self, node: exp.Expr) -> Piece:
        if not self._only(node, "this", "low", "high"):
            return self._refuse(node)
        (value, low, high), common = self._alike([node.this, node.args["low"], node.args["high"]], node)
        if common in {"boolean", "text"}:
            self.problems.append(f"“{_shown(node)}” orders a {common}; only numbers, dates and moments have an order.")
        return Piece(f"({value} between {low} and {high})", "boolean")

    def _if(self, node: exp.Expr) -> Piece:
        if not node.args.get("false"):
            self.problems.append(f"“{_shown(node)}” wants three parts: if(condition, then, else).")
            return Piece("null", "null")
        condition = self.want(self.render(node.this), "boolean", node.this)
        (yes, no), common = self._alike([node.args["true"], node.args["false"]], node)
        return Piece(f"if({condition}, {yes}, {no})", common)

    def _case(self, node: exp.Expr) -> Piece:
        subject, branches = node.args.get("this"), node.args["ifs"]
        if subject is not None:
            keys, _ = self._alike([subject, *(branch.this for branch in branches)], node)
            conditions = [f"({keys[0]} = {key})" for key in keys[1:]]
        else:
            conditions = [self.want(self.render(branch.this), "boolean", branch.this) for branch in branches]
        default = node.args.get("default") or exp.Null()
        (*results, otherwise), common = self._alike([*(branch.args["true"] for branch in branches), default], node)
        whens = " ".join(f"when {condition} then {result}" for condition, result in zip(conditions, results, strict=True))
        return Piece(f"case {whens} else {otherwise} end", common)

    def _coalesce(self, node: exp.Expr) -> Piece:
        parts, common = self._alike([node.this, *node.expressions], node)
        return Piece(f"coalesce({', '.join(parts)})", common)

    def _nullif(self, node: exp.Expr) -> Piece:
        parts, common = self._alike([node.this, node.expression], node)
        return Piece(f"nullif({', '.join(parts)})", common)

    def _extreme(self, node: exp.Expr) -> Piece:
        """Least or greatest; null where any part is null, which DuckDB's own would skip."""
        parts, common = self._alike([node.this, *node.expressions], node)
        if common in {"boolean", "text"}:
            self.problems.append(f"“{_shown(node)}” orders a {common}; only numbers, dates and moments have an order.")
        order = "asc" if isinstance(node, exp.Least) else "desc"
        return Piece(f"list_sort([{', '.join(parts)}], '{order}', 'nulls first')[1]", common)

    def _abs(self, node: exp.Expr) -> Piece:
        return Piece(f"abs({self.want(self.render(node.this), 'number', node.this)})", "number")

    def _ln(self, node: exp.Expr) -> Piece:
        """The natural logarithm; null where there is none. DuckDB's greatest skips nulls, so a null becomes 0 and then null again."""
        positive = f"greatest({self.want(self.render(node.this), 'number', node.this)}, 0)"
        return Piece(f"ln({_unless_zero(positive)})", "number")

    def _function(self, node: exp.Expr) -> Piece:
        """Square root, exponential, power, decimal logarithm; null where there is none, or none that a double holds."""
        name, parts = _FUNCTION_NAMES[type(node)], [node.this]
        if isinstance(node, exp.Pow):
            parts.append(node.expression)
        if isinstance(node, exp.Log):
            if not isinstance(node.this, exp.Literal) or node.expression is None or node.this.name != "10":
                return self._refuse(node)
            parts = [node.expression]
        sql = ", ".join(self.want(self.render(part), "number", part) for part in parts)
        return Piece(_only(f"{name}({sql})", "isfinite(v)"), "number")

    def _round(self, node: exp.Expr) -> Piece:
        """Rounded half away from zero, as a decimal of 12 places reads; null where it is too large for one."""
        decimals = node.args.get("decimals") or exp.Literal.number(0)
        if not isinstance(decimals, exp.Literal) or decimals.is_string or not str(decimals.this).isdigit() or int(str(decimals.this)) > 9:
            self.problems.append(f"“{_shown(node)}” wants a number and how many decimals are kept, 0 to 9: round(x, 2).")
            return Piece("null", "number")
        inner = self.want(self.render(node.this), "number", node.this)
        return Piece(f"cast(round(try_cast({inner} as decimal(38, 12)), {int(str(decimals.this))}) as double)", "number")

    def _workdays(self, node: exp.Expr) -> Piece:
        if node.name.lower() != "workdays" or len(node.expressions) != 2:
            self.problems.append(f"“{_shown(node)}” wants two dates: workdays(from, to).")
            return Piece("null", "number")
        self.functions.add("workdays")
        start, end = (self.want(self.render(part), "date", part) for part in node.expressions)
        return Piece(f"workdays_between({start}, {end})", "number")

    def _add_months(self, node: exp.Expr) -> Piece:
        months = node.expression
        sign = "-" if isinstance(months, exp.Neg) else ""
        number = months.this if isinstance(months, exp.Neg) else months
        if not isinstance(number, exp.Literal) or number.is_string or not str(number.this).isdigit() or int(str(number.this)) > 1200:
            self.problems.append(f"“{_shown(node)}” wants a date and a whole number of months: add_months(day, 6).")
            return Piece("null", "date")
        return Piece(f"add_months({self.want(self.render(node.this), 'date', node.this)}, {sign}{int(str(number.this))})", "date")

    def _date(self, node: exp.Expr) -> Piece:
        text = node.this.name if isinstance(node.this, exp.Literal) else ""
        day = day_of(text)
        if day is None:
            self.problems.append(f"“{short(text)}” is no date; write date '2020-12-31'.")
            return Piece("null", "date")
        return Piece(f"date '{day.isoformat()}'", "date")

    def _literal(self, node: exp.Expr) -> Piece:
        if node.is_string:
            return Piece(f"'{node.name}'", "text", literal=node.name)
        return Piece(_double(float(node.name)), "number")

    def _boolean(self, node: exp.Expr) -> Piece:
        return Piece("true" if node.this else "false", "boolean")

    def _null(self, _: exp.Expr) -> Piece:
        return Piece("null", "null")

    def _column(self, node: exp.Expr) -> Piece:
        name = node.name
        meaning = self.scope.type_of(name)
        if not self._only(node, "this") or meaning is None:
            return self._refuse(node)
        if name in CONSTANTS and self.scope.period:
            day = self.scope.period[0] if name == "period_from" else self.scope.period[1]
            return Piece(f"date '{day.isoformat()}'", "date")
        self.names.add(name)
        if meaning.type != "boolean":
            return Piece(f'"{name}"', meaning.type, values=meaning.values)
        if self.scope.flags_are_numbers:
            return Piece(f'("{name}" <> 0)', "boolean", as_number=f'"{name}"')
        return Piece(f'"{name}"', "boolean", as_number=f'cast("{name}" as double)')

    _HANDLERS: ClassVar[dict[type[exp.Expr], Callable[[Renderer, exp.Expr], Piece]]] = {
        exp.Paren: _paren,
        exp.Neg: _negative,
        exp.Not: _not,
        exp.Is: _is,
        exp.In: _in,
        exp.Between: _between,
        exp.If: _if,
        exp.Case: _case,
        exp.Coalesce: _coalesce,
        exp.Nullif: _nullif,
        exp.Least: _extreme,
        exp.Greatest: _extreme,
        exp.Abs: _abs,
        exp.Ln: _ln,
        exp.Sqrt: _function,
        exp.Exp: _function,
        exp.Pow: _function,
        exp.Log: _function,
        exp.Round: _round,
        exp.Anonymous: _workdays,
        exp.AddMonths: _add_months,
        exp.Cast: _date,
        exp.Literal: _literal,
        exp.Boolean: _boolean,
        exp.Null: _null,
        exp.Column: _column,
    }


def _only(sql: str, condition: str) -> str:
    """The value `v` where the condition holds of it, else null. It is written, and reckoned, once however deep expressions are nested."""
    return f"list_filter([{sql}], lambda v: {condition})[1]"


def _unless_zero(sql: str) -> str:
    """What is divided by. DuckDB writes the first part of a nullif twice, so what holds one already is guarded otherwise."""
    return _only(sql, "v <> 0") if "nullif(" in sql else f"nullif({sql}, 0)"


def _is_literal(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


def _is_zero(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, (exp.Paren, exp.Neg)) else node
    return _is_zero(inner) if inner is not node else isinstance(node, exp.Literal) and not node.is_string and float(node.this) == 0


def _double(value: float) -> str:
    text = f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return text if "e" in text else f"{text}e0"


def _shown(node: exp.Expr) -> str:
    return short(node.sql(normalize_functions="lower").replace('"', ""))
