"""The pages of Dagster's UI that the data team lives on, opened in a browser over a finished edition and a run that a gate stopped.

Pictures are kept in the folder that ZHENGXIN_PICTURES names, to be looked at; without it, in the test's own.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from storage import GATES, Workspace
from storage.workspace import PROJECT
from tests.browser.conftest import webserver
from tests.pipeline import run_edition
from tests.worked.deliveries import EDITION

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("worked")]

_SECONDS = 60_000
MISSING = "乙州市"
LAYERS = ["deliveries", "intake", "gate_1_intake", "staging", "scoring", "gate_2_scores", "ranking", "gate_3_ranking", "release"]


@pytest.fixture(scope="module")
def stopped(browser: Browser, worked: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The finished edition, and in its history a second run that gate 1 stopped: a workbook was missing from the archive made anew."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("stopped")
    shutil.copytree(worked.data, folder / "data")
    shutil.copytree(worked.frameworks, folder / "frameworks")
    workspace = Workspace(folder / "data", folder / "frameworks")
    for derived in ("archive", "lake"):
        shutil.rmtree(workspace.data / derived)
    for version in workspace.inbox(EDITION, "self_assessment").rglob(f"{MISSING}_*.xlsx"):
        version.unlink()
    outcome = run_edition(workspace, EDITION)
    assert outcome.code == 1, outcome.output
    return workspace


@pytest.fixture(scope="module")
def address(stopped: Workspace) -> Iterator[str]:
    with webserver(stopped) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1800, "height": 1100})
    page.set_default_timeout(_SECONDS)
    expect.set_options(timeout=_SECONDS)
    yield page
    page.close()


def picture(page: Page, name: str, folder: Path) -> None:
    page.wait_for_timeout(1500)
    page.screenshot(path=Path(os.environ.get("ZHENGXIN_PICTURES") or folder) / f"{name}.png")


def failed_run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterRun:
    monkeypatch.setenv("ZHENGXIN_STATE", str(workspace.data / "dagster"))
    with dg.DagsterInstance.from_config(str(PROJECT)) as instance:
        return instance.get_runs(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]), limit=1)[0]


def shown(page: Page, text: str) -> Locator:
    return page.get_by_text(text, exact=True).filter(visible=True)


def left_edge(page: Page, group: str) -> float:
    """Where the group's box begins in the graph, which lies to the right of the list of groups."""
    boxes = [box for text in shown(page, group).all() if (box := text.bounding_box())]
    return max(box["x"] for box in boxes)


def test_the_lineage_reads_from_left_to_right(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/asset-groups")
    for group in LAYERS:
        expect(shown(page, group)).to_have_count(2)  # in the list of groups, and in the graph
    picture(page, "lineage", tmp_path)
    edges = [left_edge(page, group) for group in LAYERS]
    assert edges == sorted(edges)
    assert len(set(edges)) == len(edges)


def test_nothing_asks_the_visitor_to_sign_up(page: Page, address: str) -> None:
    page.goto(f"{address}/jobs")
    expect(page.get_by_text("evaluate_edition").first).to_be_visible()
    expect(page.get_by_text("newsletter")).to_have_count(0)


def test_a_run_that_a_gate_stopped_says_which_expectation_on_which_place(
    page: Page, address: str, stopped: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.goto(f"{address}/runs/{failed_run(stopped, monkeypatch).run_id}")
    expect(page.get_by_text("RUN_FAILURE")).to_be_visible()
    expect(page.get_by_text("every_entity_delivered").first).to_be_visible()
    expect(page.get_by_text(MISSING).first).to_be_visible()
    picture(page, "failed run", tmp_path)


def test_the_failed_gate_shows_the_rows_in_a_table(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/assets/gate/{GATES[0]}?view=checks&checkDetail=gate_{GATES[0]}")
    expect(page.get_by_text("This is a blocking asset check.")).to_be_visible()
    expect(page.get_by_text("at fault: rows")).to_be_visible()
    expect(page.get_by_role("cell", name=MISSING).first).to_be_visible()
    expect(page.get_by_text("FAILED 未通过 · every_entity_delivered").first).to_be_visible()
    picture(page, "failed gate", tmp_path)


def test_the_release_says_what_it_holds(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/assets/release?view=events")
    expect(page.get_by_text("fct_ranking")).to_be_visible()
    expect(page.get_by_text("database for BI")).to_be_visible()
    picture(page, "release", tmp_path)


def test_a_table_shows_what_its_columns_mean_in_both_languages(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/assets/ranking/fct_ranking")
    expect(page.get_by_text("Ranking 排名").first).to_be_visible()
    expect(page.get_by_text("total_exact").first).to_be_visible()
    picture(page, "ranking", tmp_path)
