"""Weights and norms frozen from a release: by hand, and against the toolkit's where its files are there."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from analysis.__main__ import app
from analysis.frozen_norms import write_norms
from analysis.methods import Method
from analysis.released import Refused
from analysis.weights import Family, correlated, weigh, write_weights
from frameworks import Framework, load_framework
from storage import Workspace

ASEM = Path(__file__).resolve().parents[4] / "shared" / "reference" / "coinr_asem"


def family(*columns: list[float], written: tuple[float, ...] | None = None, method: str = "arithmetic") -> Family:
    codes = tuple("abcdefgh"[: len(columns)])
    return Family("A", "", codes, written or (1.0,) * len(columns), Method(method), np.array(columns).T)


# --- one family ---------------------------------------------------------------------------------------------------------------------


def test_equal_weights_are_one_each() -> None:
    assert weigh(family([1, 2, 3], [3, 1, 2], [1, 1, 1]), "equal") == [1.0, 1.0, 1.0]


def test_first_component_of_two_that_go_together_is_half_each() -> None:
    assert weigh(family([1, 2, 3, 4], [2, 1, 4, 3]), "pca") == pytest.approx([0.5, 0.5])


def test_first_component_is_that_of_the_correlations() -> None:
    """Correlations a–b 0.8, a–c 0.8, b–c 0.28: eigenvalue (0.28 + √(0.28² + 8 × 0.8²)) ÷ 2 + 1, loadings in proportion to
    (1.6 ÷ (eigenvalue − 1), 1, 1)."""
    base = np.array([[3, 1, -1, -3], [1, -1, -1, 1], [1, -3, 3, -1]]) / np.array([[math.sqrt(20)], [2], [math.sqrt(20)]])
    a, b, c = base[0], 0.8 * base[0] + 0.6 * base[1], 0.8 * base[0] - 0.6 * base[1]
    assert np.corrcoef([a, b, c])[0, 1] == pytest.approx(0.8)
    root = (0.28 + math.sqrt(0.28**2 + 8 * 0.8**2)) / 2
    wanted = np.array([1.6 / root, 1, 1])
    assert weigh(family(list(a), list(5 + 100 * b), list(c)), "pca") == pytest.approx(list(wanted / wanted.sum()))


def test_child_that_runs_against_its_siblings_is_refused() -> None:
    with pytest.raises(Refused, match=r"A: the first component loads negatively on c \(-0\.57\d+\).*METHOD=equal") as refused:
        weigh(family([1, 2, 3, 4], [1, 2, 3, 5], [4, 3, 2, 1]), "pca")
    assert len(refused.value.sentences) == 1


@pytest.mark.parametrize("method", ["pca", "balanced"])
@pytest.mark.parametrize(
    ("columns", "sentence"),
    [(([1, 2], [2, 1]), "A: 2 entities have a rate of every child"), (([1, 2, 3], [1, 1, 1]), "A: b is the same of every entity")],
)
def test_what_nothing_can_be_told_of_is_refused(method: str, columns: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        weigh(family(*columns), method)


def test_balanced_weights_of_two_are_as_one_to_their_spread() -> None:
    """Both go equally far with w a + v b where w sd(a) = v sd(b): b spreads thrice as far, so 3 : 1."""
    found = weigh(family([1, 2, 3, 5], [6, 3, 15, 9]), "balanced")
    spread = np.std([1, 2, 3, 5]), np.std([6, 3, 15, 9])
    assert found[0] / found[1] == pytest.approx(spread[1] / spread[0], rel=1e-6)


@pytest.mark.parametrize(("method", "written"), [("arithmetic", (1, 1, 1)), ("geometric", (1, 1, 1)), ("arithmetic", (40, 30, 30))])
def test_balanced_weights_make_correlations_as_asked(method: str, written: tuple[float, ...]) -> None:
    source = np.random.Generator(np.random.PCG64(5))
    common = source.uniform(0.2, 1, 60)
    columns = [list(0.5 * common + share * source.uniform(0.1, 1, 60)) for share in (0.5, 0.3, 0.8)]
    held = family(*columns, written=written, method=method)
    correlations = correlated(held, np.array(weigh(held, "balanced")))
    assert correlations / correlations.sum() == pytest.approx(np.array(written) / sum(written), abs=1e-4)


def test_no_balanced_weight_falls_below_a_tenth_of_what_is_written() -> None:
    """b is all but the sum of a and c: only a negative weight would keep it from going with the parent more than they do."""
    source = np.random.Generator(np.random.PCG64(6))
    a, c, noise = source.uniform(0, 1, (3, 60))
    held = family(list(a), list(a + c + 0.5 * noise), list(c))
    weights = weigh(held, "balanced")
    assert weights[1] == pytest.approx(0.1 / 3, rel=1e-3)
    assert np.ptp(correlated(held, np.array(weights))) < np.ptp(correlated(held, np.full(3, 1 / 3)))


@pytest.mark.parametrize("method", ["minimum", "mazziotta_pareto"])
def test_methods_that_know_no_weights_cannot_be_balanced(method: str) -> None:
    with pytest.raises(Refused, match=f"{method} knows no weights"):
        weigh(family([1, 2, 3], [2, 1, 3], method=method), "balanced")


def test_an_only_child_has_all_the_weight() -> None:
    assert weigh(family([1, 1, 1]), "pca") == [1.0]


# --- from a release to a file -------------------------------------------------------------------------------------------------------

FRAMEWORK = """
edition: small-2020
title: {zh: 小样, en: Small}
period: {from: 2020-01-01, to: 2020-12-31}
entities: {registry: places.csv, as_of: 2020-12-31, groups: [city, county]}
scale: 100
round: {at: total, decimals: 2}
deliveries:
  provincial:
    - {dataset: figures, files: "*figures*", layout: places, entity: [place], columns: {one: [one], two: [two], three: [three]}}
