"""The gates and the draws over random editions that dbt has scored: nothing is at fault, and the undisturbed draw gives the totals."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis.building import build_tree
from analysis.standings import read_ranked
from analysis.tree import rated, totals
from expectations.gate import RULES
from expectations.scratch import attach, judge, open_scratch
from frameworks import Framework, load_framework
from storage import Gate, Workspace
from tests.oracle.assembling import EDITION, side_by_side
from tests.oracle.building import Warehouse
from tests.oracle.drawing import batches

BUILDS, EACH = 4, 25
JUDGED: dict[Gate, tuple[str, ...]] = {
    "scores": (
        "scores_not_empty",
        "groups_full",
        "scores_complete",
        "levels_add_up",
    ),  # a value outside 0–1 is drawn too: scores_in_range would name it
    "ranking": (
        "ranking_complete",
        "ranks_as_defined",
        "ranks_monotone",
        "tiers_consistent",
        "grades_consistent",
        "vetoes_applied",
        "unjudged_as_defined",
        "scores_as_judged",
    ),
}


@pytest.mark.slow
@pytest.mark.xdist_group("differential-3")
def test_gates_find_no_fault_with_what_dbt_scored_and_draws_begin_from_it(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path, further=("fct_input",))  # what vetoes are judged by
    for batch in batches(1, BUILDS, EACH):
        warehouse.build(side_by_side(batch.world, batch.examples))
        workspace = _copied(tmp_path)
        framework = load_framework(workspace, EDITION)
        assert at_fault(workspace, framework, tmp_path / f"{batch.number}.duckdb") == {}, batch.number
        assert undisturbed(workspace, framework) == {}, batch.number


def _copied(folder: Path) -> Workspace:
    """What was built, in files of their own: dbt holds its warehouse as long as the process lives."""
    built, copied = (Workspace(folder / name, folder / "frameworks") for name in ("data", "copied"))
    with duckdb.connect(str(built.warehouse(EDITION))) as warehouse:
        warehouse.execute("checkpoint")
    shutil.copytree(built.stage(EDITION), copied.stage(EDITION), dirs_exist_ok=True)
    shutil.copyfile(built.warehouse(EDITION), copied.warehouse(EDITION))
    return copied


def at_fault(workspace: Workspace, framework: Framework, scratch_file: Path) -> dict[str, list[tuple[str, ...]]]:
    """Of each expectation the rows that it would not pass."""
    found = dict[str, list[tuple[str, ...]]]()
    values = {"threshold": "0.0::double", "decimals": str(framework.file.round.decimals)}
    with open_scratch(scratch_file, workspace, framework.file) as scratch:
        attach(scratch, workspace.warehouse(EDITION))
        for gate, names in JUDGED.items():
            for name in names:
                rows, _ = judge(scratch, RULES[gate][name], values)
                if len(rows):
                    found[name] = rows.select("entity_code", "item", "value", "expected_en").rows()[:5]
    scratch_file.unlink()
    return found


def undisturbed(workspace: Workspace, framework: Framework) -> dict[str, tuple[float, float | None]]:
    """Entities whose total in a draw of factors 1 is other than the one that dbt scored, with both."""
    tables = framework.tables()
    with duckdb.connect(str(workspace.warehouse(EDITION)), read_only=True) as warehouse:
        ranked = read_ranked(warehouse, framework.file, tables)
        wanted = dict(warehouse.sql("select entity_code, score_exact from scoring.indicator_scores where level = 0").fetchall())
    tree = build_tree(tables, ranked.scored)
    drawn = totals(tree, rated(tree, ranked.held, np.ones((1, len(tree.codes)))))
    found = np.broadcast_to(drawn, (1, len(ranked.scored)))[0]
    return {
        code: (float(total), wanted[code])
        for code, total in zip(ranked.scored, found, strict=True)
        if (wanted[code] is None) != math.isnan(total)
        or (wanted[code] is not None and not math.isclose(total, wanted[code], rel_tol=1e-9, abs_tol=1e-9))
    }
