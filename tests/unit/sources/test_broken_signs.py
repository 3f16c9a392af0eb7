"""Signs that mislead a reader: halves of signs in JSON and YAML, a per cent sign that a number format merely prints."""

from __future__ import annotations

import json

import pytest

from tests.sources_world import World, workbook


def test_a_half_sign_in_one_item_costs_the_sign_and_no_item(world: World) -> None:
    items = [
        {
            "item_id": "1",
            "title": "南京市政府\ud83d拖欠工程款",
            "body": "\udc00",
            "published_at": "2020-05-01",
            "\ud83d": 1,
            "url": ["\ud83d"],
        },
        {"item_id": "2", "title": "徐州市政府拖欠工程款\U0001f600", "published_at": "2020-05-01"},
    ]
    world.drop("opinion/2020-12-01/a.jsonl", "\n".join(json.dumps(item) for item in items))
    world.run()
    titles = world.table("opinion_items").sort("item_id")["title"].to_list()
    assert titles == ["南京市政府\ufffd拖欠工程款", "徐州市政府拖欠工程款\U0001f600"]
    assert world.table("rejects").height == 0


def test_a_half_sign_in_a_delivery_note_stops_nothing(world: World) -> None:
    world.drop("provincial/行政复议.csv", "地区,审结件数\n南京市,3\n")
    world.drop("provincial/行政复议.csv.delivery.yaml", 'sender: "省厅\\ud83d"\nsent_at: 2020-12-01\n')
    world.run()
    assert world.table("deliveries")["sender"].to_list() == ["省厅\ufffd"]


@pytest.mark.parametrize(
    ("number_format", "delivered", "number"),
    [('0"%"', 98, 98), ("0\\%", 98, 98), ("0.0_%", 98, 98), ("0%", 0.98, 98), ('0.0"约"%', 0.98, 98), ("[Red]0.0%;-0%", 0.98, 98)],
)
def test_a_per_cent_sign_that_a_format_only_prints_makes_no_percentage(
    reading: World, number_format: str, delivered: float, number: float
) -> None:
    content = workbook({"表": [["地区", "按期审结率"], ["南京市", delivered]]}, {"B2": number_format})
    batch = reading.read("provincial", "reconsideration", "行政复议.xlsx", content)
    assert [cell.number for cell in batch.cells] == [number]
