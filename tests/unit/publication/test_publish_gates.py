"""No road leads round a gate: `publish` reads the verdicts itself, and whether they were given on the data that lie there now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from publication import PublicationRefused, latest_release, publish
from storage import GATES, Workspace, write_parquet
from tests.publication_world import SMALL, make_workspace, pass_gates, prepare, publish_version


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An edition that is published once."""
    workspace = make_workspace(tmp_path)
    publish_version(workspace, SMALL, 1)
    return workspace


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refusal(workspace: Workspace, spoil: Callable[[], object]) -> str:
    """The sentence with which a second version is refused after `spoil`; what was published keeps its bytes."""
    framework, release = prepare(workspace, SMALL, 2)
    spoil()
    before = contents(workspace.published)
    with pytest.raises(PublicationRefused) as refused:
        publish(workspace, framework, release)
    assert contents(workspace.published) == before
    return str(refused.value)


def sql(workspace: Workspace, statement: str) -> None:
    with duckdb.connect(str(workspace.warehouse(SMALL))) as warehouse:
        warehouse.execute(statement)


def sentence(reason: str) -> str:
    return f"{SMALL}: not published, because {reason}; mend what is named and run the edition again."


def test_a_gate_that_failed_is_named_with_its_expectation(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: pass_gates(workspace, SMALL, scores_complete="failed"))
    assert said == sentence("gate scores failed (scores_complete)")


def test_all_that_stands_in_the_way_is_said_at_once(workspace: Workspace) -> None:
    def spoil() -> None:
        pass_gates(workspace, SMALL, reject_share="failed")
        (workspace.stage(SMALL) / "gates" / "scores.parquet").unlink()

    assert refusal(workspace, spoil) == sentence("gate intake failed (reject_share); gate scores was not run")


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_that_was_not_run_stops_the_release(workspace: Workspace, gate: str) -> None:
    said = refusal(workspace, (workspace.stage(SMALL) / "gates" / f"{gate}.parquet").unlink)
    assert said == sentence(f"gate {gate} was not run")


def test_a_score_tampered_with_after_its_gate_stops_the_release(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: sql(workspace, "update scoring.indicator_scores set score = 99 where entity_code = '320100'"))
    assert said == sentence("gate scores judged other data than lie there now")


def test_a_duplicate_rank_after_its_gate_stops_the_release(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: sql(workspace, "insert into ranking.fct_ranking from ranking.fct_ranking limit 1"))
    assert said == sentence("gate ranking judged other data than lie there now")


def test_a_total_changed_after_its_gate_stops_the_release(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: sql(workspace, "update ranking.fct_ranking set total = total + 0.000000001 where name_en = 'Wuxi'"))
    assert said == sentence("gate ranking judged other data than lie there now")


def test_intake_changed_after_its_gate_stops_the_release(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: write_parquet(workspace.stage(SMALL) / "intake" / "cells.parquet", pl.DataFrame({"number": [1.0]})))
    assert said == sentence("; ".join(f"gate {gate} judged other data than lie there now" for gate in GATES))


def test_scores_that_are_older_than_what_was_delivered_are_not_published_as_of_it(workspace: Workspace) -> None:
    """A correction was taken and judged, the tables of the ranking were built anew, and every gate has passed: the scores are as before."""
    before = latest_release(workspace, SMALL)
    assert before is not None

    def spoil() -> None:
        sql(workspace, f"update scoring.build set release = '{before.release}'")
        pass_gates(workspace, SMALL)

    assert "the warehouse's scores were computed from other data, rules or code" in refusal(workspace, spoil)


def test_scores_that_do_not_say_of_what_they_are_are_not_published(workspace: Workspace) -> None:
    def spoil() -> None:
        sql(workspace, "drop table scoring.build")
        pass_gates(workspace, SMALL)

    assert "the warehouse's scores were computed from other data, rules or code" in refusal(workspace, spoil)


def test_verdicts_of_the_release_before_do_not_count_for_this_one(workspace: Workspace) -> None:
    gates = workspace.stage(SMALL) / "gates"
    kept = {path: path.read_bytes() for path in gates.iterdir()}

    def spoil() -> None:
        for path, content in kept.items():
            path.write_bytes(content)

    assert refusal(workspace, spoil) == sentence("; ".join(f"gate {gate} judged other data than lie there now" for gate in GATES))


def rewrite(workspace: Workspace, gate: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change a gate's results and leave the digest of what it judged."""
    path = workspace.stage(SMALL) / "gates" / f"{gate}.parquet"
    write_parquet(path, change(pl.read_parquet(path)), metadata={"judged": pl.read_parquet_metadata(path)["judged"]})


def test_an_expectation_that_the_framework_names_and_no_gate_judged_stops_the_release(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: rewrite(workspace, "scores", lambda frame: frame.filter(pl.col("expectation") != "scores_complete")))
    assert said == sentence("gate scores did not judge scores_complete")


def test_a_gate_without_a_single_expectation_stops_the_release(workspace: Workspace) -> None:
    said = refusal(workspace, lambda: rewrite(workspace, "ranking", lambda frame: frame.clear()))
    assert said == sentence("gate ranking judged nothing; gate ranking did not judge ranks_as_defined")


@pytest.mark.parametrize("column", ["outcome", "severity"])
def test_an_outcome_or_a_severity_that_nobody_knows_never_lets_pass(workspace: Workspace, column: str) -> None:
    def spoil() -> None:
        failed = pl.lit("failed").alias("outcome")
        rewrite(workspace, "intake", lambda frame: frame.with_columns(failed).with_columns(pl.lit(None, pl.String).alias(column)))

    assert refusal(workspace, spoil) == sentence("gate intake failed (reject_share)")


@pytest.mark.parametrize(
    ("expectation", "outcome", "state"),
    [
        ("shift_from_previous", "failed", "warned"),
        ("shift_from_previous", "not_applicable", "passed"),
        ("scores_complete", "waived", "waived"),
        ("scores_complete", "passed", "passed"),
    ],
)
def test_warnings_waivers_and_what_does_not_apply_let_pass_and_are_shown(
    workspace: Workspace, expectation: str, outcome: str, state: str
) -> None:
    framework, release = prepare(workspace, SMALL, 2)
    pass_gates(workspace, SMALL, **{expectation: outcome})
    folder = publish(workspace, framework, release).folder
    assert pl.read_parquet(folder / "dim_release.parquet")["state"].to_list() == [state]
    results = pl.read_parquet(folder / "fct_gate_result.parquet")
    assert results.filter(pl.col("expectation") == expectation)["outcome"].to_list() == [outcome]
