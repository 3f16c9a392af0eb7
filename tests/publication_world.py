"""A small edition as it lies before publication: framework, stage, warehouse and gates, made by hand in the shapes of the contract.

Four entities in two groups, two first-level indicators. `version` stands for what was delivered: another one gives other totals and
therefore another release. As a program (`python -m tests.publication_world DATA EDITION VERSION`) it publishes what it makes: a process
that a test can kill.
"""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from frameworks import Framework, load_framework
from publication import Publication, publish, release_id, stage_previous
from publication.folder import read_manifest
from sources.assemble import SCHEMAS
from storage import GATES, Workspace, judged, write_parquet, write_text

SMALL, LATER = "small-2019", "small-2020"
PREVIOUS = {SMALL: None, LATER: SMALL}
ENTITIES = (
    ("320100", "南京市", "Nanjing", "city"),
    ("320102", "玄武区", "Xuanwu", "county"),
    ("320104", "秦淮区", "Qinhuai", "county"),
    ("320200", "无锡市", "Wuxi", "city"),
)
_YAML = """\
edition: {edition}
title: {{zh: 小样, en: Small}}
period: {{from: {year}-01-01, to: {year}-12-31}}
{previous}entities:
  registry: registry.csv
  as_of: {year}-12-31
  groups: [city, county]
  labels:
    city: {{zh: 设区市, en: Cities}}
    county: {{zh: 县（市、区）, en: Counties}}
scale: 100
round: {{at: lowest_indicator, decimals: 2}}
deliveries:
  provincial:
    - {{dataset: figures, files: "*数据*", entity: [地区], columns: {{first: [甲], second: [乙]}}}}
inputs:
  first: {{source: provincial, unit: percent, minimum: 0, maximum: 100, label: {{zh: 甲, en: First}}}}
  second: {{source: provincial, unit: percent, minimum: 0, maximum: 100, label: {{zh: 乙, en: Second}}}}
indicators:
  - code: A
    name: {{zh: 依法行政, en: Law-based administration}}
    points: 60
    measures:
      - {{code: a, value: first, unit: percent, direction: higher_is_better, normalise: {{method: none}}, label: {{zh: 甲, en: First}}}}
  - code: B.1
    name: {{zh: 政务公开, en: Openness}}
    points: 40
    measures:
      - {{code: b, value: second, unit: percent, direction: higher_is_better, normalise: {{method: none}}, label: {{zh: 乙, en: Second}}}}
gates:
  intake: {{reject_share: {{at_most: 0.05}}}}
  scores: {{scores_complete: {{at_most: 0}}, shift_from_previous: {{severity: warning, at_most: 10}}}}
  ranking: {{ranks_as_defined: {{at_most: 0}}}}
"""
_REGISTRY = "code,name,name_en,level\n" + "".join(f"{','.join(entity)}\n" for entity in ENTITIES)
_GATES = {"intake": ("reject_share",), "scores": ("scores_complete", "shift_from_previous"), "ranking": ("ranks_as_defined",)}


def make_workspace(folder: Path) -> Workspace:
    """An installation with the frameworks of both editions and no delivery."""
    workspace = Workspace(data=folder / "data", frameworks=folder / "frameworks")
    workspace.prepare()
    write_text(workspace.frameworks / "registry.csv", _REGISTRY)
    for edition, previous in PREVIOUS.items():
        named = f"previous: {previous}\n" if previous else ""
        write_text(workspace.framework_file(edition), _YAML.format(edition=edition, year=edition[-4:], previous=named))
    return workspace


def prepare(workspace: Workspace, edition: str, version: int) -> tuple[Framework, str]:
    """Everything that a run lays down before it publishes: intake, previous release, warehouse, passed gates. Returns the release's id."""
    framework = load_framework(workspace, edition)
    deliver(workspace, edition, version)
    stage_previous(workspace, framework)
    release = release_id(workspace, framework)
    build_warehouse(workspace, framework, release, version)
    pass_gates(workspace, edition)
    return framework, release


def publish_version(workspace: Workspace, edition: str, version: int) -> Publication:
    """One whole run."""
    return publish(workspace, *prepare(workspace, edition, version))


