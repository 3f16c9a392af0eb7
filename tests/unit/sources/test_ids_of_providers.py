"""Ids of opinion items are their provider's: another provider's are others, and one that is used again is told."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from sources.assemble import SCHEMAS
from tests.sources_world import EDITION, World

BAD = {"item_id": "1", "title": "南京市政府拖欠工程款", "site_name": "甲网", "published_at": "2020-05-01"}
HARMLESS = {"item_id": "1", "title": "南京天气晴好", "site_name": "乙网", "published_at": "2020-06-01"}


def counted(world: World) -> list[str]:
    return world.table("opinion_items").filter(pl.col("is_counted")).sort("published_at")["title"].to_list()


def told(world: World) -> list[tuple[str, str, str]]:
    return world.table("rejects").select("file", "cell", "rule").rows()


def drop(world: World, name: str, *items: dict[str, str], sender: str | None = None) -> None:
    world.drop(f"opinion/{name}", "\n".join(json.dumps(item) for item in items))
    if sender:
        world.drop(f"opinion/{name}.delivery.yaml", f"sender: {sender}\n")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("甲公司/2020-12-01/a.jsonl", None), ("乙公司/2020-12-02/a.jsonl", None)),
        (("2020-12-01/a.jsonl", "甲公司"), ("2020-12-02/a.jsonl", "乙公司")),
        (("甲公司/a.jsonl", "丙"), ("乙公司/a.jsonl", "丙")),
    ],
)
def test_items_of_two_providers_both_count(world: World, first: tuple[str, str | None], second: tuple[str, str | None]) -> None:
    drop(world, first[0], BAD, sender=first[1])
    drop(world, second[0], HARMLESS, sender=second[1])
    world.run()
    assert (counted(world), told(world)) == ([BAD["title"], HARMLESS["title"]], [])


def test_an_id_used_again_by_its_provider_is_told_and_the_later_item_counts(world: World) -> None:
    drop(world, "甲公司/2020-12-01/a.jsonl", BAD, BAD | {"item_id": "2"})
    drop(world, "甲公司/2020-12-02/b.jsonl", HARMLESS, BAD | {"item_id": "2", "title": "南京市政府已付清工程款"})
    world.run()
    assert counted(world) == ["南京市政府已付清工程款", HARMLESS["title"]]
    assert told(world) == [("甲公司/2020-12-01/a.jsonl", "line 1", "id_used_again")]
    assert "甲公司/2020-12-02/b.jsonl · line 1" in world.table("rejects")["message_zh"][0]


def test_providers_and_ids_are_the_same_in_whatever_order_feeds_came(world: World, tmp_path: Path) -> None:
    feeds = [("甲公司/2020-12-01/a.jsonl", BAD), ("甲公司/2020-12-02/b.jsonl", HARMLESS), ("乙公司/2020-12-02/c.jsonl", BAD)]
    other = World(tmp_path / "other")
    for name, item in feeds:
        drop(world, name, item)
        world.run()
    for name, item in reversed(feeds):
        drop(other, name, item)
        other.run()
    for name in SCHEMAS:
        mine, theirs = (each.workspace.stage(EDITION) / "intake" / f"{name}.parquet" for each in (world, other))
        assert mine.read_bytes() == theirs.read_bytes(), name
