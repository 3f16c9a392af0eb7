from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from sources import archive
from sources.archive import ArchiveReport
from sources.ledger import Entry, read_ledger, standing_faults, statements
from sources.sidecar import SUFFIX
from storage import read_lines
from tests.sources_world import EDITION, World

CSV = "地区,审结件数\n南京市,3\n"
SECRET = "地区,审结件数\n南京市,4\n"


def take(world: World) -> ArchiveReport:
    return archive(world.workspace, world.framework)


def lines(world: World) -> list[Entry]:
    return read_ledger(world.workspace, EDITION)


def age(path: Path, seconds: int) -> None:
    os.utime(path, ns=(seconds * 10**9, seconds * 10**9))


def test_bytes_lie_under_their_hash_and_the_ledger_has_a_line(world: World) -> None:
    path = world.drop("provincial/行政复议.csv", CSV)
    age(path, 1_600_000_000)  # 2020-09-13 12:26:40 UTC
    assert take(world) == ArchiveReport(EDITION, new=1, known=0, refused=0, new_by_source={"provincial": 1}, waiting=[])
    sha256 = hashlib.sha256(CSV.encode()).hexdigest()
    assert (world.workspace.archive / sha256).read_text(encoding="utf-8") == CSV
    (line,) = lines(world)
    assert (line.source, line.file, line.sha256, line.size) == ("provincial", "行政复议.csv", sha256, len(CSV.encode()))
    assert (line.sender, line.reason, line.sent_at, line.sent_at_from) == (None, None, "2020-09-13T12:26:40.000000Z", "mtime")
    assert path.read_text(encoding="utf-8") == CSV


def test_taking_in_twice_takes_nothing_in_again(world: World) -> None:
    path = world.drop("provincial/行政复议.csv", CSV)
    take(world)
    ledger = world.workspace.delivery_ledger.read_bytes()
    age(path, 1_700_000_000)  # a touched file is the same file
    assert take(world) == ArchiveReport(EDITION, new=0, known=1, refused=0, new_by_source={}, waiting=[])
    assert world.workspace.delivery_ledger.read_bytes() == ledger


def test_other_bytes_under_the_same_name_are_another_delivery(world: World) -> None:
    world.drop("provincial/行政复议.csv", CSV)
    take(world)
    world.drop("provincial/行政复议.csv", CSV + "徐州市,4\n")
    assert take(world).new == 1
    assert len(list(world.workspace.archive.iterdir())) == 2 + 2  # two files, the ledger and its lock


def test_a_dated_folder_gives_the_moment_and_a_sidecar_outweighs_it(world: World) -> None:
    world.drop("provincial/2020-12-05/部门/行政复议.csv", CSV)
    world.drop("provincial/2020-12-05/人口.csv", CSV)
    world.drop(f"provincial/2020-12-05/人口.csv{SUFFIX}", "sender: 省统计局\nsent_at: 2020-12-01 09:00\nreason: 更正\n")
    take(world)
    told = {line.file: (line.sender, line.sent_at, line.reason, line.sent_at_from) for line in lines(world)}
    assert told == {
        "2020-12-05/部门/行政复议.csv": (None, "2020-12-04T16:00:00.000000Z", None, "folder"),  # 00:00 in Shanghai
        "2020-12-05/人口.csv": ("省统计局", "2020-12-01T01:00:00.000000Z", "更正", "sidecar"),
    }


def test_a_sidecar_that_comes_or_changes_later_tells_anew_and_the_last_one_written_holds(world: World) -> None:
    world.drop("provincial/人口.csv", CSV)
    take(world)
    note = world.drop(f"provincial/人口.csv{SUFFIX}", "sent_at: 2020-12-05\nsender: 甲\n")
    age(note, 1_600_000_100)
    take(world)
    note = world.drop(f"provincial/人口.csv{SUFFIX}", "sent_at: 2020-12-01\nsender: 乙\n")
    age(note, 1_600_000_200)
    take(world)
    take(world)
    assert [line.sender for line in lines(world)] == [None, "甲", "乙"]
    assert [entry.sender for entry in statements(lines(world))] == ["乙"]
    assert [entry.sender for entry in statements(reversed(lines(world)))] == ["乙"]
    note = world.drop(f"provincial/人口.csv{SUFFIX}", "sent_at: 2020-12-05\nsender: 甲\n")
    age(note, 1_600_000_300)  # taken back
    take(world)
    assert [entry.sender for entry in statements(lines(world))] == ["甲"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("sender: [甲, 乙]\n", "sender is no text"),
        ("sent_at: 昨天\n", "sent_at 昨天 is no moment"),
        ("from: 甲\n", "unknown key from"),
        ("- 甲\n", "no keys"),
        ("", "no keys"),
        ("a: b: c\n", "not YAML"),
        ("sender: &a 甲\nreason: *b\n", "not YAML"),
    ],
)
def test_a_wrong_sidecar_is_a_reject_and_its_file_is_taken_without_it(world: World, text: str, fault: str) -> None:
    world.drop("provincial/2020-12-05/行政复议.csv", CSV)
    world.drop(f"provincial/2020-12-05/行政复议.csv{SUFFIX}", text)
    world.run()
    told = world.table("rejects").row(0, named=True)
    assert (told["rule"], told["file"]) == ("bad_sidecar", f"2020-12-05/行政复议.csv{SUFFIX}")
    assert told["message_zh"] == f"报送说明文件有误（{fault}），未予采用，请改为 sender、sent_at、reason 三项。"
    (delivery,) = world.table("deliveries").rows(named=True)
    assert (delivery["state"], str(delivery["sent_at"])) == ("taken", "2020-12-04 16:00:00")


