"""What must hold of dbt's figures whatever the framework: order, unit, direction, who else is there, sums."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.assembling import side_by_side
from tests.oracle.building import Rows, Warehouse
from tests.oracle.drawing import drawn
from tests.oracle.edition import Edition, Entity
from tests.oracle.examples import Example, examples
from tests.oracle.properties import improved, is_scalable, measures, rises, scaled, stands_alone
from tests.oracle.worlds import World

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("differential-2")]
GROUPS = ("north", "south")
ENTITIES = tuple(
    Entity(f"u{n:02d}", GROUPS[n % 2], f"u{n:02d}", None, GROUPS[n % 2], (("region", "coast" if n < 5 else "hills"), ("income", "low")))
    for n in range(10)
)
RULES: dict[str, Any] = {
    "round": {"at": "total", "decimals": 4}, "missing": {"policy": "reweight"}, "not_applicable": "reweight",
    "rank": {"order": "highest_first"},
}  # fmt: skip
WORLD = World(GROUPS, ENTITIES, RULES, is_ranked=True)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("properties"))


def some(suits: Callable[[Example], bool], count: int, seed: int, world: World = WORLD) -> list[Example]:
    """The first so many examples drawn for which a property is promised; parts of the scale, so that each stands by itself."""
    found = list[Example]()
    while len(found) < count:
        found += [example for example in drawn(examples(world), 40, seed)[1:] if suits(example)]
        seed += 1
    return [replace(example, tree={**example.tree, "kind": "part", "opens_at": None}) for example in found[:count]]


def edition_of(world: World, listed: list[Example]) -> Edition:
    parts = [replace(e, tree={key: rule for key, rule in e.tree.items() if key not in {"kind", "opens_at"}}) for e in listed]
    return side_by_side(world, parts)


def rates(tables: dict[str, Rows]) -> dict[tuple[str, str], float | None]:
    return {(row["entity_code"], row["indicator_code"]): row["rate"] for row in tables["indicator_scores"]}


def alike(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-11)


def ordered(tables: dict[str, Rows]) -> dict[str, list[str]]:
    return {model: sorted(str(row) for row in rows) for model, rows in tables.items()}


def test_the_order_of_rows_columns_and_files_changes_nothing(warehouse: Warehouse) -> None:
    edition = edition_of(WORLD, some(lambda _: True, 20, 1))
    before = ordered(warehouse.build(edition))
    shuffled, codes = list(edition.entities), list(edition.inputs)
    random.Random(1).shuffle(shuffled)
    random.Random(2).shuffle(codes)
    again = Edition(edition.rules, shuffled, {code: edition.inputs[code] for code in codes}, norms=edition.norms, weights=edition.weights)
    assert ordered(warehouse.build(again, files=3)) == before


def test_another_unit_with_its_goalposts_changes_nothing(warehouse: Warehouse) -> None:
    listed = some(is_scalable, 20, 11)
    before = rates(warehouse.build(edition_of(WORLD, listed)))
    after = rates(warehouse.build(edition_of(WORLD, [scaled(example, 1000) for example in listed])))
    assert {key: (rate, after[key]) for key, rate in before.items() if not alike(rate, after[key])} == {}


def test_a_better_value_never_lowers_ones_own_rate(warehouse: Warehouse) -> None:
    listed, chosen = list[Example](), list[str]()
    luck = random.Random(5)
    for example in some(rises, 25, 21):
        known = [(m["code"], e.code) for m in measures(example) for e in ENTITIES if example.inputs[m["code"]][e.code] is not None]
        if known:
            code, entity = luck.choice(known)
            listed += [example, improved(example, code, entity, luck.choice((0.25, 1, 50, 10000)))]
            chosen.append(entity)
    found = rates(warehouse.build(edition_of(WORLD, listed)))
    pairs = {entity + f" X{2 * n + 1}": (found[entity, f"X{2 * n + 1}"], found[entity, f"X{2 * n + 2}"]) for n, entity in enumerate(chosen)}
    told = {key: pair for key, pair in pairs.items() if pair[0] is not None and pair[1] is not None}
    assert len(told) >= 10
    assert {key: (before, after) for key, (before, after) in told.items() if before and after and after < before - 1e-9 * abs(before)} == {}


def test_a_further_entity_changes_nothing_where_norms_are_fixed(warehouse: Warehouse) -> None:
    newcomer = replace(ENTITIES[3], code="u99", unit="u99")
    larger = replace(WORLD, entities=(*ENTITIES, newcomer))
    listed = some(stands_alone, 20, 31, larger)
    after = rates(warehouse.build(edition_of(larger, listed)))
    before = rates(warehouse.build(edition_of(WORLD, listed)))
    assert {key: (rate, after[key]) for key, rate in before.items() if rate != after[key]} == {}


def test_points_and_rounded_scores_add_up_at_every_level(warehouse: Warehouse) -> None:
    world = replace(WORLD, rules={**RULES, "round": {"at": "lowest_indicator", "decimals": 2}})
    rows = warehouse.build(edition_of(world, some(lambda _: True, 20, 41, world)))["indicator_scores"]
    by_key = {(row["entity_code"], row["indicator_code"]): row for row in rows}
    children: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["parent_code"] is not None:
            children.setdefault((row["entity_code"], row["parent_code"]), []).append(row)
    for key, below in children.items():
        parent = by_key[key]
        if parent["is_blocked"] or parent["is_missing"] or parent["points"] == 0:
            continue
        assert sum(row["points"] for row in below) == pytest.approx(parent["points"], rel=1e-9), key
        assert sum((row["score"] for row in below), Decimal(0)) == parent["score"], key
