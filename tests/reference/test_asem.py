"""The ASEM connectivity index as COINr computes it, its base chain and every variant at hand, each by a framework file: the normalised
values, the scores of every level to 1e-9, the ranks exactly. COINr's fraction of the best turns the order of falling indicators round,
which is its own fault; of that variant the rising indicators alone are compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from storage import Workspace
from tests.pipeline import published
from tests.reference.asem import EDITION, FOLDER, Variant, description, run_variant
from tests.reference.published_indices import reference

pytestmark = [pytest.mark.reference, pytest.mark.long]

TREATED, RAW, SCREENED = "base/treated.csv", "raw/iData.csv", "base/screened.csv"
ZERO_UP, ONE_UP = [0, 100], [1, 100]
MIN_MAX = {"method": "min_max", "range": ZERO_UP}
FROM_ONE = {"method": "min_max", "range": ONE_UP}
GEOMETRIC, HARMONIC = ("geometric",) * 3, ("harmonic",) * 3
UNEQUAL = "_weights_unequal.csv"


def treat(**rule: Any) -> Mapping[str, Any]:
    return {"treat": rule}


VARIANTS = {
    "01_minmax0_100_amean": Variant(TREATED, MIN_MAX),
    "02_zscore_amean": Variant(TREATED, {"method": "z_score"}),
    "03_prank_amean": Variant(TREATED, {"method": "percentile_rank"}),
    "04_minmax1_100_gmean": Variant(TREATED, FROM_ONE, GEOMETRIC),
    "05_minmax1_100_hmean": Variant(TREATED, FROM_ONE, HARMONIC),
    "06_borda_amean": Variant(TREATED, {"method": "borda"}),
    "07_rank_amean": Variant(TREATED, {"method": "rank"}),
    "08_dist2max_amean": Variant(TREATED, {"method": "min_max"}),
    "10_scaled0_100_amean": Variant(TREATED, {"method": "goalposts", "cap": False, "range": ZERO_UP}, posts=True),
    "12_minmax0_100_unequalw_amean": Variant(TREATED, MIN_MAX, weights=UNEQUAL),
    "13_minmax1_100_unequalw_gmean": Variant(TREATED, FROM_ONE, GEOMETRIC, weights=UNEQUAL),
    "14_minmax1_100_unequalw_hmean": Variant(TREATED, FROM_ONE, HARMONIC, weights=UNEQUAL),
    "21_raw_with_NA_minmax_amean": Variant(RAW, MIN_MAX),
    "22_raw_with_NA_minmax_amean_thresh0.9": Variant(RAW, MIN_MAX, at_least=0.9),
    "24_raw_with_NA_prank_amean": Variant(RAW, {"method": "percentile_rank"}),
    "25_raw_with_NA_zscore_unequalw_amean": Variant(RAW, {"method": "z_score", "mean": 10, "sd": 2}, weights=UNEQUAL),
    "30_treat_winmax1_else_log_CT": Variant(SCREENED, MIN_MAX, top=treat(method="winsorise", at_most=1, otherwise={"method": "log"})),
    "31_treat_winsorise_only_nolimit": Variant(SCREENED, MIN_MAX, top=treat(method="winsorise", at_most=None)),
    # COINr's logarithms failed on a parameter meant for winsorising, so these two are untreated; its "none" winsorised, as the base does.
    "32_treat_logCT_only": Variant(SCREENED, MIN_MAX),
    "33_treat_log_CT_plus_only": Variant(SCREENED, MIN_MAX),
    "35_treat_none": Variant(SCREENED, MIN_MAX, top=treat(method="winsorise", otherwise={"method": "log"})),
}
BASE = Variant(
    RAW,
    MIN_MAX,
    denominate=True,
    top={
        "impute": {"method": "mean", "within": "eurasia_group"},
        "screen": {"measures_at_least": 0.66},
        "treat": {"method": "winsorise", "at_most": 5, "otherwise": {"method": "log"}},
    },
)
Cells = dict[tuple[str, str], float | None]


def wanted(path: str) -> Cells:
    return {
        (row["uCode"], code.upper()): None if text in {"", "NA", "NaN"} else float(text)
        for row in reference(f"{FOLDER}/{path}")
        for code, text in row.items()
        if code not in {"uCode", "uName"}
    }


def measures(workspace: Workspace, column: str) -> Cells:
    rows = published(workspace, EDITION, "fct_measure").select("entity_code", "measure_code", column).iter_rows()
    return {(place, code.upper()): value for place, code, value in rows}


def indicators(workspace: Workspace, column: str) -> Cells:
    rows = published(workspace, EDITION, "fct_indicator_score").select("entity_code", "indicator_code", column).iter_rows()
    return {(place, code): value for place, code, value in rows}


def compare(found: Cells, expected: Cells, least: int) -> None:
    """Every expected cell that is found at all agrees to a part in a thousand million; both lack the same ones."""
    both = {cell: (found[cell], expected[cell]) for cell in expected if cell in found}
    assert len(both) >= least
    assert {cell: pair for cell, pair in both.items() if not close(*pair)} == {}


def close(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-11)


def edition(tmp_path: Path, variant: Variant) -> Workspace:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    run_variant(workspace, variant)
    return workspace


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant(tmp_path: Path, name: str) -> None:
    workspace = edition(tmp_path, VARIANTS[name])
    normalised = wanted(f"configs/{name}/normalised.csv")
    compare(measures(workspace, "normalised"), normalised, 51 * 49)
    compare(indicators(workspace, "score_rate"), wanted(f"configs/{name}/aggregated.csv"), 51 * 11)
    ranks = {cell: rank for cell, rank in wanted(f"configs/{name}/ranks.csv").items() if cell[1] == "INDEX"}
    found = dict(published(workspace, EDITION, "fct_ranking").select("entity_code", "rank").iter_rows())
    assert found == {place: rank if rank is None else int(rank) for (place, _), rank in ranks.items()}


def test_the_base_chain_from_raw_figures_to_ranks(tmp_path: Path) -> None:
    workspace = edition(tmp_path, BASE)
    compare(measures(workspace, "value_treated"), wanted("base/treated.csv"), 51 * 49)
    compare(measures(workspace, "normalised"), wanted("base/normalised.csv"), 51 * 49)
    compare(indicators(workspace, "score_rate"), wanted("base/aggregated.csv"), 51 * 11)
    found = dict(published(workspace, EDITION, "fct_ranking").select("entity_code", "rank").iter_rows())
    assert found == {row["uCode"]: int(row["Index"]) for row in reference(f"{FOLDER}/base/ranks.csv")}


def test_fraction_of_the_best_of_the_rising_indicators(tmp_path: Path) -> None:
    rising = frozenset(row["iCode"] for row in description() if row["Type"] == "Indicator" and row["Direction"] == "1")
    assert len(rising) == 35
    workspace = edition(tmp_path, Variant(TREATED, {"method": "fraction_of_best"}, only=rising))
    compare(measures(workspace, "normalised"), wanted("configs/09_fracmax_amean/normalised.csv"), 51 * 35)
