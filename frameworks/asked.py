"""What gates ask of a framework that does not name it there: what it asks elsewhere in its file, and what its methods ask for."""

from __future__ import annotations

from collections.abc import Iterator

from frameworks.model import FrameworkFile
from frameworks.tree import walk

_DISTANCES = {"distance_to_target", "distance_to_reference"}


def asked_unnamed(file: FrameworkFile) -> Iterator[tuple[str, str, float | None]]:
    """Gate, expectation and threshold (None: it has none) of each; a warning, unless the framework names it and says otherwise."""
    if file.confirmation and file.confirmation.refuted_share_at_most is not None:
        yield "scores", "refuted_share", file.confirmation.refuted_share_at_most
    if _measures_distances(file):
        yield "scores", "targets_above_worst", None
    if file.judged:
        yield "ranking", "judged_shift", file.judged.ranks_at_most


def _measures_distances(file: FrameworkFile) -> bool:
    nodes = [node.indicator for node in walk(file)]
    methods = [*(node.normalise for node in nodes), *(measure.normalise for node in nodes for measure in node.measures)]
    return any(method is not None and method.method in _DISTANCES for method in methods)
