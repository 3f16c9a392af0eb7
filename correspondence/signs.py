"""Texts from outside as a page may show them: signs that nobody sees, or that turn a text round, take no effect."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"


def shown(text: str) -> str:
    """`text` with control signs as their pictures (\u241b), without signs that are unseen or change the direction of what follows."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(sign: str) -> str:
    if sign in _KEPT or unicodedata.category(sign)[0] != "C":
        return sign
    code = ord(sign)
    return chr(0x2400 + code) if code < 0x20 else ""
