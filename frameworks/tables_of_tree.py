"""The framework's tree as tables: indicators and measures with their methods, and the points, shares and norms of each group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from frameworks.bounds import is_bounded
from frameworks.document import Loc
from frameworks.frozen import steadied
from frameworks.model import BandScores, CategoryMap, Impute, Indicator, Measure, Normalise, Treat
from frameworks.schemas import NORM_COLUMNS, Row, row_of
from frameworks.tree import Node, agreed, shares, walk

if TYPE_CHECKING:
    from frameworks.loader import Framework

_PARAMETERS = {
    "worst": "worst",
    "best": "best",
    "goalpost_scale": "scale",
    "target": "target",
    "floor": "floor",
    "else_value": "else_",
    "within": "within",
    "is_capped": "cap",
    "reference_entity": "entity",
    "output_mean": "mean",
    "output_sd": "sd",
    "ties": "ties",
    "strength": "strength",
    "place_offset": "offset",
    "decimals": "decimals",
}


def tree_rows(framework: Framework) -> dict[str, Iterable[Row]]:
    """The rows of the tables of indicators and measures, in the tree's own order."""
    nodes = walk(framework.file)
    measures = [(node, loc, measure) for node in nodes for loc, measure in node.measures]
    return {
        "indicators": [_indicator(framework, node, position) for position, node in enumerate(nodes, start=1)],
        "indicator_points": list(_points(framework, nodes)),
        "measures": [_measure(framework, node, loc, measure, at) for at, (node, loc, measure) in enumerate(measures, start=1)],
        "measure_shares": list(_shares(framework, nodes)),
        "node_bands": [band for each in _normalised(nodes) for band in _bands(each)],
        "measure_inputs": [(measure.code, name) for _, loc, measure in measures for name in framework.compiled.reads(loc)],
        "norms": list(_norms(framework, nodes)),
        "reference_sets": list(_sets(framework, nodes)),
    }


def _normalised(nodes: list[Node]) -> Iterator[Indicator | Measure]:
    for node in nodes:
        yield node.indicator
        yield from node.indicator.measures


def _indicator(framework: Framework, node: Node, position: int) -> Row:
    indicator, aggregate = node.indicator, node.indicator.aggregate
    return row_of(
        "indicators",
        {
            "indicator_code": node.code,
            "parent_code": node.parent.code if node.parent else None,
            "level": node.level,
            "position": position,
            "name_zh": indicator.name.zh,
            "name_en": indicator.name.en,
            "points": agreed(node.points, framework.file.entities.groups),
            "is_lowest": node.is_lowest,
            "aggregate": aggregate.method,
            "aggregate_power": getattr(aggregate, "power", None),
            "aggregate_within": getattr(aggregate, "within", None),
            "penalty": getattr(aggregate, "penalty", None),
            "at_least": aggregate.at_least,
            "missing_policy": indicator.missing.policy,
            "kind": indicator.kind,
            "opens_at": indicator.opens_at,
            "direction": indicator.direction,
            "is_bounded": is_bounded(indicator),
            "shown_sql": framework.compiled.sql((*node.loc, "shown")),
            **_norm(framework, indicator.normalise, (*node.loc, "normalise")),
        },
    )


def _measure(framework: Framework, node: Node, loc: Loc, measure: Measure, position: int) -> Row:
    file = framework.file
    by_group = {group: shares(node, group).get(measure.code, (0.0, 0.0))[0] for group in file.entities.groups}
    return row_of(
        "measures",
        {
            "measure_code": measure.code,
            "indicator_code": node.code,
            "position": position,
            "label_zh": measure.label.zh,
            "label_en": measure.label.en,
            "unit": measure.unit,
            "direction": measure.direction,
            "share": agreed(by_group, file.entities.groups),
            "value_sql": framework.compiled.sql((*loc, "value")),
            "applies_sql": framework.compiled.sql((*loc, "applies_when")),
            **_impute(measure.impute or file.impute),
            **_treat(measure.treat or file.treat),
            **_norm(framework, measure.normalise, (*loc, "normalise")),
            "is_bounded": is_bounded(measure),
            "flag_at_least": file.flags.at_least if measure.flag is None and file.flags else measure.flag,
            "missing_policy": (measure.missing or file.missing).policy,
        },
    )