inputs:
  one: {source: provincial, unit: points, label: {zh: 一, en: One}}
  two: {source: provincial, unit: points, label: {zh: 二, en: Two}}
  three: {source: provincial, unit: points, label: {zh: 三, en: Three}}
indicators:
  - code: A
    name: {zh: 甲, en: First}
    points: 60
    normalise: {method: percentile_rank, within: all}
    measures:
      - {code: m1, value: one, unit: points, direction: higher_is_better, share: 0.5, normalise: {method: none}, label: {zh: 一, en: One}}
      - {code: m2, value: two, unit: points, direction: higher_is_better, share: 0.5, normalise: {method: none}, label: {zh: 二, en: Two}}
  - code: B
    name: {zh: 乙, en: Second}
    points: 40
    measures:
      - {code: m3, value: three, unit: points, direction: higher_is_better, normalise: {method: none}, label: {zh: 三, en: Three}}
"""
GROUPS = {"11": "city", "12": "city", "21": "county", "22": "county", "23": "county"}
MEASURED = {"m1": [0.1, 0.2, 0.3, 0.5, 0.9], "m2": [0.2, 0.1, 0.4, 0.3, 0.8], "m3": [0.5, 0.4, 0.3, 0.2, 0.1]}


def _share(entity: str, code: str) -> float:
    """23 has m1 alone of A."""
    return {"m1": 1.0, "m2": 0.0}.get(code, 1.0) if entity == "23" else 1.0 if code == "m3" else 0.5


@pytest.fixture
def released(tmp_path: Path) -> Workspace:
    """A framework and its release, as `current.duckdb` shows it; 23 has no m2."""
    workspace = Workspace(tmp_path / "data", tmp_path / "frameworks")
    workspace.frameworks.mkdir()
    workspace.framework_file("small-2020").write_text(FRAMEWORK, encoding="utf-8")
    rows = ["code,name,level", *(f"{code},地{code},{group}" for code, group in GROUPS.items())]
    (workspace.frameworks / "places.csv").write_text("\n".join(rows), encoding="utf-8")
    measures = [
        ("small-2020", entity, code, None if (entity, code) == ("23", "m2") else value, _share(entity, code))
        for code, values in MEASURED.items()
        for entity, value in zip(GROUPS, values, strict=True)
    ]
    frame = pl.DataFrame(measures, schema=["edition", "entity_code", "measure_code", "normalised_used", "share_used"], orient="row")
    frame = frame.with_columns(value_treated=10 * pl.col("normalised_used"))
    nodes = pl.DataFrame(
        [("small-2020", entity, "A", place / 4, 60.0) for place, entity in enumerate(GROUPS)]
        + [("small-2020", entity, "B", value, 40.0) for entity, value in zip(GROUPS, MEASURED["m3"], strict=True)],
        schema=["edition", "entity_code", "indicator_code", "score_rate", "points"],
        orient="row",
    )
    workspace.published.mkdir(parents=True)
    with duckdb.connect(str(workspace.current)) as database:
        database.execute("create table dim_release as select 'small-2020' as edition, 'abcdef012345' as release")
        for name, table in (("fct_measure", frame), ("fct_indicator_score", nodes)):
            database.register("frame", table)
            database.execute(f"create table {name} as from frame")
    return workspace


def _framework(workspace: Workspace) -> Framework:
    return load_framework(workspace, "small-2020")


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_weights_of_every_parent_stand_in_a_file_with_where_they_come_from(released: Workspace) -> None:
    path, words = write_weights(released, _framework(released), "equal")
    assert path == released.frameworks / "small-2020_weights_equal.csv"
    assert _rows(path) == [
        ["code", "group", "weight", "method", "edition", "made_of"],
        *([code, "", "1", "equal", "small-2020", "abcdef012345"] for code in ("A", "B", "m1", "m2", "m3")),
    ]
    assert words[2].startswith("A: m1 1, correlation with A 0.9")


def test_one_parent_alone(released: Workspace) -> None:
    path, _ = write_weights(released, _framework(released), "pca", ["A"])
    assert [row[:3] for row in _rows(path)[1:]] == [["m1", "", "0.5"], ["m2", "", "0.5"]]


def test_every_refusal_at_once_and_nothing_written(released: Workspace) -> None:
    """The root's A and B run against each other; of A nothing is said against."""
    with pytest.raises(Refused, match="TOTAL: the first component loads negatively on B"):
        write_weights(released, _framework(released), "pca")
    assert not list(released.frameworks.glob("*weights*"))


