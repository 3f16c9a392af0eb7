"""The published words of each rule, followed with a calculator, give the published number: every method, direction and variation.

The calculator reads what is published alone: a measure's words (`dim_measure`), its values as treated (`fct_measure`), who belongs to
which group and attribute, its points (`dim_weight`), and the file of frozen norms. The Chinese words must say the same as the English.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist, fmean, pstdev, stdev
from typing import Any

import duckdb
import pytest

from storage import Workspace
from tests.integration.dbt_stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dbt")]
EDITION = "words-2021"
# Of each place its group, region, and x: all apart, two alike, none below 1.
PLACES = {
    "a": ("city", "north", 3.0), "b": ("city", "north", 7.5), "c": ("city", "south", 4.0), "d": ("city", "south", 21.0),
    "e": ("city", "north", 4.0), "f": ("city", "south", None), "g": ("county", "north", 2.0), "h": ("county", "south", 9.0),
    "i": ("county", "south", 5.5), "j": ("county", "north", 12.0),
}  # fmt: skip
NORMS = {"city": [2.0, 4.0, 4.0, 8.0, 15.0], "county": [3.0, 5.5, 6.0]}
HIGHER, LOWER = "higher_is_better", "lower_is_better"
_TIES = ("lowest", "average", "highest")
_PLACING = ("percentile_rank", "rank", "borda", "exponential", "normal_score")
BOTH: list[dict[str, Any]] = [
    {"method": "min_max"},
    {"method": "min_max", "within": "all"},
    {"method": "min_max", "within": "pooled"},
    {"method": "min_max", "within": "group_pooled"},
    {"method": "min_max", "within": "region"},
    {"method": "min_max", "within": "frozen"},
    {"method": "min_max", "range": [1, 100], "decimals": 3},
    {"method": "z_score"},
    {"method": "z_score", "mean": 10, "sd": 2, "of": "population", "within": "all"},
    {"method": "z_score", "mean": -0.5, "within": "frozen"},
    *({"method": method, "ties": ties} for method in _PLACING for ties in _TIES),
    *({"method": method, "ties": ties, "within": "frozen"} for method in _PLACING for ties in _TIES),
    {"method": "percentile_rank", "range": [0.01, 1], "within": "region", "decimals": 2},
    {"method": "exponential", "strength": 10, "range": [0, 100]},
    {"method": "normal_score", "offset": 0.375, "ties": "average"},
    *({"method": "distance_to_target", "target": 6, "within": within} for within in ("group", "frozen")),
    {"method": "distance_to_target", "target": 6, "cap": True},
    *({"method": "distance_to_reference", "entity": "b", "within": within} for within in ("group", "frozen")),
    {"method": "distance_to_reference", "entity": "b", "cap": True, "within": "all"},
    *({"method": "fraction_of_best", "within": within} for within in ("group", "frozen")),
    {"method": "bands", "table": {"3": 0.9, "5.5": 0.6, "10": 0.25}, "else": 0.1},
    {"method": "category_map", "values": {"3": 0.2, "4": 1, "21": 0}},
    {"method": "formula", "of": "if(x = highest, 1, (x - lowest + 1) / (highest - lowest + 1)) + mean - median + sd * place / n"},
    {"method": "formula", "of": "(x - median) / sd", "within": "frozen", "decimals": 4},
    {"method": "none", "bounded": False},
]
GOALPOSTS: list[dict[str, Any]] = [{}, {"cap": False}, {"scale": "ln"}, {"scale": "ln", "cap": False, "range": [1, 10]}, {"range": [0, 10]}]
TREATED: list[dict[str, Any]] = [
    *({"method": method} for method in ("log", "log_plus", "log_shifted", "log_gii")),
    {"method": "log_plus", "within": "region"},
    *({"method": "box_cox", "power": power} for power in (0, 0.5, -1)),
]  # fmt: skip


def measures() -> list[dict[str, Any]]:
    """Every rule with every direction, as the framework writes them; `x` is their value, but for those that are in points."""
    rules = [(direction, rule) for rule in BOTH for direction in (HIGHER, LOWER)]
    rules += [(HIGHER, {"method": "goalposts", "worst": 2.5, "best": 10, **rule}) for rule in GOALPOSTS]
    rules += [(LOWER, {"method": "goalposts", "worst": 10, "best": 2.5, **rule}) for rule in GOALPOSTS]
    rules += [
        (HIGHER, {"method": "ratio_to_target", "target": 8}),
        (LOWER, {"method": "deduction"}),
        (LOWER, {"method": "deduction", "floor": 0.2}),
    ]
    listed = [{"direction": direction, "normalise": rule} for direction, rule in rules]
    # Thresholds that every set passes, so that each step is taken.
    treating = [{"skewness": 1e-9, "kurtosis": -100, **treat} for treat in TREATED]
    listed += [{"direction": HIGHER, "normalise": {"method": "min_max"}, "treat": treat} for treat in treating]
    return [
        {"code": f"m{number}", "value": "x", "unit": "units", "label": {"zh": "数", "en": "Number"}, **written}
        for number, written in enumerate(listed)
    ]


def framework(listed: list[dict[str, Any]]) -> str:
    points = [measure for measure in listed if measure["normalise"]["method"] == "deduction"]
    others = [measure for measure in listed if measure not in points]
    name = {"zh": "指标", "en": "Indicator"}
    return json.dumps(
        {
            "edition": EDITION,
            "title": {"zh": "指数", "en": "Index"},
            "period": {"from": "2021-01-01", "to": "2021-12-31"},
            "entities": {"registry": "places.csv", "as_of": "2021-12-31", "groups": ["city", "county"]},
            "scale": 100,
            "round": {"at": "total", "decimals": 6},
            "missing": {"policy": "reweight"},
            "norms": "norms.csv",
            "deliveries": {"provincial": [{"dataset": "figures", "files": "*f*", "entity": "place", "columns": {"x": "x"}}]},
            "inputs": {"x": {"source": "provincial", "unit": "units", "label": {"zh": "数", "en": "Number"}}},
            "indicators": [
                {"code": "A", "name": name, "points": 80, "measures": others},
                {"code": "B", "name": name, "points": 20, "measures": points},
            ],
        },
        ensure_ascii=False,
    )


@dataclass(frozen=True)
class Published:
    """What a reader has: of each measure its rule, its words in both languages, points by group, and value and result of each place."""

    rule: dict[str, Any]
    zh: str
    en: str
    treat_zh: str | None
    treat_en: str | None
    points: dict[str, float]
    raw: dict[str, float | None]
    values: dict[str, float | None]
    results: dict[str, float | None]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> list[Published]:
    """All measures, from one edition built by dbt."""
    folder = tmp_path_factory.mktemp("words")
    stage = Stage(Workspace(folder / "data", folder / "frameworks"), EDITION)
    listed = measures()
    _write_rules(stage.workspace.frameworks, listed)
    for place, (_, _, value) in PLACES.items():
        stage.record("provincial", "figures", place, {"x": value})
    stage.write()
    stage.dbt("run", "--select", "+dim_measure", "+fct_measure", "+dim_weight")
    query = "select measure_code, normalise_zh, normalise_en, treat_zh, treat_en from ranking.dim_measure"
    words: dict[str, tuple[str, str, str | None, str | None]] = {row[0]: (row[1], row[2], row[3], row[4]) for row in stage.rows_of(query)}
    figures = stage.rows_of("select measure_code, entity_code, value, value_treated, normalised from ranking.fct_measure")
    weights = stage.rows_of("select node_code, group_code, points from ranking.dim_weight where kind = 'measure'")
    return [
        Published(
            measure,
            *words[measure["code"]],
            {group: points for code, group, points in weights if code == measure["code"]},
            {row[1]: row[2] for row in figures if row[0] == measure["code"]},
            {row[1]: row[3] for row in figures if row[0] == measure["code"]},
            {row[1]: row[4] for row in figures if row[0] == measure["code"]},
        )
        for measure in listed
    ]


def _write_rules(folder: Path, listed: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True)
    (folder / f"{EDITION}.yaml").write_text(framework(listed), "utf-8")
    places = "".join(f"{code},{code},{group},{region}\n" for code, (group, region, _) in PLACES.items())
    (folder / "places.csv").write_text(f"code,name,level,region\n{places}", "utf-8")
    frozen = [measure["code"] for measure in listed if measure["normalise"].get("within") == "frozen"]
    rows = [f"{code},{group},{value}\n" for code in frozen for group, values in NORMS.items() for value in values]
    (folder / "norms.csv").write_text("code,group,value\n" + "".join(rows), "utf-8")


# --- the calculator -------------------------------------------------------------------------------------------------------


@dataclass
class Said:
    """A rule's words taken apart: what is computed, and the clauses after it."""

    formula: str
    clauses: list[str] = field(default_factory=list)

    def find(self, pattern: str) -> re.Match[str] | None:
        return next((found for clause in self.clauses if (found := re.fullmatch(pattern, clause))), None)

    def number(self, name: str) -> float:
        found = self.find(rf"{name} (-?[\d.]+)")
        return float(found[1]) if found else math.nan