def deliver(workspace: Workspace, edition: str, version: int, *, reverse: bool = False) -> None:
    """Two assembled deliveries; the second one's bytes depend on `version`."""
    sent = datetime(2021, 1, 15, 8, tzinfo=UTC)
    rows = [
        {
            "edition": edition,
            "source": "provincial",
            "dataset": "figures",
            "load_id": load_id,
            "file": file,
            "sender": sender,
            "sent_at": sent,
            "reason": None,
        }
        for load_id, file, sender in (
            (hashlib.sha256(b"first").hexdigest(), "甲数据.csv", "省司法厅"),
            (hashlib.sha256(f"second {version}".encode()).hexdigest(), "乙数据.csv", None),
        )
    ]
    frame = pl.DataFrame(rows[::-1] if reverse else rows, schema_overrides={"reason": pl.String})
    write_parquet(workspace.stage(edition) / "intake" / "deliveries.parquet", frame)
    write_parquet(workspace.stage(edition) / "intake" / "rejects.parquet", pl.DataFrame(schema=SCHEMAS["rejects"]))
    cells = [{"source": "provincial", "dataset": "figures", "load_id": "x", "record_no": n // 2, "is_counted": n < 6} for n in range(8)]
    write_parquet(workspace.stage(edition) / "intake" / "cells.parquet", pl.DataFrame(cells, schema=SCHEMAS["cells"]))
    write_parquet(workspace.stage(edition) / "intake" / "opinion_items.parquet", pl.DataFrame(schema=SCHEMAS["opinion_items"]))


def build_warehouse(workspace: Workspace, framework: Framework, release: str, version: int) -> None:
    """The schemas `scoring` and `ranking` as dbt would leave them; the total of the n-th entity is version + n + 0.25."""
    edition = framework.file.edition
    path = workspace.warehouse(edition)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("set timezone = 'Asia/Shanghai'; create schema scoring; create schema ranking")
        warehouse.execute("create table entities (entity_code varchar, name_zh varchar, name_en varchar, group_code varchar, n integer)")
        warehouse.executemany("insert into entities values (?, ?, ?, ?, ?)", [[*entity, n] for n, entity in enumerate(ENTITIES)])
        warehouse.execute(_WAREHOUSE.format(key=f"'{edition}' as edition, '{release}' as release", version=version, hash=framework.hash))
        warehouse.execute("drop table entities")


def pass_gates(workspace: Workspace, edition: str, **outcomes: str) -> None:
    """Three gates that have judged what lies there now; `outcomes` names expectations with another outcome than passed."""
    schema = {"observed": pl.Float64, "threshold": pl.Float64, "waived_by": pl.String, "reason": pl.String}
    for gate in GATES:
        rows = [
            {
                "gate": gate,
                "expectation": name,
                "label_zh": "检查",
                "label_en": "Check",
                "severity": "warning" if name.startswith("shift") else "error",
                "observed": 0.0,
                "threshold": 0.0,
                "outcome": outcomes.get(name, "passed"),
                "waived_by": None,
                "reason": None,
            }
            for name in _GATES[gate]
        ]
        frame = pl.DataFrame(rows, schema_overrides=schema)
        write_parquet(workspace.stage(edition) / "gates" / f"{gate}.parquet", frame, metadata={"judged": judged(workspace, edition, gate)})


def check_published(workspace: Workspace) -> dict[str, str]:
    """What `published/` shows now, as editions and their releases. Asserts that nothing is half there and no two releases are mixed."""
    for path in workspace.published.glob("*/[0-9a-f]*"):
        read_manifest(path)
    if not workspace.current.exists():
        return {}
    with duckdb.connect(str(workspace.current), read_only=True) as current:
        return check_current(current)


def check_current(current: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The editions that an open `current.duckdb` shows, with their releases. Asserts that every table is of these and figures agree."""
    shown = dict(current.execute("select edition, release from dim_release").fetchall())
    names = [name for (name,) in current.execute("select table_name from information_schema.tables where table_schema = 'main'").fetchall()]
    for name in names:
        rows = current.execute(f'select distinct edition, release from "{name}"').fetchall()
        assert len(rows) == len(shown), f"{name} holds {rows}, dim_release {shown}"
        assert dict(rows) == shown, f"{name} holds {rows}, dim_release {shown}"
    unlike = """
        select * from fct_ranking
        join fct_indicator_score using (edition, entity_code)
        left join rpt_ranking_city as wide using (edition, entity_code)
        where indicator_code = 'A'
            and (fct_ranking.total - score <> 0.25 or wide.total <> fct_ranking.total or wide.score_a <> score)"""
    assert current.execute(unlike).fetchall() == []
    return shown


_WAREHOUSE = """
create table scoring.indicator_scores as select entity_code, {version} + n as score from entities;
create table scoring.build as select {key};
create table ranking.dim_edition as
    select {key}, '小样' as title_zh, 'Small' as title_en, '{hash}' as framework_hash;
create table ranking.dim_entity as
    select {key}, entity_code, name_zh, name_en, group_code, if(group_code = 'city', '320000', left(entity_code, 4) || '00') as parent_code
    from entities;
create table ranking.dim_indicator as
    select {key}, *
    from (values ('A', null, 1, 1, '依法行政', 60.0), ('B.1', null, 1, 2, '政务公开', 40.0))
        as t(indicator_code, parent_code, level, position, name_zh, points);
create table ranking.fct_indicator_score as
    select
        {key}, entity_code, group_code, indicator_code, null::varchar as parent_code, level,
        if(indicator_code = 'B.1', 0.25, {version} + n)::decimal(18, 9) as score,
        if(indicator_code = 'B.1', 0.25, {version} + n)::double as score_exact,
        50.0::double as points, 0.5::double as score_rate, 1 as rank_in_group, false as is_blocked
    from entities, (values ('A', 1), ('B.1', 1), ('TOTAL', 0)) as t(indicator_code, level)
    order by random();
create table ranking.fct_ranking as
    select
        {key}, entity_code, name_zh, name_en, group_code,
        ({version} + n + 0.25)::decimal(18, 9) as total, ({version} + n + 0.25)::double as total_exact,
        rank() over (partition by group_code order by n desc) as rank, 1 as rank_low, 2 as rank_high, 'D' as grade,
        null::varchar as tier, 'ranked' as state, null::varchar as reason_zh, null::varchar as reason_en, 1.0::double as coverage,
        null::varchar as vetoes, null::decimal(18, 9) as previous_total, null::bigint as previous_rank,
        null::decimal(18, 9) as change_total, null::bigint as change_rank
    from entities
    order by random();
create table ranking.fct_opinion_event as
    select {key}, entity_code, timestamp '2020-05-01 08:00:00' as first_at, day::date as last_on
    from entities, generate_series(date '2020-01-01', date '2020-12-31', interval 1 day) as t(day)
    order by random();
create table ranking.ranked as select 1 as is_internal;
comment on table ranking.fct_ranking is '排名 Ranking. One row is an entity''s rank.';
comment on column ranking.fct_ranking.total is '总分（分） Total, in points';
"""


if __name__ == "__main__":
    made = publish_version(make_workspace(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3]))
    sys.stdout.write(f"{made.release.release} {made.state}\n")
