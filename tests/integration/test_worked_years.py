"""Two editions a year apart, worked by hand in part 8 of tests/worked/working.md: what the later one says of the earlier one's release.

Each edition is one run of the whole product over a table of two columns; both serve all tests here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from frameworks import load_framework
from publication import release_id
from storage import Workspace
from tests.pipeline import published, release_folder, run_edition

WORKED = Path(__file__).resolve().parent.parent / "worked"
YEARS = WORKED / "years"
BEFORE, AFTER = "worked-before", "worked-after"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("years"), pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Both editions, run in their order on one registry, in which places were merged, renamed and raised between them."""
    folder = tmp_path_factory.mktemp("years")
    workspace = Workspace(folder / "data", folder / "frameworks")
    workspace.frameworks.mkdir()
    rules = (YEARS / f"{BEFORE}.yaml").read_text(encoding="utf-8")
    workspace.framework_file(BEFORE).write_text(rules, encoding="utf-8")
    later = rules.replace("2019", "2020").replace(f"edition: {BEFORE}\n", f"edition: {AFTER}\nprevious: {BEFORE}\n")
    workspace.framework_file(AFTER).write_text(later, encoding="utf-8")
    places = [WORKED / "frameworks" / "worked_regions.csv", YEARS / "changed_regions.csv"]
    (workspace.frameworks / "worked_regions.csv").write_bytes(b"".join(path.read_bytes() for path in places))
    for edition, sent in ((BEFORE, "2020-01-10"), (AFTER, "2021-01-10")):
        delivery = workspace.inbox(edition, "provincial") / sent / "诚信情况.csv"
        delivery.parent.mkdir(parents=True)
        delivery.write_bytes((YEARS / f"{edition}.csv").read_bytes())
        outcome = run_edition(workspace, edition)
        assert outcome.code == 0, outcome.output
    return workspace


def test_the_earlier_edition_compares_with_nothing(years: Workspace) -> None:
    ranking = published(years, BEFORE, "fct_ranking")
    assert ranking.select("group_code", "entity_code", "total", "rank").sort("group_code", "rank").rows() == [
        ("city", "990100", 76, 1),
        ("city", "990200", 66, 2),
        ("city", "990300", 56, 3),
        ("county", "990102", 86, 1),
        ("county", "990400", 77, 2),
        ("county", "990103", 72, 3),
        ("county", "990221", 70, 4),
        ("county", "990321", 66, 5),
        ("county", "990222", 64, 6),
        ("county", "990223", 63, 7),
        ("county", "990302", 60, 8),
        ("county", "990104", 46, 9),
    ]
    compared = ranking.select("previous_total", "previous_rank", "change_total", "change_rank")
    assert compared.null_count().row(0) == (12, 12, 12, 12)
    assert published(years, BEFORE, "fct_predecessor").is_empty()


def test_every_change_on_the_previous_year_is_the_one_worked_by_hand(years: Workspace) -> None:
    columns = ["entity_code", "total", "rank", "previous_total", "previous_rank", "change_total", "change_rank"]
    assert published(years, AFTER, "fct_ranking").select(columns).sort("entity_code").rows() == [
        ("990100", 81, 1, 76, 1, 5, 0),
        ("990102", 83, 1, 86, 1, -3, 0),
        ("990103", 51, 7, None, None, None, None),  # took 990104 in
        ("990200", 63, 4, 66, 2, -3, -2),
        ("990221", 78, 2, 70, 4, 8, 2),
        ("990222", 60, 5, 64, 6, -4, 1),
        ("990224", 70, 3, 63, 7, 7, 4),  # was 990223
        ("990300", 69, 3, 56, 3, 13, 0),
        ("990302", 53, 6, 60, 8, -7, 2),
        ("990321", 68, 4, 66, 5, 2, 1),
        ("990400", 80, 2, 77, None, 3, None),  # was a county
    ]


def test_the_tables_for_readers_show_the_same_change(years: Workspace) -> None:
    changes = ["entity_code", "previous_total", "previous_rank", "change_total", "change_rank"]
    shown = pl.concat(published(years, AFTER, f"rpt_ranking_{group}").select(changes) for group in ("city", "county"))
    assert shown.sort("entity_code").equals(published(years, AFTER, "fct_ranking").select(changes).sort("entity_code"))


def test_each_place_that_was_merged_or_renamed_lists_what_it_came_from(years: Workspace) -> None:
    columns = ["entity_code", "predecessor_code", "predecessor_name_zh", "previous_edition", "previous_total", "previous_rank"]
    assert published(years, AFTER, "fct_predecessor").select(columns).rows() == [
        ("990103", "990103", "西河区", BEFORE, 72, 3),
        ("990103", "990104", "旧河区", BEFORE, 46, 9),
        ("990224", "990223", "西山县", BEFORE, 63, 7),
    ]


def test_the_gate_warns_of_the_shift_of_a_place_that_stayed_what_it_was(years: Workspace) -> None:
    """丙州市 has shifted by 13 points; 西河区 is 21 points below its old half and is not compared with it."""
    columns = ["severity", "observed", "outcome"]
    for edition, said in ((BEFORE, ("warning", None, "not_applicable")), (AFTER, ("warning", 13, "failed"))):
        results = published(years, edition, "fct_gate_result")
        assert results.filter(expectation="shift_from_previous").select(columns).rows() == [said]
    results = published(years, AFTER, "fct_gate_result").filter(expectation="rows_against_previous")
    assert results.select("outcome").rows() == [("passed",)]  # 11 records after 12
    assert published(years, AFTER, "dim_release")["state"].to_list() == ["warned"]


def test_a_release_depends_on_the_previous_editions_release(years: Workspace, tmp_path: Path) -> None:
    before, after = (release_folder(years, edition).name for edition in (BEFORE, AFTER))
    assert published(years, AFTER, "dim_release").select("previous_edition", "previous_release").rows() == [(BEFORE, before)]
    rules = load_framework(years, AFTER)
    assert release_id(years, rules) == after
    without = Workspace(tmp_path / "data", years.frameworks)
    shutil.copytree(years.stage(AFTER), without.stage(AFTER))
    assert release_id(without, rules) != after
    shutil.copytree(years.published / BEFORE, without.published / BEFORE)
    assert release_id(without, rules) == after