def heard(words: str) -> Said:
    """A formula's own expression may hold commas; otherwise they part the clauses."""
    own = re.fullmatch(r"Formula: (.*), (x being the (?:value|opposite of the value))(.*)", words)
    if own:
        return Said(f"sql {own[1]}", [own[2], *own[3].split(", ")[1:]])
    head, _, rest = words.partition(": ")
    formula, *clauses = (rest or head).split(", ")
    return Said(formula, clauses)


def members(said: Said, place: str, values: dict[str, float | None]) -> list[float]:
    """The values that the place is compared with, in rising order."""
    group, region, _ = PLACES[place]
    among: dict[str, Callable[[str], bool]] = {
        "within the group": lambda other: PLACES[other][0] == group,
        "within the group over all times": lambda other: PLACES[other][0] == group,
        "over all groups": lambda _: True,
        "over all groups and times": lambda _: True,
        "among entities of one region": lambda other: PLACES[other][1] == region,
    }
    if said.find("against frozen values of an earlier edition"):
        return sorted(NORMS[group])
    (who,) = (among[clause] for clause in said.clauses if clause in among)
    return sorted(value for other, value in values.items() if value is not None and who(other))


def place_in(said: Said, value: float, among: list[float]) -> float:
    is_lowest_first = said.find("the lowest value first") is not None
    assert is_lowest_first != (said.find("the highest value first") is not None)
    worse = sum((other < value) if is_lowest_first else (other > value) for other in among)
    equal = among.count(value)
    if equal == 0:
        assert said.find("place being one more than the frozen values that are worse and at most their number")
        return min(worse + 1, len(among))
    ties = {"lowest": worse + 1, "mean": worse + (1 + equal) / 2, "highest": worse + equal}
    found = said.find("equal ones at the (lowest|mean|highest) of their places")
    assert found
    return ties[found[1]]


