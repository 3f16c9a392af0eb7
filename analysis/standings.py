"""Who is ranked and on what, read from the warehouse: totals, what vetoes fix, the rates that stand in every draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import duckdb
import numpy as np
import polars as pl

from analysis.methods import Floats, Whole
from analysis.tree import ROOT, Held
from frameworks.model import FrameworkFile

# Lowest indicators of which no measure tells an entity from the others of its set, and those whose measures make a rate: where they have
# none all the same, it is the set that they are themselves compared in which tells nothing.
_UNTOLD = """
    select entity_code, indicator_code from scoring.normalised where share > 0
    group by entity_code, indicator_code having bool_and(state = 'no_information') or bool_or(normalised_used is not null)
"""


@dataclass(frozen=True)
class Ranked:
    """The entities that are ranked, sorted by code: an element an entity.

    `fixed`: the total that a veto sets, NaN where none does. `totals`: what the published rank is on. `ties`: the rates of `tie_codes`,
    by which ties are set apart. `scored` are all entities with a score, ranked or not, for they are compared with each other; `held`
    their rates; `places` says where each ranked one stands among them.
    """

    codes: list[str]
    groups: list[str]
    fixed: Floats
    totals: Floats
    scored: list[str]
    places: Whole
    held: Held
    tie_codes: tuple[str, ...] = ()
    ties: tuple[Floats, ...] = ()


def read_ranked(warehouse: duckdb.DuckDBPyConnection, file: FrameworkFile, tables: Mapping[str, pl.DataFrame]) -> Ranked:
    """Who will be ranked: was not screened out, nor failed by a veto, has a total, and coverage enough."""
    basis = "score_exact" if file.rank_on == "exact" else "score"
    totals = _rows(
        warehouse,
        f"""
        select
            s.entity_code,
            cast(cast(s.{basis} as decimal(18, 9)) as double) as total,
            cast(s.coverage as decimal(18, 9)) as coverage,
            coalesce(bool_or(v.effect = 'fail'), false) as has_failed,
            coalesce(bool_or(o.is_screened_out), false) as is_screened_out,
            arg_min(try_cast(v.effect_value as double), v.position) filter (where v.effect = 'fixed_score') as fixed
        from scoring.indicator_scores as s
        left join scoring.vetoes as v on v.entity_code = s.entity_code
        left join scoring.screened as o on o.entity_code = s.entity_code
        where s.indicator_code = '{ROOT}' group by all order by s.entity_code
        """,
    )
    least = Fraction(str(file.coverage.at_least)) if file.coverage else Fraction(0)
    kept = [row for row in totals if _is_ranked(row, least)]
    codes = [row["entity_code"] for row in kept]
    groups = dict(tables["entities"].select("entity_code", "group_code").iter_rows())
    fixed = _floats([row["fixed"] for row in kept])
    scored = [row["entity_code"] for row in totals if not row["is_screened_out"]]
    position = {code: place for place, code in enumerate(scored)}
    tie_codes = tuple(code for code in file.rank.ties_by if code != "entity_code")
    return Ranked(
        codes,
        [groups[code] for code in codes],
        fixed,
        np.where(np.isnan(fixed), _floats([row["total"] for row in kept]), fixed),
        scored,
        np.array([position[code] for code in codes], dtype=np.int64),
        _held(warehouse, scored, tables),
        tie_codes,
        tuple(_ties(warehouse, code, codes) for code in tie_codes),
    )


def _is_ranked(row: dict[str, Any], least: Fraction) -> bool:
    return (
        not row["has_failed"]
        and not row["is_screened_out"]
        and (row["total"] is not None or row["fixed"] is not None)
        and (row["coverage"] is None or Fraction(row["coverage"]) >= least)
    )


def _held(warehouse: duckdb.DuckDBPyConnection, scored: Sequence[str], tables: Mapping[str, pl.DataFrame]) -> Held:
    lowest = tables["indicators"].filter(pl.col("is_lowest")).sort("position")["indicator_code"]
    line, column = ({code: place for place, code in enumerate(listed)} for listed in (scored, lowest))
    shape = (len(line), len(column))
    rates = np.full(shape, np.nan)
    is_missing, is_blocked, is_untold = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    for row in _rows(warehouse, "select entity_code, indicator_code, rate, is_missing, is_blocked from scoring.indicator_scores"):
        if row["entity_code"] in line and row["indicator_code"] in column:
            at = line[row["entity_code"]], column[row["indicator_code"]]
            rates[at] = math.nan if row["rate"] is None else row["rate"]
            is_missing[at], is_blocked[at] = bool(row["is_missing"]), bool(row["is_blocked"])
    for row in _rows(warehouse, _UNTOLD):
        if row["entity_code"] in line and row["indicator_code"] in column:
            is_untold[line[row["entity_code"]], column[row["indicator_code"]]] = True
    return Held(rates, is_missing, is_blocked, is_untold & ~is_missing & ~is_blocked)


def _ties(warehouse: duckdb.DuckDBPyConnection, code: str, codes: Sequence[str]) -> Floats:
    """The rate of an indicator or a measure, of each entity."""
    rates = warehouse.execute(
        """
        select entity_code, rate from scoring.indicator_scores where indicator_code = $code
        union all
        select entity_code, normalised_used from scoring.normalised where measure_code = $code
        """,
        {"code": code},
    ).fetchall()
    known = dict(rates)
    return _floats([known.get(entity) for entity in codes])


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _rows(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return pl.DataFrame(warehouse.sql(sql).to_arrow_table()).to_dicts()
