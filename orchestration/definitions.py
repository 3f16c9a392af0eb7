"""The code location: everything that Dagster is to know of this project."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.deliveries import archive, framework_file, inboxes
from orchestration.assets.gates import gates
from orchestration.assets.intake import lakes, previous, stage_framework, stage_intake
from orchestration.assets.receipts import answering_resource, receipts
from orchestration.assets.release import release
from orchestration.assets.scoring import dbt_ranking, dbt_scoring, rank_interval, scenarios
from orchestration.assets.templates import templates
from orchestration.dbt import dbt_resource
from orchestration.jobs import JOBS
from orchestration.questions import QUESTIONS
from orchestration.resources import edition_resource
from orchestration.schedules import monthly
from orchestration.sensors import inbox

defs = dg.Definitions(
    assets=[
        *inboxes,
        framework_file,
        templates,
        archive,
        *lakes,
        stage_framework,
        stage_intake,
        receipts,
        previous,
        dbt_scoring,
        rank_interval,
        dbt_ranking,
        scenarios,
        *gates,
        release,
    ],
    jobs=[*JOBS, *QUESTIONS],
    schedules=[monthly],
    sensors=[inbox],
    resources={"edition": edition_resource, "dbt": dbt_resource, "answering": answering_resource},
    # One process a run: it holds the edition's lock from its first write to its last.
    executor=dg.in_process_executor,
)
