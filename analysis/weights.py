"""Weights computed from a release and frozen in a file, which a framework then names: equal, by principal components, or balanced.

A family is a parent with its children, in the groups that have the same ones. Nothing here is computed in a run: what a framework
scores by is what its file of weights says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from analysis.building import build_tree
from analysis.methods import METHODS, Children, Floats, Method
from analysis.released import Refused, Release, read_release
from analysis.tree import ROOT
from frameworks.tree import shares, walk
from storage import Workspace, write_text

if TYPE_CHECKING:
    from frameworks import Framework

COLUMNS = ("code", "group", "weight", "method", "edition", "made_of")
_WEIGHTLESS = {"minimum", "mazziotta_pareto"}  # these know no weights, so none can balance them
_DIGITS = 12
_LEAST_ROWS = 3
_LEAST = 0.1


@dataclass(frozen=True)
class Family:
    """A parent and its children. `group` is empty where all groups have the same ones. `rates`: complete entities × children.

    `written`: the children's weights (points, shares) as the framework states them. `method`: how the parent is made of them.
    """

    parent: str
    group: str
    children: tuple[str, ...]
    written: tuple[float, ...]
    method: Method
    rates: Floats

    @property
    def name(self) -> str:
        """For a sentence."""
        return f"{self.parent} of group {self.group}" if self.group else self.parent


def write_weights(workspace: Workspace, framework: Framework, method: str, parents: Sequence[str] = ()) -> tuple[Path, list[str]]:
    """Write `<edition>_weights_<method>.csv` beside the framework; gives its path and a line a child on what came of it.

    `parents`: the indicators (or TOTAL) whose children are weighed; none named: all. Refused where the file stands already, where there
    is no release, and where the method gives no weights.
    """
    edition = framework.file.edition
    if method not in WEIGHINGS:
        raise Refused(f"{method} is no way of weighing; say METHOD={', METHOD='.join(WEIGHINGS)}.")
    path = workspace.frameworks / f"{edition}_weights_{method}.csv"
    refuse_existing(path)
    release = read_release(workspace, edition)
    families = [family for family in read_families(framework, release) if not parents or family.parent in parents]
    unknown = [parent for parent in parents if parent not in {family.parent for family in families}]
    if unknown:
        raise Refused(*(f"{parent} is no indicator of {edition} with children; say NODE=<its code>, or NODE=TOTAL." for parent in unknown))
    rows, words, mistakes = list[tuple[str, ...]](), list[str](), list[str]()
    for family in families:
        try:
            weights = weigh(family, method)
        except Refused as refused:
            mistakes += refused.sentences
            continue
        rows += [
            (code, family.group, _figure(weight), method, edition, release.release)
            for code, weight in zip(family.children, weights, strict=True)
        ]
        words += _told(family, weights)
    if mistakes:
        raise Refused(*mistakes)
    write_text(path, table(COLUMNS, rows))
    return path, words


def refuse_existing(path: Path) -> None:
    """Refused where the file stands: what was frozen is not made anew in silence."""
    if path.exists():
        raise Refused(f"{path} is there already and is not made anew in silence; delete it, then ask again.")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _figure(weight: float) -> str:
    return f"{weight:.{_DIGITS}g}"


def _told(family: Family, weights: Sequence[float]) -> Iterator[str]:
    """What a person checks: each child's weight, and how far it goes with the parent."""
    correlations = correlated(family, np.array(weights)) if len(family.rates) >= _LEAST_ROWS else [np.nan] * len(weights)
    for code, weight, correlation in zip(family.children, weights, correlations, strict=True):
        yield f"{family.name}: {code} {weight:.6g}, correlation with {family.parent} {correlation:.4f}"


# --- families -----------------------------------------------------------------------------------------------------------


def read_families(framework: Framework, release: Release) -> list[Family]:
    """Every parent of the framework, depth-first, the root first. An entity that lacks one of the children is left out."""
    tables = framework.tables()
    entities = tables["entities"].sort("entity_code").select("entity_code", "base_group").rows()
    tree = build_tree(tables, [code for code, _ in entities])
    methods = {ROOT: tree.root.method} | {node.code: node.method for node in tree.nodes()}
    families = list[Family]()
    for parent, by_group in _parents(framework).items():
        is_in_all = len(by_group) == len(framework.file.entities.groups)
        is_same = is_in_all and len({tuple(weights.items()) for weights in by_group.values()}) == 1
        for groups in [list(by_group)] if is_same else [[group] for group in by_group]:
            written = by_group[groups[0]]
            members = [code for code, group in entities if group in groups]
            columns = np.column_stack([release.column(child, members) for child in written])
            families.append(
                Family(
                    parent,
                    "" if is_same else groups[0],
                    tuple(written),
                    tuple(written.values()),
                    methods[parent],
                    columns[~np.isnan(columns).any(axis=1)],
                )
            )
    return families


