from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from frameworks import load_framework
from sources import LakeNotCurrent, archive, assemble, parse
from sources.assemble import SCHEMAS
from storage import SOURCES
from tests.sources_world import EDITION, World, form

HEADER = "地区,审结件数,纠错件数,按期审结率,风险等级\n"


def counted(world: World, field: str = "cases") -> dict[str, float]:
    cells = world.table("cells").filter((pl.col("field") == field) & pl.col("is_counted"))
    return dict(cells.select("entity_code", "number").iter_rows())


def because(world: World) -> set[tuple[str, str | None]]:
    return set(world.table("cells").select("file", "not_counted_because").iter_rows())


def states(world: World) -> dict[str, str]:
    return dict(world.table("deliveries").select("file", "state").iter_rows())


def rules(world: World) -> list[tuple[str, str]]:
    return list(world.table("rejects").select("file", "rule").iter_rows())


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_every_table_is_there_with_its_schema_though_nothing_was_delivered(world: World) -> None:
    world.run()
    for name, schema in SCHEMAS.items():
        table = world.table(name)
        assert (table.height, dict(table.schema)) == (0, schema)


def test_a_newer_table_supersedes_the_places_that_it_holds_and_no_other(world: World) -> None:
    world.drop("provincial/2020-12-01/行政复议.csv", HEADER + "南京市,3,1,95,绿\n徐州市,4,1,95,绿\n")
    world.drop("provincial/2020-12-05/行政复议.csv", HEADER + "南京市,30,1,95,绿\n")
    world.run()
    assert counted(world) == {"320100": 30, "320300": 4}
    assert ("2020-12-01/行政复议.csv", "superseded") in because(world)


def test_a_newer_form_supersedes_the_whole_form(world: World) -> None:
    world.drop("self_assessment/2020-12-01/自评.xlsx", form("南京市", [("officials", 100), ("trained", 50)]))
    world.drop("self_assessment/2020-12-05/自评.xlsx", form("南京市", [("officials", 120)]))
    world.run()
    assert counted(world, "officials") == {"320100": 120}
    assert counted(world, "trained") == {}


def test_two_forms_of_one_moment_are_both_held_back_and_both_listed(world: World) -> None:
    world.drop("self_assessment/2020-12-01/甲_自评.xlsx", form("南京市", [("officials", 100)]))
    world.drop("self_assessment/2020-12-01/乙_自评.xlsx", form("南京市", [("officials", 120)]))
    world.run()
    assert counted(world, "officials") == {}
    assert {reason for _, reason in because(world)} == {"conflict"}
    assert rules(world) == [("2020-12-01/乙_自评.xlsx", "conflict"), ("2020-12-01/甲_自评.xlsx", "conflict")]
    assert "2020-12-01/甲_自评.xlsx · 甲 · B2" in world.table("rejects")["message_zh"][0]


def test_the_same_bytes_under_two_names_are_one_delivery(world: World) -> None:
    text = HEADER + "南京市,3,1,95,绿\n"
    world.drop("provincial/2020-12-05/行政复议.csv", text)
    world.drop("provincial/2020-12-01/行政复议（副本）.csv", text)
    world.run()
    assert states(world) == {"2020-12-01/行政复议（副本）.csv": "duplicate", "2020-12-05/行政复议.csv": "taken"}
    assert set(world.table("cells")["file"]) == {"2020-12-05/行政复议.csv"}


def test_who_sends_again_what_was_sent_before_another_means_it(world: World) -> None:
    first, second = HEADER + "南京市,3,1,95,绿\n", HEADER + "南京市,30,1,95,绿\n"
    world.drop("provincial/2020-12-01/行政复议.csv", first)
    world.drop("provincial/2020-12-05/行政复议.csv", second)
    world.run()
    assert counted(world) == {"320100": 30}
    world.drop("provincial/2020-12-09/行政复议.csv", first)
    world.run()
    assert counted(world) == {"320100": 3}
    assert states(world) == {"2020-12-01/行政复议.csv": "duplicate", "2020-12-05/行政复议.csv": "taken", "2020-12-09/行政复议.csv": "taken"}


def test_of_the_same_bytes_the_one_sent_last_counts_whatever_its_name(world: World) -> None:
    text = HEADER + "南京市,3,1,95,绿\n"
    for name, day in (("a行政复议.csv", "2020-12-05"), ("b行政复议.csv", "2020-12-01")):
        world.drop(f"provincial/{name}", text)
        world.drop(f"provincial/{name}.delivery.yaml", f"sent_at: {day}\n")
    world.run()
    assert states(world) == {"a行政复议.csv": "taken", "b行政复议.csv": "duplicate"}


