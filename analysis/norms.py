"""Normalising a node's rate within its reference set, in numpy: a function a method, by the definitions of dbt's `macros/normalise`.

Values are draws × entities, NaN where there is none. A draw's set is the entities that have a value in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any

import duckdb
import numpy as np

from analysis.methods import Flags, Floats, Whole

_BILLION = 10**9


@dataclass(frozen=True)
class Norm:
    """A node's `normalise`. `rule`: its columns in the framework's table; `sets`: the entities of each reference set, as positions.

    `frozen`: of each set the values that it is compared with, where they are an earlier edition's. `points` are the node's own;
    `bands` (upper limit, score) in rising order; `references` says against whom each entity is held, as a position, −1: against nobody.
    """

    rule: Mapping[str, Any]
    sets: tuple[Whole, ...]
    frozen: tuple[Floats | None, ...] = ()
    bands: tuple[tuple[float, float], ...] = ()
    points: Floats | None = None
    references: Whole | None = None

    @property
    def sign(self) -> float:
        """−1 where a lower value is better."""
        return -1.0 if self.rule["direction"] == "lower_is_better" else 1.0


@dataclass(frozen=True)
class _Set:
    """A reference set under some draws: `x` its entities' values, more being better; `among` what they are compared with, a row a draw.

    `reference`: the value of the entity that each is held against, NaN where there is none.
    """

    rule: Mapping[str, Any]
    x: Floats
    among: Floats
    reference: Floats

    def _over(self, of: Callable[..., Any]) -> Floats:
        masked: Any = np.ma.masked_invalid(self.among)
        return np.asarray(of(masked, axis=1, keepdims=True).filled(math.nan), dtype=np.float64)

    @cached_property
    def entities(self) -> Floats:
        return np.asarray(np.sum(~np.isnan(self.among), axis=1, keepdims=True, dtype=np.float64))

    @cached_property
    def lowest(self) -> Floats:
        return self._over(np.ma.min)

    @cached_property
    def highest(self) -> Floats:
        return self._over(np.ma.max)

    @cached_property
    def mean(self) -> Floats:
        return self._over(np.ma.mean)

    @cached_property
    def median(self) -> Floats:
        with np.errstate(invalid="ignore"):
            return self._over(np.ma.median)

    @cached_property
    def sd(self) -> Floats:
        """Standard deviation, of the sample (n − 1) unless the rule says population; none of a single value."""
        lost = 0.0 if self.rule["sd_kind"] == "population" else 1.0
        squares = np.nansum((self.among - self.mean) ** 2, axis=1, keepdims=True)
        return np.where(self.entities > lost, np.sqrt(squares / np.where(self.entities > lost, self.entities - lost, 1.0)), math.nan)

    @cached_property
    def place(self) -> Floats:
        """The place of each entity in its set, 1 the worst, the set's size the best, also of a newcomer; ties as the rule says."""
        below, up_to = _counted(self.x, self.among)
        lowest = np.minimum(below + 1.0, self.entities)
        highest = np.maximum(np.where(up_to > below, up_to, 0.0), lowest)
        chosen = {"highest": highest, "average": (lowest + highest) / 2}.get(self.rule["ties"] or "lowest", lowest)
        return np.where(np.isnan(self.x), math.nan, chosen)


def _counted(x: Floats, among: Floats) -> tuple[Floats, Floats]:
    """Of each value: how many of its draw's set lie below it, and how many lie at or below it."""
    ordered = np.sort(among, axis=1)  # NaN stands last
    if len(ordered) == 1:
        row = ordered[0][~np.isnan(ordered[0])]
        return np.searchsorted(row, x, side="left").astype(np.float64), np.searchsorted(row, x, side="right").astype(np.float64)
    below, up_to = np.empty(x.shape), np.empty(x.shape)
    for draw, row in enumerate(ordered):
        held = row[: int((~np.isnan(row)).sum())]
        below[draw] = np.searchsorted(held, x[draw], side="left")
        up_to[draw] = np.searchsorted(held, x[draw], side="right")
    return below, up_to


def _way(part: Floats, whole: Floats) -> Floats:
    """Part ÷ whole; no information (NaN) where the whole is nothing."""
    found: Floats = np.divide(part, whole, out=np.full(np.broadcast_shapes(part.shape, whole.shape), math.nan), where=whole != 0)
    return found