def test_a_sidecar_put_right_is_no_reject_any_more(world: World) -> None:
    world.drop("provincial/行政复议.csv", CSV)
    age(world.drop(f"provincial/行政复议.csv{SUFFIX}", "sent_at: 昨天\n"), 1_600_000_000)
    take(world)
    assert len(standing_faults(lines(world), SUFFIX)) == 1
    age(world.drop(f"provincial/行政复议.csv{SUFFIX}", "sent_at: 2020-12-01\n"), 1_600_000_100)
    take(world)
    assert standing_faults(lines(world), SUFFIX) == []


def test_what_is_no_delivery_is_passed_over_and_what_is_unfinished_waits(world: World) -> None:
    for name in (".DS_Store", "~$行政复议.xlsx", "Thumbs.db", ".hidden/行政复议.csv"):
        world.drop(f"provincial/{name}", CSV)
    world.drop("provincial/行政复议.csv.part", CSV)
    world.drop(f"provincial/没有.csv{SUFFIX}", "sender: 甲\n")
    report = take(world)
    assert (report.new, report.refused, lines(world)) == (0, 0, [])
    assert report.waiting == [
        f"provincial/没有.csv{SUFFIX}: a delivery note whose file is not there",
        "provincial/行政复议.csv.part: still being written",
    ]


def test_links_and_misplaced_files_are_rejects(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "行政复议.csv").write_text(SECRET, encoding="utf-8")
    inbox = world.drop("provincial/x/人口.csv", "地区,常住人口（万人）\n南京市,3\n").parent
    (inbox / "行政复议.csv").symlink_to(outside / "行政复议.csv")
    (inbox / "folder").symlink_to(outside)
    world.drop("readme.txt", "top")
    world.drop("province/行政复议.csv", CSV)
    world.run()
    rejects = {row["file"]: (row["source"], row["rule"]) for row in world.table("rejects").rows(named=True)}
    assert rejects == {
        "x/行政复议.csv": ("provincial", "link"),
        "x/folder": ("provincial", "link"),
        "readme.txt": ("unknown", "misplaced"),
        "province/行政复议.csv": ("unknown", "misplaced"),
    }
    states = {row["file"]: row["state"] for row in world.table("deliveries").rows(named=True)}
    assert states.pop("x/人口.csv") == "taken"
    assert set(states.values()) == {"rejected"}
    archived = [path.read_bytes() for path in world.workspace.archive.iterdir()]
    assert os.fsencode(outside / "行政复议.csv") in archived  # a link's own text is what was delivered
    assert SECRET.encode() not in archived


def test_a_ledger_cut_by_a_kill_takes_the_file_again(world: World) -> None:
    world.drop("provincial/行政复议.csv", CSV)
    world.drop("provincial/人口.csv", CSV + "\n")
    take(world)
    ledger = world.workspace.delivery_ledger
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:-40])
    assert take(world).new == 1
    assert sorted(line.file for line in lines(world)) == ["人口.csv", "行政复议.csv"]
    assert len(read_lines(ledger)) == 2


def test_bytes_lost_from_the_archive_come_back_from_the_inbox(world: World) -> None:
    world.drop("provincial/行政复议.csv", CSV)
    take(world)
    path = world.workspace.archive / hashlib.sha256(CSV.encode()).hexdigest()
    path.write_bytes(b"cut")
    take(world)
    assert path.read_text(encoding="utf-8") == CSV


def test_a_name_in_another_encoding_is_read_as_gb18030(world: World) -> None:
    folder = os.fsencode(world.drop("provincial/人口.csv", CSV).parent)
    with open(os.path.join(folder, "行政复议.csv".encode("gb18030")), "wb") as file:  # noqa: PTH118, PTH123 - a name of bytes
        file.write(CSV.encode())
    world.run()
    assert "行政复议.csv" in world.table("deliveries")["file"].to_list()


def test_files_of_other_editions_are_left_alone(world: World) -> None:
    path = world.workspace.data / "inbox" / "other-2020" / "provincial" / "行政复议.csv"
    path.parent.mkdir(parents=True)
    path.write_text(CSV, encoding="utf-8")
    assert take(world).is_empty
