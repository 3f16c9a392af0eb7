"""Reference sets of a release, frozen in a file, which a later framework names: so that a new low value does not move everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.building import build_tree
from analysis.methods import METHODS, Children
from analysis.released import Release, read_release
from analysis.tree import ROOT, Node
from analysis.weights import refuse_existing, table
from frameworks.tree import walk
from storage import Workspace, write_text

if TYPE_CHECKING:
    from frameworks import Framework

COLUMNS = ("code", "group", "value")


def write_norms(workspace: Workspace, framework: Framework) -> tuple[Path, int]:
    """Write `<edition>_norms.csv` beside the framework; gives its path and how many values it holds.

    A row is a value of a measure after treatment, or the rate of an indicator that is normalised, before it is. Refused where the file
    stands already, and where there is no release.
    """
    edition = framework.file.edition
    path = workspace.frameworks / f"{edition}_norms.csv"
    refuse_existing(path)
    release = read_release(workspace, edition)
    found = sorted([*_measures(framework, release), *rates_before(framework, release)])
    rows = [(code, group, repr(value)) for code, group, value in found]
    write_text(path, table(COLUMNS, rows))
    return path, len(rows)


def _measures(framework: Framework, release: Release) -> Iterator[tuple[str, str, float]]:
    groups = _groups(framework)
    codes = {measure.code for node in walk(framework.file) for measure in node.indicator.measures}
    for code in sorted(codes):
        for entity, value in release.treated.get(code, {}).items():
            if entity in groups:
                yield code, groups[entity], value


def _groups(framework: Framework) -> dict[str, str]:
    return dict(framework.tables()["entities"].select("entity_code", "base_group").iter_rows())


def rates_before(framework: Framework, release: Release) -> Iterator[tuple[str, str, float]]:
    """Of each indicator that is normalised: code, group and rate before it was, made anew from the children as published."""
    groups = _groups(framework)
    entities = sorted(groups)
    tree = build_tree(framework.tables(), entities)
    below = {node.code: [measure.code for measure in node.indicator.measures] or [child.code for child in node.indicator.indicators]
             for node in walk(framework.file) if node.indicator.normalise}  # fmt: skip
    for node in tree.nodes():
        if node.code in below and node.code != ROOT:
            for entity, value in zip(entities, _before(node, below[node.code], entities, release), strict=True):
                if not np.isnan(value):
                    yield node.code, groups[entity], float(value)


def _before(node: Node, children: Sequence[str], entities: Sequence[str], release: Release) -> Sequence[float]:
    points = [[release.points.get(code, {}).get(entity, 0.0) for entity in entities] for code in children]
    rates = [[release.rates.get(code, {}).get(entity, 0.0) for entity in entities] for code in children]
    weights, counted = [np.array([row]) for row in points], [np.array([row]) > 0 for row in points]
    rate, is_defined = METHODS[node.method.name](Children([np.array([row]) for row in rates], weights, weights, counted), node.method)
    is_there = np.logical_or.reduce(counted) & is_defined
    return [float(value) for value in np.where(is_there, rate, np.nan)[0]]
