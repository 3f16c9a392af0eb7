"""What an edition has published, as its weights and norms are made of it: rates, points used and treated values, from `current.duckdb`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np

from analysis.methods import Floats
from storage import Workspace


class Refused(Exception):
    """What was asked for is not made. `sentences`: one for each reason, with what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Release:
    """One edition's latest release. Rates, points and values by node (or measure) and entity; who has none is left out."""

    release: str
    rates: Mapping[str, Mapping[str, float]]
    points: Mapping[str, Mapping[str, float]]
    treated: Mapping[str, Mapping[str, float]]

    def column(self, code: str, entities: Iterable[str]) -> Floats:
        """The node's rate of each entity; NaN where it is dropped or missing."""
        rates, points = self.rates.get(code, {}), self.points.get(code, {})
        return np.array([rates.get(entity, np.nan) if points.get(entity, 0.0) > 0 else np.nan for entity in entities], dtype=np.float64)


def read_release(workspace: Workspace, edition: str) -> Release:
    """The edition's latest release. Refused where there is none."""
    missing = Refused(f"{edition} has no release in {workspace.current}: publish it first, with make run EDITION={edition}.")
    if not workspace.current.exists():
        raise missing
    with duckdb.connect(str(workspace.current), read_only=True) as database:
        releases = database.execute("select release from dim_release where edition = ?", [edition]).fetchall()
        if not releases:
            raise missing
        measures = database.execute(
            "select measure_code, entity_code, normalised_used, share_used, value_treated from fct_measure where edition = ?", [edition]
        ).fetchall()
        nodes = database.execute(
            "select indicator_code, entity_code, score_rate, points, null from fct_indicator_score where edition = ?", [edition]
        ).fetchall()
    rates, points, treated = dict[str, dict[str, float]](), dict[str, dict[str, float]](), dict[str, dict[str, float]]()
    for code, entity, rate, part, value in sorted([*measures, *nodes], key=lambda row: (row[0], row[1])):
        for table, figure in ((rates, rate), (points, part), (treated, value)):
            if figure is not None:
                table.setdefault(code, {})[entity] = float(figure)
    return Release(releases[0][0], rates, points, treated)
