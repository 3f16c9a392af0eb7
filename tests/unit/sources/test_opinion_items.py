# ruff: noqa: DTZ001 - moments of the lake are UTC without a zone
from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from sources.batch import Batch
from tests.sources_world import World

GOOD = {
    "item_id": "n-1",
    "title": "南京市政府被指拖欠工程款",
    "body": "<p>正文</p>",
    "site_name": "某网",
    "media_level": "中央",
    "published_at": "2020-05-01 10:00:00",
    "heat": 63.5,
    "url": "https://example.com/1",
}


def lines(world: World, *items: dict[str, Any] | str) -> Batch:
    text = "\n".join(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items)
    return world.read("opinion", "items", "feed.jsonl", text)


def rules(batch: Batch) -> list[tuple[str, str | None]]:
    return [(reject.rule, reject.cell) for reject in batch.rejects]


def test_one_row_is_an_item_and_the_place_that_it_is_about(reading: World) -> None:
    batch = lines(reading, GOOD)
    (item,) = batch.items
    assert (item.line_no, item.item_id, item.title, item.published_at) == (1, "n-1", "南京市政府被指拖欠工程款", datetime(2020, 5, 1, 2))
    assert (item.site_name, item.media_tier, item.heat) == ("某网", "central", 63.5)
    assert (item.entity_code, item.category, item.is_negative) == ("320100", "arrears", True)
    assert (batch.rejects, batch.unmapped) == ([], ["url"])


def test_an_item_about_two_places_has_two_rows_and_one_about_none_has_one(reading: World) -> None:
    batch = lines(reading, GOOD | {"title": "南京、苏州两市政府回应"}, GOOD | {"item_id": "n-2", "title": "今天天气不错"})
    assert [(item.item_id, item.entity_code) for item in batch.items] == [("n-1", "320100"), ("n-1", "320500"), ("n-2", None)]


def test_where_the_title_names_no_place_the_lead_of_the_body_may(reading: World) -> None:
    batch = lines(reading, GOOD | {"title": "某地政府拖欠工程款", "body": "据了解，徐州市丰县的企业主反映……"})
    assert [item.entity_code for item in batch.items] == ["320321"]
    batch = lines(reading, GOOD | {"title": "某地政府拖欠工程款", "body": "很" * 300 + "徐州市丰县"})
    assert [item.entity_code for item in batch.items] == [None]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"item_id": ""}, ("key_missing", "line 1 item_id")),
        ({"title": " ", "body": None}, ("empty_item", "line 1 title")),
        ({"published_at": "0000-00-00 00:00:00"}, ("not_a_moment", "line 1 published_at")),
        ({"published_at": None}, ("not_a_moment", "line 1 published_at")),
        ({"published_at": 1588298400}, ("not_a_moment", "line 1 published_at")),
        ({"published_at": "2021-01-01 00:00"}, ("outside_period", "line 1 published_at")),
    ],
)
def test_an_item_without_id_text_or_moment_is_rejected(reading: World, change: dict[str, Any], rule: tuple[str, str]) -> None:
    batch = lines(reading, GOOD | change)
    assert (batch.items, rules(batch)) == ([], [rule])


def test_a_doubtful_detail_is_rejected_and_the_item_taken(reading: World) -> None:
    batch = lines(reading, GOOD | {"media_level": "外星", "heat": "很高"})
    assert rules(batch) == [("unknown_category", "line 1 media_level"), ("not_a_number", "line 1 heat")]
    assert [(item.media_tier, item.heat) for item in batch.items] == [(None, None)]


def test_a_line_that_is_cut_is_one_reject_with_its_number(reading: World) -> None:
    batch = lines(reading, GOOD, "", '{"item_id": "n-2", "title": "南', "[1]", GOOD | {"item_id": "n-3", "title": "带\u2028行的标题"})
    assert rules(batch) == [("not_json", "line 3"), ("not_json", "line 4")]
    assert [(item.line_no, item.item_id) for item in batch.items] == [(1, "n-1"), (5, "n-3")]


def test_a_file_without_any_item_is_one_reject(reading: World) -> None:
    batch = lines(reading, "地区,审结件数", "南京市,3")
    assert rules(batch) == [("not_json_lines", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_and_encodings(reading: World, encoding: str) -> None:
    header = "编号;标题;正文;发布时间;媒体级别\n"
    text = f"{header}n-1;南京市政府拖欠;;2020年5月1日 10:00;央级\n{header}n-2;天气;;2020-05-02;省级\n"
    batch = reading.read("opinion", "items", "舆情.csv", text.encode(encoding))
    assert [(item.line_no, item.item_id, item.entity_code, item.published_at) for item in batch.items] == [
        (2, "n-1", "320100", datetime(2020, 5, 1, 2)),
        (4, "n-2", None, datetime(2020, 5, 1, 16)),
    ]
    assert (rules(batch), batch.left_out["header"]) == ([("unknown_category", "E2")], 1)
    batch = reading.read("opinion", "items", "舆情.csv", "编号,标题\nn-1,甲\n".encode(encoding))
    assert rules(batch) == [("columns_missing", None)]
    assert "published_at" in batch.rejects[0].message_zh


def test_exact_repeats_have_one_hash_whatever_their_dress(reading: World) -> None:
    dressed = GOOD | {"item_id": "n-2", "title": "南京市政府被指拖欠工程款　", "body": "<div>正&nbsp;文</div>"}
    traditional = GOOD | {"item_id": "n-3", "title": "南京市政府被指拖欠工程款", "body": "正(zhèng)文"}
    other = GOOD | {"item_id": "n-4", "body": "正文二"}
    hashes = [item.text_hash for item in lines(reading, GOOD, dressed, traditional, other).items]
    assert len(set(hashes[:3])) == 1
    assert hashes[3] not in hashes[:3]


def test_of_one_id_the_text_sent_last_counts_then_that_published_last(world: World) -> None:
    def feed(*items: dict[str, Any]) -> str:
        return "\n".join(json.dumps(GOOD | item, ensure_ascii=False) for item in items)

    world.drop("opinion/2020-12-01/a.jsonl", feed({"title": "甲"}, {"item_id": "n-2", "title": "甲", "published_at": "2020-05-02"}))
    world.drop(
        "opinion/2020-12-02/b.jsonl", feed({"title": "乙"}, {"item_id": "n-3"}, {"item_id": "n-3"}, {"item_id": "n-4", "title": "丙"})
    )
    world.drop("opinion/2020-12-02/c.jsonl", feed({"item_id": "n-4", "title": "丁"}, {"item_id": "n-5", "title": "戊"}))
    world.drop("opinion/2020-12-02/d.jsonl", feed({"item_id": "n-5", "title": "己", "published_at": "2020-05-02"}, {"item_id": "n-3"}))
    world.run()
    items = world.table("opinion_items")
    counted = items.filter(pl.col("is_counted")).select("item_id", "title").sort("item_id").rows()
    assert counted == [("n-1", "乙"), ("n-2", "甲"), ("n-3", GOOD["title"]), ("n-5", "己")]
    conflicts = world.table("rejects").filter(rule="conflict").select("file", "cell", "value").rows()
    assert conflicts == [("2020-12-02/b.jsonl", "line 4", "n-4"), ("2020-12-02/c.jsonl", "line 1", "n-4")]
