"""The framework as tables: what dbt reads of it. Columns and their order are those of docs/architecture.md, also where a table is empty."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from frameworks.document import Loc
from frameworks.layouts import candidates, datasets, field_type
from frameworks.model import Bands, BandScores, CategoryMap, Input, Measure
from frameworks.tree import walk
from storage import write_parquet

if TYPE_CHECKING:
    from frameworks.loader import Framework

_TYPES: dict[str, Any] = {
    "text": pl.String(), "number": pl.Float64(), "whole": pl.Int64(), "flag": pl.Boolean(), "day": pl.Date(), "texts": pl.List(pl.String())
}  # fmt: skip


def _columns(line: str) -> dict[str, Any]:
    return {name: _TYPES[kind] for name, kind in (part.split(":") for part in line.split())}


_LABELS = "label_zh:text label_en:text"
SCHEMAS: dict[str, dict[str, Any]] = {
    "edition": _columns(
        "edition:text title_zh:text title_en:text period_from:day period_to:day previous:text scale:number decimals:whole round_at:text "
        "round_decimals:whole rank_on:text not_applicable:text coverage_at_least:number time_zone:text framework_hash:text "
        "confirmation_dataset:text confirmation_indicator_field:text confirmation_outcome_field:text as_of:day"
    ),
    "entities": _columns("entity_code:text name_zh:text name_en:text group_code:text parent_code:text predecessor_codes:texts"),
    "groups": _columns(f"group_code:text position:whole {_LABELS}"),
    "predecessors": _columns("entity_code:text predecessor_code:text"),
    "indicators": _columns(
        "indicator_code:text parent_code:text level:whole position:whole name_zh:text name_en:text points:number "
        "is_lowest:flag aggregate:text"
    ),
    "measures": _columns(
        f"measure_code:text indicator_code:text position:whole {_LABELS} unit:text direction:text share:number value_sql:text "
        "applies_sql:text treat_method:text treat_at_most:whole treat_skew:number treat_kurtosis:number normalise_method:text "
        "worst:number best:number goalpost_scale:text target:number floor:number else_value:number within:text missing_policy:text"
    ),
    "measure_bands": _columns("measure_code:text at_most:number score:number"),
    "measure_inputs": _columns("measure_code:text input_code:text"),
    "inputs": _columns(
        f"input_code:text source:text dataset:text {_LABELS} unit:text type:text minimum:number maximum:number maximum_input:text "
        "as_of:day vintage:text aggregate_method:text of_sql:text where_sql:text band_by:text drop:whole at_least:whole none_value:number "
        "verify_indicator:text verify_at_least:whole verify_else:text layout:text"
    ),
    "input_bands": _columns("input_code:text by_value:text at_most:number score:number else_score:number"),
    "datasets": _columns(
        f"source:text dataset:text {_LABELS} layout:text kind:text required:text key:texts latest_by:text has_entity:flag"
    ),
    "fields": _columns("source:text dataset:text field:text type:text is_personal:flag"),
    "confirmation_values": _columns("outcome:text value:number"),
    "grades": _columns("grade:text at_least:number position:whole"),
    "vetoes": _columns(f"veto_code:text position:whole when_sql:text effect:text effect_value:text {_LABELS}"),
    "opinion_settings": _columns(
        "window_hours:number answer_hours:number answered_factor:number unfounded_factor:number severity_at_most:whole"
    ),
    "opinion_categories": _columns(f"category:text severity:whole {_LABELS}"),
    "opinion_deductions": _columns("severity:whole deduction:number"),
    "opinion_raise": _columns("media_tier:text outlets:whole"),
    "workdays": _columns("day:day is_workday:flag workday_no:whole"),
    "gates": _columns("gate:text expectation:text severity:text at_most:number at_least:number"),
}


def write_tables(framework: Framework, folder: Path) -> None:
    """Write every framework table to `folder`, a Parquet file each; the same framework gives the same bytes."""
    for name, frame in framework.tables().items():
        write_parquet(folder / f"{name}.parquet", frame)


def build_tables(framework: Framework) -> dict[str, pl.DataFrame]:
    """Every framework table by name. Rows stand in the framework's own order (entities by code), so a file has one rendering."""
    parts = (_about(framework), _places(framework), _tree(framework), _inputs(framework), _deliveries(framework), _results(framework))
    rows = {name: listed for part in parts for name, listed in part.items()}
    return {name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in SCHEMAS.items()}


Row = tuple[Any, ...]
Rows = dict[str, Iterable[Row]]