def reckoned(formula: str, known: dict[str, float]) -> float | None:
    """A formula as it is printed, on a calculator."""
    text = formula.replace("÷", "/").replace("×", "*").replace("^", "**").replace("standard deviation", "sd")
    text = text.replace("standard normal quantile ", "quantile")
    try:
        return float(eval(text, {"__builtins__": {}}, {"ln": math.log, "exp": math.exp, "quantile": NormalDist().inv_cdf, **known}))
    except (ValueError, ZeroDivisionError):
        return None  # no such logarithm; a set that tells nothing


def of_sql(said: Said, value: float, among: list[float]) -> float:
    sign = -1 if said.find("x being the opposite of the value") else 1
    x, numbers = sign * value, sorted(sign * other for other in among)
    better = sum(other < x for other in numbers)
    row = duckdb.execute(
        f"""select cast({said.formula.removeprefix("sql ")} as double) from (select
            ?::double as x, list_min(l)::double as lowest, list_max(l)::double as highest, list_avg(l) as mean, list_stddev_samp(l) as sd,
            list_median(l) as median, len(l)::double as n, ?::double as place from (select ?::double[] as l))""",
        [x, min(better + 1, len(numbers)), numbers],
    ).fetchone()
    assert row
    return float(row[0])


def computed(rule: Published, place: str) -> float | None:
    """The number that the words of the rule lead to."""
    value, said = rule.values[place], heard(rule.en)
    if value is None:
        return None
    is_compared = rule.rule["normalise"].get("within") or {"lowest", "highest", "mean", "number", "place"} & set(
        re.findall("[a-z]+", said.formula)
    )
    among = members(said, place, rule.values) if is_compared else []
    if said.formula.startswith("sql "):
        result: float | None = of_sql(said, value, among)
    elif said.formula in ("The value itself", "The opposite of the value"):
        result = value if said.formula == "The value itself" else -value
    elif bands := re.findall(r"up to ([\d.]+): ([\d.]+)", said.formula):
        beyond = re.search(r"beyond: ([\d.]+)", said.formula)
        result = next((float(score) for limit, score in bands if value <= float(limit)), float(beyond[1]) if beyond else None)
    elif kinds := re.findall(r"([\d.]+) is ([\d.]+)", said.formula):
        result = {float(limit): float(score) for limit, score in kinds}.get(value)
    else:
        result = reckoned(said.formula, _known(rule, said, place, value, among))
    return None if result is None else _laid_out(said, result)


