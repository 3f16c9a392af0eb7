"""dbt against the oracle: 500 random examples, frameworks and data, in builds of 25; `make differential` runs 20,000.

A failure prints the smallest framework and data found, both figures, and the number that draws the batch again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.building import Warehouse
from tests.oracle.differential import disagreement
from tests.oracle.drawing import batches

BUILDS, EACH = 10, 25


@pytest.mark.slow
@pytest.mark.parametrize(
    "first",
    [pytest.param(1, marks=pytest.mark.xdist_group("differential-1")), pytest.param(11, marks=pytest.mark.xdist_group("differential-2"))],
)
def test_dbt_and_the_oracle_agree(tmp_path: Path, first: int) -> None:
    warehouse = Warehouse(tmp_path)
    for batch in batches(first, BUILDS, EACH):
        found = disagreement(warehouse, batch)
        assert found is None, f"\n{found}"
