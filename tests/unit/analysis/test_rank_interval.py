"""Intervals of ranks: by hand, by properties, and against a slow oracle in plain Python."""

from __future__ import annotations

import math
import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import rank_interval, write_rank_interval
from analysis.rank_interval import competition_ranks, rank_intervals, sort_keys
from analysis.standings import Ranked
from analysis.tree import Tree, rated, totals
from frameworks.model import FrameworkFile, Ranking, RankInterval
from tests.unit.analysis.small_tree import held, tree
from tests.unit.expectations.tiny_edition import FRAMEWORK, Edition, load

BASE = load(FRAMEWORK)[0].file
NAN = math.nan


def _nodes(*rows: tuple[str, str | None, float, str]) -> list[dict[str, Any]]:
    """Nodes from (code, parent, points, aggregate), in depth-first order."""
    return [{"code": code, "parent": parent, "points": points, "aggregate": aggregate} for code, parent, points, aggregate in rows]


FLAT = _nodes(("A", None, 50, "arithmetic"), ("B", None, 50, "arithmetic"))
ONE = _nodes(("A", None, 100, "arithmetic"))
DEEP = _nodes(
    ("A", None, 60, "geometric"),
    ("A1", "A", 20, "arithmetic"),
    ("A2", "A", 40, "arithmetic"),
    ("A21", "A2", 10, "arithmetic"),
    ("A22", "A2", 30, "arithmetic"),
    ("B", None, 40, "arithmetic"),
)
LOWEST = ("A1", "A21", "A22", "B")


def _file(**changes: Any) -> FrameworkFile:
    interval = {name: changes.pop(name) for name in ("draws", "spread", "level", "seed") if name in changes}
    return BASE.model_copy(update={"rank_interval": RankInterval(**{"draws": 200, "seed": 7} | interval)} | changes)


def _undisturbed(made: Tree, rates: list[list[float]]) -> list[float]:
    nodes = rated(made, held(rates), np.ones((1, len(made.codes))))
    return [float(total) for total in np.broadcast_to(totals(made, nodes), (1, len(rates)))[0]]


def _drawn(
    nodes: list[dict[str, Any]],
    file: FrameworkFile,
    rates: list[list[float]],
    fixed: list[float] | None = None,
    groups: list[str] | None = None,
    ties: dict[str, list[float]] | None = None,
) -> tuple[Tree, Ranked, FrameworkFile]:
    """What rank_intervals takes: every entity is ranked, and the published totals are the undisturbed ones."""
    groups = groups or ["city"] * len(rates)
    made, set_by_veto = tree(*nodes, groups=groups), np.array(fixed or [NAN] * len(rates))
    published = np.where(np.isnan(set_by_veto), _undisturbed(made, rates), set_by_veto)
    codes = [f"{place:04}" for place in range(len(rates))]
    tied = tuple(np.array(values) for values in (ties or {}).values())
    return made, Ranked(codes, groups, set_by_veto, published, codes, np.arange(len(rates)), held(rates), tuple(ties or {}), tied), file


def _published(ranked: Ranked, file: FrameworkFile) -> list[int]:
    keys = sort_keys(ranked.totals[np.newaxis, :], [tie[np.newaxis, :] for tie in ranked.ties], file)
    return [int(rank) for rank in competition_ranks(keys)[0]]


# --- by hand --------------------------------------------------------------------------------------------------------------


def test_two_that_are_each_best_at_one_thing_may_change_places() -> None:
    """X: 100 × a ÷ (a + b), Y: 100 × b ÷ (a + b): whoever's indicator was drawn the larger is first. The lower of them has
    37.5 at least (0.75 of 2), so Z with 30 is third."""
    file = _file()
    assert rank_intervals(*_drawn(FLAT, file, [[1, 0], [0, 1], [0.3, 0.3]])) == ([1, 1, 3], [2, 2, 3])


def test_who_is_better_at_everything_is_first_in_every_draw() -> None:
    file = _file()
    assert rank_intervals(*_drawn(FLAT, file, [[0.9, 0.8], [0.7, 0.7], [0.7, 0.7]])) == ([1, 2, 2], [1, 2, 2])


