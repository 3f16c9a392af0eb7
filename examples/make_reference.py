"""Makes the reference files that can be computed: the calendar of working days and the pinyin of the registry's names.

Run by hand when the calendar library knows another year or a place is added; no run of an edition needs it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from storage import write_text
from storage.workspace import PROJECT

FIRST_DAY = date(2018, 1, 1)
LAST_DAY = date(2026, 12, 31)
REGISTRY_COLUMNS = ("code", "name", "name_en", "level", "parent_code", "valid_from", "valid_to", "successor_code")

# Where the commonest reading of a character is not the one that the place uses, or the name is written together with its kind.
NAMES_BY_HAND = {
    "320116": "Luhe",
    "320321": "Fengxian",
    "320322": "Peixian",
    "320803": "Huai'an District",
    "320903": "Yandu",
}
APOSTROPHE = {"huaian": "Huai'an", "haian": "Hai'an"}


def calendar_csv() -> str:
    """The working days of FIRST_DAY … LAST_DAY as CSV: `day,is_workday` (1 or 0), holidays off and make-up days on."""
    from chinese_calendar import is_workday  # a development package: no run depends on it

    rows = ((day.isoformat(), int(is_workday(day))) for day in _days())
    return _csv(("day", "is_workday"), rows)


def _days() -> Iterator[date]:
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        yield FIRST_DAY + timedelta(days=offset)


def registry_csv(registry: str) -> str:
    """The registry with `name_en` filled in: pinyin without the kind of place, with the city where two places of today would share it."""
    rows = list(csv.DictReader(io.StringIO(registry)))
    names = {row["code"]: NAMES_BY_HAND.get(row["code"]) or pinyin(row["name"][:-1]) for row in rows}
    shared = Counter((names[row["code"]], row["level"]) for row in rows if not row["valid_to"])
    for row in rows:
        name = names[row["code"]]
        row["name_en"] = f"{name} ({names[row['parent_code']]})" if shared[name, row["level"]] > 1 else name
    return _csv(REGISTRY_COLUMNS, ([row[column] for column in REGISTRY_COLUMNS] for row in rows))


def pinyin(name: str) -> str:
    """A name in pinyin without tones, in one word with a capital."""
    from pypinyin import lazy_pinyin  # a development package: no run depends on it

    word = "".join(lazy_pinyin(name))
    return APOSTROPHE.get(word, word.capitalize())


def _csv(header: tuple[str, ...], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def main() -> None:
    """Write both files anew, beside the frameworks."""
    folder: Path = PROJECT / "frameworks"
    registry = folder / "jiangsu_regions.csv"
    write_text(folder / "cn_workdays.csv", calendar_csv())
    write_text(registry, registry_csv(registry.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
