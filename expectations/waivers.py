"""Waivers: the office's deliveries that let a failed expectation pass for named entities, with a reason. No name of a person is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import polars as pl

_WAIVERS = """
    select
        c.load_id, c.record_no,
        any_value(coalesce(c.code, c.text)) filter (where c.field = 'gate') as gate,
        any_value(coalesce(c.code, c.text)) filter (where c.field = 'expectation') as expectation,
        any_value(coalesce(c.code, c.text)) filter (where c.field = 'entities') as entities,
        any_value(coalesce(c.code, c.text)) filter (where c.field = 'reason') as reason
    from intake.cells as c
    join framework.datasets as d on d.source = c.source and d.dataset = c.dataset and d.kind = 'waiver'
    where c.is_counted
    group by c.load_id, c.dataset, c.record_no
    order by c.load_id, c.record_no
"""
_NAMES = """
    select e.entity_code, e.name_zh, p.name_zh as parent_zh
    from framework.entities as e left join framework.entities as p on p.entity_code = e.parent_code
"""
_BETWEEN_NAMES = re.compile(r"[\s,，、;；]+")
EVERY = "*"


@dataclass(frozen=True)
class Waiver:
    """One record of a waiver: for which expectation, which entities (codes, or EVERY alone) and why.

    `unknown` lists names that are not those of one entity.
    """

    load_id: str
    gate: str
    expectation: str
    entities: frozenset[str]
    unknown: tuple[str, ...]
    reason: str


def read_waivers(scratch: duckdb.DuckDBPyConnection) -> list[Waiver]:
    """All waivers that count, by load_id and record; one without gate, expectation, entities or reason waives nothing and is left out."""
    codes = _codes_by_name(scratch.execute(_NAMES).fetchall())
    return [
        Waiver(load_id, gate.strip(), expectation.strip(), *_resolve(entities, codes), reason.strip())
        for load_id, _, gate, expectation, entities, reason in scratch.execute(_WAIVERS).fetchall()
        if gate and expectation and entities and reason
    ]


def _codes_by_name(rows: Iterable[tuple[str, str, str | None]]) -> dict[str, str]:
    """Codes by code, by name with the city before it, and by the bare name where one entity alone bears it."""
    entities = list(rows)
    bearers = Counter(name for _, name, _ in entities)
    codes = {code: code for code, _, _ in entities}
    codes |= {name: code for code, name, _ in entities if bearers[name] == 1}
    return codes | {f"{parent}{name}": code for code, name, parent in entities if parent}


def _resolve(text: str, codes: dict[str, str]) -> tuple[frozenset[str], tuple[str, ...]]:
    names = [name for name in _BETWEEN_NAMES.split(text) if name]
    if names in ([EVERY], ["＊"]):
        return frozenset({EVERY}), ()
    return frozenset(codes[name] for name in names if name in codes), tuple(sorted({name for name in names if name not in codes}))


def covering(waivers: Iterable[Waiver], rows: pl.DataFrame) -> list[Waiver]:
    """The waivers that are needed to cover every failing row; none where a row is left over, or where there is no row to point at."""
    failing = set(rows["entity_code"].to_list())
    used = [waiver for waiver in waivers if EVERY in waiver.entities or waiver.entities & failing]
    covered = set[str | None]().union(*(waiver.entities for waiver in used))
    if not failing or not (EVERY in covered or failing <= covered):
        return []
    return used