def test_a_file_renamed_as_asked_counts_though_its_bytes_were_rejected_before(world: World) -> None:
    text = HEADER + "南京市,3,1,95,绿\n"
    world.drop("provincial/2020-12-01/复议.csv", text)
    world.drop("provincial/2020-12-05/行政复议.csv", text)
    world.run()
    assert states(world) == {"2020-12-01/复议.csv": "rejected", "2020-12-05/行政复议.csv": "taken"}
    assert counted(world) == {"320100": 3}


def test_file_names_fit_by_pattern_whatever_their_width_and_capitals(world: World) -> None:
    world.drop("provincial/2020-12-01/Ｒeview２０２０.csv", HEADER + "南京市,3,1,95,绿\n")
    world.drop("provincial/2020-12-01/行政复议和人口.csv", HEADER)
    world.drop("provincial/2020-12-01/别的.csv", HEADER)
    world.run()
    assert counted(world) == {"320100": 3}
    told = dict(world.table("rejects").select("rule", "message_zh").iter_rows())
    assert told["several_datasets"] == "文件名同时符合多类数据（*行政复议*、*REVIEW*、*人口*），请改为只符合其中一类的名称后重新报送。"
    assert told["no_dataset"] == "文件名不符合本来源的任何一类数据，请按以下格式之一命名后重新报送：*行政复议*、*REVIEW*、*人口*。"


def test_the_later_score_of_one_expert_counts_and_experts_of_the_place_are_left_out(world: World) -> None:
    rows = [
        "甲,某大学,南京市,90,2021-01-05 09:00",
        "甲,某大学,南京市,70,2021-01-06 09:00",
        "乙,南京市审计局,南京市,95,2021-01-05 09:00",
        "乙,南京市审计局,玄武区,95,2021-01-05 09:00",
        "乙,南京市审计局,徐州市,60,2021-01-05 09:00",
        "丙,江苏南京财经学院,南京市,50,2021-01-05 09:00",
        "丁,玄武区司法局,南京市,80,2021-01-05 09:00",
        "戊,某集团南京市分公司,南京市,40,2021-01-05 09:00",
        "己,某集团南京分公司,南京市,30,2021-01-05 09:00",
    ]
    world.drop("expert_review/2021-01-10/专家.csv", "专家,工作单位,地区,评分,评分时间\n" + "\n".join(rows) + "\n")
    world.run()
    scores = world.table("cells").filter(pl.col("field") == "score").select("entity_code", "number", "not_counted_because")
    assert sorted(scores.iter_rows(), key=str) == sorted(
        [
            ("320100", 90.0, "superseded"),
            ("320100", 70.0, None),
            ("320100", 95.0, "recused"),
            ("320102", 95.0, "recused"),
            ("320300", 60.0, None),
            ("320100", 50.0, "recused"),
            ("320100", 80.0, None),
            ("320100", 40.0, "recused"),
            ("320100", 30.0, None),
        ],
        key=str,
    )


def test_each_score_of_a_recused_expert_is_listed_without_a_name(world: World) -> None:
    rows = ["乙,南京市审计局,南京市,95,2021-01-05", "乙,南京市审计局,玄武区,95,2021-01-05", "丙,某大学,南京市,95,2021-01-05"]
    world.drop("expert_review/2021-01-10/专家.csv", "专家,工作单位,地区,评分,评分时间\n" + "\n".join(rows) + "\n")
    assembly = world.run()
    told = world.table("rejects")
    assert list(told.select("rule", "cell", "value").iter_rows()) == [("recused", "B2", "***"), ("recused", "B3", "***")]
    assert ["南京市" in told["message_zh"][0], "玄武区" in told["message_zh"][1]] == [True, True]
    assert "审计局" not in str(told.rows())
    assert (assembly.rejects_by_rule, states(world)) == ({"recused": 2}, {"2021-01-10/专家.csv": "taken"})


