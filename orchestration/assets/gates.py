"""The three gates, each an asset of its own between two layers: what follows takes what has passed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import dagster as dg

from expectations import run_gate
from orchestration.assets.intake import previous, stage_framework, stage_intake
from orchestration.assets.scoring import dbt_ranking, dbt_scoring
from orchestration.checks import check_result, check_spec, outcomes, summary
from orchestration.dbt import RANKING, SCORING
from orchestration.failures import failure, told_plainly
from orchestration.partitions import editions
from orchestration.resources import Edition
from orchestration.vocabulary import GATE_GROUPS, GATE_QUESTIONS, OWNERS, gate_key
from storage import GATES, Gate


def _gate(gate: Gate, judged: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=gate_key(gate),
        group_name=GATE_GROUPS[gate],
        kinds={"greatexpectations"},
        owners=OWNERS,
        partitions_def=editions,
        deps=sorted(judged),
        check_specs=[check_spec(gate, gate_key(gate))],
        description=GATE_QUESTIONS[gate],
    )
    def gate_asset(edition: dg.ResourceParam[Edition]) -> Iterator[dg.MaterializeResult[None]]:
        with told_plainly():
            report = run_gate(gate, edition.workspace, edition.framework)
        yield dg.MaterializeResult(metadata=outcomes(report), check_results=[check_result(report)])
        if not report.passed:
            # The check blocks by itself; this says in the run's log why, where Dagster would name the check alone.
            raise failure("\n".join(summary(report)))

    return gate_asset


_JUDGED: dict[Gate, Iterable[dg.AssetKey]] = {
    "intake": [stage_framework.key, stage_intake.key, previous.key],
    "scores": [key for key in dbt_scoring.keys if key.path[0] == SCORING],
    "ranking": [key for key in dbt_ranking.keys if key.path[0] == RANKING],
}

gates = [_gate(gate, _JUDGED[gate]) for gate in GATES]
