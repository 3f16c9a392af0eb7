"""What a release holds, and that it is written once and never again."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import duckdb
import polars as pl
import pytest

from publication import PublicationRefused, latest_release, publish, release_id
from storage import Workspace, read_lines
from tests.publication_world import LATER, SMALL, build_warehouse, deliver, make_workspace, pass_gates, prepare, publish_version


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_inputs_give_the_same_bytes_in_another_data_folder(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "other"):
        workspace = make_workspace(tmp_path / name)
        deliver(workspace, SMALL, 1, reverse=name == "other")
        publish_version(workspace, SMALL, 1)
        folders.append(publish_version(workspace, LATER, 1).folder)
    assert contents(folders[0]) == contents(folders[1])
    assert folders[0].name == folders[1].name


def test_a_release_holds_the_tables_of_the_warehouse_and_those_of_the_gates(workspace: Workspace) -> None:
    folder = publish_version(workspace, SMALL, 1).folder
    assert sorted(path.name for path in folder.iterdir()) == [
        "dim_edition.parquet",
        "dim_entity.parquet",
        "dim_indicator.parquet",
        "dim_release.parquet",
        "fct_gate_result.parquet",
        "fct_indicator_score.parquet",
        "fct_opinion_event.parquet",
        "fct_ranking.parquet",
        "manifest.json",
        "rpt_ranking_city.parquet",
        "rpt_ranking_county.parquet",
    ]
    for path in folder.glob("*.parquet"):
        frame = pl.read_parquet(path)
        assert frame.columns[:2] == ["edition", "release"]
        assert frame.select("edition", "release").unique().rows() == [(SMALL, folder.name)]


def test_decimals_stay_decimals_and_rows_lie_by_key(workspace: Workspace) -> None:
    frame = pl.read_parquet(publish_version(workspace, SMALL, 1).folder / "fct_ranking.parquet")
    assert frame.schema["total"] == pl.Decimal(18, 9)
    assert frame["entity_code"].to_list() == ["320100", "320102", "320104", "320200"]


def test_moments_do_not_depend_on_the_zone_of_the_machine(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    frame = pl.read_parquet(publish_version(workspace, SMALL, 1).folder / "fct_opinion_event.parquet")
    assert frame["first_at"].dt.to_string().unique().to_list() == ["2020-05-01 08:00:00.000000"]


def test_a_wide_ranking_has_the_group_by_rank_with_each_first_level_score(workspace: Workspace) -> None:
    frame = pl.read_parquet(publish_version(workspace, SMALL, 1).folder / "rpt_ranking_city.parquet")
    # Total of the n-th entity: 1 + n + 0.25; 无锡市 is the fourth (n = 3), 南京市 the first (n = 0).
    shown = frame.select("name_zh", pl.col("total").cast(pl.String), "rank", pl.col("score_a", "score_b_1").cast(pl.String)).rows()
    assert shown == [("无锡市", "4.250000000", 1, "4.000000000", "0.250000000"), ("南京市", "1.250000000", 2, "1.000000000", "0.250000000")]


def test_a_wide_ranking_tells_two_districts_of_one_name_apart_by_their_city(workspace: Workspace) -> None:
    folder = publish_version(workspace, SMALL, 1).folder
    shown = pl.read_parquet(folder / "rpt_ranking_county.parquet").select("name_zh", "parent_name_zh", "parent_name_en").rows()
    assert shown == [("秦淮区", "南京市", "Nanjing"), ("玄武区", "南京市", "Nanjing")]


def test_an_unranked_entity_stands_last_in_the_wide_ranking(workspace: Workspace) -> None:
    framework, release = prepare(workspace, SMALL, 1)
    with duckdb.connect(str(workspace.warehouse(SMALL))) as warehouse:
        warehouse.execute("update ranking.fct_ranking set rank = null, state = 'low_coverage' where entity_code = '320200'")
    pass_gates(workspace, SMALL)
    frame = pl.read_parquet(publish(workspace, framework, release).folder / "rpt_ranking_city.parquet")
    assert frame.select("name_zh", "rank").rows() == [("南京市", 2), ("无锡市", None)]


def test_the_manifest_says_what_the_release_was_made_of(workspace: Workspace) -> None:
    earlier = publish_version(workspace, SMALL, 1)
    framework, release = prepare(workspace, LATER, 1)
    folder = publish(workspace, framework, release).folder
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["edition"] == LATER
    assert manifest["release"] == release == folder.name
    assert manifest["framework_hash"] == framework.hash
    assert manifest["previous"] == {"edition": SMALL, "release": earlier.release.release}
    assert manifest["deliveries"][1] == {
        "source": "provincial",
        "dataset": "figures",
        "file": "甲数据.csv",
        "sha256": hashlib.sha256(b"first").hexdigest(),
        "sender": "省司法厅",
        "sent_at": "2021-01-15T08:00:00+00:00",
    }
    assert [(row["gate"], row["expectation"], row["outcome"]) for row in manifest["gates"]] == [
        ("intake", "reject_share", "passed"),
        ("scores", "scores_complete", "passed"),
        ("scores", "shift_from_previous", "passed"),
        ("ranking", "ranks_as_defined", "passed"),
    ]
    for name, table in manifest["tables"].items():
        content = (folder / f"{name}.parquet").read_bytes()
        assert table["sha256"] == hashlib.sha256(content).hexdigest()
        assert table["rows"] == pl.read_parquet(folder / f"{name}.parquet").height
    assert manifest["tables"]["fct_ranking"]["description"] == "排名 Ranking. One row is an entity's rank."
    assert {"name": "total", "type": "DECIMAL(18,9)", "description": "总分（分） Total, in points"} in manifest["tables"]["fct_ranking"][
        "columns"
    ]


def test_a_release_cannot_be_written_to(workspace: Workspace) -> None:
    for path in publish_version(workspace, SMALL, 1).folder.iterdir():
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


def test_the_same_release_is_not_published_twice(workspace: Workspace) -> None:
    first = publish_version(workspace, SMALL, 1)
    before = contents(workspace.published)
    second = publish_version(workspace, SMALL, 1)
    assert (first.is_new, first.state, second.is_new, second.state) == (True, "new", False, "unchanged")
    assert second.release == first.release
    assert contents(workspace.published) == before


def test_releases_are_counted_over_all_editions(workspace: Workspace) -> None:
    made = [publish_version(workspace, SMALL, 1), publish_version(workspace, LATER, 1), publish_version(workspace, SMALL, 2)]
    assert [publication.release.sequence for publication in made] == [1, 2, 3]
    moments = [publication.release.made_at for publication in made]
    assert moments == sorted(moments)


def test_a_release_that_holds_again_becomes_the_latest_without_being_written_again(workspace: Workspace) -> None:
    first = publish_version(workspace, SMALL, 1)
    publish_version(workspace, SMALL, 2)
    before = contents(first.folder)
    again = publish_version(workspace, SMALL, 1)
    assert (again.state, again.is_new, again.release.sequence) == ("returned", False, 3)
    assert latest_release(workspace, SMALL) == again.release
    assert contents(first.folder) == before
    with duckdb.connect(str(workspace.current), read_only=True) as current:
        assert current.sql("select release, sequence from dim_release").fetchall() == [(first.folder.name, 3)]


def test_other_bytes_under_the_same_name_are_refused_as_a_fault_of_the_program(workspace: Workspace) -> None:
    framework, release = prepare(workspace, SMALL, 1)
    publish(workspace, framework, release)
    before = contents(workspace.published)
    build_warehouse(workspace, framework, release, version=2)
    pass_gates(workspace, SMALL)
    with pytest.raises(PublicationRefused) as refused:
        publish(workspace, framework, release)
    assert str(refused.value) == (
        f"{workspace.release(SMALL, release)}: this release holds other bytes in fct_indicator_score.parquet, fct_ranking.parquet, "
        "manifest.json, rpt_ranking_city.parquet, rpt_ranking_county.parquet than the same framework, deliveries and code "
        "give now, which is a fault of the program: keep the folder and the warehouse, and report both."
    )
    assert contents(workspace.published) == before


def test_a_release_changed_after_it_was_published_is_named(workspace: Workspace) -> None:
    made = publish_version(workspace, SMALL, 1)
    path = made.folder / "fct_ranking.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    for edition, version in ((SMALL, 1), (LATER, 1)):
        with pytest.raises(PublicationRefused) as refused:
            publish_version(workspace, edition, version)
        assert str(refused.value) == (
            f"{made.folder}: fct_ranking.parquet is not what manifest.json says, so the release was changed after it was published; "
            "put the folder back from a copy, or delete it whole and run the edition again."
        )


def test_a_release_deleted_whole_is_published_anew(workspace: Workspace) -> None:
    made = publish_version(workspace, SMALL, 1)
    before = contents(made.folder)
    for path in made.folder.iterdir():
        path.unlink()
    made.folder.rmdir()
    assert latest_release(workspace, SMALL) is None
    again = publish_version(workspace, SMALL, 1)
    assert (again.state, again.release) == ("new", made.release)
    assert contents(again.folder) == before


def test_a_folder_that_a_killed_run_left_without_its_line_gets_it(workspace: Workspace) -> None:
    first = publish_version(workspace, SMALL, 1)
    publish_version(workspace, SMALL, 2)
    ledger = workspace.release_ledger
    whole = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(whole[0] + whole[1][:20])
    # Already without its line it is the latest, so that an edition that compares with it does not move when the line comes.
    found = latest_release(workspace, SMALL)
    assert found is not None
    assert (found.release == first.folder.name, found.sequence) == (False, 2)
    publish_version(workspace, LATER, 1)
    assert [(line["edition"], line["sequence"]) for line in read_lines(ledger)] == [(SMALL, 1), (SMALL, 2), (LATER, 3)]
    assert latest_release(workspace, SMALL) == found


def test_what_killed_runs_left_half_written_is_swept_away(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    half = workspace.published / SMALL / ".0123456789ab.999.tmp"
    half.mkdir()
    (half / "fct_ranking.parquet").write_bytes(b"half")
    os.chmod(half / "fct_ranking.parquet", 0o444)  # noqa: PTH101
    for name in (".current.duckdb.999.tmp", ".current.duckdb.999.tmp.wal"):
        (workspace.published / name).write_bytes(b"half")
    publish_version(workspace, SMALL, 1)
    assert not [path for path in workspace.published.rglob("*") if ".tmp" in path.name]


def test_a_release_named_by_what_no_longer_lies_there_is_refused(workspace: Workspace) -> None:
    framework, release = prepare(workspace, SMALL, 1)
    deliver(workspace, SMALL, 2)
    now = release_id(workspace, framework)
    with pytest.raises(PublicationRefused) as refused:
        publish(workspace, framework, release)
    assert str(refused.value) == (
        f"{SMALL}: release {release} is not published, because framework, deliveries, code or the previous release have changed since "
        f"(they now give release {now}); run the edition again."
    )
    assert not workspace.published.exists()


def test_a_comparison_with_an_earlier_release_of_the_previous_edition_is_refused(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    framework, _ = prepare(workspace, LATER, 1)
    publish_version(workspace, SMALL, 2)
    release = release_id(workspace, framework)
    with pytest.raises(PublicationRefused, match="because another release of the previous edition was compared with than its latest; "):
        publish(workspace, framework, release)


def test_a_warehouse_of_another_release_is_refused(workspace: Workspace) -> None:
    framework, release = prepare(workspace, SMALL, 1)
    build_warehouse(workspace, framework, "0123456789ab", version=1)
    with duckdb.connect(str(workspace.warehouse(SMALL))) as warehouse:
        warehouse.execute(f"update scoring.build set release = '{release}'")
    pass_gates(workspace, SMALL)
    with pytest.raises(PublicationRefused, match=r"dim_edition holds rows of another release; .*; build the warehouse of release"):
        publish(workspace, framework, release)


def test_a_missing_warehouse_is_one_sentence(workspace: Workspace) -> None:
    framework, release = prepare(workspace, SMALL, 1)
    workspace.warehouse(SMALL).unlink()
    with pytest.raises(PublicationRefused, match=r"small-2019\.duckdb is missing; run the edition again\.$"):
        publish(workspace, framework, release)


def test_a_published_table_without_its_release_is_refused(workspace: Workspace) -> None:
    framework, release = prepare(workspace, SMALL, 1)
    with duckdb.connect(str(workspace.warehouse(SMALL))) as warehouse:
        warehouse.execute("create table ranking.fct_new as select 'small-2019' as edition, 1 as value")
    pass_gates(workspace, SMALL)
    with pytest.raises(PublicationRefused, match="in the warehouse fct_new does not begin with edition and release; build"):
        publish(workspace, framework, release)


def test_a_changed_folder_of_another_edition_is_found_before_anything_is_written(workspace: Workspace) -> None:
    other = publish_version(workspace, LATER, 1).folder
    framework, release = prepare(workspace, SMALL, 1)
    (other / "fct_ranking.parquet").chmod(0o644)
    (other / "fct_ranking.parquet").write_bytes(b"changed")
    before = {path: path.read_bytes() for path in workspace.published.rglob("*") if path.is_file()}
    with pytest.raises(PublicationRefused, match=r"fct_ranking\.parquet is not what manifest\.json says"):
        publish(workspace, framework, release)
    assert {path: path.read_bytes() for path in workspace.published.rglob("*") if path.is_file()} == before
