"""The code location as Dagster loads it: names of assets, jobs and their steps do not clash."""

from __future__ import annotations

import dagster as dg

from orchestration.definitions import defs


def test_the_code_location_can_be_loaded() -> None:
    dg.Definitions.validate_loadable(defs)


def test_every_job_can_be_found_under_its_name() -> None:
    names = [job.name for job in defs.resolve_all_job_defs()]
    assert len(names) == len(set(names))
    assert {"evaluate_edition", "what_if", "decompose"} <= set(names)
