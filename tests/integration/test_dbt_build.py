"""dbt over a stage folder made by hand: the working stands beside the figures.

Cities a, b, c and counties d, e; the rules are those of dbt_small.yaml.

    cleared   60 % of A1 (25 points), 0–100     a 80; b 50, corrected to 60; c delivered as missing (0); d 100; e nothing (0)
    kept      40 % of A1, of 100, × rate        a 90 × (1 + 1 + 0.5) ÷ 3 = 75; c 100 × (1 + 1 + 1 + 0) ÷ 4 = 75;
                                                b 60, one test: the median of 5/6 and 3/4 is 19/24: 47.5; d, e nothing (0)
    A1        a 25 × (0.6 × 0.8 + 0.4 × 0.75) = 19.5; b 25 × (0.36 + 0.19) = 13.75; c 25 × 0.3 = 7.5
    A2        15 points less what bodies cost    a one for a year: 13; b none: 15; c one remedied (0.5), a village does not count: 14.5
    B         30 points, visits ÷ residents      a 10 ÷ 5 = 2: 0; b 30 ÷ 5 = 6: 1; c missing: the median 0.5, 15 points
    C         20 points less deductions          a one event, undecided: 1; b one, answered in 40 hours: 0.5; c none
    D         10 points, experts of 100          a 60, 70, 80, 90, 100: 80; b four experts: missing, 0; c 50
    totals    a 19.5 + 13 + 0 + 19 + 8 = 59.5; b 13.75 + 15 + 30 + 19.5 + 0 = 78.25; c 7.5 + 14.5 + 15 + 20 + 5 = 62

Of the counties only d has visits, which tells nothing: B drops and the others have 100 ÷ 70 of their points.

    d         A1 35.714 × 0.6 = 21.43; A2 21.43; C 28.57; D 14.2857 × 1 = 14.29; total 85.72
    e         A1 0; A2 21.43; C 28.57; D 0; total 50.00, of which 35 of 100 points rest on delivered values: not ranked
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from storage import Workspace
from tests.integration.dbt_stage import DBT, Stage

EDITION = "small-2020"
RULES = Path(__file__).with_name("dbt_small.yaml")
PLACES = """\
code,name,name_en,level,parent_code,valid_from,valid_to,successor_code
a,甲市,Jia,city,,,,
b,乙市,Yi,city,,,,
c,丙市,Bing,city,,,,
d,丁县,Ding,county,a,,,
e,戊县,Wu,county,a,2020-07-01,,
x,己县,Ji,county,a,,2020-06-30,e
y,庚县,Geng,county,a,,2020-06-30,e
"""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dbt")]


def new_stage(folder: Path) -> Stage:
    workspace = Workspace(folder / "data", folder / "frameworks")
    workspace.frameworks.mkdir(parents=True)
    rules = RULES.read_text(encoding="utf-8")
    (workspace.frameworks / "small-2020.yaml").write_text(rules, encoding="utf-8")
    (workspace.frameworks / "small-2019.yaml").write_text(rules.replace("2020", "2019"), encoding="utf-8")
    (workspace.frameworks / "places.csv").write_text(PLACES, encoding="utf-8")
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(366)]
    calendar = "".join(f"{day},{int(day.weekday() < 5)}\n" for day in days)
    (workspace.frameworks / "workdays.csv").write_text(f"day,is_workday\n{calendar}", encoding="utf-8")
    return Stage(workspace, EDITION)


def deliver(stage: Stage) -> None:
    for place, cleared in {"a": 80, "b": 50, "c": None, "d": 100}.items():
        stage.record("provincial", "arrears", place, {"cleared": cleared})
    for place, visits in {"a": 10, "b": 30, "d": 7}.items():
        stage.record("provincial", "visits", place, {"visits": visits, "residents": 5})
    for place, kept in {"a": 90, "b": 60, "c": 100}.items():
        stage.record("self_assessment", "workbook", place, {"kept": kept})
    outcomes = {"a": ["confirmed", "confirmed", "partly"], "b": ["refuted"], "c": ["confirmed", "confirmed", "confirmed", "refuted"]}
    for place, results in outcomes.items():
        for number, result in enumerate(results):
            stage.record(
                "third_party", "tests", place, {"test_no": f"{place}{number}", "indicator": "A1", "outcome": result, "tester": "张三丰"}
            )
    year_long = {"body": "甲局", "kind": "agency", "listed_on": date(2020, 1, 2), "remedied_on": None}
    stage.record("provincial", "court_list", "a", year_long)
    stage.record("provincial", "court_list", "c", {**year_long, "body": "丙局", "remedied_on": date(2020, 5, 1)})
    stage.record("provincial", "court_list", "c", {**year_long, "body": "丙村", "kind": "village"})
    first = datetime(2020, 3, 1, tzinfo=UTC)
    item = {"category": "breach", "site_name": "某网", "media_tier": "city"}
    stage.items(
        {**item, "item_id": "n1", "entity_code": "a", "published_at": first},
        {**item, "item_id": "n2", "entity_code": "b", "published_at": first},
    )
    for place, scores in {"a": [60, 70, 80, 90, 100], "b": [90, 90, 90, 90], "c": [50] * 5, "d": [100] * 5}.items():
        for number, score in enumerate(scores):
            stage.record("expert_review", "scores", place, {"expert": f"李时珍{number}", "score": score})
    later = datetime(2021, 2, 1, tzinfo=UTC)
    stage.record("correction", "corrections", "b", {"input": "cleared", "value": 60, "reason": "核实", "decided_by": "王安石"}, later)
    decision = {"item_id": "n2", "state": "corrected", "answered_at": first + timedelta(hours=40), "reason": "已改", "decided_by": "王安石"}
    stage.record("correction", "decisions", "b", decision, later)
    stage.interval += [{"entity_code": place, "rank_low": 1, "rank_high": 3} for place in "abcd"]
    names = {"b": ("乙市", "city", 70, 2), "x": ("己县", "county", 81, 1), "y": ("庚县", "county", 64, 2)}
    stage.previous += [
        {"entity_code": code, "name_zh": name, "group_code": group, "total": Decimal(total), "rank": rank}
        for code, (name, group, total, rank) in names.items()
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The small edition, built once with every unit test and data test of the project."""
    stage = new_stage(tmp_path_factory.mktemp("small"))
    deliver(stage)
    stage.write()
    stage.dbt("build")
    return stage