def _parents(framework: Framework) -> dict[str, dict[str, dict[str, float]]]:
    """Parent → group → child → weight as written. What stands beside the scale is no child of the root."""
    nodes = walk(framework.file)
    found: dict[str, dict[str, dict[str, float]]] = {code: {} for code in (ROOT, *(node.code for node in nodes))}
    for group in framework.file.entities.groups:
        for node in nodes:
            if group in node.weights and (node.parent or node.indicator.kind == "part"):
                found[node.parent.code if node.parent else ROOT].setdefault(group, {})[node.code] = node.weights[group]
            below = {code: written for code, (_, written) in shares(node, group).items()}
            if below:
                found[node.code][group] = below
    return {parent: groups for parent, groups in found.items() if groups}


# --- weighing -----------------------------------------------------------------------------------------------------------


def weigh(family: Family, method: str) -> list[float]:
    """A weight a child, none negative. Refused where the method has none to give."""
    if method != "equal" and len(family.children) > 1:
        _check(family)
    if len(family.children) == 1:
        return [1.0]
    return WEIGHINGS[method](family)


def _check(family: Family) -> None:
    if len(family.rates) < _LEAST_ROWS:
        raise Refused(
            f"{family.name}: {len(family.rates)} entities have a rate of every child and {_LEAST_ROWS} at least are needed; "
            "use METHOD=equal, or leave it out with NODE=<the others>."
        )
    still = [code for code, rates in zip(family.children, family.rates.T, strict=True) if np.all(rates == rates[0])]
    if still:
        which = ", ".join(still)
        raise Refused(f"{family.name}: {which} is the same of every entity, so it goes with nothing; take it out, or use METHOD=equal.")


def _equal(family: Family) -> list[float]:
    return [1.0] * len(family.children)


def _pca(family: Family) -> list[float]:
    """The loadings of the first principal component of the standardised rates, its sign such that they add up to more than 0.

    A child that runs against its siblings has a negative one. A weight cannot be negative, and dropping it or turning it round would be
    another index: so it is refused, and the methodologist decides.
    """
    standardised = (family.rates - family.rates.mean(axis=0)) / family.rates.std(axis=0, ddof=1)
    _, _, components = np.linalg.svd(standardised, full_matrices=False)
    loadings = components[0] if components[0].sum() >= 0 else -components[0]
    against = [f"{code} ({loading:.4f})" for code, loading in zip(family.children, loadings, strict=True) if loading < 0]
    if against:
        raise Refused(
            f"{family.name}: the first component loads negatively on {', '.join(against)}, which runs against the other children, and a "
            "weight cannot be negative; check its direction, take it out, or weigh this parent by METHOD=equal or METHOD=balanced."
        )
    return [float(loading) for loading in loadings / loadings.sum()]


def _balanced(family: Family) -> list[float]:
    """Weights under which each child's correlation with the parent is in proportion to its weight as written: its importance.

    Nelder-Mead from the weights as written; the loss is the logarithm of the mean squared gap between the correlations and the targets,
    both as parts of their sum. No weight falls below a tenth of what is written: where only a weight of nothing, or a negative one, would
    balance them, they come as near to it as that, for without it a child would be no part of the index.
    """
    if family.method.name in _WEIGHTLESS:
        raise Refused(f"{family.name}: {family.method.name} knows no weights, so none balance it; leave it out with NODE=<the others>.")
    targets = np.array(family.written) / sum(family.written)

    def weights_of(logarithms: Floats) -> Floats:
        parts = np.exp(np.clip(np.append(0.0, logarithms), -50, 50))
        weights: Floats = targets * (_LEAST + (1 - _LEAST) * len(parts) * parts / parts.sum())
        return np.asarray(weights / weights.sum())

    def loss(logarithms: Floats) -> float:
        correlations = correlated(family, weights_of(logarithms))
        total = correlations.sum()
        gap = np.mean((correlations / total - targets) ** 2) if np.isfinite(total) and total > 0 else 1e6
        return float(np.log(gap + 1e-30))

    start = np.zeros(len(targets) - 1)
    options = {"xatol": 1e-10, "fatol": 1e-8, "maxiter": 2000 * len(start), "adaptive": True}
    found = minimize(loss, start, method="Nelder-Mead", options=options)
    return [float(weight) for weight in weights_of(found.x)]


def correlated(family: Family, weights: Floats) -> Floats:
    """Pearson's correlation of each child with the parent that these weights make, before the parent is normalised itself."""
    rates = [column[np.newaxis, :] for column in family.rates.T]
    parts = [np.full((1, 1), weight) for weight in weights]
    counted = [np.ones((1, 1), dtype=np.bool_)] * len(rates)
    parent, _ = METHODS[family.method.name](Children(rates, parts, parts, counted), family.method)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.array([np.corrcoef(column, parent[0])[0, 1] for column in family.rates.T], dtype=np.float64)


WEIGHINGS: Mapping[str, Callable[[Family], list[float]]] = {"equal": _equal, "pca": _pca, "balanced": _balanced}
