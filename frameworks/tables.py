"""The framework as tables: what dbt reads of it. Columns and their order are those of docs/architecture.md, also where a table is empty."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from frameworks.asked import asked_unnamed
from frameworks.document import Loc
from frameworks.layouts import candidates, datasets, field_type
from frameworks.model import Bands, Input, Tier
from frameworks.registry import Entity, Registry, timed
from frameworks.schemas import SCHEMAS, Row, row_of
from frameworks.tables_of_tree import tree_rows
from storage import write_parquet

if TYPE_CHECKING:
    from frameworks.loader import Framework


def write_tables(framework: Framework, folder: Path) -> None:
    """Write every framework table to `folder`, a Parquet file each; the same framework gives the same bytes."""
    for name, frame in framework.tables().items():
        write_parquet(folder / f"{name}.parquet", frame)


def build_tables(framework: Framework) -> dict[str, pl.DataFrame]:
    """Every framework table by name. Rows stand in the framework's own order (entities by code), so a file has one rendering."""
    parts = (_about(framework), _places(framework), tree_rows(framework), _inputs(framework), _deliveries(framework), _results(framework))
    rows = {name: listed for part in parts for name, listed in part.items()}
    return {name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in SCHEMAS.items()}


Rows = dict[str, Iterable[Row]]


def _about(framework: Framework) -> Rows:
    file, confirmation, screen = framework.file, framework.file.confirmation, framework.file.screen
    row = {
        "edition": file.edition,
        "title_zh": file.title.zh,
        "title_en": file.title.en,
        "period_from": file.period.from_,
        "period_to": file.period.to,
        "previous": file.previous,
        "scale": file.scale,
        "decimals": file.shown_decimals,
        "round_at": file.round.at,
        "round_decimals": file.round.decimals,
        "rank_on": file.rank_on,
        "rank_order": file.rank.order,
        "ties_by": file.rank.ties_by,
        "not_applicable": file.not_applicable,
        "coverage_at_least": file.coverage.at_least if file.coverage else None,
        "judged_sources": file.judged.sources if file.judged else [],
        "screen_measures": screen and screen.measures_at_least,
        "screen_points": screen and screen.points_at_least,
        "screen_nonzero": screen and screen.nonzero_at_least,
        "time_zone": file.time_zone,
        "framework_hash": framework.hash,
        "confirmation_dataset": confirmation and confirmation.dataset,
        "confirmation_indicator_field": confirmation and confirmation.indicator,
        "confirmation_outcome_field": confirmation and confirmation.outcome,
        "as_of": file.entities.as_of,
    }
    return {
        "edition": [row_of("edition", row)],
        "confirmation_values": sorted(confirmation.values.items()) if confirmation else [],
        "screens": sorted(screen.indicators.items()) if screen else [],
    }


def _places(framework: Framework) -> Rows:
    registry, calendar = framework.registry, framework.calendar
    entities = list(registry.entities.values())
    predecessors = {entity.code: _predecessors(registry, entity) for entity in entities}
    return {
        "entities": [
            (
                entity.code, entity.name, entity.name_en, entity.group, _parent(registry, entity), predecessors[entity.code],
                entity.unit_code, entity.time, entity.level,
            )
            for entity in entities
        ],
        "entity_attributes": [(entity.code, *pair) for entity in entities for pair in sorted(registry.attributes_of(entity).items())],
        "groups": _groups(framework),
        "predecessors": [(code, earlier) for code, codes in predecessors.items() for earlier in codes],
        "workdays": zip(calendar.days, calendar.is_workday, calendar.workday_no, strict=True) if calendar else [],
    }  # fmt: skip


def _predecessors(registry: Registry, entity: Entity) -> list[str]:
    return [timed(row.code, entity.time) for row in registry.predecessors(entity.unit_code)]


def _parent(registry: Registry, entity: Entity) -> str | None:
    return timed(entity.parent_code, entity.time) if entity.parent_code in registry.units else entity.parent_code


def _groups(framework: Framework) -> list[Row]:
    labels, rows = framework.file.entities.labels, list[Row]()
    for position, (group, base, time) in enumerate(framework.registry.all_groups, start=1):
        shown = (labels[base].zh, labels[base].en) if base in labels else (base, base)
        rows.append((group, position, *(text if time is None else f"{text} {time}" for text in shown), base, time))
    return rows


def _inputs(framework: Framework) -> Rows:
    inputs = framework.file.inputs
    bands = [
        (code, by, limit, score, of.else_)
        for code, wanted in sorted(inputs.items())
        if isinstance(of := getattr(wanted.aggregate, "of", None), Bands)
        for by, limit, score in _banded(of)
    ]
    return {"inputs": [_input(framework, code, wanted) for code, wanted in sorted(inputs.items())], "input_bands": bands}


