"""No name of a person reaches a reject: neither as a value, nor among the columns of a file without a header, nor as a file's name."""

from __future__ import annotations

import pytest

from tests.sources_world import World

SCORES = "张三,某大学,南京市,90,2021-01-05\n李四,某院,徐州市,80,2021-01-05\n"


@pytest.mark.parametrize("text", [SCORES, "张三,某大学,地区,90\n", "张三,评分\n", '"张三;地区"\n'])
def test_a_file_without_a_header_is_not_quoted_where_it_may_name_persons(reading: World, text: str) -> None:
    (reject,) = reading.read("expert_review", "scores", "专家.csv", text).rejects
    assert reject.rule == "columns_missing"
    assert "***" in reject.message_zh
    for secret in ("张三", "李四", "某大学", "90"):
        assert secret not in reject.message_zh + reject.message_en


def test_a_changed_header_is_quoted_as_before(reading: World) -> None:
    (reject,) = reading.read("expert_review", "scores", "专家.csv", "专家,单位,地区,评分,评分时间\n").rejects
    assert "文件中的列是：单位；" in reject.message_zh
    (reject,) = reading.read("provincial", "reconsideration", "行政复议.csv", "城区,件数\n").rejects
    assert "文件中的列是：城区、件数；" in reject.message_zh


def test_a_conflict_names_the_other_file_as_it_is_published(world: World) -> None:
    header = "专家,工作单位,地区,评分,评分时间\n"
    for name, score in (("张三", 90), ("李四", 80)):
        world.drop(f"expert_review/2021-01-10/专家评分_{name}.csv", f"{header}王五,某大学,南京市,{score},2021-01-05\n")
    world.run()
    messages = world.table("rejects").filter(rule="conflict")
    assert messages.height == 2
    load_ids = messages["load_id"].to_list()
    for message, other in zip(messages["message_zh"], reversed(load_ids), strict=True):
        assert f"另一份：scores_{other[:12]}.csv · D2" in message
        assert "张三" not in message
        assert "李四" not in message
