"""The partition of every asset: the edition. One a framework file, as found when the code location loads."""

from __future__ import annotations

import dagster as dg

from storage import Workspace

editions = dg.StaticPartitionsDefinition(Workspace.from_environment().editions())
