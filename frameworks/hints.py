"""Small words of checks: which known word was meant, what stands twice, how a number is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from frameworks.document import Loc

_SHOWN = 10  # of known words


def doubles(codes: Iterable[tuple[Loc, str]]) -> Iterator[tuple[Loc, str, Loc]]:
    """Places whose code has stood before, with the place where it first stood."""
    first: dict[str, Loc] = {}
    for loc, code in codes:
        if code in first:
            yield loc, code, first[code]
        first.setdefault(code, loc)


def near(word: str, known: Iterable[str]) -> str:
    """A hint: the known word that is meant, or all of them; of many the nearest, in their own order."""
    listed = list(known)
    close = get_close_matches(word, listed, n=1)
    if close:
        return f"did you mean {close[0]}?"
    if not listed:
        return "none is defined."
    nearest = set(get_close_matches(word, listed, n=_SHOWN, cutoff=0))
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"known are {', '.join(name for name in listed if name in nearest)}{more}."


def figure(value: float) -> str:
    """A number as an author writes it."""
    return f"{value:.10g}"