def test_interval_reaches_as_far_as_the_spread_lets_it() -> None:
    """X (1, 0.5) beats Y (0.5, 1) where a > b, and Z (0, 0.9) only where 100 (a + 0.5 b) > 90 b, that is a > 0.4 b: always,
    as a ÷ b lies within 0.75 ÷ 1.25 = 0.6 and 1.67."""
    file = _file(draws=1000)
    low, high = rank_intervals(*_drawn(FLAT, file, [[1, 0.5], [0.5, 1], [0, 0.9]]))
    assert (low, high) == ([1, 1, 3], [2, 2, 3])


def test_ends_are_the_kth_best_and_the_kth_worst_of_the_draws() -> None:
    """100 draws at 90 %: k = 5. Rank 1 three times and rank 2 ninety: the fifth best is 2. Rank 3 seven times: the fifth worst is 3."""
    best, worst = rank_interval._ends(np.array([[3, 90, 7], [4, 92, 4], [5, 90, 5]], dtype=np.int32), RankInterval(draws=100))
    assert (best.tolist(), worst.tolist()) == ([2, 2, 1], [3, 2, 3])


def test_few_draws_give_their_extremes() -> None:
    best, worst = rank_interval._ends(np.array([[1, 8, 1]], dtype=np.int32), RankInterval(draws=10))
    assert (best.tolist(), worst.tolist()) == ([1], [3])


def test_ties_share_the_better_rank() -> None:
    assert competition_ranks([-np.array([[70, 90, 80, 80]])]).tolist() == [[4, 1, 2, 2]]


def test_totals_that_round_to_the_same_are_tied() -> None:
    """80.004 and 80.001 are both 80.00; ranked on exact totals they are not."""
    rates = [[0.80004], [0.80001]]
    rounded, exact = _file(), _file(rank_on="exact")
    assert rank_intervals(*_drawn(ONE, rounded, rates)) == ([1, 1], [1, 1])
    assert rank_intervals(*_drawn(ONE, exact, rates)) == ([1, 2], [1, 2])


def test_total_that_a_veto_fixed_is_held_in_every_draw() -> None:
    """Fixed at 60, between 70 and 50 that no draw can move, as both indicators are alike."""
    file = _file()
    drawn = _drawn(FLAT, file, [[0.7, 0.7], [1, 1], [0.5, 0.5]], fixed=[NAN, 60, NAN])
    assert rank_intervals(*drawn) == ([1, 2, 3], [1, 2, 3])


def test_groups_are_ranked_apart() -> None:
    file = _file()
    drawn = _drawn(ONE, file, [[0.9], [0.8], [0.7]], groups=["city", "county", "city"])
    assert rank_intervals(*drawn) == ([1, 1, 2], [1, 1, 2])


def test_ranks_of_the_lowest_total_first() -> None:
    """Nothing is as good as a total of 50 here: it is first in every draw, as both indicators are alike."""
    file = _file(rank=Ranking(order="lowest_first"))
    assert rank_intervals(*_drawn(FLAT, file, [[0.7, 0.7], [0.5, 0.5], [0.9, 0.9]])) == ([2, 1, 3], [2, 1, 3])


def test_ties_are_set_apart_by_a_node_then_by_the_code() -> None:
    """All have 50 in every draw. By the measure m the third is first; the others share its rate and are told apart by their codes alone."""
    rates, ties = [[0.5, 0.5]] * 3, {"m": [0.1, 0.1, 0.9]}
    shared = _file(rank=Ranking(ties_by=["m"]))
    assert rank_intervals(*_drawn(FLAT, shared, rates, ties=ties)) == ([2, 2, 1], [2, 2, 1])
    apart = _file(rank=Ranking(ties_by=["m", "entity_code"]))
    assert rank_intervals(*_drawn(FLAT, apart, rates, ties=ties)) == ([2, 3, 1], [2, 3, 1])


def test_ties_by_an_indicator_are_told_by_its_rate_in_the_draw() -> None:
    """The bonus, which no total opens, is 1 of X and ½ of Y where X and Y tie: X is before Y; who has none is last."""
    nodes = [*FLAT, {"code": "C", "parent": None, "points": 5, "kind": "bonus", "opens_at": 101.0}]
    file = _file(rank=Ranking(ties_by=["C"]))
    drawn = _drawn(nodes, file, [[0.5, 0.5, 0.5], [0.5, 0.5, 1.0], [0.5, 0.5, NAN]], ties={"C": [0.5, 1.0, NAN]})
    assert rank_intervals(*drawn) == ([2, 1, 3], [2, 1, 3])
    lowest = _file(rank=Ranking(order="lowest_first", ties_by=["C"]))
    assert rank_intervals(drawn[0], drawn[1], lowest) == ([1, 2, 3], [1, 2, 3])