def figures(stage: Stage, query: str) -> list[tuple[Any, ...]]:
    """Rows with decimals and doubles as floats of nine decimals: what a calculator shows."""
    return [tuple(round(float(cell), 9) if isinstance(cell, (float, Decimal)) else cell for cell in row) for row in stage.rows_of(query)]


def test_every_unit_test_of_the_project_has_run(built: Stage) -> None:
    results = json.loads((built.workspace.dbt / "run_results.json").read_bytes())["results"]
    ran = {
        result["unique_id"].split(".")[-1]
        for result in results
        if result["unique_id"].startswith("unit_test.") and result["status"] == "pass"
    }
    written = {
        name
        for path in (DBT / "models" / "unit_tests").glob("*.yml")
        for name in re.findall(r"^  - name: (\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert ran == written
    assert ran


def test_totals_ranks_and_grades_are_those_worked_by_hand(built: Stage) -> None:
    ranking = figures(
        built, "select entity_code, total, rank, grade, state, coverage, vetoes from ranking.fct_ranking order by entity_code"
    )
    assert ranking == [
        ("a", 59.5, 3, "D", "ranked", 1.0, "long_unremedied"),
        ("b", 78.25, 1, "A", "ranked", 0.9, None),
        ("c", 62.0, 2, "B", "ranked", 0.55, None),
        ("d", 85.72, 1, "A", "ranked", 0.9, None),
        ("e", 50.0, None, "C", "low_coverage", 0.35, None),
    ]


def test_scores_of_every_level_are_those_worked_by_hand(built: Stage) -> None:
    query = "select entity_code, list(score order by indicator_code) from ranking.fct_indicator_score where level > 0 group by 1 order by 1"
    scores = {place: [float(score) for score in listed] for place, listed in built.rows_of(query)}  # A, A1, A2, B, C, D
    assert scores == {
        "a": [32.5, 19.5, 13, 0, 19, 8],
        "b": [28.75, 13.75, 15, 30, 19.5, 0],
        "c": [22, 7.5, 14.5, 15, 20, 5],
        "d": [42.86, 21.43, 21.43, 0, 28.57, 14.29],
        "e": [21.43, 0, 21.43, 0, 28.57, 0],
    }


def test_a_dropped_indicator_gives_its_points_to_the_others(built: Stage) -> None:
    query = "select indicator_code, points from ranking.fct_indicator_score where entity_code = 'd' order by indicator_code"
    assert figures(built, query) == [
        ("A", 57.142857143), ("A1", 35.714285714), ("A2", 21.428571429), ("B", 0.0), ("C", 28.571428571), ("D", 14.285714286),
        ("TOTAL", 100.0),
    ]  # fmt: skip


def test_an_input_says_what_was_reported_and_what_counted(built: Stage) -> None:
    query = """
        select entity_code, input_code, value_reported, confirmation_rate, value, state from ranking.fct_input
        where input_code in ('cleared', 'kept', 'innovation') and entity_code in ('b', 'c') order by 1, 2"""
    assert figures(built, query) == [
        ("b", "cleared", 50.0, None, 60.0, "corrected"),
        ("b", "innovation", None, None, None, "missing"),
        ("b", "kept", 60.0, 0.791666667, 47.5, "verified"),
        ("c", "cleared", None, None, None, "missing"),
        ("c", "innovation", 50.0, None, 50.0, "reported"),
        ("c", "kept", 100.0, 0.75, 75.0, "verified"),
    ]


def test_a_score_can_be_followed_down_to_its_cells(built: Stage) -> None:
    query = "select input_code, role, cell, text from ranking.fct_input_cell where entity_code = 'a' order by all"
    cells = built.rows_of(query)
    assert ("kept", "value", "R1!kept", "90") in cells
    assert [row for row in cells if row[:2] == ("kept", "confirmation")] == [
        ("kept", "confirmation", "R1!outcome", "confirmed"),
        ("kept", "confirmation", "R2!outcome", "confirmed"),
        ("kept", "confirmation", "R3!outcome", "partly"),
    ]
    assert [row[2:] for row in cells if row[0] == "listed_points"] == [("R1!kind", "agency"), ("R1!remedied_on", None)]
    assert len([row for row in cells if row[0] == "innovation"]) == 5


def test_an_entity_new_to_the_edition_lists_its_predecessors(built: Stage) -> None:
    own = figures(built, "select entity_code, previous_total, previous_rank, change_total, change_rank from ranking.fct_ranking order by 1")
    assert own == [("a", None, None, None, None), ("b", 70.0, 2, 8.25, 1), *[(place, None, None, None, None) for place in "cde"]]
    columns = "entity_code, predecessor_code, predecessor_name_zh, previous_edition, previous_total, previous_rank"
    listed = figures(built, f"select {columns} from ranking.fct_predecessor")
    assert sorted(listed) == [("e", "x", "己县", "small-2019", 81.0, 1), ("e", "y", "庚县", "small-2019", 64.0, 2)]


def test_no_persons_name_is_published(built: Stage) -> None:
    tables = [name for (name,) in built.rows_of("select table_name from information_schema.tables where table_schema = 'ranking'")]
    assert "fct_input_cell" in tables
    published = json.dumps([built.rows_of(f'select * from ranking."{table}"') for table in tables], ensure_ascii=False, default=str)
    assert "丙局" not in published  # the expression reads no name of a body
    assert not [name for name in ("张三丰", "李时珍", "王安石") if name in published]


def test_published_tables_begin_with_edition_and_release(built: Stage) -> None:
    query = """
        select table_name, list(column_name order by ordinal_position)[1:2] from information_schema.columns
        where table_schema = 'ranking' and table_name <> 'ranked' group by 1"""
    assert {tuple(columns) for _, columns in built.rows_of(query)} == {("edition", "release")}
    assert built.rows_of("select distinct edition, release from ranking.fct_ranking") == [(EDITION, "0123456789ab")]


def test_every_model_and_column_is_described_in_both_languages(built: Stage) -> None:
    manifest = json.loads((built.workspace.dbt / "manifest.json").read_bytes())
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    sources = list(manifest["sources"].values())
    words = {f"{node['name']}": node["description"] for node in [*models, *sources]}
    words |= {f"{node['name']}.{name}": column["description"] for node in [*models, *sources] for name, column in node["columns"].items()}
    both = re.compile(r"(?=.*[A-Za-z])(?=.*[一-鿿])", re.DOTALL)
    english_by_kind = re.compile(r", (Chinese|English)|, code|SHA-256")
    assert [name for name, text in words.items() if not both.match(text) and not english_by_kind.search(text)] == []
    assert [node["name"] for node in models if node["fqn"][1] == "ranking" and not node["config"]["contract"]["enforced"]] == []
    columns = built.rows_of(
        "select table_name, column_name from duckdb_columns() where schema_name in ('scoring', 'ranking', 'staging') and comment is null"
    )
    assert columns == []


def test_the_same_rows_in_any_order_give_the_same_tables_on_any_number_of_threads(built: Stage, tmp_path: Path) -> None:
    stage = new_stage(tmp_path)
    deliver(stage)
    for rows in stage.rows.values():
        random.Random(7).shuffle(rows)
    stage.write()
    shutil.copytree(DBT, tmp_path / "profiles", ignore=lambda *_: [name for name in _[1] if name != "profiles.yml"])
    profile = tmp_path / "profiles" / "profiles.yml"
    profile.write_text(profile.read_text("utf-8").replace("TimeZone: UTC", "TimeZone: UTC\n        threads: 7"), "utf-8")
    stage.dbt("run", "--threads", "1", profiles=tmp_path / "profiles")
    assert digests(stage) == digests(built)


def digests(stage: Stage) -> dict[str, str]:
    """A SHA-256 over the Parquet bytes of each table, its rows in the order of the columns."""
    found = {}
    for schema, table in stage.rows_of(
        "select table_schema, table_name from information_schema.tables where table_schema in ('scoring', 'ranking')"
    ):
        path = stage.workspace.data / "digest.parquet"
        stage.rows_of(f"""copy (select * from {schema}."{table}" order by all) to '{path}' (format parquet)""")
        found[f"{schema}.{table}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def bare(folder: Path, rules: str) -> Stage:
    """A stage without a delivery, for an edition of three countries."""
    workspace = Workspace(folder / "data", folder / "frameworks")
    workspace.frameworks.mkdir()
    (workspace.frameworks / "places.csv").write_text(
        "code,name,name_en,level,parent_code,valid_from,valid_to,successor_code\n"
        + "".join(f"{code},{code},{code},country,,,,\n" for code in "pqr"),
        "utf-8",
    )
    (workspace.frameworks / "bare-2021.yaml").write_text(rules, "utf-8")
    return Stage(workspace, "bare-2021")


def test_an_edition_without_records_opinion_or_grades_is_built_too(tmp_path: Path) -> None:
    """Nothing but one table of places, one measure a level: every other table is empty."""
    stage = bare(tmp_path, RULES.with_name("dbt_bare.yaml").read_text("utf-8"))
    # p: √(0.5 × 0.5) with ln 1000 half way between ln 100 and ln 10000; q: income 50 lies below worst, so 0; r: no income, so blocked.
    for place, life, income in (("p", 52.5, 1000), ("q", 85, 50), ("r", 60, None)):
        stage.record("provincial", "figures", place, {"life": life, "income": income})
    stage.write()
    stage.dbt("build", "--exclude-resource-type", "unit_test")
    assert figures(stage, "select entity_code, total, rank, state, reason_en from ranking.fct_ranking order by 1") == [
        ("p", 0.5, 1, "ranked", None),
        ("q", 0.0, 2, "ranked", None),
        ("r", None, None, "blocked", "Missing data, so no score: I.2 Income"),
    ]


@pytest.mark.parametrize(
    ("beside", "incomes", "node"),
    [
        pytest.param("", (999_999_998, 1_000_000_000), "(I|TOTAL)", id="a sum"),
        # p's bonus lifts 400,000,001 to 800,000,001, q's 600,000,001 to 1,200,000,001.
        pytest.param(
            "  - {code: P, name: {zh: 加分, en: Bonus}, kind: bonus, points: 1, opens_at: 0, measures: [{code: more, value: income,"
            " unit: dollars, direction: higher_is_better, normalise: {method: none}, label: {zh: 收入, en: Income}}]}\n",
            (400_000_000, 600_000_000),
            "TOTAL",
            id="a bonus",
        ),
    ],
)
def test_a_score_with_more_digits_than_are_kept_ends_the_build_with_a_sentence(
    tmp_path: Path, beside: str, incomes: tuple[int, int], node: str
) -> None:
    """The sum of both as they stand, of 1 point: that of p, 999,999,999, can be kept, that of q, 1,000,000,001, cannot."""
    rules = RULES.with_name("dbt_bare.yaml").read_text("utf-8")
    plain = "normalise: {method: none}"
    stage = bare(tmp_path, re.sub(r"aggregate: .*", "aggregate: {method: sum}", re.sub(r"normalise: \{[^}]*\}", plain, rules)) + beside)
    for place, income in zip("pq", incomes, strict=True):
        stage.record("provincial", "figures", place, {"life": 1, "income": income})
    stage.write()
    with pytest.raises(AssertionError, match=rf"The score of {node} of entity q is 1[.2]*e\+09, more than can be kept") as refused:
        stage.dbt("build", "--exclude-resource-type", "unit_test")
    assert " of entity p " not in str(refused.value)


def test_the_wrong_stage_folder_is_noticed(built: Stage) -> None:
    path = built.workspace.stage(EDITION) / "framework" / "edition.parquet"
    whole = path.read_bytes()
    pl.read_parquet(path).with_columns(edition=pl.lit("small-2019")).write_parquet(path)
    try:
        with pytest.raises(AssertionError, match="of_this_run"):
            built.dbt("test", "--select", "stg_framework__edition,test_type:data")
    finally:
        path.write_bytes(whole)


def test_the_project_is_parsed_without_any_variable(tmp_path: Path) -> None:
    stage = Stage(Workspace(tmp_path, tmp_path), "none")
    stage.dbt("parse", named=False)
    assert (stage.workspace.dbt / "manifest.json").exists()
