"""Weights and norms that were computed once and then frozen in a file: read, checked, and put where the framework takes them from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from frameworks.beside import Reader
from frameworks.csv_rows import Rows
from frameworks.document import Loc
from frameworks.model import FrameworkFile, Indicator, Measure
from frameworks.tree import walk

_PROVENANCE = ("method", "edition", "made_of")


@dataclass(frozen=True)
class Norms:
    """Reference sets of an earlier edition: the values of a measure or indicator in a group."""

    values: dict[tuple[str, str], tuple[float, ...]] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, str, float]]:
        """A row a value: node, group, value; sorted."""
        return [(node, group, value) for (node, group), values in sorted(self.values.items()) for value in sorted(values)]


def steadied(rate: float) -> float:
    """A rate to twelve significant digits, bit for bit as `macros/aggregate/steadied.sql` has those that are compared with it."""
    if rate == 0:
        return 0.0
    places = 11 - math.floor(math.log10(abs(rate)))
    step = 10.0 ** abs(places)
    whole = math.floor((abs(rate) * step if places >= 0 else abs(rate) / step) + 0.5)
    return math.copysign(whole / step if places >= 0 else whole * step, rate)


@dataclass(frozen=True)
class Frozen:
    """What the files of weights and norms hold: of each node and group."""

    weights: dict[tuple[str, str], float] = field(default_factory=dict)
    norms: Norms = field(default_factory=Norms)


def read_frozen(reader: Reader, file: FrameworkFile) -> Frozen:
    """Read the files of weights and norms, where the framework names them; what is wrong in one is told with that file's own line."""
    nodes = {code for node in walk(file) for code in (node.code, *(measure.code for measure in node.indicator.measures))}
    weights, norms = dict[tuple[str, str], float](), dict[tuple[str, str], list[float]]()

    def weigh(rows: Rows, line: int, code: str, group: str, value: float) -> None:
        if value < 0:
            rows.note(line, f"the weight {value:.10g} is negative; write 0 or more.")
        if (code, group) in weights:
            rows.note(line, f"{code} has a weight for {group} already; keep one row.")
        weights[code, group] = max(value, 0.0)

    def norm(_: Rows, __: int, code: str, group: str, value: float) -> None:
        norms.setdefault((code, group), []).append(value)

    if not _read(reader, ("weights",), file.weights, "weight", nodes, file.entities.groups, weigh):
        reader.validated.cut |= _unweighted(file)
    if not _read(reader, ("norms",), file.norms, "value", nodes, file.entities.groups, norm):
        reader.validated.cut.add(("norms",))
    _are_taken(reader, file, weights)
    return Frozen(weights, Norms({key: tuple(values) for key, values in norms.items()}))


def _read(
    reader: Reader,
    loc: Loc,
    name: str | None,
    column: str,
    nodes: set[str],
    groups: list[str],
    take: Callable[[Rows, int, str, str, float], None],
) -> bool:
    """Take each row of the file that is sound; whether all of them are."""
    found = reader.read(loc, name)
    if found is None:
        return name is None
    rows = Rows(*found, ("code", column), ("group", *_PROVENANCE))
    for line, row in rows.rows:
        code, group, value = rows.text(line, row, "code"), row.get("group", ""), rows.number(line, row, column)
        is_foreign = (code and code not in nodes) or (group and group not in groups)
        if is_foreign and column == "value":
            continue  # norms hold all that an edition was made of, and a later one may have less
        if code and code not in nodes:
            rows.note(line, f"{code} is no indicator or measure of the framework; correct it, or take the row out.")
        elif group and group not in groups:
            rows.note(line, f"{group} is none of the groups {', '.join(groups)}; correct it, or leave the group blank for all.")
        elif code and value is not None:
            for one in (group,) if group else groups:
                take(rows, line, code, one, value)
    if not rows.rows and not rows.mistakes:
        rows.note(1, "the file holds no row; freeze some, or leave it out.")
    reader.validated.mistakes += rows.mistakes
    return not rows.mistakes


def _unweighted(file: FrameworkFile) -> set[Loc]:
    """The places at which nodes would have their own weight, of all that take it from the file."""
    places = {(*node.loc, "weight") for node in walk(file) if node.indicator.points is None and node.indicator.weight is None}
    return places | {
        (*loc, "weight") for node in walk(file) for loc, measure in node.measures if measure.share is None and measure.weight is None
    }


def _are_taken(reader: Reader, file: FrameworkFile, weights: dict[tuple[str, str], float]) -> None:
    """Some node takes its weight from the file."""
    codes = {node.code for node in walk(file) if node.indicator.points is None and node.indicator.weight is None}
    codes |= {
        measure.code for node in walk(file) for measure in node.indicator.measures if measure.share is None and measure.weight is None
    }
    if weights and not codes & {code for code, _ in weights}:
        message = f"every node that {file.weights} weighs says its own points, share or weight; take those out, or weights."
        reader.validated.add(("weights",), message, ("indicators",))


def with_weights(file: FrameworkFile, weights: dict[tuple[str, str], float]) -> FrameworkFile:
    """The framework with its frozen weights: each node that says nothing of its own takes the file's."""
    if not weights:
        return file
    return file.model_copy(update={"indicators": [_weighted(node, weights) for node in file.indicators]})


def _weighted(node: Indicator, weights: dict[tuple[str, str], float]) -> Indicator:
    update: dict[str, Any] = {
        "indicators": [_weighted(child, weights) for child in node.indicators],
        "measures": [_weighted_measure(measure, weights) for measure in node.measures],
    }
    if node.points is None and node.weight is None:
        update["weight"] = _of(node.code, weights)
    return node.model_copy(update=update)


def _weighted_measure(measure: Measure, weights: dict[tuple[str, str], float]) -> Measure:
    if measure.share is not None or measure.weight is not None:
        return measure
    return measure.model_copy(update={"weight": _of(measure.code, weights)})


def _of(code: str, weights: dict[tuple[str, str], float]) -> dict[str, float] | None:
    return {group: weight for (node, group), weight in weights.items() if node == code} or None
