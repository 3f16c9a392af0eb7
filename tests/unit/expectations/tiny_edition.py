"""A small edition made by hand: two cities, three counties, two datasets of figures, one of tests, opinion items, corrections, waivers.

Each table is a list of rows that a test may spoil before it runs a gate. The scores are worked out below in plain Python.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl

from expectations import Finding, GateReport, run_gate
from frameworks import Framework, read_framework
from storage import Gate, Workspace

FRAMEWORK = """
edition: tiny-2020
title: {zh: 小型评价, en: Tiny evaluation}
period: {from: 2020-01-01, to: 2020-12-31}
entities: {registry: places.csv, as_of: 2020-12-31, groups: [city, county]}
scale: 100
decimals: 2
round: {at: lowest_indicator, decimals: 2}
coverage: {at_least: 0.5}
deliveries:
  self_assessment:
    - {dataset: workbook, files: "*.xlsx", layout: form, required: each_entity, place: 单位, columns: {code: 编码, value: 数值}}
  provincial:
    - {dataset: results, files: "*成绩*", layout: places, required: once, entity: 地区, columns: {result: 得分}}
    - dataset: listed
      files: "*名单*"
      layout: records
      required: once
      entity: 地区
      key: [case_no]
      columns: {case_no: {headers: 案号, type: text}}
  third_party:
    - dataset: tests
      files: "*测评*"
      layout: records
      required: once
      entity: 地区
      key: [test_no, tester]
      columns:
        test_no: {headers: 编号, type: text}
        tested_on: {headers: 日期, type: date, within: period}
        quality: {headers: 质量, type: number, minimum: 1, maximum: 5}
        tester: {headers: 测评员, type: text, personal: true}
  opinion:
    - dataset: items
      files: "*.jsonl"
      layout: items
      required: once
      columns: {item_id: id, title: title, body: body, published_at: {headers: published_at, within: period}}
  correction:
    - dataset: corrections
      files: "*更正*"
      layout: records
      kind: correction
      entity: 地区
      key: [input]
      columns:
        input: {headers: 编码, type: text}
        value: {headers: 更正值, type: number}
        reason: {headers: 理由, type: text}
        decided_by: {headers: 核定人, type: text, personal: true}
    - dataset: waivers
      files: "*豁免*"
      layout: records
      kind: waiver
      key: [gate, expectation, entities]
      columns:
        gate: {headers: 门禁, type: text}
        expectation: {headers: 检查项, type: text}
        entities: {headers: 涉及地区, type: text}
        reason: {headers: 理由, type: text}
        decided_by: {headers: 批准人, type: text, personal: true}
opinion:
  window_hours: 336
  answer_hours: 48
  answered_factor: 0.5
  unfounded_factor: 0
  severity: {deduction: {1: 1}, at_most: 1}
  bodies: [政府]
  categories: [{code: breach, severity: 1, label: {zh: 不守承诺, en: Broken promise}, words: [毁约]}]
inputs:
  due: {source: self_assessment, unit: items, type: integer, minimum: 0, label: {zh: 应办数, en: Due}}
  done: {source: self_assessment, unit: items, type: integer, minimum: 0, maximum: due, label: {zh: 已办数, en: Done}}
  result: {source: provincial, unit: points, minimum: 0, maximum: 100, label: {zh: 考核得分, en: Result}}
  quality_mean:
    source: third_party
    dataset: tests
    unit: points
    aggregate: {method: mean, of: quality}
    label: {zh: 质量均分, en: Mean quality}
indicators:
  - code: A
    name: {zh: 甲, en: First}
    points: 60
    indicators:
      - code: A1
        name: {zh: 办理, en: Handling}
        points: 40
        measures:
          - code: done_rate
            value: 100.0 * done / due
            unit: percent
            direction: higher_is_better
            normalise: {method: goalposts, worst: 0, best: 100}
            label: {zh: 办结率, en: Share done}
      - code: A2
        name: {zh: 考核, en: Assessment}
        points: 20
        measures:
          - code: assessed
            value: result
            unit: points
            direction: higher_is_better
            normalise: {method: min_max}
            label: {zh: 考核得分, en: Result}
  - code: B
    name: {zh: 乙, en: Second}
    points: 40
    indicators:
      - code: B1
        name: {zh: 质量, en: Quality}
        points: 40
        measures:
          - code: quality
            value: quality_mean
            unit: points
            direction: higher_is_better
            normalise: {method: ratio_to_target, target: 5}
            label: {zh: 质量, en: Quality}