def _banded(of: Bands) -> list[tuple[str | None, float, float]]:
    listed: list[tuple[str | None, float, float]] = []
    for key, value in of.table.items():
        if isinstance(value, dict):
            listed += [(str(key), limit, score) for limit, score in value.items()]
        else:
            listed.append((None, float(key), value))
    return sorted(listed, key=lambda row: (row[0] or "", row[1]))


def _input(framework: Framework, code: str, wanted: Input) -> Row:
    delivered = candidates(framework.file, code)[0]
    aggregate, verify, compiled = wanted.aggregate, wanted.verify, framework.compiled
    of = getattr(aggregate, "of", None)
    place: Loc = ("inputs", code, "aggregate")
    # An entity without a record has had no event and counts nothing; of a mean or an extreme there is then nothing to say.
    counts = aggregate is not None and aggregate.method in {"count", "sum", "event_deduction"}
    row = {
        "input_code": code,
        "source": wanted.source,
        "dataset": delivered.dataset.dataset,
        "label_zh": wanted.label.zh,
        "label_en": wanted.label.en,
        "unit": wanted.unit,
        "type": wanted.type,
        "minimum": wanted.minimum,
        "maximum": None if isinstance(wanted.maximum, str) else wanted.maximum,
        "maximum_input": wanted.maximum if isinstance(wanted.maximum, str) else None,
        "as_of": wanted.as_of,
        "vintage": wanted.vintage,
        "aggregate_method": aggregate and aggregate.method,
        "of_sql": compiled.sql((*place, "of", "bands")) or compiled.sql((*place, "of")),
        "where_sql": compiled.sql((*place, "where")),
        "band_by": of.by if isinstance(of, Bands) else None,
        "drop": getattr(aggregate, "drop", None),
        "at_least": getattr(aggregate, "at_least", None),
        "none_value": 0.0 if counts else None,
        "verify_indicator": verify and verify.tests,
        "verify_at_least": verify and verify.at_least,
        "verify_else": verify and verify.else_,
        "layout": delivered.dataset.layout,
    }
    return row_of("inputs", row)


def _deliveries(framework: Framework) -> Rows:
    listed = sorted(datasets(framework.file), key=lambda delivered: (delivered.source, delivered.dataset.dataset))
    tables, fields = [], []
    for delivered in listed:
        dataset = delivered.dataset
        label = (dataset.label.zh, dataset.label.en) if dataset.label else (dataset.dataset, dataset.dataset)
        has_entity = dataset.layout in {"form", "places"} or (dataset.layout == "records" and bool(dataset.entity))
        tables.append(
            (
                delivered.source,
                dataset.dataset,
                *label,
                dataset.layout,
                dataset.kind,
                dataset.required,
                dataset.key,
                dataset.latest_by,
                has_entity,
            )
        )
        for name, column in sorted(dataset.columns.items()):
            fields.append((delivered.source, dataset.dataset, name, field_type(framework.file, dataset, name), column.personal))
    return {"datasets": tables, "fields": fields}


def _results(framework: Framework) -> Rows:
    file, opinion = framework.file, framework.file.opinion
    gates = [
        (gate, name, expectation.severity, expectation.at_most, expectation.at_least)
        for gate in ("intake", "scores", "ranking")
        for name, expectation in getattr(file.gates, gate).items()
    ]
    for gate, name, limit in asked_unnamed(file):
        gates = [listed for listed in gates if listed[:2] != (gate, name)]
        written = getattr(file.gates, gate).get(name)
        gates.append((gate, name, written.severity if written else "warning", limit, None))
    vetoes = [
        (veto.code, position, framework.compiled.sql(("vetoes", position - 1, "when")), *_effect(veto.effect), veto.label.zh, veto.label.en)
        for position, veto in enumerate(file.vetoes, start=1)
    ]
    return {
        "tiers": [_tier(tier, position) for position, tier in enumerate(file.tiers, start=1)],
        "rank_attributes": [(attribute,) for attribute in file.rank.within],
        "grades": [(grade.grade, grade.at_least, position) for position, grade in enumerate(file.grades, start=1)],
        "vetoes": vetoes,
        "gates": gates,
        "opinion_settings": [
            (opinion.window_hours, opinion.answer_hours, opinion.answered_factor, opinion.unfounded_factor, opinion.severity.at_most)
        ] if opinion else [],
        "opinion_categories": [(kind.code, kind.severity, kind.label.zh, kind.label.en) for kind in opinion.categories] if opinion else [],
        "opinion_deductions": sorted(opinion.severity.deduction.items()) if opinion else [],
        "opinion_raise": sorted(opinion.severity.raise_at.items()) if opinion else [],
    }  # fmt: skip


def _tier(tier: Tier, position: int) -> Row:
    value = None if tier.kind == "rest" else float(getattr(tier, tier.kind))
    return tier.tier, position, tier.kind, value


def _effect(effect: Any) -> tuple[str, str | None]:
    if isinstance(effect, str):
        return effect, None
    (name, value), *_ = effect.model_dump().items()
    return name, f"{value:g}" if isinstance(value, float) else value
