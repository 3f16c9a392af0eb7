"""A file of a dataset with a personal field is published under a neutral name and without its sender, wherever it would be named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import polars as pl

from frameworks import load_framework
from publication import publish, release_id
from publication.previous import stage_previous
from storage import Workspace, write_parquet
from tests.publication_world import SMALL, build_warehouse, deliver, make_workspace, pass_gates

SCORES = hashlib.sha256(b"scores").hexdigest()
NOTE = hashlib.sha256(b"note").hexdigest()
FIGURES = hashlib.sha256(b"first").hexdigest()
EXPERTS = """\
  expert_review:
    - dataset: scores
      files: "*专家*"
      layout: records
      entity: [地区]
      key: [expert]
      columns: {expert: {headers: [专家], type: text, personal: true}, score: {headers: [评分], type: number}}
inputs:
"""


def with_experts(workspace: Workspace) -> None:
    """Beside the figures a file of an expert, and the wrong delivery note of another."""
    rules = workspace.framework_file(SMALL)
    rules.write_text(rules.read_text(encoding="utf-8").replace("inputs:\n", EXPERTS, 1), encoding="utf-8")
    deliver(workspace, SMALL, 1)
    folder = workspace.stage(SMALL) / "intake"
    listed, rejects = (pl.read_parquet(folder / f"{name}.parquet") for name in ("deliveries", "rejects"))
    scores = listed.row(0, named=True) | {
        "source": "expert_review",
        "dataset": "scores",
        "load_id": SCORES,
        "file": "2021-01-07/专家评分_张三.XLSX",
        "sender": "张三",
    }
    note = dict.fromkeys(rejects.columns) | {
        "edition": SMALL,
        "source": "expert_review",
        "load_id": NOTE,
        "file": "专家评分_李四.xlsx.delivery.yaml",
        "rule": "bad_sidecar",
    }
    write_parquet(folder / "deliveries.parquet", pl.concat([listed, pl.DataFrame([scores], schema=listed.schema)]))
    write_parquet(folder / "rejects.parquet", pl.concat([rejects, pl.DataFrame([note], schema=rejects.schema)]))


def test_nothing_published_holds_the_name_of_such_a_file_or_its_sender(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    with_experts(workspace)
    framework = load_framework(workspace, SMALL)
    stage_previous(workspace, framework)
    release = release_id(workspace, framework)
    build_warehouse(workspace, framework, release, 1)
    with duckdb.connect(str(workspace.warehouse(SMALL))) as warehouse:
        warehouse.execute(
            f"""create table ranking.fct_reject as
            select '{SMALL}' as edition, '{release}' as release, * from (values
                ('{SCORES}', '2021-01-07/专家评分_张三.XLSX', 'A1'), ('{NOTE}', '专家评分_李四.xlsx.delivery.yaml', null),
                ('{FIGURES}', '甲数据.csv', 'B2'), (null, null, null)) as t(load_id, file, cell)"""
        )
    pass_gates(workspace, SMALL)
    folder = publish(workspace, framework, release).folder
    shown = pl.read_parquet(folder / "fct_reject.parquet")
    assert {(row["file"], row["cell"]) for row in shown.rows(named=True)} == {
        (f"scores_{SCORES[:12]}.xlsx", "A1"),
        (f"expert_review_{NOTE[:12]}.yaml", None),
        ("甲数据.csv", "B2"),
        (None, None),
    }
    told = json.loads((folder / "manifest.json").read_bytes())["deliveries"]
    assert {(delivery["sha256"], delivery["file"], delivery["sender"]) for delivery in told if delivery["dataset"] == "scores"} == {
        (SCORES, f"scores_{SCORES[:12]}.xlsx", None)
    }
    assert ("甲数据.csv", "省司法厅") in {(delivery["file"], delivery["sender"]) for delivery in told}
