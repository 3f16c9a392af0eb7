from pathlib import Path

import polars as pl
import pytest

from orchestration.changes import since_edition, since_release

Row = tuple[str, float | None, int | None, str | None, int | None]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "now", tmp_path / "before"


def release(folder: Path, *rows: Row) -> None:
    folder.mkdir()
    names = ("entity_code", "total", "rank", "grade", "change_rank")
    frame = pl.DataFrame(rows, schema=dict(zip(names, (pl.String, pl.Float64, pl.Int64, pl.String, pl.Int64), strict=True)), orient="row")
    extra = {"name_zh": "entity_code", "name_en": "entity_code"}
    frame.with_columns(
        *[pl.col(source).alias(name) for name, source in extra.items()],
        pl.lit("city").alias("group_code"),
        pl.lit(None, pl.Float64).alias("previous_total"),
        pl.lit(None, pl.Int64).alias("previous_rank"),
        pl.lit(None, pl.Float64).alias("change_total"),
    ).write_parquet(folder / "fct_ranking.parquet")


def test_a_release_tells_whose_total_rank_or_grade_another_one_gave(folders: tuple[Path, Path]) -> None:
    now, before = folders
    release(before, ("a", 90.0, 1, "A", None), ("b", 80.0, 2, "B", None), ("c", 70.0, 3, "C", None), ("d", 60.0, 4, "D", None))
    release(now, ("a", 90.0, 1, "A", None), ("b", 80.0, 2, "C", None), ("c", None, None, None, None), ("e", 60.0, 3, "D", None))
    changes = since_release(now, before)
    assert changes["entity_code"].to_list() == ["b", "e", "c"]
    assert changes.row(0, named=True) | {"grade": "C", "grade_before": "B", "total_before": 80.0} == changes.row(0, named=True)
    assert changes.row(2, named=True)["rank_before"] == 3


def test_the_same_release_changes_nothing(folders: tuple[Path, Path]) -> None:
    now, before = folders
    for folder in folders:
        release(folder, ("a", 90.0, 1, "A", None), ("b", None, None, None, None))
    assert since_release(now, before).is_empty()


def test_the_longest_moves_since_the_previous_edition_come_first(folders: tuple[Path, Path]) -> None:
    now, _ = folders
    release(now, ("a", 1.0, 1, "A", 2), ("b", 1.0, 2, "A", -9), ("c", 1.0, 3, "A", 0), ("d", 1.0, 4, "A", None), ("e", 1.0, 5, "A", 9))
    assert since_edition(now)["entity_code"].to_list() == ["b", "e", "a"]
