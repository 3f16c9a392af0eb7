"""The oracle's figures beside the warehouse's, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.oracle.arithmetic import rounded
from tests.oracle.building import Rows
from tests.oracle.edition import ROOT
from tests.oracle.method import Outcome, flags
from tests.oracle.normalising import Told
from tests.oracle.ranking import within
from tests.oracle.standing import changes, imputed_shares, percentile_ranks, ranks_of_nodes, since_before

RELATIVE, ABSOLUTE = 1e-9, 1e-11
Cells = dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Difference:
    """One cell on which the two do not agree: table and column, entity and node."""

    column: str
    entity: str
    node: str
    oracle: Any
    dbt: Any

    def __str__(self) -> str:
        return f"{self.column} of {self.entity} {self.node}: oracle {self.oracle!r}, dbt {self.dbt!r}"


def differences(outcome: Outcome, tables: dict[str, Rows]) -> list[Difference]:
    """Every cell of every step that differs, in the order of the steps: the first is where it begins."""
    found = list[Difference]()
    for column, wanted in _expected(outcome):
        table, name = column.split(".")
        if table not in tables:
            continue
        got = {_key(table, row): row.get(name) for row in tables[table]}
        for key, value in wanted.items():
            if not _agree(value, got.get(key)):
                found.append(Difference(column, *key, value, got.get(key)))
    return found


def _key(table: str, row: dict[str, Any]) -> tuple[str, str]:
    node = row.get("attribute") if table == "fct_rank_within" else row.get("measure_code") or row.get("indicator_code")
    return row["entity_code"], node or ROOT


def _agree(wanted: Any, got: Any) -> bool:
    if wanted is None or got is None:
        return wanted is None and got is None
    if isinstance(wanted, Decimal):  # a figure of nine decimals, told apart by what lies beyond them
        return math.isclose(wanted, got, rel_tol=RELATIVE, abs_tol=1.01e-9)
    if isinstance(wanted, float):
        return math.isclose(float(wanted), float(got), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(wanted == got)


def _expected(outcome: Outcome) -> Iterator[tuple[str, Cells]]:
    edition, steps = outcome.edition, outcome.steps
    screened = {(entity, ROOT): row for entity, row in steps.screened.items()}
    yield "screened.is_screened_out", {key: row.is_out for key, row in screened.items()}
    # Of a framework that asks for none no share is told.
    asks = any(least not in (None, {}) for least in (edition.rules.get("screen") or {}).values())
    yield "screened.measures_share", {key: row.measures if asks else None for key, row in screened.items()}
    yield "screened.points_share", {key: row.points if asks else None for key, row in screened.items()}
    yield "screened.nonzero_share", {key: row.nonzero if asks else None for key, row in screened.items()}
    yield "imputed.value_imputed", dict(steps.imputed)
    yield "treated.value_treated", dict(steps.treated)
    yield "normalised.state", _states(outcome)
    yield "normalised.normalised", {key: None if isinstance(value, Told) else value for key, value in steps.normalised.items()}
    yield "normalised.normalised_used", {key: child.rate for key, child in outcome.tree.nodes.items() if key in steps.normalised}
    used = {(entity, measure): used for (entity, _), shares in outcome.tree.used.items() for measure, used in shares.items()}
    yield "normalised.share_used", {key: value for key, value in used.items() if key in steps.normalised}
    yield from _of_nodes(outcome)
    ranking = {(entity, ROOT): row for entity, row in outcome.ranking.items()}
    yield "ranked.state", {key: row.state for key, row in ranking.items()}
    yield "ranked.total_exact", {key: row.exact for key, row in ranking.items()}
    yield "ranked.total", {key: row.total for key, row in ranking.items()}
    yield "ranked.rank", {key: row.rank for key, row in ranking.items()}
    yield "ranked.grade", {key: row.grade for key, row in ranking.items()}
    yield "ranked.total_unjudged", {(entity, ROOT): total for entity, (total, _) in outcome.unjudged.items()}
    yield "ranked.rank_unjudged", {(entity, ROOT): rank for entity, (_, rank) in outcome.unjudged.items()}
    yield "ranked.vetoes", {key: ",".join(row.vetoes) or None for key, row in ranking.items()}
    yield "fct_ranking.tier", {key: row.tier for key, row in ranking.items()}
    imputed = {key: share for key, share in imputed_shares(outcome).items() if share is not None and not steps.screened[key[0]].is_out}
    failed = {key for key, row in ranking.items() if row.state == "failed"}
    yield "ranked.imputed_share", {key: None if key in failed else rounded(share, 9) for key, share in imputed.items()}
    yield "fct_indicator_score.rank_in_group", ranks_of_nodes(outcome)
    yield "fct_indicator_score.percentile_rank", percentile_ranks(outcome)
    for name, cells in since_before(outcome).items():
        yield f"fct_ranking.{name}", cells
    change_of_totals, change_of_ranks = changes(outcome)
    yield "fct_trend.change_total", change_of_totals
    yield "fct_trend.change_rank", change_of_ranks
    for attribute in (edition.rules.get("rank") or {}).get("within", []):
        ranks = within(outcome.ranking, edition, outcome.scores, attribute)
        yield "fct_rank_within.rank", {(entity, attribute): rank for entity, rank in ranks.items()}


def _states(outcome: Outcome) -> Cells:
    out = {entity for entity, row in outcome.steps.screened.items() if row.is_out}
    measures = {(entity.code, measure.code) for entity in outcome.edition.entities for measure in outcome.edition.measures}
    states = dict(outcome.tree.states)
    return {key: "screened_out" if key[0] in out else states[key] for key in measures}


def _of_nodes(outcome: Outcome) -> Iterator[tuple[str, Cells]]:
    nodes = outcome.scores.nodes
    flagged = flags(outcome)
    yield "indicator_scores.is_blocked", {key: score.is_blocked for key, score in nodes.items()}
    yield "indicator_scores.rate", {key: score.rate for key, score in nodes.items()}
    yield "indicator_scores.points", {key: score.points for key, score in nodes.items() if not score.is_blocked}
    yield "indicator_scores.score_exact", {key: score.exact for key, score in nodes.items()}
    yield "indicator_scores.score", {key: score.score for key, score in nodes.items()}
    yield "indicator_scores.flags", {key: flagged[key] for key in nodes if key in flagged}
    yield (
        "indicator_scores.coverage",
        {(entity, ROOT): rounded(share, 9) for entity, share in outcome.coverage.items() if share is not None},
    )
