"""An opinion item's text: made comparable, fingerprinted, and judged negative or not. Places are no matter here."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass

from frameworks.model import Opinion
from sources.text import plain, simplified

LEAD = 200  # signs of a body that stand for it where its title does not say enough

_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z][^<>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_PINYIN = re.compile(r"(?<=[\u4e00-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]{1,7}\)")
_LITTER = re.compile(r"_x000[dD]_|@@")
_BLANKS = re.compile(r"\s+")


def normalise(text: str) -> str:
    """The text as a reader sees it: entities resolved (at most twice), no tags, half-width, simplified, no pinyin in brackets, one line."""
    for _ in range(2):
        text = html.unescape(text) if "&" in text else text
    text = plain(_TAG.sub(" ", text) if "<" in text else text)
    text = _LITTER.sub("", _PINYIN.sub("", simplified(text)))
    return _BLANKS.sub(" ", text).strip()


def text_hash(title: str, body: str) -> str:
    """SHA-256 of normalised title and body without blanks: equal for exact repeats."""
    return hashlib.sha256("\n".join(_BLANKS.sub("", text) for text in (title, body)).encode()).hexdigest()


@dataclass(frozen=True)
class _Category:
    code: str
    words: re.Pattern[str]


class Judge:
    """Says whether an item is negative news of a public body, and of which category, by the framework's words alone."""

    def __init__(self, opinion: Opinion | None) -> None:
        # The gravest first; within one severity as the framework lists them.
        ranked = sorted(opinion.categories, key=lambda category: -category.severity) if opinion else []
        self._categories = [_Category(category.code, _any(category.words)) for category in ranked]
        self._bodies = _any(opinion.bodies if opinion else [])
        self._stops = _any(opinion.stop_phrases if opinion else [])

    def category(self, title: str, body: str) -> str | None:
        """The category of a negative item; None where it is not negative. Both texts normalised.

        The title alone is judged, the body's lead only where there is no title: words taken from bodies are wrong as often as right, and
        a private firm's arrears become the office's that looks into them.
        """
        text = title or body[:LEAD]
        if not self._bodies.search(text) or self._stops.search(text):
            return None
        return next((category.code for category in self._categories if category.words.search(text)), None)


def _any(words: list[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words; without words one that finds nothing."""
    if not words:
        return re.compile(r"(?!)")
    return re.compile("|".join(re.escape(normalise(word)) for word in sorted(words, key=len, reverse=True)))