grades: [{grade: A, at_least: 90}, {grade: B, at_least: 60}, {grade: C, at_least: 0}]
vetoes:
  - {code: much_undone, when: due - done >= 50, effect: {cap_grade: C}, label: {zh: 积压, en: Backlog}}
gates:
  intake:
    datasets_delivered: {severity: error, at_most: 0}
    every_entity_delivered: {severity: error, at_most: 0}
    dataset_coverage: {severity: error, at_least: 0.9}
    reject_share: {severity: error, at_most: 0.05}
    values_in_range: {severity: error, at_most: 0}
    keys_unique: {severity: error, at_most: 0}
    within_period: {severity: error, at_most: 0}
    no_conflicts: {severity: error, at_most: 0}
  scores:
    scores_not_empty: {severity: error}
    groups_full: {severity: error, at_most: 0}
    scores_complete: {severity: error, at_most: 0}
    scores_in_range: {severity: error, at_most: 0}
    levels_add_up: {severity: error, at_most: 0}
    norms_informative: {severity: warning, at_most: 0}
    shift_from_previous: {severity: warning, at_most: 10}
  ranking:
    ranking_not_empty: {severity: error}
    ranking_complete: {severity: error, at_most: 0}
    ranks_as_defined: {severity: error, at_most: 0}
    ranks_monotone: {severity: error, at_most: 0}
    grades_consistent: {severity: error, at_most: 0}
    vetoes_applied: {severity: error, at_most: 0}
    intervals_hold_rank: {severity: error, at_most: 0}
