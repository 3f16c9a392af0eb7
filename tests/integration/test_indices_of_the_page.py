"""Three families of indices, written as the page on frameworks writes them, against a few lines of Python from the publishers' methods.

A deprivation index (sub-domains, normal scores, a missing one counted as the middle, exponential ranks), a tax index (z-scores of which a
missing one and a variable that is the same for all count 0, levels shown shifted and scaled to the best) and a gender index (one
expression), and a z-score of a rate near the mean, which keeps its digits. Made-up figures with ties.
dbt's own start takes most of the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import NormalDist, fmean, stdev

import pytest

from storage import Workspace
from tests.integration.dbt_stage import Stage

EDITION = "indices-2021"
PLACES = "abcdefg"
Column = list[float | None]
DATA: dict[str, Column] = {
    "income": [0.31, 0.12, 0.12, 0.05, 0.22, 0.4, 0.09],
    "drive": [3.5, 1.0, 9.25, 2.0, 2.0, 14.0, 0.5],
    "bus": [20, 11, 45, None, 30, 30, 8],
    "rate": [25, 12.5, 30, 19, 21, 22, 30],
    "wealth": [0, 0, 0, 0, 0, 0, 0],
    "treaties": [90, 70, 60, None, 120, 81, 59],
    "maternal": [5, 12, 400, 1500, 55, 10, 3],
    "births": [4, 20, 90, 150, 40, 9, 2],
    "near": [1, 2, 3, 4, 5, 6, 3.50001],
    "seats": [0.45, 0.2, 0.1, 0, 0.3, 0.33, 0.5],
}
GENDER = (
    "1 - 2 / (1 / power(sqrt(10 / least(greatest(maternal, 10), 1000) / births) * sqrt(greatest(seats, 0.001)), 1 / 3)"
    " + 1 / power(sqrt(1 - seats), 1 / 3))"
    " / power((sqrt(10 / least(greatest(maternal, 10), 1000) / births) + 1) / 2"
    " * (sqrt(greatest(seats, 0.001)) + sqrt(1 - seats)) / 2, 1 / 3)"
)
Z = "{method: formula, of: (x - mean) / sd}"
SCALED = "(x - lowest + 1) / (highest - lowest + 1)"
RAW = "{method: none, bounded: false}"
BEFORE = f"""\
edition: {EDITION}
title: {{zh: 指数, en: Indices}}
period: {{from: 2021-01-01, to: 2021-12-31}}
entities: {{registry: places.csv, as_of: 2021-12-31, groups: [place]}}
scale: 103
round: {{at: total, decimals: 9}}
rank_on: exact
missing: {{policy: zero}}
"""


def measure(code: str, normalise: str, *, rises: bool = True, value: str = "") -> str:
    return (
        f"{{code: {code}, value: '{value or code}', unit: units, direction: {'higher' if rises else 'lower'}_is_better, "
        f"normalise: {normalise}, label: {{zh: 项, en: Item}}}}"
    )


def node(code: str, keys: str, below: str, parts: Sequence[str]) -> str:
    return f"{{code: {code}, name: {{zh: 项, en: Item}}, {keys}, {below}: [{', '.join(parts)}]}}"


def framework() -> str:
    normal = "{method: normal_score, ties: average}"
    exponential = "normalise: {method: exponential, ties: average}"
    access = [
        node("DRIVE", f"weight: 2, {exponential}", "measures", [measure("drive", normal)]),
        node("BUS", f"weight: 1, {exponential}", "measures", [measure("bus", normal)]),
    ]
    deprivation = [
        node("INCOME", f"weight: 3, {exponential}", "measures", [measure("income", RAW)]),
        node("ACCESS", f"weight: 1, {exponential}", "indicators", access),
    ]
    shown = f'weight: 1, shown: "100 * {SCALED}"'
    tax = [
        node("BURDEN", shown, "measures", [measure("rate", Z, rises=False), measure("wealth", Z, rises=False)]),
        node("TREATIES", shown, "measures", [measure("treaties", Z)]),
    ]
    indicators = [
        node("DEPRIVATION", "points: 1", "indicators", deprivation),
        node("TAX", f'points: 100, normalise: {{method: formula, of: "{SCALED}"}}', "indicators", tax),
        node("NEAR", "points: 1, normalise: {method: z_score}", "measures", [measure("near", RAW, value="near / 7")]),
        node("GENDER", "points: 1", "measures", [measure("gender", "{method: none}", value=GENDER)]),
    ]
    columns = ", ".join(f"{name}: {name}" for name in DATA)
    inputs = "\n".join(f"  {name}: {{source: provincial, unit: units, label: {{zh: 项, en: Item}}}}" for name in DATA)
    table = f'{{dataset: figures, files: "*f*", entity: place, columns: {{{columns}}}}}'
    tree = "\n".join(f"  - {indicator}" for indicator in indicators)
    return f"{BEFORE}deliveries: {{provincial: [{table}]}}\ninputs:\n{inputs}\nindicators:\n{tree}\n"


def among(values: Column, made: Callable[[float, list[float]], float]) -> list[float]:
    """Each value as made among those that are there; 0 for one that is missing."""
    known = [value for value in values if value is not None]
    return [0.0 if value is None else made(value, known) for value in values]


def place(value: float, known: list[float]) -> float:
    return sum(other < value for other in known) + (known.count(value) + 1) / 2


def exponential(values: Column) -> list[float]:
    return among(values, lambda value, known: -0.23 * math.log(1 - place(value, known) / len(known) * (1 - math.exp(-100 / 23))))


def normal(values: Column) -> list[float]:
    return among(values, lambda value, known: NormalDist().inv_cdf(place(value, known) / (len(known) + 1)))


def z_scores(values: Column, sign: int) -> list[float]:
    return among(values, lambda value, known: sign * (value - fmean(known)) / stdev(known) if len(set(known)) > 1 else 0.0)


def scaled(values: list[float]) -> list[float]:
    return [(value - min(values) + 1) / (max(values) - min(values) + 1) for value in values]


def gender(maternal: float, births: float, seats: float) -> float:
    health = math.sqrt(10 / min(max(maternal, 10), 1000) / births)
    women, men = math.sqrt(max(seats, 0.001)), math.sqrt(1 - seats)
    harmonic = 2 / (1 / math.cbrt(health * women) + 1 / math.cbrt(men))
    return 1 - harmonic / math.cbrt((health + 1) / 2 * (women + men) / 2)


def joined(first: list[float], second: list[float], weight: int) -> list[float]:
    """The mean of two, the first `weight` times as heavy as the second."""
    return [(weight * one + other) / (weight + 1) for one, other in zip(first, second, strict=True)]


def by_the_publishers() -> dict[str, list[float]]:
    access = joined(exponential([*normal(DATA["drive"])]), exponential([*normal(DATA["bus"])]), 2)
    burden = joined(z_scores(DATA["rate"], -1), z_scores(DATA["wealth"], -1), 1)
    treaties = z_scores(DATA["treaties"], 1)
    women = zip(*(DATA[name] for name in ("maternal", "births", "seats")), strict=True)
    return {
        "DEPRIVATION": joined(exponential(DATA["income"]), exponential([*access]), 3),
        "TAX": scaled(joined(burden, treaties, 1)),
        "GENDER": [gender(*(value or 0.0 for value in row)) for row in women],
        "BURDEN shown": [100 * value for value in scaled(burden)],
        "TREATIES shown": [100 * value for value in scaled(treaties)],
        "BURDEN": burden,
        "NEAR": z_scores([value / 7 for value in DATA["near"] if value is not None], 1),
    }


@pytest.mark.slow
def test_indices_written_as_the_page_has_them_are_their_publishers_figures(tmp_path: Path) -> None:
    workspace = Workspace(data=tmp_path / "data", frameworks=tmp_path / "frameworks")
    workspace.prepare()
    workspace.frameworks.mkdir(exist_ok=True)
    (workspace.frameworks / f"{EDITION}.yaml").write_text(framework(), encoding="utf-8")
    places = "".join(f"{code},Place {code},place\n" for code in PLACES)
    (workspace.frameworks / "places.csv").write_text(f"code,name,level\n{places}", encoding="utf-8")
    stage = Stage(workspace, EDITION)
    for number, code in enumerate(PLACES):
        stage.record("provincial", "figures", code, {name: column[number] for name, column in DATA.items()})
    stage.write()
    stage.dbt("run", "--select", "+fct_indicator_score")

    rows = stage.rows_of("select indicator_code, score_rate, shown, rank_in_group from ranking.fct_indicator_score order by entity_code")
    expected = by_the_publishers()
    for code, figures in expected.items():
        name, column = code.removesuffix(" shown"), 2 if code.endswith(" shown") else 1
        assert [row[column] for row in rows if row[0] == name] == pytest.approx(figures, rel=1e-9), code
    ranks = [row[3] for row in rows if row[0] == "TAX"]
    assert ranks == [1 + sum(other > value for other in expected["TAX"]) for value in expected["TAX"]]
    assert {row[2] for row in rows if row[0] == "GENDER"} == {None}
