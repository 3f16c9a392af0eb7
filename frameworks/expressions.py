"""Expressions: the small safe subset of SQL in which a framework computes. Parsing, checking, rendering; nothing is evaluated here.

An author's text passes four sieves: its signs, its words, sqlglot's tree against a list of what may stand there, and types.
SQL is then written anew from the tree, so that no sign of the author's text reaches the warehouse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from frameworks.rendering import Renderer
from frameworks.scope import ALLOWED, CONSTANTS, FUNCTIONS, KEYWORDS, Scope, Type, short

_OPERATORS = frozenset(["+", "-", "*", "/", "=", "<>", "!=", "<", "<=", ">", ">=", "(", ")", ","])
_SIGNS = re.compile(r"[A-Za-z0-9_.,'()+\-*/<>=!\s]")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_LITERAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")
_LONGEST, _MOST_TOKENS, _DEEPEST = 2000, 400, 32


class ExpressionError(Exception):
    """An expression that is refused; `problems` says each reason in a sentence."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(" ".join(self.problems))


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
        renderer = Renderer(scope)
        piece = renderer.render(tree)
        sql = renderer.want(piece, wanted, tree)
    except SqlglotError:
        raise ExpressionError([f"“{short(text)}” cannot be read as an expression. {ALLOWED}"]) from None
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
        raise ExpressionError([f"The expression has {len(text):,} signs, at most {_LONGEST:,} are allowed; split it into several inputs."])
    _check_signs(text)
    try:
        tokens = sqlglot.tokenize(text, dialect="duckdb")
    except SqlglotError:
        raise ExpressionError([f"“{short(text)}” cannot be read as an expression: a quote is not closed."]) from None
    if len(tokens) > _MOST_TOKENS or _depth(tokens) > _DEEPEST:
        raise ExpressionError(
            [f"The expression is too large (at most {_MOST_TOKENS} words, brackets {_DEEPEST} deep); split it into several inputs."]
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
        raise ExpressionError([f"Not allowed in an expression: {shown} (signs are half-width, names bare). {ALLOWED}"])
    for comment in ("--", "/*"):
        if comment in text:
            raise ExpressionError([f"Not allowed in an expression: the comment sign {comment}. {ALLOWED}"])


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
            problems.append(f"“{short(text)}” is no code: between quotes stand letters, digits, dot, _ and - alone.")
        return f"'{text}'"
    if token.token_type is TokenType.NUMBER:
        if not _NUMBER.match(text) or not math.isfinite(float(text)):
            problems.append(f"“{short(text)}” is no number; write it as 1000 or 0.5.")
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
        return f"“{short(text)}” is no function that is allowed here. {ALLOWED}"
    if not re.match(r"\w+\Z", text):
        return f"“{short(text)}” is not allowed in an expression. {ALLOWED}"
    if text in CONSTANTS:
        return f"“{text}” is known only in expressions over the records of a dataset."
    near = get_close_matches(text, [*scope.names, *(CONSTANTS if scope.period else [])], n=1)
    hint = f"; did you mean {near[0]}?" if near else ". Write it under its code, or add it."
    return f"“{short(text)}” is not {scope.noun}{hint}"