def _about(framework: Framework) -> Rows:
    file, confirmation = framework.file, framework.file.confirmation
    return {
        "edition": [
            (
                file.edition, file.title.zh, file.title.en, file.period.from_, file.period.to, file.previous, file.scale,
                file.shown_decimals, file.round.at, file.round.decimals, file.rank_on, file.not_applicable,
                file.coverage.at_least if file.coverage else None, file.time_zone, framework.hash, confirmation and confirmation.dataset,
                confirmation and confirmation.indicator, confirmation and confirmation.outcome, file.entities.as_of,
            )
        ],
        "confirmation_values": sorted(confirmation.values.items()) if confirmation else [],
    }  # fmt: skip


def _places(framework: Framework) -> Rows:
    file, registry, calendar = framework.file, framework.registry, framework.calendar
    predecessors = {code: [row.code for row in registry.predecessors(code)] for code in registry.entities}
    labels = file.entities.labels
    return {
        "entities": [
            (entity.code, entity.name, entity.name_en, entity.level, entity.parent_code, predecessors[entity.code])
            for entity in registry.entities.values()
        ],
        "groups": [
            (group, position, labels[group].zh if group in labels else group, labels[group].en if group in labels else group)
            for position, group in enumerate(file.entities.groups, start=1)
        ],
        "predecessors": [(code, earlier) for code, codes in predecessors.items() for earlier in codes],
        "workdays": zip(calendar.days, calendar.is_workday, calendar.workday_no, strict=True) if calendar else [],
    }


def _tree(framework: Framework) -> Rows:
    indicators, measures, bands, reads = list[Row](), list[Row](), list[Row](), list[Row]()
    for node in walk(framework.file):
        label = node.indicator.name
        parent = node.parent.code if node.parent else None
        indicators.append(
            (
                node.code,
                parent,
                node.level,
                len(indicators) + 1,
                label.zh,
                label.en,
                node.points,
                node.is_lowest,
                node.indicator.aggregate.method,
            )
        )
        for position, measure in enumerate(node.indicator.measures):
            loc = (*node.loc, "measures", position)
            measures.append(_measure(framework, measure, node.code, len(measures) + 1, loc))
            bands += _bands(measure)
            names = {
                name for key in ("value", "applies_when") if (*loc, key) in framework.compiled.expressions
                for name in framework.compiled.expressions[*loc, key].names
            }  # fmt: skip
            reads += [(measure.code, name) for name in sorted(names)]
    return {"indicators": indicators, "measures": measures, "measure_bands": bands, "measure_inputs": reads}


def _measure(framework: Framework, measure: Measure, indicator: str, position: int, loc: Loc) -> Row:
    treat, normalise = measure.treat, measure.normalise
    row = {
        "measure_code": measure.code,
        "indicator_code": indicator,
        "position": position,
        "label_zh": measure.label.zh,
        "label_en": measure.label.en,
        "unit": measure.unit,
        "direction": measure.direction,
        "share": measure.share,
        "value_sql": framework.compiled.sql((*loc, "value")),
        "applies_sql": framework.compiled.sql((*loc, "applies_when")),
        "treat_method": treat and treat.method,
        "treat_at_most": treat and treat.at_most,
        "treat_skew": treat and treat.skewness,
        "treat_kurtosis": treat and treat.kurtosis,
        "normalise_method": normalise.method,
        "missing_policy": (measure.missing or framework.file.missing).policy,
    }
    parameters = {"worst": "worst", "best": "best", "goalpost_scale": "scale", "target": "target", "floor": "floor", "else_value": "else_"}
    row |= {column: getattr(normalise, parameter, None) for column, parameter in parameters.items()}
    row["within"] = getattr(normalise, "within", None)
    return _row("measures", row)


def _row(table: str, row: dict[str, Any]) -> Row:
    return tuple(row[column] for column in SCHEMAS[table])


def _bands(measure: Measure) -> list[tuple[str, float, float]]:
    if isinstance(measure.normalise, BandScores):
        return [(measure.code, limit, score) for limit, score in sorted(measure.normalise.table.items())]
    if isinstance(measure.normalise, CategoryMap):
        return [(measure.code, value, score) for value, score in sorted(measure.normalise.values.items())]
    return []


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
    return _row("inputs", row)


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
    vetoes = [
        (veto.code, position, framework.compiled.sql(("vetoes", position - 1, "when")), *_effect(veto.effect), veto.label.zh, veto.label.en)
        for position, veto in enumerate(file.vetoes, start=1)
    ]
    return {
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


def _effect(effect: Any) -> tuple[str, str | None]:
    if isinstance(effect, str):
        return effect, None
    (name, value), *_ = effect.model_dump().items()
    return name, f"{value:g}" if isinstance(value, float) else value