"""

PLACES = """code,name,name_en,level,parent_code,valid_from,valid_to,successor_code
1100,北山市,Beishan,city,1000,,,
1200,南河市,Nanhe,city,1000,,,
1101,东湖区,Donghu (Beishan),county,1100,,,
1201,东湖区,Donghu (Nanhe),county,1200,,,
1202,西岭县,Xiling,county,1200,,,
"""

# Due, done, result, mean quality. 1101 and 1201 tie; 1100 has 50 undone and is capped.
FIGURES = {
    "1100": (100, 50, 90, 4),
    "1200": (100, 80, 80, 3),
    "1101": (50, 45, 70, 5),
    "1201": (40, 36, 70, 5),
    "1202": (10, 1, 60, 1),
}
GROUPS = {"1100": "city", "1200": "city", "1101": "county", "1201": "county", "1202": "county"}
NAMES = {"1100": "北山市", "1200": "南河市", "1101": "东湖区", "1201": "东湖区", "1202": "西岭县"}
MOMENT = datetime(2020, 12, 1, tzinfo=UTC)

TEXT, NUMBER, WHOLE, FLAG, SCORE = pl.String(), pl.Float64(), pl.Int64(), pl.Boolean(), pl.Decimal(18, 9)
DELIVERIES = dict.fromkeys(("edition", "source", "dataset", "load_id", "file", "sender", "reason", "state"), TEXT) | {
    "sent_at": pl.Datetime("us", "UTC"),
    "size": WHOLE,
    "cells": WHOLE,
    "rejects": WHOLE,
}
CELLS = {
    "edition": TEXT,
    "source": TEXT,
    "dataset": TEXT,
    "load_id": TEXT,
    "file": TEXT,
    "sent_at": pl.Datetime("us", "UTC"),
    "record_no": WHOLE,
    "entity_code": TEXT,
    "field": TEXT,
    "text": TEXT,
    "number": NUMBER,
    "day": pl.Date(),
    "moment": pl.Datetime("us", "UTC"),
    "code": TEXT,
    "state": TEXT,
    "sheet": TEXT,
    "cell": TEXT,
    "note": TEXT,
    "is_counted": FLAG,
    "not_counted_because": TEXT,
}
ITEMS = dict.fromkeys(("edition", "load_id", "file", "item_id", "title", "site_name", "media_tier", "entity_code", "category"), TEXT) | {
    "line_no": WHOLE,
    "published_at": pl.Datetime("us", "UTC"),
    "heat": NUMBER,
    "is_negative": FLAG,
    "text_hash": TEXT,
    "is_counted": FLAG,
}
REJECTS = dict.fromkeys(
    ("edition", "source", "dataset", "load_id", "file", "sheet", "cell", "value", "rule", "message_zh", "message_en"), TEXT
) | dict.fromkeys(("entity_code", "field"), TEXT)
SCORES = {
    "entity_code": TEXT,
    "group_code": TEXT,
    "indicator_code": TEXT,
    "rate": NUMBER,
    "points": NUMBER,
    "score_exact": NUMBER,
    "score": SCORE,
    "is_missing": FLAG,
    "is_blocked": FLAG,
    "coverage": NUMBER,
}
SCREENED = {"entity_code": TEXT, "is_screened_out": FLAG}
NORMALISED = {
    "entity_code": TEXT,
    "measure_code": TEXT,
    "indicator_code": TEXT,
    "value_treated": NUMBER,
    "normalised": NUMBER,
    "normalised_used": NUMBER,
    "state": TEXT,
    "share": NUMBER,
    "share_used": NUMBER,
}
MEASURES = {"entity_code": TEXT, "measure_code": TEXT, "value": NUMBER, "applies": FLAG}
INPUTS = {"entity_code": TEXT, "input_code": TEXT, "value": NUMBER}
RANKING = {
    "edition": TEXT,
    "release": TEXT,
    "entity_code": TEXT,
    "group_code": TEXT,
    "total": SCORE,
    "total_exact": NUMBER,
    "rank": WHOLE,
    "rank_low": WHOLE,
    "rank_high": WHOLE,
    "grade": TEXT,
    "tier": TEXT,
    "state": TEXT,
    "coverage": NUMBER,
    "vetoes": TEXT,
    "total_unjudged": SCORE,
    "rank_unjudged": WHOLE,
}
WITHIN = dict.fromkeys(("edition", "release", "entity_code", "group_code", "attribute", "value"), TEXT) | {"rank": WHOLE}
PUBLISHED_SCORES = SCORES | {"edition": TEXT, "release": TEXT, "score_rate": NUMBER}
PREVIOUS = {"edition": TEXT, "release": TEXT, "entity_code": TEXT, "total": SCORE, "rank": WHOLE}
RECORDS = {"source": TEXT, "dataset": TEXT, "records": WHOLE}

Row = dict[str, Any]


class Edition:
    """The tables of the edition, as lists of rows; `run` lays them down and judges them."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder / "data", folder / "frameworks")
        self.framework_text = FRAMEWORK
        self.stage: dict[str, tuple[list[Row], dict[str, Any]]] = {
            "intake/deliveries": (deliveries(), DELIVERIES),
            "intake/cells": (cells(), CELLS),
            "intake/opinion_items": (items(), ITEMS),
            "intake/rejects": ([], REJECTS),
            "previous/ranking": (previous(), PREVIOUS),
            "previous/records": ([], RECORDS),
        }
        self.warehouse: dict[str, tuple[list[Row], dict[str, Any]]] = {
            "scoring.indicator_scores": (indicator_scores(), SCORES),
            "scoring.normalised": (normalised(), NORMALISED),
            "scoring.screened": (screened(), SCREENED),
            "scoring.measures": (measures(), MEASURES),
            "ranking.fct_input": (inputs(), INPUTS),
            "ranking.fct_ranking": (ranking(), RANKING),
            "scoring.indicator_scores_unjudged": ([], SCORES),
            "ranking.fct_rank_within": ([], WITHIN),
            "ranking.fct_indicator_score": (published_scores(), PUBLISHED_SCORES),
        }

    def replace(self, old: str, new: str) -> None:
        """Write the framework otherwise; `old` must stand in it."""
        assert old in self.framework_text
        self.framework_text = self.framework_text.replace(old, new)

    def rows(self, table: str) -> list[Row]:
        return (self.stage | self.warehouse)[table][0]

    def find(self, table: str, **wanted: Any) -> Row:
        """The one row that bears these values."""
        (row,) = [row for row in self.rows(table) if all(row[name] == value for name, value in wanted.items())]
        return row

    def drop(self, table: str, **wanted: Any) -> None:
        """Take away every row that bears these values."""
        rows = self.rows(table)
        rows[:] = [row for row in rows if not all(row[name] == value for name, value in wanted.items())]

    def waive(self, gate: str, expectation: str, entities: str, reason: str = "已上报省政府同意") -> None:
        number = len(self.rows("intake/cells"))
        fields = {"gate": gate, "expectation": expectation, "entities": entities, "reason": reason, "decided_by": "王某某"}
        for field, text in fields.items():
            self.rows("intake/cells").append(cell("correction", "waivers", None, field, text, record_no=number, load_id="w" * 64))

    def framework(self) -> Framework:
        return load(self.framework_text)[0]

    def run(self, gate: Gate, *, without: tuple[str, str] | None = None) -> GateReport:
        """Lay down the tables and judge them."""
        self.lay(without)
        return run_gate(gate, self.workspace, self.framework())

    def lay(self, without: tuple[str, str] | None = None) -> None:
        """Lay down the stage and the warehouse; `without`: a table and the column that it lacks."""
        _, tables = load(self.framework_text)
        for name, frame in tables.items():
            self._lay(f"framework/{name}", frame)
        for name, (rows, schema) in self.stage.items():
            self._lay(name, _frame(name, rows, schema, without))
        self.workspace.warehouse("tiny-2020").unlink(missing_ok=True)
        with duckdb.connect(str(self.workspace.warehouse("tiny-2020"))) as connection:
            connection.execute("create schema scoring; create schema ranking")
            for name, (rows, schema) in self.warehouse.items():
                connection.register("frame", _frame(name, rows, schema, without))
                connection.execute(f"create table {name} as from frame")

    def _lay(self, name: str, frame: pl.DataFrame) -> None:
        # Without the flush to disk of `write_parquet`, which would be most of a test's time.
        path = self.workspace.stage("tiny-2020") / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path)


