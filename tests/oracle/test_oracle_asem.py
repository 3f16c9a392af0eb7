"""The oracle against the ASEM connectivity index, 51 countries × 49 indicators on three levels, each step as published."""

from __future__ import annotations

import csv
import math
from functools import cache
from typing import Any

import pytest

from storage.workspace import PROJECT
from tests.oracle.edition import Edition, Entity
from tests.oracle.method import Outcome, scored_by_hand

ASEM = PROJECT.parent / "shared" / "reference" / "coinr_asem"
pytestmark = [pytest.mark.reference, pytest.mark.skipif(not ASEM.is_dir(), reason=f"the published figures are not at {ASEM}")]
HUNDRED = {"method": "min_max", "range": [0, 100]}
FROM_ONE = {"method": "min_max", "range": [1, 100]}
RAW, SCREENED, TREATED = "raw/iData.csv", "base/screened.csv", "base/treated.csv"
WINSORISE = {"method": "winsorise", "at_most": 5, "otherwise": {"method": "log"}}


@cache
def table(path: str) -> list[dict[str, str]]:
    with (ASEM / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    return None if text in {"", "NA", "NaN"} else float(text)


def nodes() -> list[dict[str, str]]:
    return [row for row in table("raw/iMeta.csv") if row["Type"] in {"Indicator", "Aggregate"}]


def asem(values: str, normalise: dict[str, Any], mean: dict[str, Any], *, denominate: bool = False, **top: Any) -> Outcome:
    def built(row: dict[str, str]) -> dict[str, Any]:
        below = [child for child in nodes() if child["Parent"] == row["iCode"]]
        if below:
            kind = "measures" if below[0]["Type"] == "Indicator" else "indicators"
            return {"code": row["iCode"], "weight": float(row["Weight"]), "aggregate": mean, kind: [built(child) for child in below]}
        code, divisor = row["iCode"], row["Denominator"]
        return {
            "code": code, "weight": float(row["Weight"]), "normalise": normalise,
            "value": f"{code} / {divisor}" if denominate and divisor not in {"", "NA"} else code,
            "direction": "higher_is_better" if row["Direction"] == "1" else "lower_is_better",
        }  # fmt: skip

    regions = {row["uCode"]: (("region", row["EurAsia_group"]),) for row in table(RAW)}
    data = table(values)
    root = next(row for row in nodes() if row["Parent"] in {"", "NA"})
    rules = {
        "entities": {"groups": ["country"]}, "scale": 1, "round": {"at": "total", "decimals": 9}, "missing": {"policy": "reweight"},
        "indicators": [built(root)], **top,
    }  # fmt: skip
    entities = [Entity(row["uCode"], "country", attributes=regions[row["uCode"]]) for row in data]
    columns = [column for column in data[0] if column not in {"uCode", "uName"} and not column.endswith("_group")]
    inputs = {column: {row["uCode"]: number(row[column]) for row in data} for column in columns}
    return scored_by_hand(Edition(rules, entities, inputs))


def compare(found: dict[tuple[str, str], Any], path: str, least: int) -> None:
    wanted = {(row["uCode"], code): number(text) for row in table(path) for code, text in row.items() if (row["uCode"], code) in found}
    apart = {
        key: (found[key], value)
        for key, value in wanted.items()
        if (found[key] is None) != (value is None) or not math.isclose(found[key] or 0, value or 0, rel_tol=1e-9, abs_tol=1e-11)
    }
    assert apart == {}
    assert len(wanted) >= least


def rates(outcome: Outcome) -> dict[tuple[str, str], Any]:
    return {key: score.rate for key, score in outcome.scores.nodes.items() if key[1] != "TOTAL"}


def test_the_base_chain_from_raw_figures_to_ranks() -> None:
    impute = {"method": "mean", "within": "region"}
    outcome = asem(RAW, HUNDRED, {}, denominate=True, impute=impute, treat=WINSORISE, screen={"measures_at_least": 0.66})
    compare(outcome.steps.imputed, "base/imputed.csv", 51 * 49)
    compare(outcome.steps.treated, "base/treated.csv", 51 * 49)
    compare(outcome.steps.normalised, "base/normalised.csv", 51 * 49)
    compare(rates(outcome), "base/aggregated.csv", 51 * 11)
    assert {code: row.rank for code, row in outcome.ranking.items()} == {row["uCode"]: int(row["Index"]) for row in table("base/ranks.csv")}
    assert outcome.scores.nodes["CHE", "Index"].rate == pytest.approx(68.3837242383, abs=1e-10)


@pytest.mark.parametrize(
    ("variant", "values", "normalise", "mean", "top"),
    [
        ("02_zscore_amean", TREATED, {"method": "z_score"}, {}, {}),
        ("03_prank_amean", TREATED, {"method": "percentile_rank"}, {}, {}),
        ("04_minmax1_100_gmean", TREATED, FROM_ONE, {"method": "geometric"}, {}),
        ("05_minmax1_100_hmean", TREATED, FROM_ONE, {"method": "harmonic"}, {}),
        ("06_borda_amean", TREATED, {"method": "borda"}, {}, {}),
        ("07_rank_amean", TREATED, {"method": "rank"}, {}, {}),
        ("21_raw_with_NA_minmax_amean", RAW, HUNDRED, {}, {}),
        ("22_raw_with_NA_minmax_amean_thresh0.9", RAW, HUNDRED, {"method": "arithmetic", "at_least": 0.9}, {}),
        ("30_treat_winmax1_else_log_CT", SCREENED, HUNDRED, {}, {"treat": {**WINSORISE, "at_most": 1}}),
        ("31_treat_winsorise_only_nolimit", SCREENED, HUNDRED, {}, {"treat": {"method": "winsorise", "at_most": None}}),
        # what the toolkit published under these names was not logged at all: its first step failed and left the columns as they were
        ("32_treat_logCT_only", SCREENED, HUNDRED, {}, {}),
        ("33_treat_log_CT_plus_only", SCREENED, HUNDRED, {}, {}),
    ],
)
def test_variants(variant: str, values: str, normalise: dict[str, Any], mean: dict[str, Any], top: dict[str, Any]) -> None:
    outcome = asem(values, normalise, mean, **top)
    compare(outcome.steps.normalised, f"configs/{variant}/normalised.csv", 51 * 49)
    compare(rates(outcome), f"configs/{variant}/aggregated.csv", 51 * 11)


@pytest.mark.parametrize(("mean", "place", "index"), [("geometric", "CHE", 58.0063143826), ("harmonic", "BEL", 44.2383886904)])
def test_other_means_of_the_base_chain(mean: str, place: str, index: float) -> None:
    impute = {"method": "mean", "within": "region"}
    outcome = asem(RAW, FROM_ONE, {"method": mean}, denominate=True, impute=impute, treat=WINSORISE)
    assert outcome.scores.nodes[place, "Index"].rate == pytest.approx(index, abs=1e-10)
