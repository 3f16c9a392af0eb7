"""The Social Vulnerability Index 2018 of 3,142 US counties by a framework file alone: every published cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Workspace
from tests.pipeline import published
from tests.reference.published_indices import Row, evaluate, reference, write_edition

pytestmark = [pytest.mark.reference, pytest.mark.long]
MISSING = "-999"
Cells = dict[tuple[str, str], float | None]


def county(row: Row) -> tuple[str, str, str]:
    return row["FIPS"], f"{row['COUNTY']}, {row['ST_ABBR']}", "county"


def measured(workspace: Workspace) -> Cells:
    """Each county's percentile of each indicator, and its flag, under the publisher's names of columns."""
    found: Cells = {}
    for code, measure, percentile, flag in (
        published(workspace, "svi-2018", "fct_measure").select("entity_code", "measure_code", "normalised", "flag").iter_rows()
    ):
        name = measure.removeprefix("epl_").upper()
        found[code, f"EPL_{name}"], found[code, f"F_{name}"] = percentile, flag
    return found


def summed(workspace: Workspace) -> Cells:
    """Each county's sum, percentile and flags of each theme and of the whole, to four decimals as published."""
    names = {"SVI": ("SPL_THEMES", "RPL_THEMES", "F_TOTAL")}
    names |= {f"THEME{n}": (f"SPL_THEME{n}", f"RPL_THEME{n}", f"F_THEME{n}") for n in range(1, 5)}
    found: Cells = {}
    columns = ("entity_code", "indicator_code", "score_rate", "percentile_rank", "flags")
    for code, indicator, rate, percentile, flags in published(workspace, "svi-2018", "fct_indicator_score").select(columns).iter_rows():
        if indicator in names:
            values = (rate and round(rate, 4), percentile if percentile is None else round(percentile, 4), flags)
            found |= {(code, name): value for name, value in zip(names[indicator], values, strict=True)}
    return found


def test_every_cell_of_the_published_table(tmp_path: Path) -> None:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    rows = reference("svi_2018/inputs.csv")
    write_edition(workspace, "svi", "svi-2018", rows, county, [column for column in rows[0] if column.startswith("EP_")])
    evaluate(workspace, "svi-2018")
    found = measured(workspace) | summed(workspace)
    wanted = {
        (row["FIPS"], column): None if text == MISSING else float(text)
        for row in reference("svi_2018/published.csv")
        for column, text in row.items()
        if column != "FIPS"
    }
    assert len(wanted) == 3142 * 45
    apart = {cell: (found.get(cell), value) for cell, value in wanted.items() if found.get(cell) != value}
    assert apart == {}, len(apart)
