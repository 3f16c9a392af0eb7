"""The columns of every framework table, in order: what docs/architecture.md lists."""

from __future__ import annotations

from typing import Any

import polars as pl

_TYPES: dict[str, Any] = {
    "text": pl.String(), "number": pl.Float64(), "whole": pl.Int64(), "flag": pl.Boolean(), "day": pl.Date(), "texts": pl.List(pl.String())
}  # fmt: skip


def _columns(line: str) -> dict[str, Any]:
    return {name: _TYPES[kind] for name, kind in (part.split(":") for part in line.split())}


_LABELS = "label_zh:text label_en:text"
_NORM = (
    "normalise_method:text worst:number best:number goalpost_scale:text target:number floor:number else_value:number within:text "
    "range_low:number range_high:number is_capped:flag reference_entity:text output_mean:number output_sd:number sd_kind:text ties:text "
    "strength:number place_offset:number formula_sql:text decimals:whole"
)
NORM_COLUMNS: tuple[str, ...] = tuple(_columns(_NORM))
SCHEMAS: dict[str, dict[str, Any]] = {
    "edition": _columns(
        "edition:text title_zh:text title_en:text period_from:day period_to:day previous:text scale:number decimals:whole round_at:text "
        "round_decimals:whole rank_on:text rank_order:text ties_by:texts not_applicable:text coverage_at_least:number judged_sources:texts "
        "screen_measures:number screen_points:number screen_nonzero:number time_zone:text framework_hash:text "
        "confirmation_dataset:text confirmation_indicator_field:text confirmation_outcome_field:text as_of:day"
    ),
    "entities": _columns(
        "entity_code:text name_zh:text name_en:text group_code:text parent_code:text predecessor_codes:texts unit_code:text time:whole "
        "base_group:text"
    ),
    "entity_attributes": _columns("entity_code:text attribute:text value:text"),
    "reference_sets": _columns("entity_code:text within:text set_code:text"),
    "groups": _columns(f"group_code:text position:whole {_LABELS} base_group:text time:whole"),
    "predecessors": _columns("entity_code:text predecessor_code:text"),
    "indicators": _columns(
        "indicator_code:text parent_code:text level:whole position:whole name_zh:text name_en:text points:number is_lowest:flag "
        "aggregate:text aggregate_power:number aggregate_within:text penalty:text at_least:number missing_policy:text kind:text "
        f"opens_at:number direction:text is_bounded:flag shown_sql:text {_NORM}"
    ),
    "indicator_points": _columns("group_code:text indicator_code:text points:number weight:number"),
    "measures": _columns(
        f"measure_code:text indicator_code:text position:whole {_LABELS} unit:text direction:text share:number value_sql:text "
        "applies_sql:text impute_method:text impute_value:number impute_within:text impute_at_most:whole treat_method:text "
        "treat_at_most:whole treat_skew:number treat_kurtosis:number treat_power:number treat_within:text treat_otherwise:text "
        f"treat_otherwise_power:number treat_combine:flag {_NORM} is_bounded:flag flag_at_least:number missing_policy:text"
    ),
    "measure_shares": _columns("group_code:text measure_code:text share:number weight:number"),
    "node_bands": _columns("node_code:text at_most:number score:number"),
    "measure_inputs": _columns("measure_code:text input_code:text"),
    "norms": _columns("node_code:text group_code:text value:number"),
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
    "screens": _columns("indicator_code:text at_least:number"),
    "rank_attributes": _columns("attribute:text"),
    "tiers": _columns("tier:text position:whole kind:text value:number"),
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

Row = tuple[Any, ...]


def row_of(table: str, values: dict[str, Any]) -> Row:
    """The values in the order of the table's columns."""
    return tuple(values[column] for column in SCHEMAS[table])