def _capped(rate: Floats, rule: Mapping[str, Any]) -> Floats:
    return np.minimum(rate, 1.0) if rule["is_capped"] else rate


def _min_max(members: _Set) -> Floats:
    return _way(members.x - members.lowest, members.highest - members.lowest)


def _z_score(members: _Set) -> Floats:
    rule = members.rule
    sd = 1.0 if rule["output_sd"] is None else rule["output_sd"]
    z = np.where(members.highest > members.lowest, _way(members.x - members.mean, members.sd), math.nan)
    return z * sd + (rule["output_mean"] or 0.0)


def _percentile_rank(members: _Set) -> Floats:
    rate = _way(members.place - 1, members.entities - 1)
    return np.where(members.highest > members.lowest, rate, math.nan)


def _distance_to_target(members: _Set) -> Floats:
    sign = -1.0 if members.rule["direction"] == "lower_is_better" else 1.0
    return _capped(_way(members.x - members.lowest, sign * members.rule["target"] - members.lowest), members.rule)


def _distance_to_reference(members: _Set) -> Floats:
    return _capped(1 - _way(members.reference - members.x, members.reference - members.lowest), members.rule)


def _fraction_of_best(members: _Set) -> Floats:
    """Value ÷ the highest; where lower is better the lowest ÷ value, so that the order holds."""
    if members.rule["direction"] != "lower_is_better":
        return np.where(members.highest > 0, _way(members.x, members.highest), math.nan)
    # x is the value with its sign turned. A value of 0 or less, which frozen ones may meet, is missing: infinite, as NaN is no information.
    return np.where(members.highest < 0, np.where(members.x < 0, _way(members.highest, members.x), math.inf), math.nan)


def _exponential(members: _Set) -> Floats:
    strength = 23.0 if members.rule["strength"] is None else members.rule["strength"]
    part = members.place / members.entities
    return -strength * np.log(1 - part * (1 - math.exp(-100 / strength))) / 100


def _normal_score(members: _Set) -> Floats:
    offset = members.rule["place_offset"] or 0.0
    parts = (members.place - offset) / (members.entities + 1 - 2 * offset)
    known, where = np.unique(parts[~np.isnan(parts)], return_inverse=True)
    scores = np.full(parts.shape, math.nan)
    scores[~np.isnan(parts)] = np.array([NormalDist().inv_cdf(float(part)) for part in known])[where] if known.size else []
    return scores


def _formula(members: _Set) -> Floats:
    """The expression, evaluated as dbt does: by DuckDB."""
    shape = members.x.shape
    statistics = {name: getattr(members, name) for name in ("x", "lowest", "highest", "mean", "sd", "median", "place")}
    statistics["n"] = members.entities
    columns = {name: np.broadcast_to(values, shape).reshape(-1) for name, values in statistics.items()}
    with duckdb.connect() as engine:
        engine.register("members", columns)
        held = ", ".join(f'nullif("{name}", \'nan\'::double) as "{name}"' for name in columns)
        engine.execute(f"create table held as select {held}, row_number() over () as line from members")
        rows = engine.execute(f"select cast({members.rule['formula_sql']} as double) from held order by line").fetchnumpy()
    (values,) = rows.values()
    return np.ma.filled(np.ma.asarray(values, dtype=np.float64), math.nan).reshape(shape)


_WITHIN_A_SET: Mapping[str, Callable[[_Set], Floats]] = {
    "min_max": _min_max,
    "z_score": _z_score,
    "percentile_rank": _percentile_rank,
    "rank": lambda members: members.place,
    "borda": lambda members: members.place - 1,
    "distance_to_target": _distance_to_target,
    "distance_to_reference": _distance_to_reference,
    "fraction_of_best": _fraction_of_best,
    "exponential": _exponential,
    "normal_score": _normal_score,
    "formula": _formula,
}


