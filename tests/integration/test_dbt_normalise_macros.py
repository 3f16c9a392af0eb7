"""Macros of normalising beside the standard library: the normal quantile to the last digits, decimals half away, statistics of a set.

dbt renders the macro, DuckDB computes it; no warehouse is built.
"""

from __future__ import annotations

import random
import statistics
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from frameworks.frozen import steadied
from storage import Workspace
from tests.integration.dbt_stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dbt")]
SETS = """{{ reference_statistics("members", "rules", [], {"moments": true}) }}"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SQL of each macro, by one run of dbt."""
    stage = Stage(Workspace(tmp_path_factory.mktemp("macros"), Path()), "none")
    stage.workspace.warehouse("none").parent.mkdir(parents=True)
    wanted = {
        "quantile": "{{ normal_quantile('share', '(1e0 - share)') }}",
        "rounded": "{{ rounded_value('value', 'decimals') }}",
        "statistics": SETS,
        "steadied": "{{ steadied('rate') }}",
    }
    mark = "\n----\n"
    inline = mark + mark.join(wanted.values()) + mark
    said = stage.dbt("compile", "--inline", inline)
    return dict(zip(wanted, said.split(mark.strip())[1:-1], strict=True))


def test_normal_quantile_is_that_of_the_standard_library(rendered: dict[str, str]) -> None:
    draw = random.Random(241)
    shares = [place / 1001 for place in range(1, 1001)]
    shares += [draw.random() for _ in range(5000)]
    shares += [10 ** -draw.uniform(1, 300) for _ in range(2000)]
    shares += [1 - 10 ** -draw.uniform(1, 15) for _ in range(2000)]
    shares += [0.5, 0.075, 0.925, 2e-11, 1e-12]  # the middle, and both sides of each seam
    points = pl.DataFrame({"share": shares})
    found = duckdb.execute(f"select share, {rendered['quantile']} from points").fetchall()
    assert len(points) == len(found)
    wrong = [(share, z) for share, z in found if z != pytest.approx(statistics.NormalDist().inv_cdf(share), rel=1e-13, abs=0)]
    assert wrong == []


def test_normal_quantiles_even_about_the_middle_are_opposites_to_the_last_bit(rendered: dict[str, str]) -> None:
    query = rendered["quantile"].replace("(1e0 - share)", "above").replace("share", "below")
    places = [(place, n + 1 - place) for n in range(1, 60) for place in range(1, n + 1)]
    points = pl.DataFrame(places, schema=["below", "above"], orient="row")
    found = {(below, above): z for below, above, z in duckdb.execute(f"select below, above, {query} from points").fetchall()}
    assert len(points) == len(found)
    assert all(z == -found[above, below] for (below, above), z in found.items())


def test_decimals_are_rounded_half_away_from_zero(rendered: dict[str, str]) -> None:
    draw = random.Random(5)
    values = [2.675, -2.675, 1.005, 0.5, -0.5, 51.0, -3.2, 1e6, 123456.7850, 0.0, 5e-10, -1e15]
    values += [round(draw.uniform(-1000, 1000), draw.randrange(7)) for _ in range(500)]
    rows = pl.DataFrame([{"value": value, "decimals": decimals} for value in values for decimals in range(7)])
    found = duckdb.execute(f"select value, decimals, {rendered['rounded']} from rows").fetchall()
    assert len(rows) == len(found)
    for value, decimals, got in found:
        assert got == float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def test_frozen_rates_are_steadied_bit_for_bit_as_those_compared_with_them(rendered: dict[str, str]) -> None:
    draw = random.Random(11)
    rates = [0.0, 0.1 + 0.2, 1 / 3, -2 / 3, 1.0, 999_999_999_999.5, 1e15 + 0.3]
    rates += [draw.choice((-1, 1)) * 10 ** draw.uniform(-20, 20) for _ in range(20_000)]
    points = pl.DataFrame({"rate": rates})
    found = duckdb.execute(f"select rate, {rendered['steadied']} from points").fetchall()
    assert len(points) == len(found)
    assert [(rate, got) for rate, got in found if got != steadied(rate)] == []


def test_statistics_of_a_set_are_exact_and_those_of_any_order(rendered: dict[str, str]) -> None:
    draw = random.Random(7)
    numbers = {
        "plain": [draw.gauss(50, 10) for _ in range(4000)],
        "far": [1e9 + draw.random() for _ in range(4000)],
        "steep": [10 ** draw.uniform(-8, 8) for _ in range(4001)],
        "same": [0.1] * 3001,
        "population": [draw.random() for _ in range(999)],
    }
    rows = [{"node_code": node, "set_code": "s", "x": x} for node, listed in numbers.items() for x in listed]
    rules = pl.DataFrame([{"node_code": node, "sd_kind": "population" if node == "population" else "sample"} for node in numbers])
    answers = []
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        members = pl.DataFrame(rows)
        answers.append(
            duckdb.execute(
                f"select node_code, entities, lowest, highest, mean, sd, median from ({rendered['statistics']}) order by all"
            ).fetchall()
        )
        assert len(members) + len(rules) == len(rows) + len(numbers)
    assert answers[0] == answers[1]
    for node, entities, lowest, highest, mean, sd, median in answers[0]:
        listed = numbers[node]
        assert (entities, lowest, highest) == (len(listed), min(listed), max(listed))
        assert mean == pytest.approx(statistics.fmean(listed), rel=1e-14)
        deviation = statistics.pstdev(listed) if node == "population" else statistics.stdev(listed)
        assert sd == (pytest.approx(deviation, rel=1e-12) if node != "same" else 0.0)
        assert median == pytest.approx(statistics.median(listed), rel=1e-15)