@cache
def load(text: str) -> tuple[Framework, dict[str, pl.DataFrame]]:
    """The framework of that text, and its tables."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "places.csv").write_text(PLACES, encoding="utf-8")
        path = Path(folder) / "tiny-2020.yaml"
        path.write_text(text, encoding="utf-8")
        framework = read_framework(path)
        return framework, framework.tables()


def _frame(name: str, rows: list[Row], schema: dict[str, Any], without: tuple[str, str] | None) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.drop(without[1]) if without and without[0] == name else frame


def cell(source: str, dataset: str, entity: str | None, field: str, value: Any, **more: Any) -> Row:
    row: Row = dict.fromkeys(CELLS)
    row |= {"edition": "tiny-2020", "source": source, "dataset": dataset, "entity_code": entity, "field": field, "text": str(value)}
    row |= {"load_id": f"{dataset}-{entity}", "file": f"{dataset}-{entity}.xlsx", "sent_at": MOMENT, "record_no": 1, "state": "reported"}
    row |= {"sheet": "表1", "cell": f"B{len(field)}", "is_counted": True}
    row[{date: "day", str: "code"}.get(type(value), "number")] = value
    return row | more


def cells() -> list[Row]:
    rows = list[Row]()
    for entity, (due, done, result, quality) in FIGURES.items():
        rows += [cell("self_assessment", "workbook", entity, "due", due), cell("self_assessment", "workbook", entity, "done", done)]
        rows.append(cell("provincial", "results", entity, "result", result))
        test = {"test_no": f"T{entity}", "tested_on": date(2020, 6, 1), "quality": quality, "tester": "李某某"}
        rows += [cell("third_party", "tests", entity, field, value) for field, value in test.items()]
    return rows


def deliveries() -> list[Row]:
    files = [("self_assessment", "workbook", entity) for entity in FIGURES]
    files += [("provincial", "results", ""), ("provincial", "listed", ""), ("third_party", "tests", ""), ("opinion", "items", "")]
    return [
        dict.fromkeys(DELIVERIES)
        | {
            "edition": "tiny-2020",
            "source": source,
            "dataset": dataset,
            "load_id": f"{dataset}-{entity}",
            "file": f"{dataset}-{entity}.xlsx",
        }
        | {"state": "taken", "sent_at": MOMENT, "cells": 0 if dataset == "listed" else 20, "rejects": 0}
        for source, dataset, entity in files
    ]


def items() -> list[Row]:
    return [dict.fromkeys(ITEMS) | {"edition": "tiny-2020", "load_id": "items", "line_no": 1, "published_at": MOMENT, "is_counted": True}]


def rates() -> dict[str, dict[str, float]]:
    """A1 = done / due, A2 = min-max of the result in the group, B1 = quality / 5."""
    found = dict[str, dict[str, float]]()
    for entity, (due, done, result, quality) in FIGURES.items():
        group = [figures[2] for other, figures in FIGURES.items() if GROUPS[other] == GROUPS[entity]]
        found[entity] = {"A1": done / due, "A2": (result - min(group)) / (max(group) - min(group)), "B1": quality / 5}
    return found


def scores() -> dict[str, dict[str, tuple[float, float, float]]]:
    """Rate, points and score of each node; A = A1 + A2, B = B1, the total is their sum.

    1100: 20.00 + 20.00 + 32.00 = 72.00    1200: 32.00 + 0 + 24.00 = 56.00
    1101: 36.00 + 20.00 + 40.00 = 96.00    1201: the same    1202: 4.00 + 0 + 8.00 = 12.00
    """
    points = {"A1": 40.0, "A2": 20.0, "B1": 40.0}
    found = dict[str, dict[str, tuple[float, float, float]]]()
    for entity, rate in rates().items():
        nodes = {code: (rate[code], points[code], round(rate[code] * points[code], 2)) for code in points}
        for parent, children in {"A": ("A1", "A2"), "B": ("B1",), "TOTAL": ("A", "B")}.items():
            whole = sum(nodes[child][1] for child in children)
            mean = sum(nodes[child][0] * nodes[child][1] for child in children) / whole
            nodes[parent] = (mean, whole, sum(nodes[child][2] for child in children))
        found[entity] = nodes
    return found


def indicator_scores() -> list[Row]:
    return [
        {
            "entity_code": entity,
            "group_code": GROUPS[entity],
            "indicator_code": code,
            "rate": rate,
            "points": points,
        }
        | {"score_exact": rate * points, "score": score, "is_missing": False, "is_blocked": False, "coverage": 1.0}
        for entity, nodes in scores().items()
        for code, (rate, points, score) in nodes.items()
    ]


MEASURE_OF = {"A1": "done_rate", "A2": "assessed", "B1": "quality"}


def _by_measure(entity: str) -> dict[str, float]:
    due, done, result, quality = FIGURES[entity]
    return {"done_rate": 100 * done / due, "assessed": result, "quality": quality}


def normalised() -> list[Row]:
    return [
        {"entity_code": entity, "measure_code": MEASURE_OF[code], "indicator_code": code, "normalised": rate}
        | {"value_treated": _by_measure(entity)[MEASURE_OF[code]], "normalised_used": rate, "state": "delivered"}
        | {"share": 1.0, "share_used": 1.0}
        for entity, nodes in rates().items()
        for code, rate in nodes.items()
    ]


def screened() -> list[Row]:
    return [{"entity_code": entity, "is_screened_out": False} for entity in FIGURES]


def measures() -> list[Row]:
    return [
        {"entity_code": entity, "measure_code": code, "value": value, "applies": True}
        for entity in FIGURES
        for code, value in _by_measure(entity).items()
    ]


def inputs() -> list[Row]:
    return [
        {"entity_code": entity, "input_code": code, "value": value}
        for entity, figures in FIGURES.items()
        for code, value in zip(("due", "done", "result", "quality_mean"), figures, strict=True)
    ]


def ranking() -> list[Row]:
    """1100 72.00, capped at C; 1200 56.00 C. Counties: 1101 and 1201 share rank 1 with 96.00 (A), 1202 is third (12.00, C)."""
    ranks = {"1100": (1, 1, 1, "C"), "1200": (2, 2, 2, "C"), "1101": (1, 1, 2, "A"), "1201": (1, 1, 2, "A"), "1202": (3, 3, 3, "C")}
    totals = {entity: nodes["TOTAL"] for entity, nodes in scores().items()}
    return [
        {"edition": "tiny-2020", "release": "r", "entity_code": entity, "group_code": GROUPS[entity], "total": totals[entity][2]}
        | {"total_exact": totals[entity][0] * totals[entity][1], "rank": rank, "rank_low": low, "rank_high": high, "grade": grade}
        | {"state": "ranked", "coverage": 1.0, "vetoes": "much_undone" if entity == "1100" else None}
        for entity, (rank, low, high, grade) in ranks.items()
    ]


def published_scores() -> list[Row]:
    return [row | {"edition": "tiny-2020", "release": "r", "score_rate": row["rate"]} for row in indicator_scores()]


def previous() -> list[Row]:
    return [
        {"edition": "tiny-2019", "release": "p", "entity_code": entity, "total": nodes["TOTAL"][2] - 3, "rank": 1}
        for entity, nodes in scores().items()
    ]


def finding(report: GateReport, name: str) -> Finding:
    """The report's finding of that expectation."""
    (found,) = [finding for finding in report.findings if finding.expectation == name]
    return found
