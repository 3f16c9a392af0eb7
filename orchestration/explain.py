"""Explain one entity's total from the published tables alone: the way from input to total, strengths, weaknesses, gap to the place above.

Every figure stands in a table of the release; this room adds none and only lays them out so that a person can follow with a calculator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from frameworks.hints import near
from orchestration.entities import NoSuchEntity, entity_code
from publication import latest_release
from storage import Workspace

_TABLES = (
    "dim_entity",
    "fct_ranking",
    "fct_explanation",
    "fct_norm",
    "fct_measure",
    "fct_input",
    "dim_edition",
    "dim_indicator",
    "dim_measure",
    "dim_input",
)
_ARROWS = {"higher_is_better": "↑ higher is better 越高越好", "lower_is_better": "↓ lower is better 越低越好"}
_STATES = {
    "imputed": "imputed 补缺",
    "missing": "missing 缺失",
    "not_applicable": "does not apply 不适用",
    "no_information": "the set tells nothing apart 参照组无区分度",
    "blocked": "missing, so no score 缺失且不得评分",
    "screened_out": "screened out 未参评",
}
_SIGNS = ((r"(\d)e0\b", r"\1"), (r"nullif\((\"[^\"]+\"|[\d.]+|\([^()]*\)), 0\)", r"\1"), (r" \* ", " × "), (r" / ", " ÷ "), (r'"', ""))
_FIGURES = {
    "rate": "rate 得分率",
    "weight": "× points 分值",
    "contribution": "= score 得分",
    "lost": "lost 失分",
    "above_contribution": "above 前一名",
    "gap_to_above": "gap 差距",
    "rank_in_group": "rank 名次",
}
_BY_PLACE = ("percentile_rank", "rank", "borda", "exponential", "normal_score")
_NAME_WIDTH, _FIGURE_WIDTH = 50, 12
_USUAL = "Weighted arithmetic mean"
_FARTHEST = 5
_PLAIN = 1e12

Row = dict[str, Any]


class NotExplained(Exception):
    """There is nothing to explain; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Explanation:
    """What a release says of one entity.

    `standing`: its row of fct_ranking. `nodes`: its rows of fct_explanation with the words of their rules and the statistics of the
    sets that they are compared with, depth-first.
    `inputs`: its rows of fct_input with their labels, by code. `above`: the name of the entity at the place above.
    """

    release: str
    edition: Row
    standing: Row
    nodes: list[Row]
    inputs: dict[str, Row]
    above: str | None


def explain(workspace: Workspace, edition: str, entity: str) -> Explanation:
    """What the edition's latest release says of the entity, given by code or by a name that is its alone (`entity_code`).

    Raises NotExplained where the edition has no release or the release has no such entity.
    """
    release = latest_release(workspace, edition)
    if release is None:
        if edition in workspace.editions():
            raise NotExplained(f"{edition}: nothing of it is published yet; run it first: make run EDITION={edition}")
        raise NotExplained(f"{edition}: there is no such edition; {near(edition, workspace.editions())}")
    tables = _read(workspace.release(edition, release.release))
    try:
        own = pl.col("entity_code") == entity_code(tables["dim_entity"], edition, entity)
    except NoSuchEntity as unknown:
        raise NotExplained(str(unknown)) from None
    standing = tables["fct_ranking"].row(by_predicate=own, named=True)
    nodes = tables["fct_explanation"].filter(own).join(_rules(tables), on="node_code", how="left").sort("position")
    measured = tables["fct_measure"].filter(own).select("measure_code", "state", "imputed_by")
    nodes = nodes.join(measured, left_on="node_code", right_on="measure_code", how="left", maintain_order="left")
    labels = tables["dim_input"].select("input_code", "label_zh", "label_en")
    inputs = tables["fct_input"].filter(own).join(labels, on="input_code")
    nodes = nodes.join(_sets(tables["fct_norm"]), on=("node_code", "set_code"), how="left", maintain_order="left")
    nodes = nodes.join(_places(tables["fct_explanation"]).filter(own), on="node_code", how="left", maintain_order="left")
    names = dict(tables["fct_ranking"].select("entity_code", "name_zh").iter_rows())
    listed = nodes.to_dicts()
    return Explanation(
        release.release,
        tables["dim_edition"].row(0, named=True),
        standing,
        listed,
        {row["input_code"]: row for row in inputs.to_dicts()},
        names.get(listed[0]["above_entity_code"]),
    )


def _read(folder: Path) -> dict[str, pl.DataFrame]:
    missing = [name for name in _TABLES if not (folder / f"{name}.parquet").exists()]
    if missing:
        raise NotExplained(f"{folder}: this release is of an earlier version and has no {', '.join(missing)}; run the edition again.")
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in _TABLES}