def test_what_is_frozen_is_not_made_anew(released: Workspace) -> None:
    path, _ = write_weights(released, _framework(released), "equal")
    with pytest.raises(Refused, match=f"{path} is there already and is not made anew in silence; delete it"):
        write_weights(released, _framework(released), "equal")


@pytest.mark.parametrize(
    ("method", "parents", "sentence"),
    [("best", [], "best is no way of weighing; say METHOD=equal, METHOD=pca, METHOD=balanced"), ("equal", ["Z"], "Z is no indicator")],
)
def test_what_cannot_be_asked_is_refused(released: Workspace, method: str, parents: list[str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        write_weights(released, _framework(released), method, parents)


def test_groups_with_other_children_have_weights_of_their_own(released: Workspace) -> None:
    file = released.framework_file("small-2020")
    text = file.read_text(encoding="utf-8").replace("    points: 60\n", "    points: {city: 60, county: 100}\n")
    file.write_text(text.replace("    points: 40\n", "    points: {city: 40}\n"), encoding="utf-8")
    path, _ = write_weights(released, _framework(released), "equal")
    assert [row[:2] for row in _rows(path)[1:]] == [["A", "city"], ["B", "city"], ["A", "county"], ["m1", ""], ["m2", ""], ["m3", "city"]]


def test_frozen_weights_are_what_the_framework_then_scores_by(released: Workspace) -> None:
    write_weights(released, _framework(released), "pca", ["A"])
    file = released.framework_file("small-2020")
    text = (
        file.read_text(encoding="utf-8")
        .replace(" share: 0.5,", "")
        .replace("scale: 100\n", "scale: 100\nweights: small-2020_weights_pca.csv\n")
    )
    file.write_text(text, encoding="utf-8")
    shares = _framework(released).tables()["measure_shares"].filter(pl.col("group_code") == "city")
    assert shares.select("measure_code", "share").rows() == [("m1", 0.5), ("m2", 0.5), ("m3", 1.0)]


def test_norms_are_treated_values_and_rates_before_they_are_normalised(released: Workspace) -> None:
    """A before its percentile rank: (0.1 + 0.2) ÷ 2 of 11; 23 has m1 alone, 0.9. Groups beside them."""
    path, count = write_norms(released, _framework(released))
    rows = _rows(path)
    assert rows[0] == ["code", "group", "value"]
    assert count == len(rows) - 1 == 5 + 5 + 4 + 5
    assert [row[1] for row in rows if row[0] == "A"] == ["city", "city", "county", "county", "county"]
    assert [float(row[2]) for row in rows if row[0] == "A"] == pytest.approx([0.15, 0.15, 0.35, 0.4, 0.9])
    assert [float(row[2]) for row in rows if row[0] == "m2"] == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(Refused, match=r"small-2020_norms\.csv is there already"):
        write_norms(released, _framework(released))


def test_edition_without_a_release_is_told_to_publish(released: Workspace) -> None:
    released.current.unlink()
    with pytest.raises(Refused, match=r"small-2020 has no release in .*make run EDITION=small-2020"):
        write_norms(released, _framework(released))


def test_command_says_what_came_of_it_and_refuses_in_a_sentence(released: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGXIN_DATA", str(released.data))
    monkeypatch.setenv("ZHENGXIN_FRAMEWORKS", str(released.frameworks))
    runner, name = CliRunner(), "small-2020_weights_balanced.csv"
    done = runner.invoke(app, ["weights", "small-2020", "balanced", "A"])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0,
        f"{released.frameworks / name} is written. Name it in a framework under weights: {name}",
    )
    again = runner.invoke(app, ["weights", "small-2020", "balanced", "A"])
    assert again.exit_code == 1
    assert "delete it, then ask again" in again.output
    assert runner.invoke(app, ["norms", "small-2020"]).exit_code == 0
    assert runner.invoke(app, ["norms", "nowhere-2020"]).exit_code == 1


# --- against the toolkit ------------------------------------------------------------------------------------------------------------


@pytest.mark.reference
def test_first_component_has_the_loading_that_the_toolkit_gives() -> None:
    """Of the ASEM index's sub-index Sust one pillar loads by −0.744 (formulas.md, get_PCA); of Conn all load positively."""
    if not ASEM.exists():
        pytest.skip("../shared/reference/coinr_asem is not there")
    aggregated = pl.read_csv(ASEM / "base" / "aggregated.csv", null_values="NA", infer_schema_length=None)

    def pillars(*codes: str) -> Family:
        return Family("Sust", "", codes, (1.0,) * len(codes), Method(), aggregated.select(codes).to_numpy())

    with pytest.raises(Refused, match=r"Sust: the first component loads negatively on Social \(-0\.744\d\)"):
        weigh(pillars("Environ", "Social", "SusEcFin"), "pca")
    assert min(weigh(pillars("ConEcFin", "Instit", "P2P", "Physical", "Political"), "pca")) > 0.1
