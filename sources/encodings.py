"""Bytes as text: in which encoding, and how to know text that was read in a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sources.batch import UnreadableDelivery, rejected
from sources.text import key, plain, simplified

_BLANKS = re.compile(r"\s+")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 64 * 1024
# Of Big5 all characters are common ones; read as GB18030, of pieces of 200 signs at most 0.68 are (measured on prose of our own).
_NEARLY_ALL, _TOO_FEW, _FEWEST = 0.95, 0.75, 8
_WRONGLY_READ_AS = ("gb18030", "latin-1", "cp1252")


def decode(content: bytes) -> str:
    """The text in UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030, strictly. Raises UnreadableDelivery where it is none.

    Big5 is refused: what it holds could be read, but not told from GB18030 for certain.
    """
    if content.startswith(_UTF_16):
        return _strictly(content, "utf-16")
    if b"\0" in content:
        _strictly(content.replace(b"\0", b""), "utf-8-sig", "gb18030")
        raise UnreadableDelivery(rejected("nul_bytes"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end >= len(content) - 1 and error.reason == "unexpected end of data" and not content[: error.start].isascii():
            raise UnreadableDelivery(rejected("cut_text")) from error
    if _is_big_five(content[:_LOOKED_AT]):
        raise UnreadableDelivery(rejected("big_five"))
    return _strictly(content, "gb18030")


def _is_big_five(content: bytes) -> bool:
    """Whether the bytes give common characters when they are read as Big5, and too many rare ones when they are read as GB18030."""
    big_five, other = (_common(simplified(content.decode(encoding, "replace"))) for encoding in ("big5hkscs", "gb18030"))
    return big_five > _NEARLY_ALL and other < _TOO_FEW


def _common(text: str) -> float:
    """The share of a text's characters that are among the 6,763 common ones of GB 2312, signs of ASCII left out; 1 where they are few."""
    kept = text.encode("gb2312", "ignore").decode("gb2312")
    of_all, of_kept = (sum(not sign.isascii() for sign in signs) for signs in (text, kept))
    return of_kept / of_all if of_all >= _FEWEST else 1.0


def _strictly(content: bytes, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDelivery(rejected("not_text"))


def misread(content: bytes, text: str, wanted: Mapping[str, Sequence[str]], found: int) -> str | None:
    """The rule that a text breaks whose header names more of the `wanted` fields in another encoding; None where it is sound.

    `found`: how many fields its header names as it is.
    """
    names = {key(header) for headers in wanted.values() for header in headers if not header.isascii()}
    if _named(names, [text[:_LOOKED_AT]]) > found:
        return None  # the names are there, whatever became of the header
    if _named(names, [content[:_LOOKED_AT].decode("big5", "ignore")]) > found:
        return "big_five"
    return "mojibake" if _named(names, repaired(text[:_LOOKED_AT])) > found else None


def repaired(text: str) -> Iterable[str]:
    """What a text of UTF-8 said that was read in another encoding and saved again, once for each; pieces that are lost are left out."""
    for encoding in _WRONGLY_READ_AS:
        yield text.encode(encoding, "ignore").decode("utf-8", "ignore")


def _named(names: Iterable[str], texts: Iterable[str]) -> int:
    """How many of the names one of the texts holds, at most."""
    sought, read = list(names), (simplified(_BLANKS.sub("", plain(text))) for text in texts)
    return max((sum(name in text for name in sought) for text in read), default=0)