def _rules(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The words of each node's rules: node_code, way_zh, way_en (how its rate comes about), value_sql (of a measure)."""
    words = (pl.concat_str([part, "normalise_zh"], separator="；", ignore_nulls=True) for part in ("aggregate_zh", "treat_zh"))
    english = (pl.concat_str([part, "normalise_en"], separator="; ", ignore_nulls=True) for part in ("aggregate_en", "treat_en"))
    (indicator_zh, measure_zh), (indicator_en, measure_en) = words, english
    nothing = pl.lit(None, pl.String).alias("value_sql")
    indicators = tables["dim_indicator"].select(
        pl.col("indicator_code").alias("node_code"), indicator_zh.alias("way_zh"), indicator_en.alias("way_en"), nothing
    )
    measures = tables["dim_measure"].select(
        pl.col("measure_code").alias("node_code"), measure_zh.alias("way_zh"), measure_en.alias("way_en"), "value_sql"
    )
    return pl.concat([indicators, measures])


def _sets(norms: pl.DataFrame) -> pl.DataFrame:
    """The statistics of each node's sets, on the scale where more is better."""
    figures = {"entities": "x_entities", "lowest": "x_lowest", "highest": "x_highest", "mean": "x_mean", "sd": "x_sd", "median": "x_median"}
    return norms.select("node_code", "set_code", "within", *(pl.col(name).alias(alias) for name, alias in figures.items()))


def _places(rows: pl.DataFrame) -> pl.DataFrame:
    """Where a method goes by places: entity_code, node_code, first_place and last_place of those alike, 1 being the worst of the set."""
    sign = pl.when(pl.col("direction") == "lower_is_better").then(-1.0).otherwise(1.0)
    x = pl.when(pl.col("kind") == "measure").then(sign * pl.col("value_treated")).otherwise(pl.col("rate"))
    compared = rows.filter(pl.col("normalise_method").is_in(_BY_PLACE) & pl.col("set_code").is_not_null()).with_columns(x=x)
    sets = ("node_code", "set_code")
    ranks = (pl.col("x").rank("min").over(sets).alias("first_place"), pl.col("x").rank("max").over(sets).alias("last_place"))
    return compared.filter(pl.col("x").is_not_null()).select("entity_code", "node_code", *ranks)


# --- on the terminal --------------------------------------------------------------------------------------------------


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Print the standing, the way to the total node by node, strengths, weaknesses and the gap to the place above."""
    _show_standing(console, explanation)
    _show_way(console, explanation)
    _show_marked(console, "Strengths 长处", [node for node in explanation.nodes if node["is_strength"]])
    _show_marked(console, "Weaknesses 短板", [node for node in explanation.nodes if node["is_weakness"]])
    _show_gap(console, explanation)


def _show_marked(console: Console, title: str, nodes: list[Row]) -> None:
    """The measures among the nodes, the best rank first, the most points first of one rank."""
    console.print(Text(f"\n{title}", style="bold"))
    measures = [node for node in nodes if node["kind"] == "measure"]
    for node in sorted(measures, key=lambda node: (node["rank_in_group"], -node["weight"], node["node_code"])):
        earned = f"{_figure(node['contribution'])} of {_figure(node['weight'])} points 分"
        console.print(Text(f"  {_named(node)}: rank 名次 {node['rank_in_group']}, {earned}"))
    if not measures:
        console.print(Text("  none 无", style="dim"))


def _show_standing(console: Console, explanation: Explanation) -> None:
    own, edition = explanation.standing, explanation.edition
    console.print()
    title = f"{own['name_zh']} {own['name_en'] or ''} · {own['entity_code']} · {edition['edition']} · release {explanation.release}"
    console.rule(Text(title), align="left")
    facts = [
        ("total 总分", f"{own['total']:.{edition['decimals']}f} of {_figure(edition['scale'])}" if own["total"] is not None else "none 无"),
        ("rank 名次", f"{own['rank']} ({own['rank_low']}–{own['rank_high']})" if own["rank"] is not None else "none 无"),
        ("grade 等级", own["grade"]),
        ("tier 档次", own["tier"]),
        ("state 状态", own["state"]),
        ("imputed 补缺占比", f"{own['imputed_share']:.1%}" if own["imputed_share"] else None),
        (
            "before 上期",
            f"total {own['previous_total']:.{edition['decimals']}f}, rank {own['previous_rank'] or '–'}"
            if own["previous_total"] is not None
            else None,
        ),
    ]
    console.print(Text("  ·  ".join(f"{name} {fact}" for name, fact in facts if fact)))
    for reason in (own["reason_zh"], own["reason_en"]):
        if reason:
            console.print(Text(reason, style="yellow"))


def _show_way(console: Console, explanation: Explanation) -> None:
    """A line a node with its figures in columns; below a measure, how they come about."""
    console.print()
    console.print(Text(_line("indicator and measure 指标与测度", _FIGURES.values()), style="dim"))
    for node in explanation.nodes:
        name = f"{'  ' * node['level']}{node['node_code']} {_named(node)}"
        style = "" if node["kind"] == "measure" else "bold"
        console.print(Text(_line(name, [_figure(node[column]) for column in _FIGURES]), style=style), no_wrap=True, overflow="ellipsis")
        for detail, style in _details(node, explanation.inputs):
            console.print(Padding(Text(detail, style=style), (0, 0, 0, 2 * node["level"] + 4)))


def _line(name: str, figures: Iterable[str]) -> str:
    shown = name if cell_len(name) <= _NAME_WIDTH else set_cell_size(name, _NAME_WIDTH - 1) + "…"
    return set_cell_size(shown, _NAME_WIDTH) + "".join(" " * max(1, _FIGURE_WIDTH - cell_len(figure)) + figure for figure in figures)


def _details(node: Row, inputs: dict[str, Row]) -> list[tuple[str, str]]:
    """Of a measure how its value is computed, from which inputs, and how it is normalised; of an indicator what is not the usual mean."""
    way = [(f"{node['way_zh']} {node['way_en']}{_found(node)}", "dim")]
    if node["kind"] == "indicator":
        return way if node["way_en"] != _USUAL else []
    value = node["value"] if node["value"] is not None else node["value_treated"]
    arrow = _ARROWS.get(node["direction"], "")
    details = [(f"{_expression(node['value_sql'])} = {_figure(value)} {node['unit']} {arrow}", "dim")]
    used = [inputs[code] for code in dict.fromkeys(re.findall(r'"([^"]+)"', node["value_sql"])) if code in inputs]
    details += [(f"  {_input(row)}", "dim") for row in used]
    if node["value"] is not None and node["value_treated"] not in {None, node["value"]}:
        details.append((f"after treatment 处理后 {_figure(node['value_treated'])}", "dim"))
    if node["state"] in _STATES:
        by = f" ({node['imputed_by']})" if node["imputed_by"] else ""
        details.append((f"{_STATES[node['state']]}{by}", "yellow"))
    return details + way


def _found(node: Row) -> str:
    """What the set holds of that with which the method reckons; nothing where it compares with none."""
    if node["set_lowest"] is None or node["x_entities"] is None:
        return ""
    method, sign = node["normalise_method"], -1 if node["direction"] == "lower_is_better" else 1
    said = [f"{_figure(node['set_lowest'])} – {_figure(node['set_highest'])}"]
    if method == "formula":
        words = {"lowest": "最低", "highest": "最高", "mean": "均值", "sd": "标准差", "median": "中位数"}
        said = [f"{word} {zh} {_figure(node[f'x_{word}'])}" for word, zh in words.items()]
    elif method == "z_score":
        mean = None if node["x_mean"] is None else sign * node["x_mean"]
        said += [f"mean 均值 {_figure(mean)}", f"standard deviation 标准差 {_figure(node['x_sd'])}"]
    if method in _BY_PLACE and node["within"] != "frozen" and node["first_place"] is not None:
        alike = "" if node["last_place"] == node["first_place"] else f"–{node['last_place']}"
        said.append(f"place 位次 {node['first_place']}{alike}")
    if method in (*_BY_PLACE, "formula"):
        said.append(f"number 个数 {node['x_entities']}")
    return f" [{', '.join(said)}]"


def _show_gap(console: Console, explanation: Explanation) -> None:
    root = explanation.nodes[0]
    console.print(Text("\nGap to the place above 与前一名的差距", style="bold"))
    if explanation.above is None or root["gap_to_above"] is None:
        console.print(Text("  none 无", style="dim"))
        return
    console.print(
        Text(f"  {explanation.above} ({root['above_entity_code']}): {_figure(root['gap_to_above'])} points 分, of it most 其中主要")
    )
    measures = [node for node in explanation.nodes if node["kind"] == "measure" and node["gap_to_above"]]
    side = 1 if root["gap_to_above"] >= 0 else -1
    for node in sorted(measures, key=lambda node: (-side * node["gap_to_above"], node["node_code"]))[:_FARTHEST]:
        if side * node["gap_to_above"] > 0:
            console.print(Text(f"    {_named(node)}: {_figure(node['gap_to_above'])}"))


def _named(node: Row) -> str:
    return f"{node['label_zh']} {node['label_en'] or ''}".strip()


def _input(row: Row) -> str:
    place = " ".join(str(row[part]) for part in ("file", "sheet", "cell") if row[part])
    confirmed = (
        f", {_figure(row['value_reported'])} × {_figure(row['confirmation_rate'])} confirmed 核验" if row["state"] == "verified" else ""
    )
    source = f"{row['state']}{confirmed}{'; ' if place else ''}{place}"
    return f"{row['input_code']} {row['label_zh']} = {_figure(row['value'])} {row['unit']} ({source})"


def _expression(sql: str) -> str:
    """An expression as a person writes it: without guards and quotes."""
    for pattern, replacement in _SIGNS:
        sql = re.sub(pattern, replacement, sql)
    inner = sql[1:-1] if sql.startswith("(") and sql.endswith(")") else sql
    depth = [inner[: place + 1].count("(") - inner[: place + 1].count(")") for place in range(len(inner))]
    return inner if all(count >= 0 for count in depth) else sql


def _figure(number: Any) -> str:
    """A number for a calculator: as many digits as tell it, at most six decimals."""
    if number is None:
        return "–"
    if isinstance(number, float) and abs(number) >= _PLAIN:
        return f"{number:.6g}"
    text = f"{number:.6f}".rstrip("0").rstrip(".") if not isinstance(number, int) else str(number)
    return "0" if text == "-0" else text