def _goalposts(value: Floats, norm: Norm) -> Floats:
    worst, best = norm.rule["worst"], norm.rule["best"]
    if norm.rule["is_capped"] is not False:
        value = np.clip(value, min(worst, best), max(worst, best))
    if norm.rule["goalpost_scale"] == "ln":
        value, worst, best = np.log(np.where(value > 0, value, math.nan)), math.log(worst), math.log(best)
    return np.asarray((value - worst) / (best - worst))


def _bands(value: Floats, norm: Norm) -> Floats:
    limits, scores = np.array([limit for limit, _ in norm.bands]), [score for _, score in norm.bands]
    found = np.append(scores, norm.rule["else_value"])[np.searchsorted(limits, np.nan_to_num(value), side="left")]
    return np.where(np.isnan(value), math.nan, found)


def _category_map(value: Floats, norm: Norm) -> Floats:
    found = np.full(value.shape, math.nan)
    for category, score in norm.bands:
        found = np.where(value == category, score, found)
    return found


def _deduction(value: Floats, norm: Norm) -> Floats:
    points: Floats = np.ones((1, 1)) if norm.points is None else norm.points
    return np.maximum(norm.rule["floor"] or 0.0, np.minimum(1.0, 1.0 - value / np.where(points > 0, points, math.nan)))


_ALONE: Mapping[str, Callable[[Floats, Norm], Floats]] = {
    "goalposts": _goalposts,
    "ratio_to_target": lambda value, norm: np.clip(value / norm.rule["target"], 0.0, 1.0),
    "bands": _bands,
    "category_map": _category_map,
    "deduction": _deduction,
    "none": lambda value, norm: norm.sign * value,
}


def normalise(norm: Norm, value: Floats) -> tuple[Floats, Flags]:
    """The value normalised, NaN where there is none; and where its set tells nobody apart, so that it is dropped rather than missing."""
    value, method = steadied(value), norm.rule["normalise_method"]
    is_uninformative: Flags = np.zeros(value.shape, dtype=np.bool_)
    if method in _ALONE:
        found = _ALONE[method](value, norm)
    else:
        found = np.full(value.shape, math.nan)
        for position, member in enumerate(norm.sets):
            frozen = norm.frozen[position] if norm.frozen else None
            x = norm.sign * value[:, member]
            among = x if frozen is None else norm.sign * frozen[np.newaxis, :]
            reference = _references(norm, value, member)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[:, member] = _WITHIN_A_SET[method](_Set(norm.rule, x, among, reference))
        is_uninformative = ~np.isnan(value) & np.isnan(found) & (method != "formula")
    found = np.where(np.isfinite(found), found, math.nan)
    return _finished(found, norm.rule), is_uninformative


def _references(norm: Norm, value: Floats, member: Whole) -> Floats:
    if norm.references is None:
        return np.full((1, 1), math.nan)
    at = norm.references[member]
    return np.where(at >= 0, norm.sign * value[:, np.maximum(at, 0)], math.nan)


def _finished(rate: Floats, rule: Mapping[str, Any]) -> Floats:
    """On the rule's range, and rounded half away from zero where it says so."""
    if rule["range_low"] is not None and rule["range_high"] is not None:
        rate = rule["range_low"] + rate * (rule["range_high"] - rule["range_low"])
    return rate if rule["decimals"] is None else half_away(rate, rule["decimals"])


def steadied(value: Floats) -> Floats:
    """To twelve significant digits, so that figures which differ by a processor's noise alone are tied."""
    size = np.abs(np.where(np.isnan(value) | (value == 0), 1.0, value))
    step = 10.0 ** (11 - np.floor(np.log10(size)))
    steady: Floats = np.round(value * step) / step
    return steady


def half_away(value: Floats, decimals: int) -> Floats:
    """Rounded half away from zero as decimal(18,9) is: 2.675 → 2.68."""
    step = 10 ** (9 - decimals)
    billionths = np.rint(np.nan_to_num(np.abs(value)) * _BILLION).astype(np.int64)
    rounded = (billionths + step // 2) // step * step / _BILLION
    return np.where(np.isnan(value), math.nan, np.copysign(rounded, value))


def positions(codes: Sequence[str], wanted: Sequence[str]) -> Whole:
    """Where the wanted codes stand, in the order of `codes`."""
    held = set(wanted)
    return np.array([place for place, code in enumerate(codes) if code in held], dtype=np.int64)
