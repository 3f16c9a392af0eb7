"""Expressions: the small safe subset of SQL in which a framework computes. Parsing, checking, rendering; nothing is evaluated here.

An author's text passes four sieves: its signs, its words, sqlglot's tree against a list of what may stand there, and types.
SQL is then written anew from the tree, so that no sign of the author's text reaches the warehouse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import sqlglot
from sqlglot.errors import SqlglotError

from frameworks.rendering import Renderer
from frameworks.scope import ALLOWED, CONSTANTS, FUNCTIONS, KEYWORDS, Scope, Type, short

_SIGNS = re.compile(r"[A-Za-z0-9_.,'()+\-*/<>=!\s]")
_TOKEN = re.compile(
    r"(?P<string>'[^']*')|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|<>|!=|[-+*/=<>(),])",
    re.ASCII,
)
_LITERAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")
_NEVER_CALLED = frozenset({"null", "true", "false"})
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
    tokens = list(_tokens(text))
    if len(tokens) > _MOST_TOKENS or _depth(tokens) > _DEEPEST:
        raise ExpressionError(
            [f"The expression is too large (at most {_MOST_TOKENS} words, brackets {_DEEPEST} deep); split it into several inputs."]
        )
    problems: list[str] = []
    pieces = [_piece(token, after, scope, problems) for token, after in zip(tokens, [*tokens[1:], _END], strict=True)]
    if problems:
        raise ExpressionError(problems)
    return pieces


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "")


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found = _TOKEN.match(text, position)
        if found is None:
            raise ExpressionError([f"“{short(text[position:])}” cannot be read as a part of an expression. {ALLOWED}"])
        yield _Token(str(found.lastgroup), found.group())
        position = found.end()


def _check_signs(text: str) -> None:
    strange = sorted({sign for sign in text if not sign.isascii() or not _SIGNS.match(sign)})
    if strange:
        shown = " ".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in strange[:8])
        raise ExpressionError([f"Not allowed in an expression: {shown} (signs are half-width, names bare). {ALLOWED}"])
    for comment in ("--", "/*"):
        if comment in text:
            raise ExpressionError([f"Not allowed in an expression: the comment sign {comment}. {ALLOWED}"])


def _depth(tokens: list[_Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += {"(": 1, "case": 1, ")": -1, "end": -1}.get(token.text.lower(), 0)
        deepest = max(deepest, depth)
    return deepest


def _piece(token: _Token, after: _Token, scope: Scope, problems: list[str]) -> str:
    text = token.text
    if token.kind == "word":
        return _word(text, after, scope, problems)
    if token.kind == "string" and not _LITERAL.match(text[1:-1]):
        problems.append(f"{short(text)} is no code: between quotes stand letters, digits, dot, _ and - alone.")
    if token.kind == "number" and not math.isfinite(float(text)):
        problems.append(f"“{short(text)}” is too large a number; write a smaller one.")
    return text


def _word(text: str, after: _Token, scope: Scope, problems: list[str]) -> str:
    word, is_called = text.lower(), after.text == "("
    if word == "date" and after.kind == "string":
        return word
    if scope.type_of(text) and not is_called:
        return f'"{text}"'
    if word in (FUNCTIONS if is_called else KEYWORDS) or (word in KEYWORDS and word not in _NEVER_CALLED):
        return word
    problems.append(_unknown(text, is_called, scope))
    return "null"


def _unknown(text: str, is_called: bool, scope: Scope) -> str:  # noqa: FBT001 (of the word, not a switch)
    if is_called:
        return f"“{short(text)}” is no function that is allowed here. {ALLOWED}"
    if text in CONSTANTS:
        return f"“{text}” is known only in expressions over the records of a dataset."
    near = get_close_matches(text, [*scope.names, *(CONSTANTS if scope.period else [])], n=1)
    hint = f"; did you mean {near[0]}?" if near else scope.hint
    return f"“{short(text)}” is not {scope.noun}{hint}"
