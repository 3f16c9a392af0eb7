"""The jobs that a person, the sensor or the schedule starts: one edition each, all steps in one process, which holds the edition's lock."""

from __future__ import annotations

import dagster as dg

from orchestration.vocabulary import GATE_GROUPS

evaluate_edition = dg.define_asset_job(
    "evaluate_edition",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("templates"),
    description="From the files of the inbox to a release, through the three gates. 从报送文件到发布，经三道门禁。",
)

take_deliveries = dg.define_asset_job(
    "take_deliveries",
    selection=dg.AssetSelection.groups("deliveries", "intake", "receipts", GATE_GROUPS["intake"]),
    description="Archive, read, judge and answer what was delivered; nothing is scored. 只接收、检查报送文件并出具回执。",
)

publish = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.groups("ranking", GATE_GROUPS["ranking"], "release"),
    description="Rank what is scored and publish it, through gate 3; refused where anything is newer than the scores. 排名并发布。",
)

issue_templates = dg.define_asset_job(
    "issue_templates",
    selection=dg.AssetSelection.groups("templates"),
    description="Write the files that places, departments and experts are to fill in; nothing is read or scored. 生成下发的表样。",
)

JOBS = [evaluate_edition, take_deliveries, publish, issue_templates]
