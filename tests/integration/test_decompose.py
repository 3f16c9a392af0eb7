"""A change of total split into place, others and rules, worked by hand over two small editions.

Then: A 50 points, m min-max in the group; B 50 points, half n and half old, both by goalposts 0 → 100.

    m     a 0, b 5, c 10: 0, 0.5, 1        n and old 40 for all: 0.4       totals a 20, b 25 + 20 = 45, c 50 + 20 = 70

Now: no `old`, the goalposts of n are 0 → 50.

    m     a 0, b 5, c 20: 0, 0.25, 1       n 40, 45, 40: 0.8, 0.9, 0.8     totals a 40, b 12.5 + 45 = 57.5, c 50 + 40 = 90
    by the rules of then, `old` not applying: n 0.4, 0.45, 0.4              a 20, b 12.5 + 22.5 = 35, c 50 + 20 = 70
    by its sets too (m from 0 to 10): 0, 0.5, 2                             a 20, b 25 + 22.5 = 47.5, c 100 + 20 = 120

    place   a 20 − 20 = 0     b 47.5 − 45 = 2.5       c 120 − 70 = 50
    others  a 20 − 20 = 0     b 35 − 47.5 = −12.5     c 70 − 120 = −50
    rules   a 40 − 20 = 20    b 57.5 − 35 = 22.5      c 90 − 70 = 20
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from frameworks import load_framework
from orchestration.decompose import FILE, decompose
from orchestration.scratch import ScratchRefused
from storage import Workspace
from tests.pipeline import hashes, run_edition

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("decompose")]

_RULES = """\
edition: {edition}
title: {{zh: 小样, en: Small}}
period: {{from: {year}-01-01, to: {year}-12-31}}
{previous}entities:
  registry: places.csv
  as_of: {year}-12-31
  groups: [city]
  labels: {{city: {{zh: 设区市, en: Cities}}}}
scale: 100
round: {{at: total, decimals: 2}}
deliveries:
  provincial:
    - {{dataset: figures, files: "*数据*", entity: 地区, columns: {{{columns}}}}}