def test_points_of_a_dropped_indicator_go_to_its_siblings() -> None:
    """A: √-like mean of A1 and A2 by 20 : 40; A2 without A21 is A22. exp((20 ln 0.5 + 40 ln 0.8) ÷ 60) = 0.683990; B is 0.4.
    The root: (60 × 0.683990 + 40 × 0.4) ÷ 100 = 0.570394."""
    made = tree(*DEEP)
    assert _undisturbed(made, [[0.5, NAN, 0.8, 0.4]]) == [pytest.approx(57.0394, abs=5e-5)]
    assert made.codes == LOWEST


def test_nothing_below_a_geometric_node_leaves_nothing() -> None:
    found = _undisturbed(tree(*DEEP, entities=2), [[0.0, 1, 1, 0.5], [NAN, NAN, NAN, NAN]])
    assert found[0] == pytest.approx(20)
    assert np.isnan(found[1])


def test_each_group_is_drawn_with_its_own_points() -> None:
    """A county has A alone: nothing moves its total, so its ranks are sure; cities' depend on both."""
    nodes = [{"code": "A", "points": {"city": 50, "county": 100}}, {"code": "B", "points": {"city": 50}}]
    rates = [[1.0, 0.0], [0.0, 1.0], [0.4, NAN], [0.3, NAN]]
    assert rank_intervals(*_drawn(nodes, _file(), rates, groups=["city", "city", "county", "county"])) == ([1, 1, 1, 2], [2, 2, 1, 2])


def test_who_is_scored_and_not_ranked_is_still_compared_with() -> None:
    """X of 0.6 lies between Y of 0.2 and Z of 1, which is not ranked: on min-max X has 50, in every draw, and Y nothing."""
    nodes = [{"code": "A", "points": 100, "normalise_method": "min_max"}, {"code": "A1", "parent": "A", "points": 100}]
    made = tree(*nodes, entities=3)
    ranked = Ranked(
        ["0000", "0001"], ["city"] * 2, np.array([NAN, 49.0]), np.array([50.0, 49.0]), ["0000", "0001", "0002"], np.array([0, 1]),
        held([[0.6], [0.2], [1.0]]),
    )  # fmt: skip
    assert rank_intervals(made, ranked, _file()) == ([1, 2], [1, 2])
    assert _undisturbed(made, [[0.6], [0.2], [1.0]]) == pytest.approx([50, 0, 100])


# --- properties -----------------------------------------------------------------------------------------------------------