def _known(rule: Published, said: Said, place: str, value: float, among: list[float]) -> dict[str, float]:
    known = {"value": value, "points": rule.points[PLACES[place][0]]}
    known |= {name: said.number(name) for name in ("worst", "best", "target")}
    reference = said.find("the reference being the value of (.*)")
    if reference:
        known["reference"] = rule.values[reference[1]] or math.nan
    if among:
        known |= {"lowest": among[0], "highest": among[-1], "mean": fmean(among), "number": len(among)}
    if said.find("which divides by n") or said.find("which divides by n - 1"):
        known["sd"] = stdev(among) if said.find("which divides by n - 1") else pstdev(among)
    if "place" in said.formula:
        known["place"] = place_in(said, value, among)
    return known


def _laid_out(said: Said, result: float) -> float:
    held, onto = said.find(r"held within ([\d.]+)–1"), said.find(r"from 0–1 onto ([\d.]+) to ([\d.]+)")
    if held:
        result = max(float(held[1]), min(1.0, result))
    if said.find("at most 1"):
        result = min(1.0, result)
    if onto:
        result = float(onto[1]) + result * (float(onto[2]) - float(onto[1]))
    decimals = said.find(r"rounded to (\d+) decimals")
    return (
        math.floor(abs(result) * 10 ** int(decimals[1]) + 0.5 + 1e-9) / 10 ** int(decimals[1]) * math.copysign(1, result)
        if decimals
        else result
    )


def same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else one == pytest.approx(other, rel=1e-12, abs=1e-12)


def test_the_words_of_every_method_lead_to_the_published_number(published: list[Published]) -> None:
    wrong = [
        (rule.rule["direction"], rule.rule["normalise"], rule.en, place, computed(rule, place), rule.results[place])
        for rule in published
        for place in PLACES
        if not same(computed(rule, place), rule.results[place])
    ]
    assert wrong == []
    assert all(sum(result is not None for result in rule.results.values()) >= 3 for rule in published)  # something was compared


