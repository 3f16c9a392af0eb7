"""What the office hands in: corrections after appeals, decisions on negative events. Each row says by whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from examples.draws import by_share
from examples.opinion import Event
from examples.places import Place
from examples.profile import OpinionProfile, PartOf, Profile
from examples.quantities import Figures
from examples.sheets import Cell, Table
from examples.tables import field_cell
from frameworks import Framework
from frameworks.model import Dataset

OFFICE = "省信用办复核组"
APPEALS = ("原报数据口径有误，经复核予以更正", "佐证材料补齐，予以认定", "重复计算，予以核减", "遗漏下属单位数据，予以补计")
FINDINGS = {"unfounded": "经核查不属实，已发布情况说明", "corrected": "属实，已整改到位", "refused": "属实，逾期未整改"}


def correction_table(
    dataset: Dataset, framework: Framework, places: Sequence[Place], figures: Figures, profile: Profile, stream: Random
) -> Table:
    """Some figures that are a part of another one, put right: at most the whole, and never below nothing."""
    parts = sorted(
        code
        for code, spec in framework.file.inputs.items()
        if isinstance(profile.quantities.get(code), PartOf) and spec.type == "integer" and spec.source in {"self_assessment", "provincial"}
    )
    rows: list[dict[str, Cell]] = []
    for place in stream.sample(list(places), min(profile.dirt.corrections, len(places)) if parts else 0):
        code = stream.choice(parts)
        quantity = profile.quantities[code]
        before = figures.number(place, code)
        whole = figures.number(place, quantity.of) if isinstance(quantity, PartOf) else before
        after = max(0, min(round(before + max(1, before * 0.01) * stream.choice((-1, 1))), whole))
        if after != before:
            rows.append(
                {
                    "input": code,
                    "contested_value": before,
                    "value": after,
                    "reason": stream.choice(APPEALS),
                    "decided_by": OFFICE,
                    "": place.full_name,
                }
            )
    return _table(dataset, rows)


def decision_table(dataset: Dataset, events: Sequence[Event], profile: OpinionProfile, stream: Random) -> Table:
    """What was decided on a share of the events: the state, and when the place answered, if it did."""
    rows: list[dict[str, Cell]] = []
    for event in events:
        if stream.random() >= profile.decided:
            continue
        state = by_share(profile.decisions, stream.random())
        hours = stream.uniform(3, 46) if stream.random() < profile.answered_in_time else stream.uniform(60, 400)
        answered = None if state == "refused" else _to_the_minute(event.first_at + timedelta(hours=hours))
        rows.append(
            {
                "item_id": event.item_id,
                "state": state,
                "answered_at": answered,
                "reason": FINDINGS.get(state, state),
                "decided_by": OFFICE,
                "": event.place.full_name,
            }
        )
    return _table(dataset, rows)


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _table(dataset: Dataset, rows: Sequence[dict[str, Cell]]) -> Table:
    """Rows by field code (the place under no code) as a table under the first of each field's headers."""
    header = [dataset.entity[0], *(column.headers[0] for column in dataset.columns.values())]
    cells = [[row[""], *(field_cell(column, row.get(code), 0) for code, column in dataset.columns.items())] for row in rows]
    return Table(header, cells)