_rate = st.floats(0, 1).map(lambda value: round(value, 3)) | st.just(NAN)
_entities = st.lists(st.lists(_rate, min_size=4, max_size=4).filter(lambda row: not all(map(math.isnan, row))), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(rates=_entities, seed=st.integers(0, 5), rank_on=st.sampled_from(["rounded", "exact"]))
def test_interval_holds_the_published_rank_and_stays_within_the_group(rates: list[list[float]], seed: int, rank_on: str) -> None:
    file = _file(draws=20, seed=seed, rank_on=rank_on)
    drawn = _drawn(DEEP, file, rates)
    published = _published(drawn[1], file)
    for low, rank, high in zip(*_with(published, rank_intervals(*drawn)), strict=True):
        assert 1 <= low <= rank <= high <= len(rates)


def _with(published: list[int], ends: tuple[list[int], list[int]]) -> tuple[list[int], list[int], list[int]]:
    return ends[0], published, ends[1]


@settings(max_examples=30, deadline=None)
@given(rates=st.lists(st.floats(0, 1).map(lambda value: [value]), min_size=1, max_size=12))
def test_of_one_indicator_the_interval_is_the_rank(rates: list[list[float]]) -> None:
    file = _file(draws=20)
    drawn = _drawn(ONE, file, rates)
    published = _published(drawn[1], file)
    assert rank_intervals(*drawn) == (published, published)


def _many(seed: int = 3, entities: int = 40) -> list[list[float]]:
    source = random.Random(seed)
    return [[NAN if source.random() < 0.1 else source.betavariate(5, 2) for _ in range(4)] for _ in range(entities)]


def test_seed_decides_the_draws() -> None:
    ends = [rank_intervals(*_drawn(DEEP, file, _many())) for file in (_file(), _file(), _file(seed=8))]
    assert ends[0] == ends[1] != ends[2]


def test_draws_do_not_depend_on_how_many_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    file = _file()
    whole = rank_intervals(*_drawn(DEEP, file, _many()))
    monkeypatch.setattr(rank_interval, "_CHUNK", 7 * 40)
    assert rank_intervals(*_drawn(DEEP, file, _many())) == whole


def test_wider_spread_gives_no_narrower_intervals_on_the_whole() -> None:
    def width(spread: float) -> int:
        file = _file(spread=spread)
        low, high = rank_intervals(*_drawn(DEEP, file, _many()))
        return sum(high) - sum(low)

    assert width(0.05) < width(0.25) < width(0.6)


# --- the oracle -----------------------------------------------------------------------------------------------------------


def _slow_rate(code: str | None, rate: dict[str, float], points: dict[str, float]) -> tuple[float | None, float]:
    """Rate and points of a node, one entity and one draw at a time, by the words of domain.md."""
    if code in points:
        return (None if math.isnan(rate[code]) else rate[code]), points[code]
    children = [_slow_rate(node["code"], rate, points) for node in DEEP if node["parent"] == code]
    aggregate = next((node["aggregate"] for node in DEEP if node["code"] == code), "arithmetic")
    present = [(value, weight) for value, weight in children if value is not None]
    total = sum(weight for _, weight in children)
    if not present:
        return None, total
    whole = sum(weight for _, weight in present)
    if aggregate == "geometric":
        return (0.0 if any(v == 0 for v, _ in present) else math.prod(v ** (w / whole) for v, w in present)), total
    return sum(value * weight for value, weight in present) / whole, total


@pytest.mark.parametrize(("rank_on", "seed"), [("rounded", 1), ("exact", 2), ("rounded", 3)])
def test_agrees_with_a_slow_oracle(rank_on: str, seed: int) -> None:
    file = _file(draws=60, seed=seed, rank_on=rank_on, level=0.8)
    rates = _many(seed, entities=15)
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn: list[list[int]] = []
    for _ in range(60):
        factors = generator.uniform(0.75, 1.25, 4)
        points = {code: base * factor for code, base, factor in zip(LOWEST, (20, 10, 30, 40), factors, strict=True)}
        scale = 100 / sum(points.values())
        points = {code: value * scale for code, value in points.items()}
        totals = []
        for row in rates:
            rate, whole = _slow_rate(None, dict(zip(LOWEST, row, strict=True)), points)
            total = Decimal((rate or 0) * whole).quantize(Decimal("1e-9"))
            totals.append(total.quantize(Decimal("0.01"), ROUND_HALF_UP) if rank_on == "rounded" else total)
        drawn.append([1 + sum(other > own for other in totals) for own in totals])
    made = _drawn(DEEP, file, rates)
    low, high = rank_intervals(*made)
    published = _published(made[1], file)
    for place in range(len(rates)):
        ranks = sorted(draw[place] for draw in drawn)
        assert low[place] == min(ranks[5], published[place])  # k = 60 × 0.2 ÷ 2 = 6: the sixth from either end
        assert high[place] == max(ranks[-6], published[place])


# --- from the warehouse ---------------------------------------------------------------------------------------------------

TEXT, WHOLE = pl.String(), pl.Int64()
FLAG = pl.Boolean()
VETOES = {"edition": TEXT, "entity_code": TEXT, "veto_code": TEXT, "position": WHOLE, "effect": TEXT, "effect_value": TEXT}


@pytest.fixture
def edition(tmp_path: Any) -> Edition:
    made = Edition(tmp_path)
    made.warehouse["scoring.vetoes"] = ([], VETOES)
    return made


def _strike(edition: Edition, entity: str, effect: str, value: str | None) -> None:
    edition.rows("scoring.vetoes").append(
        {"edition": "tiny-2020", "entity_code": entity, "veto_code": "v", "position": 1, "effect": effect, "effect_value": value}
    )


def _intervals(edition: Edition) -> dict[str, tuple[int, int]]:
    edition.lay()
    frame = write_rank_interval(edition.workspace, edition.framework())
    return {row["entity_code"]: (row["rank_low"], row["rank_high"]) for row in frame.to_dicts()}


def test_intervals_of_the_tiny_edition(edition: Edition) -> None:
    """1100 has 72.00 and 1200 56.00: (0.5, 1, 0.8) against (0.8, 0, 0.6) at points 40, 20, 40. 1200 gains 0.3 on A1 and loses 1.0 on A2
    and 0.2 on B1: 0.3 × 50 < 1.0 × 15 + 0.2 × 30 in the most favourable draw, so the ranks are sure. 1101 and 1201 tie in every draw."""
    assert _intervals(edition) == {"1100": (1, 1), "1101": (1, 1), "1200": (2, 2), "1201": (1, 1), "1202": (3, 3)}


def test_who_is_not_ranked_has_no_interval_and_leaves_the_ranks_to_the_others(edition: Edition) -> None:
    _strike(edition, "1100", "fail", None)
    edition.find("scoring.indicator_scores", entity_code="1101", indicator_code="TOTAL")["coverage"] = 0.49
    edition.find("scoring.indicator_scores", entity_code="1201", indicator_code="TOTAL").update(
        score=None, score_exact=None, is_blocked=True
    )
    assert _intervals(edition) == {"1200": (1, 1), "1202": (1, 1)}


def test_who_is_screened_out_has_no_interval_whatever_its_figures(edition: Edition) -> None:
    edition.find("scoring.screened", entity_code="1101")["is_screened_out"] = True
    assert _intervals(edition) == {"1100": (1, 1), "1200": (2, 2), "1201": (1, 1), "1202": (2, 2)}


def test_ties_are_told_apart_by_what_the_warehouse_holds(edition: Edition) -> None:
    """1101 and 1201 tie at 96; by A1 they tie too, by the code 1101 is before."""
    edition.replace("decimals: 2\nround", "decimals: 2\nrank: {ties_by: [A1, quality, entity_code]}\nround")
    assert _intervals(edition) == {"1100": (1, 1), "1101": (1, 1), "1200": (2, 2), "1201": (2, 2), "1202": (3, 3)}
    edition.find("scoring.normalised", entity_code="1101", measure_code="quality")["normalised_used"] = 0.9
    assert _intervals(edition) == {"1100": (1, 1), "1101": (2, 2), "1200": (2, 2), "1201": (1, 1), "1202": (3, 3)}


def test_vetoes_are_held(edition: Edition) -> None:
    """1101 fixed at 12 ties with 1202, whose 12 = 0.1 × 40 + 0.2 × 40 moves with the draws; a cap of the grade moves no rank."""
    _strike(edition, "1101", "fixed_score", "12")
    _strike(edition, "1100", "cap_grade", "C")
    assert _intervals(edition) == {"1100": (1, 1), "1101": (2, 3), "1200": (2, 2), "1201": (1, 1), "1202": (2, 3)}


def test_file_lies_in_the_stage_and_is_the_same_each_time(edition: Edition) -> None:
    path = edition.workspace.stage("tiny-2020") / "analysis" / "rank_interval.parquet"
    _intervals(edition)
    first = path.read_bytes()
    frame = pl.read_parquet(path)
    assert frame.columns == ["edition", "entity_code", "rank_low", "rank_high", "draws"]
    assert frame["draws"].unique().to_list() == [1000]
    assert frame["entity_code"].is_sorted()
    edition.rows("scoring.indicator_scores").reverse()
    _intervals(edition)
    assert path.read_bytes() == first


def test_without_a_ranked_entity_the_file_has_its_columns_and_no_row(edition: Edition) -> None:
    for row in edition.rows("scoring.indicator_scores"):
        row |= {"score": None, "score_exact": None}
    assert _intervals(edition) == {}
    assert pl.read_parquet(edition.workspace.stage("tiny-2020") / "analysis" / "rank_interval.parquet").schema == rank_interval.SCHEMA
