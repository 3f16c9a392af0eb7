"""Against labelled real headlines: how well places and negative news are found with the words of `jiangsu-2020`."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import pytest

from frameworks import Framework, load_framework
from sources.context import places_of
from sources.opinion_places import Linker
from sources.opinion_text import Judge, normalise
from sources.words import load_words
from storage import Workspace
from storage.workspace import PROJECT

FOLDER = PROJECT.parent / "shared" / "reference" / "opinion"
WORKSPACE = Workspace(PROJECT / "data", PROJECT / "frameworks")

pytestmark = [pytest.mark.reference, pytest.mark.skipif(not FOLDER.exists(), reason="no labelled headlines: ../shared/reference is absent")]


@pytest.fixture(scope="module")
def framework() -> Framework:
    return load_framework(WORKSPACE, "jiangsu-2020")


@pytest.fixture(scope="module")
def linker(framework: Framework) -> Linker:
    words = load_words(WORKSPACE)
    return Linker(framework.registry, places_of(framework, words), words)


def labelled(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(pairs: Iterable[tuple[set[str], set[str]]]) -> tuple[float, float, float]:
    """Micro precision, recall and F1 over (item, label), from pairs of true and found labels."""
    both = [(len(true & found), len(true), len(found)) for true, found in pairs]
    right, true, found = (sum(column) for column in zip(*both, strict=True))
    return right / found, right / true, 2 * right / (found + true)


def test_places_of_real_headlines(linker: Linker, record_property: Callable[[str, object], None]) -> None:
    rows = labelled(FOLDER / "region_headlines.csv")
    precision, recall, f1 = measured((set(row["gold_codes"].split(";")) - {""}, set(linker.link(normalise(row["title"])))) for row in rows)
    record_property("places P R F1", f"{precision:.3f} {recall:.3f} {f1:.3f}")
    assert f1 >= 0.9, (precision, recall, f1)


def test_negative_news_of_real_headlines(framework: Framework, record_property: Callable[[str, object], None]) -> None:
    judge = Judge(framework.file.opinion)
    rows = labelled(FOLDER / "government_negative.csv")
    pairs = (
        ({row["relevant"]} - {"0"}, {"1"} if judge.category(normalise(row["title"]), normalise(row["body"])) else set()) for row in rows
    )
    precision, recall, f1 = measured(pairs)
    record_property("negative P R F1", f"{precision:.3f} {recall:.3f} {f1:.3f}")
    assert f1 >= 0.7, (precision, recall, f1)


def test_headlines_at_large_are_linked_rarely_and_fast(linker: Linker) -> None:
    titles = pl.read_parquet(FOLDER / "headlines.parquet", columns=["title"])["title"].head(100_000).to_list()
    started = time.process_time()
    linked = sum(bool(linker.link(title)) for title in titles)
    assert time.process_time() - started < 10  # 20,000 items are a day's feed
    assert linked / len(titles) < 0.02  # Jiangsu is a seldom subject
