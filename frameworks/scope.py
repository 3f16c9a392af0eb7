"""What an expression may hold: its words, its functions, and the names of its scope with their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Type = Literal["number", "boolean", "date", "moment", "text", "null"]

KEYWORDS = frozenset(["and", "or", "not", "in", "is", "null", "between", "case", "when", "then", "else", "end", "true", "false"])
FUNCTIONS = frozenset(
    ["if", "coalesce", "nullif", "least", "greatest", "abs", "ln", "log10", "exp", "sqrt", "power", "round", "workdays", "add_months"]
)
CONSTANTS = frozenset({"period_from", "period_to"})
RESERVED = KEYWORDS | FUNCTIONS | CONSTANTS
NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}\Z")
ALLOWED = (
    "Allowed: + - * /, = <> < <= > >=, and or not, is null, in (…), between, case, if, coalesce, nullif, least, greatest, abs, ln, "
    "log10, exp, sqrt, power, round, workdays, add_months, numbers, date '2020-12-31', true false null, codes in single quotes."
)


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
    hint: str = ". Write it under its code, or add it."

    def type_of(self, name: str) -> Name | None:
        """The name's meaning, or None where it has none."""
        if name in CONSTANTS and self.period:
            return Name("date")
        return self.names.get(name)


NORM_SCOPE = Scope(
    {name: Name("number") for name in ("x", "lowest", "highest", "mean", "sd", "median", "n", "place")},
    "a word of a formula",
    hint="; write x, lowest, highest, mean, sd, median, n or place.",
)


def short(text: str) -> str:
    """The text on one line, for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