def test_the_words_of_every_log_form_lead_to_the_published_value(published: list[Published]) -> None:
    treated = [rule for rule in published if rule.treat_en]
    assert len(treated) == len(TREATED)
    for rule in treated:
        said = Said("", re.split(r"(?<=\w), ", rule.treat_en or ""))
        for place, value in rule.raw.items():
            if value is None:
                continue
            among = members(said, place, rule.raw)
            known = {"value": value, "lowest": among[0], "highest": among[-1]}
            if power := re.search(r"power (-?[\d.]+)", rule.treat_en or ""):
                known["power"] = float(power[1])
            forms = re.findall(r"-?ln\((?:[^()]|\([^()]*\))*\)|\(\(.*\) ÷ power", rule.treat_en or "")
            form = forms[0] if len(forms) == 1 or _skewness(among) > 0 else forms[1]
            assert same(reckoned(form, known), rule.values[place]), (rule.treat_en, place)


def _skewness(numbers: Sequence[float]) -> float:
    """Its sign alone is asked for."""
    return sum((number - fmean(numbers)) ** 3 for number in numbers)


# --- Chinese --------------------------------------------------------------------------------------------------------------

# In this order: a longer phrase before what it holds.
_PHRASES = {
    "功效系数：": "Goalposts:", "极差法：": "Min-max:", "标准分：": "z-score:", "百分位：": "Percentile rank:",
    "名次：": "Rank:", "Borda：": "Borda:", "目标距离：": "Distance to the target:", "标杆距离：": "Distance to a reference:",
    "占最好值之比：": "Fraction of the best:", "达标率：": "Ratio to the target:", "分档计分：": "Bands:",
    "按类别计分：": "Categories:", "扣分：": "Deduction:", "指数变换：": "Exponential:", "正态分：": "Normal score:",
    "公式：": "Formula:", "x 为值的相反数": "x being the opposite of the value", "x 为值": "x being the value",
    "值的相反数": "The opposite of the value", "值本身": "The value itself", "最低值为第 1 位": "the lowest value first",
    "最高值为第 1 位": "the highest value first", "相同值取最小位次": "equal ones at the lowest of their places",
    "相同值取平均位次": "equal ones at the mean of their places",
    "相同值取最大位次": "equal ones at the highest of their places",
    "位次为劣于该值的固定数值个数加 1，不超过其总个数":
        "place being one more than the frozen values that are worse and at most their number",
    "标杆为该对象的值": "the reference being the value of", "即该组中该测度的分值": "those of the measure in the group",
    "以往期固定数值为参照": "against frozen values of an earlier edition", "各组各年份之间": "over all groups and times",
    "各组之间": "over all groups", "组内各年份之间": "within the group over all times", "组内": "within the group",
    "同一 region 之间": "among entities of one region", "标准差以 n 为除数": "which divides by n",
    "标准差以 n－1 为除数": "which divides by n - 1", "标准正态分位数": "standard normal quantile",
    "标准差": "standard deviation", "均值": "mean", "不超过 1，": "at most 1,", "不超过": "up to", "其余得": "beyond:",
    "限于": "held within", "不截断": "not capped", "最低": "lowest", "最高": "highest", "最差": "worst", "最好": "best",
    "目标": "target", "标杆": "reference", "位次": "place", "个数": "number", "分值": "points", "值": "value", "（": "(",
    "）": ")", "＋": "+", "－": "-", "，": ",", "；": ";",
}  # fmt: skip


def in_english(zh: str) -> str:
    zh = re.sub("由 0–1 变换到 (.+?) 至 ([0-9.]+)", r"from 0–1 onto \1 to \2", zh)
    zh = re.sub(r"保留 (\d+) 位小数", r"rounded to \1 decimals", zh)
    zh = re.sub("不超过 1(?=，|$)", "at most 1", zh)
    is_kinds = zh.startswith("按类别计分")
    for phrase, english in _PHRASES.items():
        zh = zh.replace(phrase, english)
    return zh.replace("得", "is" if is_kinds else ":")


def test_the_chinese_words_say_the_same(published: list[Published]) -> None:
    tight = re.compile(r"\s")
    other = [(rule.zh, rule.en) for rule in published if tight.sub("", in_english(rule.zh)) != tight.sub("", rule.en)]
    assert other == []
