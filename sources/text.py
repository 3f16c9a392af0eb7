"""Texts as people type them: brought to one form for comparing, and masked for showing. Nothing here knows a file or a field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import opencc

P = ParamSpec("P")
T = TypeVar("T")
LONGEST_SHOWN = 80

LONGEST_KEPT = 200
_UNSEEN = dict.fromkeys(
    [
        *range(0x20),
        *range(0x7F, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xE0000, 0xE0080),
    ]
)
_PICTURES = _UNSEEN | {0x7F: "\u2421", 0x2028: " ", 0x2029: " "} | {code: chr(0x2400 + code) for code in range(0x20)}
_UNSEEN_BUT_BLANKS = {code: None for code in _UNSEEN if code not in (0x09, 0x0A, 0x0D)}
_BLANKS = re.compile(r"\s+")
_LONE = re.compile("[\ud800-\udfff]")
_IDENTITY = re.compile(r"(?<![0-9])\d{17}[0-9Xx](?![0-9])")
_TELEPHONE = re.compile(r"(?<![0-9])(?:1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}-?\d{7,8})(?![0-9])")


def encodable(text: str) -> str:
    """`text` with halves of signs (lone surrogates, which JSON and YAML can write and no file can hold) as replacement signs."""
    return _LONE.sub("\ufffd", text)


def plain(text: str) -> str:
    """Full-width forms as half-width ones (NFKC), without signs that nobody sees, without blanks at the ends."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = text.translate(_UNSEEN_BUT_BLANKS)
    return text.replace("\u2212", "-").strip()


def visible(text: str) -> str:
    """A name of outside as a terminal or a page may show it: control signs as pictures (␛), without what is unseen or turns text round."""
    return text if text.isprintable() else encodable(text.translate(_PICTURES))


def remembered(most: int) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Have a function keep what it gave for so many texts; not for long ones, which would fill the memory of who reads many files."""

    def of(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        kept = lru_cache(maxsize=most)(function)

        @wraps(function)
        def call(text: str, /, *args: P.args, **more: P.kwargs) -> T:
            return kept(text, *args, **more) if len(text) <= LONGEST_KEPT else function(text, *args, **more)  # type: ignore[arg-type]

        return call

    return of


@remembered(65_536)
def squeezed(text: str) -> str:
    """`plain`, without blanks inside, in small letters and simplified characters."""
    text = _BLANKS.sub("", plain(text)).casefold()
    return text if text.isascii() else simplified(text)


def simplified(text: str) -> str:
    """`text` with traditional characters as simplified ones."""
    converted: str = _simplifier().convert(text)
    return converted


@cache
def _simplifier() -> Any:
    return opencc.OpenCC("t2s")


@remembered(65_536)
def key(text: str) -> str:
    """What is compared of a name or a header: `squeezed`, without the asterisk of a required field or a colon at the end."""
    return squeezed(text).strip("*").rstrip(":")


def masked(text: str) -> str:
    """`text` with identity numbers (18 signs) and telephone numbers as asterisks."""
    text = _IDENTITY.sub(_stars, text)
    return _TELEPHONE.sub(_stars, text)


def shown(text: str) -> str:
    """What a report may show of a delivered text: one line, masked, at most 80 signs."""
    line = masked(_BLANKS.sub(" ", plain(text)))
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def _stars(match: re.Match[str]) -> str:
    return "*" * len(match[0])
