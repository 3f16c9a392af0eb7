"""The example of docs/writing-a-framework.md, copied from the page as its reader does, gives the figures that the page works by hand.

One run of the whole product takes some twenty seconds, most of them for starting Dagster, dbt and Great Expectations.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from frameworks import load_framework
from orchestration.what_if import what_if
from storage import Workspace
from storage.workspace import PROJECT
from tests.pipeline import published, run_edition

PAGE = (PROJECT / "docs" / "writing-a-framework.md").read_text(encoding="utf-8")
EDITION = "wellbeing-2021"

pytestmark = pytest.mark.slow


def test_the_example_of_the_page_gives_its_figures(tmp_path: Path) -> None:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    places = re.findall(r"^`((?:frameworks|data/inbox)/\S+)`", PAGE, flags=re.MULTILINE)
    blocks = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE))
    files = {place: blocks[Path(place).name] for place in places}
    assert len(files) == len(blocks) == 3
    for place, content in files.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    outcome = run_edition(workspace, EDITION)
    assert outcome.code == 0, outcome.output

    ranking = published(workspace, EDITION, "fct_ranking").sort("entity_code")
    first, second = (Decimal(figure) for figure in re.findall(r"rounded (0\.\d{3})", PAGE))
    assert (first, second) == (Decimal("0.980"), Decimal("0.548"))
    assert ranking.select("entity_code", "total", "rank", "state").rows() == [
        ("AAA", first, 1, "ranked"),
        ("BBB", second, 2, "ranked"),
        ("CCC", None, None, "blocked"),
    ]
    assert "Income" in ranking["reason_en"][2]
    scores = published(workspace, EDITION, "fct_indicator_score")
    rates = {(place, code): rate for place, code, rate in scores.select("entity_code", "indicator_code", "score_rate").iter_rows()}
    assert [rates[place, code] for place in ("AAA", "BBB") for code in ("W1", "W2")] == pytest.approx([0.96, 1, 0.6, 0.5], abs=1e-9)

    # Its rules know no correction, and may be asked about all the same: Costaguana's √((72 − 20) ÷ 65 × 1) = 0.894 lies between.
    moved = what_if(workspace, load_framework(workspace, EDITION), "CCC", "income", "75000")
    assert moved.select("entity_code", "total_before", "total_after", "rank_before", "rank_after", "state_after").rows() == [
        ("CCC", None, Decimal("0.894"), None, 2, "ranked"),
        ("BBB", second, second, 2, 3, "ranked"),
    ]