inputs:
{inputs}
indicators:
  - code: A
    name: {{zh: 甲, en: First}}
    points: 50
    measures:
      - {{code: m, value: m_in, unit: points, direction: higher_is_better, normalise: {{method: min_max}}, label: {{zh: 一, en: One}}}}
  - code: B
    name: {{zh: 乙, en: Second}}
    points: 50
    measures:
{measures}
"""
_INPUT = "  {code}: {{source: provincial, unit: points, label: {{zh: {code}, en: {code}}}}}"
_MEASURE = (
    "      - {{code: {code}, value: {code}_in, unit: points, direction: higher_is_better, share: {share}, "
    "impute: {{method: mean}}, normalise: {{method: goalposts, worst: 0, best: {best}}}, label: {{zh: {code}, en: {code}}}}}"
)
_THEN = {"m": (0, 5, 10), "n": (40, 40, 40), "old": (40, 40, 40)}
_NOW = {"m": (0, 5, 20), "n": (40, 45, 40)}


def lay(workspace: Workspace, edition: str, figures: Mapping[str, tuple[int, ...]], best: int, previous: str) -> None:
    """The edition's rules, and one delivered table of its figures."""
    second = [code for code in figures if code != "m"]
    rules = _RULES.format(
        edition=edition,
        year=edition[-4:],
        previous=previous,
        columns=", ".join(f"{code}_in: {code}值" for code in figures),
        inputs="\n".join(_INPUT.format(code=f"{code}_in") for code in figures),
        measures="\n".join(_MEASURE.format(code=code, share=1 / len(second), best=best) for code in second),
    )
    workspace.framework_file(edition).write_text(rules, encoding="utf-8")
    inbox = workspace.inbox(edition, "provincial")
    inbox.mkdir(parents=True)
    rows = [",".join(["地区", *(f"{code}值" for code in figures)])]
    rows += [",".join([name, *(str(values[place]) for values in figures.values())]) for place, name in enumerate(("甲市", "乙市", "丙市"))]
    (inbox / "数据.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("decompose")
    made = Workspace(folder / "data", folder / "frameworks")
    made.frameworks.mkdir()
    registry = "code,name,name_en,level\na,甲市,Jia,city\nb,乙市,Yi,city\nc,丙市,Bing,city\n"
    (made.frameworks / "places.csv").write_text(registry, encoding="utf-8")
    lay(made, "small-2019", _THEN, 100, "")
    lay(made, "small-2020", _NOW, 50, "previous: small-2019\n")
    for edition in ("small-2019", "small-2020"):
        outcome = run_edition(made, edition)
        assert outcome.code == 0, outcome.output
    return made


def test_a_change_is_split_as_worked_by_hand_and_the_parts_add_up(workspace: Workspace) -> None:
    """Slow: two editions are run, then dbt scores a copy twice."""
    kept = {
        path: digest
        for path, digest in hashes(workspace.data).items()
        if path.startswith(("published", "warehouse")) and "lock" not in path
    }
    frame = decompose(workspace, load_framework(workspace, "small-2020"))
    assert frame.select("entity_code", "previous_total", "total", "place", "others", "rules").rows() == [
        ("a", *map(Decimal, ("20", "40", "0", "0", "20"))),
        ("b", *map(Decimal, ("45", "57.5", "2.5", "-12.5", "22.5"))),
        ("c", *map(Decimal, ("70", "90", "50", "-50", "20"))),
    ]
    assert frame.filter(pl.col("change_total") != pl.col("place") + pl.col("others") + pl.col("rules")).is_empty()
    assert frame["left_out"].to_list() == ["old"] * 3
    assert frame["not_frozen"].to_list() == ["n,old"] * 3  # imputed within a set, had anything been missing
    assert pl.read_parquet(workspace.analysis("small-2020") / FILE).equals(frame)
    now = hashes(workspace.data)
    assert {path: now[path] for path in kept} == kept


_JOINT = """\
edition: {edition}
title: {{zh: 小样, en: Small}}
period: {{from: {year}-01-01, to: {year}-12-31}}
{previous}entities: {{registry: places.csv, as_of: {year}-12-31, groups: [city]}}
scale: 100
round: {{at: total, decimals: 2}}
deliveries: {{provincial: [{{dataset: figures, files: "*数据*", entity: [地区], columns: {{m_in: m}}}}]}}
inputs: {{m_in: {{source: provincial, unit: points, label: {{zh: m, en: m}}}}}}
indicators:
  - code: A
    name: {{zh: 甲, en: A}}
    points: 100
    normalise: {{method: min_max}}
    measures:
      - code: m
        value: m_in
        unit: points
        direction: higher_is_better
        normalise: {{method: goalposts, worst: 0, best: 100}}
        label: {{zh: m, en: m}}
"""


def test_rates_of_an_indicator_are_compared_with_those_of_then_too(workspace: Workspace) -> None:
    """Slow: two editions more. Rates then 0, 0.5, 1 and so the totals 0, 50, 100; now 0.2, 0.5, 1.

    By the rules of then, min-max of now:  0, 0.375, 1       by its rates, from 0 to 1:  0.2, 0.5, 1
    place   20 − 0, 50 − 50, 100 − 100     others   0 − 20, 37.5 − 50, 100 − 100
    """
    for edition, previous, values in (("joint-2019", "", (0, 50, 100)), ("joint-2020", "previous: joint-2019\n", (20, 50, 100))):
        rules = _JOINT.format(edition=edition, year=edition[-4:], previous=previous)
        workspace.framework_file(edition).write_text(rules, encoding="utf-8")
        inbox = workspace.inbox(edition, "provincial")
        inbox.mkdir(parents=True)
        rows = "".join(f"{name},{value}\n" for name, value in zip(("甲市", "乙市", "丙市"), values, strict=True))
        (inbox / "数据.csv").write_text(f"地区,m\n{rows}", encoding="utf-8")
        outcome = run_edition(workspace, edition)
        assert outcome.code == 0, outcome.output
    frame = decompose(workspace, load_framework(workspace, "joint-2020"))
    assert frame.select("entity_code", "place", "others", "rules").rows() == [
        ("a", *map(Decimal, ("20", "-20", "0"))),
        ("b", *map(Decimal, ("0", "-12.5", "0"))),
        ("c", *map(Decimal, ("0", "0", "0"))),
    ]
    assert frame["not_frozen"].to_list() == [None] * 3


def test_an_edition_without_a_previous_one_has_no_change(workspace: Workspace) -> None:
    """Slow: as above."""
    with pytest.raises(ScratchRefused, match="names no previous edition"):
        decompose(workspace, load_framework(workspace, "small-2019"))


def test_rules_that_changed_since_they_were_published_are_not_those_of_then(workspace: Workspace) -> None:
    """Slow: as above."""
    path = workspace.framework_file("small-2019")
    rules = path.read_text(encoding="utf-8")
    path.write_text(rules.replace("best: 100", "best: 99"), encoding="utf-8")
    try:
        with pytest.raises(ScratchRefused, match="make run EDITION=small-2019"):
            decompose(workspace, load_framework(workspace, "small-2020"))
    finally:
        path.write_text(rules, encoding="utf-8")
