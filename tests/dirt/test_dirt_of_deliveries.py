"""Dirt that no single file shows: versions, names, archives, files that are not whole yet. Each through the inbox to the intake tables."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from sources import archive
from sources.ledger import read_ledger
from tests.sources_world import EDITION, World, form

CSV = "地区,审结件数,纠错件数,按期审结率,风险等级\n南京市,{},1,95,绿\n"
FORM = form("南京市", [("officials", 5)])


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def packed(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in files.items():
            file.writestr(name, part)
    return content.getvalue()


def counted(world: World) -> set[tuple[str, float | None]]:
    return set(world.table("cells").filter("is_counted").select("entity_code", "number").iter_rows())


def states(world: World) -> dict[str, str]:
    return dict(world.table("deliveries").select("file", "state").iter_rows())


def rules(world: World) -> list[tuple[str, str]]:
    return world.table("rejects").select("file", "rule").rows()


def test_the_same_version_under_two_names_counts_once(world: World) -> None:
    world.drop("self_assessment/2021-01-10/南京自评.xlsx", FORM)
    world.drop("self_assessment/2021-01-11/南京自评（再报）.xlsx", FORM)
    world.run()
    assert states(world) == {"2021-01-10/南京自评.xlsx": "duplicate", "2021-01-11/南京自评（再报）.xlsx": "taken"}
    assert counted(world) == {("320100", 5)}


def test_of_two_versions_the_later_counts_and_the_earlier_is_kept(world: World) -> None:
    world.drop("self_assessment/2021-01-10/南京自评.xlsx", FORM)
    world.drop("self_assessment/2021-01-11/南京自评.xlsx", form("南京市", [("officials", 6)]))
    world.run()
    assert counted(world) == {("320100", 6)}
    assert world.table("cells")["not_counted_because"].to_list().count("superseded") == 1


def test_a_copy_under_another_place_s_name_is_rejected_and_judged_anew_under_its_own(world: World) -> None:
    world.drop("self_assessment/2021-01-10/徐州市自评.xlsx", FORM)
    world.run()
    assert rules(world) == [("2021-01-10/徐州市自评.xlsx", "other_place_in_name")]
    world.drop("self_assessment/2021-01-11/南京市自评.xlsx", FORM)
    world.run()
    assert counted(world) == {("320100", 5)}


def test_names_with_blanks_and_emoji(world: World) -> None:
    world.drop("self_assessment/2021 报送/✅ 南京 自评 (终稿).xlsx", FORM)
    world.run()
    assert states(world) == {"2021 报送/✅ 南京 自评 (终稿).xlsx": "taken"}


def test_a_zip_of_workbooks_is_taken_file_by_file(world: World) -> None:
    files = {
        "自评_南京市.xlsx": FORM,
        "县区/自评_玄武区.xlsx": form("玄武区", [("officials", 7)]),
        "__MACOSX/._自评.xlsx": b"x",
        "照片.jpg": b"\xff",
    }
    world.drop("self_assessment/2021-01-10/报送.zip", packed(**files))
    assembly = world.run()
    assert counted(world) == {("320100", 5), ("320102", 7)}
    assert rules(world) == [("2021-01-10/报送.zip/照片.jpg", "no_dataset")]
    assert {str(moment) for moment in world.table("deliveries")["sent_at"]} == {"2021-01-09 16:00:00"}
    assert (world.run(), len(read_ledger(world.workspace, EDITION))) == (assembly, 3)


def test_a_file_of_a_zip_may_owe_its_kind_to_the_zip(world: World) -> None:
    world.drop("self_assessment/2021-01-10/自评.zip", packed(**{"南京市.xlsx": FORM}))
    world.run()
    assert counted(world) == {("320100", 5)}


def test_names_packed_under_a_chinese_windows(world: World) -> None:
    content = packed(**{"AAAA_BB.xlsx": FORM}).replace(b"AAAA_BB.xlsx", "自评_NJ.xlsx".encode("gbk"))
    world.drop("self_assessment/2021-01-10/a.zip", content)
    world.run()
    assert states(world) == {"2021-01-10/a.zip/自评_NJ.xlsx": "taken"}


def encrypted() -> bytes:
    content = bytearray(packed(**{"自评.xlsx": FORM}))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("自评.xlsx", b"\0" * (8 * 1024 * 1024))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04" + b"x" * 50, "it is damaged"),
        (packed(), "nothing is in it"),
        (encrypted(), "it has a password"),
        (packed(**{"../自评.xlsx": FORM}), "a path that leads out of it"),
        (packed(**{"/etc/自评.xlsx": FORM}), "a path that leads out of it"),
        (packed(**{"自评.xlsx": FORM, "自评.XLSX": FORM}), "two files of one name"),
        (bomb(), "shrunk more than 200 times"),
    ],
)
def test_a_zip_that_cannot_be_unpacked_is_one_reject(world: World, content: bytes, fault: str) -> None:
    world.drop("self_assessment/2021-01-10/自评.zip", content)
    world.run()
    assert rules(world) == [("2021-01-10/自评.zip", "zip_not_unpacked")]
    assert world.table("rejects")["message_en"].to_list() == [
        f"The ZIP archive was not unpacked ({fault}); unpack it and deliver the files inside."
    ]


def test_a_link_in_a_zip_is_not_followed(world: World) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        link = zipfile.ZipInfo("自评.xlsx")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    world.drop("self_assessment/2021-01-10/a.zip", content.getvalue())
    world.run()
    assert rules(world) == [("2021-01-10/a.zip/自评.xlsx", "link")]


def test_a_file_that_changes_while_it_is_read_waits_for_the_next_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = world.drop("provincial/行政复议.csv", CSV.format(3))
    whole = os.fstat

    def then_grown(descriptor: int) -> os.stat_result:
        state = whole(descriptor)
        with path.open("ab") as file:
            file.write(b"\n")
        return state

    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", then_grown)
        report = archive(world.workspace, world.framework)
    assert report.new == 0
    assert "changed while it was read" in report.waiting[0]
    assert archive(world.workspace, world.framework).new == 1


def test_a_file_under_the_name_of_an_upload_waits(world: World) -> None:
    path = world.drop("provincial/行政复议.csv.part", CSV.format(3))
    assert [line.split(": ")[1] for line in archive(world.workspace, world.framework).waiting] == ["still being written"]
    path.rename(path.with_suffix(""))
    assert archive(world.workspace, world.framework).new == 1
