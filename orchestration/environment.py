"""What the process's environment must say before Dagster, dbt or Great Expectations is imported."""

from __future__ import annotations

import os

from storage import Workspace
from storage.workspace import PROJECT

_QUIET = {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


def settle() -> None:
    """Send nothing away; name the Dagster instance, its state and the data folder where nobody has."""
    os.environ.update(_QUIET)
    data = Workspace.from_environment().data
    os.environ.setdefault("DAGSTER_HOME", str(PROJECT))
    os.environ.setdefault("ZHENGXIN_STATE", str(data / "dagster"))
