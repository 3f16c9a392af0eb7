"""The previous edition reaches dbt as its latest release, in columns that never change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from frameworks import load_framework
from publication import previous_inputs, stage_previous
from publication.previous import SCHEMAS
from storage import Workspace
from tests.publication_world import LATER, SMALL, make_workspace, publish_version


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def staged(workspace: Workspace, edition: str) -> dict[str, pl.DataFrame]:
    stage_previous(workspace, load_framework(workspace, edition))
    folder = workspace.stage(edition) / "previous"
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in (*SCHEMAS, "records", "release")}


@pytest.mark.parametrize("edition", [SMALL, LATER])
def test_without_a_published_previous_edition_every_table_is_there_without_a_row(workspace: Workspace, edition: str) -> None:
    frames = staged(workspace, edition)
    assert set(frames) == {"ranking", "measures", "indicator_scores", "records", "release"}
    assert not any(frame.height for frame in frames.values())
    assert {name: dict(frames[name].schema) for name in SCHEMAS} == {name: dict(pl.Schema(schema)) for name, (_, schema) in SCHEMAS.items()}


def test_the_latest_release_is_staged_in_the_same_columns(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    latest = publish_version(workspace, SMALL, 2).release.release
    frames = staged(workspace, LATER)
    assert frames["release"].rows() == [(SMALL, latest)]
    for name, (_, schema) in SCHEMAS.items():
        assert dict(frames[name].schema) == dict(pl.Schema(schema))
        # The release of this test's world has no table of measures, as one from before the contract named it.
        assert frames[name]["release"].unique().to_list() == ([] if name == "measures" else [latest])
    # Version 2, entity 0: 2 + 0 + 0.25.
    assert frames["ranking"].select("entity_code", "total").row(0) == ("320100", Decimal("2.250000000"))
    assert frames["indicator_scores"].height == 4 * 3
    # Four records of two cells each, of which the last does not count.
    assert frames["records"].rows() == [("provincial", "figures", 3)]


def test_a_later_release_of_the_previous_edition_replaces_what_was_staged(workspace: Workspace) -> None:
    totals = []
    for version in (1, 2):
        publish_version(workspace, SMALL, version)
        totals.append(staged(workspace, LATER)["ranking"]["total"][0])
    assert totals == [Decimal("1.250000000"), Decimal("2.250000000")]


def test_dbt_reads_the_staged_tables_as_they_are_meant(workspace: Workspace) -> None:
    publish_version(workspace, SMALL, 1)
    staged(workspace, LATER)
    path = workspace.stage(LATER) / "previous" / "ranking.parquet"
    with duckdb.connect() as reader:
        types = {name: kind for name, kind, *_ in reader.execute(f"describe from '{path}'").fetchall()}
    assert (types["total"], types["total_exact"], types["rank"]) == ("DECIMAL(18,9)", "DOUBLE", "BIGINT")


def test_previous_inputs_are_what_was_reported_or_corrected_of_inputs_that_mean_the_same(workspace: Workspace) -> None:
    framework = load_framework(workspace, LATER)
    assert previous_inputs(workspace, framework) == {}
    published = publish_version(workspace, SMALL, 1).release
    [code, *_] = [code for code, spec in framework.file.inputs.items() if spec.type in ("integer", "number")]
    unit = framework.file.inputs[code].unit
    rows = [
        ("320100", code, 40.0, 50.0, unit, "verified"),  # 40 is 50 by what was confirmed of it
        ("320200", code, 21.0, 12.0, unit, "corrected"),
        ("320300", code, None, None, unit, "missing"),
        ("320400", code, 5.0, 5.0, "another_unit", "reported"),
        ("320500", "gone_since", 5.0, 5.0, unit, "reported"),
    ]
    columns = ["entity_code", "input_code", "value", "value_reported", "unit", "state"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame.write_parquet(workspace.release(SMALL, published.release) / "fct_input.parquet")
    assert previous_inputs(workspace, framework) == {("320100", code): 50.0, ("320200", code): 21.0}