def _impute(impute: Impute | None) -> dict[str, Any]:
    return {
        "impute_method": None if impute is None or impute.method == "none" else impute.method,
        "impute_value": getattr(impute, "value", None),
        "impute_within": getattr(impute, "within", None),
        "impute_at_most": getattr(impute, "at_most", None),
    }


def _treat(treat: Treat | None) -> dict[str, Any]:
    otherwise = getattr(treat, "otherwise", None)
    return {
        "treat_method": None if treat is None or treat.method == "none" else treat.method,
        "treat_at_most": getattr(treat, "at_most", None),
        "treat_skew": getattr(treat, "skewness", None),
        "treat_kurtosis": getattr(treat, "kurtosis", None),
        "treat_power": getattr(treat, "power", None),
        "treat_within": getattr(treat, "within", None),
        "treat_otherwise": otherwise and otherwise.method,
        "treat_otherwise_power": getattr(otherwise, "power", None),
        "treat_combine": getattr(treat, "combine", None),
    }


def _norm(framework: Framework, normalise: Normalise | None, loc: Loc) -> dict[str, Any]:
    method = normalise and normalise.method
    low, high = getattr(normalise, "range", (None, None))
    row = {column: getattr(normalise, parameter, None) for column, parameter in _PARAMETERS.items()} | {
        "normalise_method": method,
        "range_low": low,
        "range_high": high,
        "sd_kind": getattr(normalise, "of", None) if method == "z_score" else "sample" if method == "formula" else None,
        "formula_sql": framework.compiled.sql((*loc, "of")),
    }
    return {column: row[column] for column in NORM_COLUMNS}


def _bands(node: Indicator | Measure) -> list[tuple[str, float, float]]:
    if isinstance(node.normalise, BandScores):
        return [(node.code, limit, score) for limit, score in sorted(node.normalise.table.items())]
    if isinstance(node.normalise, CategoryMap):
        return [(node.code, value, score) for value, score in sorted(node.normalise.values.items())]
    return []


def _points(framework: Framework, nodes: list[Node]) -> Iterator[Row]:
    for group, base, _ in framework.registry.all_groups:
        for node in nodes:
            if base in node.points:
                yield group, node.code, node.points[base], node.weights[base]


def _shares(framework: Framework, nodes: list[Node]) -> Iterator[Row]:
    for group, base, _ in framework.registry.all_groups:
        for node in nodes:
            for code, (share, weight) in shares(node, base).items():
                yield group, code, share, weight


def _norms(framework: Framework, nodes: list[Node]) -> Iterator[Row]:
    """Of an indicator the frozen rates are steadied, as the rates that are compared with them: else a tie would be missed."""
    rated = {node.code for node in nodes}
    for code, group, value in framework.norms.rows():
        yield code, group, steadied(value) if code in rated else value


def set_words(nodes: list[Node], framework_default: Iterable[Any] = ()) -> set[str]:
    """The words of reference sets that the methods of the tree use; `group` always."""
    methods = [*framework_default]
    for node in nodes:
        methods += [node.indicator.aggregate, node.indicator.normalise]
        methods += [method for measure in node.indicator.measures for method in (measure.impute, measure.treat, measure.normalise)]
    return {"group"} | {method.within for method in methods if getattr(method, "within", None)}


def _sets(framework: Framework, nodes: list[Node]) -> Iterator[Row]:
    words = sorted(set_words(nodes, (framework.file.impute, framework.file.treat)))
    for entity in framework.registry.entities.values():
        own = framework.registry.attributes_of(entity)
        for word in words:
            value = {
                "group": entity.group,
                "all": "" if entity.time is None else str(entity.time),
                "pooled": "",
                "group_pooled": entity.level,
                "frozen": entity.level,
            }.get(word)
            if value is None and word in own:
                value = own[word] if entity.time is None else f"{own[word]}@{entity.time}"
            if value is not None:
                yield entity.code, word, value
