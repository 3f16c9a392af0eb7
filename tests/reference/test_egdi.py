"""The UN's E-Government Development Index of 2016 by a framework file alone: values within 1e-5 of the published ones, ranks exact."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from storage import Workspace
from tests.pipeline import published
from tests.reference.published_indices import evaluate, reference, write_edition

pytestmark = [pytest.mark.reference, pytest.mark.slow]


def test_egdi_of_2016_with_its_ranks(tmp_path: Path) -> None:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    rows = reference("egdi_2016/inputs_2016.csv")
    place = lambda row: (row["country-code"], row["country-name"], "country")  # noqa: E731 - one line, used once
    write_edition(workspace, "egdi", "egdi-2016", rows, place, ("osi", "tii", "hci"))
    evaluate(workspace, "egdi-2016")
    ranking = {
        code: (total, rank)
        for code, total, rank in published(workspace, "egdi-2016", "fct_ranking").select("entity_code", "total", "rank").iter_rows()
    }
    wanted = {row["country-code"]: row for row in reference("egdi_2016/published_2016.csv")}
    assert len(wanted) == 193
    assert {code: rank for code, (_, rank) in ranking.items()} == {code: int(row["e-gov-rank"]) for code, row in wanted.items()}
    distances = [abs(total - Decimal(wanted[code]["e-gov-index"])) for code, (total, _) in ranking.items()]
    assert max(distances) <= Decimal("0.00001")
    assert sum(distance == 0 for distance in distances) == 176
