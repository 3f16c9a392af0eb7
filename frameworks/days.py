"""Days as frameworks and their reference files write them: 2020-12-31, and no other way."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def day_of(text: str) -> date | None:
    """The day that the text writes; None where it writes none."""
    if not _DAY.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