def test_a_decision_on_an_item_that_is_none_of_the_place_decides_nothing_and_is_told(world: World) -> None:
    item = '{"item_id": "N 1", "title": "南京市政府拖欠工程款", "published_at": "2020-05-01"}\n'
    world.drop("opinion/2021-01-01/a.jsonl", item)
    header = "地区,舆情编号,结论,类别,理由,核定人\n"
    world.drop("correction/2021-02-01/核定.csv", header + "南京市,n1,已整改,,查实,王五\n")
    world.drop(
        "correction/2021-02-02/核定.csv",
        header + "南京市,n2,不属实,,查实,王五\n徐州市,N1,不属实,,查实,王五\n南京市,Ｎ１,未整改,,查实,王五\n",
    )
    world.run()
    cells = world.table("cells").filter(pl.col("field") == "state").sort("file", "record_no")
    assert cells["not_counted_because"].to_list() == ["superseded", "names_nothing", "names_nothing", None]
    told = world.table("rejects").select("rule", "file", "cell", "value")
    assert list(told.iter_rows()) == [
        ("unknown_item", "2021-02-02/核定.csv", "B2", "n2"),
        ("unknown_item", "2021-02-02/核定.csv", "B3", "N1"),
    ]


def test_a_test_delivered_twice_counts_once_and_retold_otherwise_the_later_file_counts(world: World) -> None:
    header = "编号,地区,拨打日期,类型,是否接通,回复日期\n"
    world.drop(
        "third_party/2020-12-01/热线.csv",
        header + "T1,南京市,2020-03-01,咨询,是,\nＴ１,南京,2020/3/1,咨询,接通,—\nT2,南京市,2020-03-01,咨询,是,\n",
    )
    world.drop("third_party/2020-12-02/热线.csv", header + "T2,南京市,2020-03-01,咨询,否,\n")
    world.run()
    cells = world.table("cells").filter(pl.col("field") == "is_answered").sort("load_id", "record_no")
    told = {(row["file"][:10], row["cell"]): row["not_counted_because"] for row in cells.rows(named=True)}
    assert told == {
        ("2020-12-01", "E2"): None,
        ("2020-12-01", "E3"): "duplicate",
        ("2020-12-01", "E4"): "superseded",
        ("2020-12-02", "E2"): None,
    }


def test_a_withdrawn_delivery_does_not_count_and_the_one_before_it_does(world: World) -> None:
    wrong = HEADER + "南京市,30,1,95,绿\n"
    world.drop("provincial/2020-12-01/行政复议.csv", HEADER + "南京市,3,1,95,绿\n")
    world.drop("provincial/2020-12-05/行政复议.csv", wrong)
    world.drop("correction/2020-12-10/撤回.csv", f"文件指纹,理由,核定人\n{sha(wrong).upper()},报错,王五\nabcd,报错,王五\n")
    world.run()
    assert counted(world) == {"320100": 3}
    assert states(world)["2020-12-05/行政复议.csv"] == "withdrawn"
    assert rules(world) == [("2020-12-10/撤回.csv", "unknown_delivery")]
    world.drop("correction/2020-12-11/撤回.csv", f"文件指纹,理由,核定人\n{sha(wrong)},报错,\n")
    world.run()
    assert ("2020-12-11/撤回.csv", "decided_by_missing") in rules(world)


def test_the_tables_are_the_same_bytes_in_whatever_order_files_came(world: World, tmp_path: Path) -> None:
    files: list[tuple[str, Any]] = [
        ("provincial/2020-12-01/行政复议.csv", HEADER + "南京市,3,1,95,绿\n某市,1,1,95,绿\n"),
        ("provincial/2020-12-05/行政复议.csv", HEADER + "南京市,约3,1,95,绿\n"),
        ("provincial/2020-12-05/行政复议2.csv", HEADER + "南京市,5,1,95,绿\n"),
        ("self_assessment/2020-12-01/自评.xlsx", form("南京市", [("officials", 100)])),
        ("opinion/2020-12-01/a.jsonl", '{"item_id": "1", "title": "南京市政府拖欠工程款", "published_at": "2020-05-01"}\n'),
        ("readme.txt", "x"),
    ]
    other = World(tmp_path / "other")
    for name, content in files:
        world.drop(name, content)
        world.run()  # one after the other
    for name, content in reversed(files):
        other.drop(name, content)
    for each in (world, other):
        os.utime(each.workspace.data / "inbox" / EDITION / "readme.txt", (1_600_000_000, 1_600_000_000))
    shutil.rmtree(world.workspace.data / "archive")
    world.run()
    other.run()
    for name in SCHEMAS:
        mine, theirs = (each.workspace.stage(EDITION) / "intake" / f"{name}.parquet" for each in (world, other))
        assert mine.read_bytes() == theirs.read_bytes(), name


def test_lake_and_stage_come_back_from_the_archive_alone(world: World) -> None:
    world.drop("provincial/2020-12-01/行政复议.csv", HEADER + "南京市,3,1,95,绿\n某市,1,1,95,绿\n")
    world.run()
    before = {path.name: path.read_bytes() for path in (world.workspace.stage(EDITION) / "intake").iterdir()}
    for folder in ("inbox", "lake", "warehouse"):
        shutil.rmtree(world.workspace.data / folder)
    world.run()
    assert {path.name: path.read_bytes() for path in (world.workspace.stage(EDITION) / "intake").iterdir()} == before


def test_what_lies_in_the_lake_is_not_read_again_unless_the_rules_changed(world: World) -> None:
    world.drop("provincial/2020-12-01/行政复议.csv", HEADER + "南京市,3,1,95,绿\n")
    archive(world.workspace, world.framework)
    first = world.parse("provincial")
    assert (first.deliveries, first.read, first.current, first.cells) == (1, 1, 0, 4)
    second = world.parse("provincial")
    assert (second.read, second.current, second.cells, second.rejects_by_rule) == (0, 1, 4, first.rejects_by_rule)
    path = world.workspace.framework_file(EDITION)
    path.write_text(path.read_text(encoding="utf-8").replace("审结件数, 办结数", "审理件数, 审结件数"), encoding="utf-8")
    changed = load_framework(world.workspace, EDITION)
    assert parse(world.workspace, changed, "provincial").read == 1


def test_cells_passed_over_are_counted_by_kind_also_of_what_lay_in_the_lake(world: World) -> None:
    """A title, five headers and a sixth that no field asks for, the place and a remark beside its two figures, and a note."""
    table = f"2020年行政复议\n{HEADER.strip()},备注列\n南京市,3,1,,,见附件\n注：全年数\n"
    world.drop("provincial/2020-12-01/行政复议.csv", table)
    archive(world.workspace, world.framework)
    expected = {"beside": 1, "header": 6, "note": 1, "place": 1, "title": 1}
    first = world.parse("provincial")
    assert (first.ignored, first.left_out) == (expected, {"note": 1})
    assert world.parse("provincial").ignored == expected


def test_assembling_what_was_not_read_says_so(world: World) -> None:
    world.drop("provincial/2020-12-01/行政复议.csv", HEADER + "南京市,3,1,95,绿\n")
    archive(world.workspace, world.framework)
    with pytest.raises(LakeNotCurrent, match=r"行政复议\.csv was not read; parse the source provincial"):
        assemble(world.workspace, world.framework)


def test_one_broken_file_stops_no_other(world: World) -> None:
    world.drop("provincial/2020-12-01/行政复议.xlsx", b"PK\x03\x04 broken")
    world.drop("provincial/2020-12-02/行政复议.csv", HEADER + "南京市,3,1,95,绿\n")
    assembly = world.run()
    assert counted(world) == {"320100": 3}
    assert assembly.deliveries_by_state == {"rejected": 1, "taken": 1}
    assert assembly.rejects_by_rule == {"cut_file": 1}


def test_no_name_of_a_person_and_no_body_is_in_what_may_be_published(world: World) -> None:
    world.drop(
        "third_party/2020-12-01/热线.csv",
        "编号,地区,拨打日期,是否接通,测评员\nT1,南京市,2019-03-01,是,张三丰\nT1,某市,2020-03-01,大概,张三丰\n",
    )
    world.drop(
        "expert_review/2020-12-01/专家.csv",
        "专家,工作单位,地区,评分,评分时间\n张三丰,某大学,南京市,90,2021-01-05\n张三丰,某院,南京市,80,2021-01-05\n",
    )
    items = [
        '{"item_id": "1", "title": "甲", "body": "秘密正文", "published_at": "2020-05-01"}',
        '{"item_id": "1", "body": "秘密正文二", "published_at": "2020-05-01"}',
        '{"body": "秘密正文三"}',
        '{"秘密正文',
    ]
    world.drop("opinion/2020-12-01/a.jsonl", "\n".join(items))
    world.run()
    rejects = world.table("rejects").write_csv()
    assert "conflict" in rejects
    for secret in ("张三丰", "秘密正文", "某大学"):
        assert secret not in rejects
        assert secret not in world.table("opinion_items").write_csv()


def test_every_source_can_be_read_though_the_edition_takes_nothing_from_it(world: World) -> None:
    assert [world.parse(source).deliveries for source in SOURCES] == [0] * len(SOURCES)
