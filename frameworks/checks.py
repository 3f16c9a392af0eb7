"""What must hold between the parts of a framework: the tree, the measures, the results.

Inputs: `checks_of_inputs.py`; deliveries: `checks_of_deliveries.py`.
Each check notes its mistakes with `validated.add(place, sentence, what it rests on)` and judges nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from frameworks.compiled import Compiled
from frameworks.document import Loc
from frameworks.expectations import EXPECTATIONS
from frameworks.model import BandScores, CapGrade, FixedScore, FrameworkFile, Goalposts, Indicator, Measure
from frameworks.tree import Node, walk
from frameworks.validation import Validated

_ONE_WAY = {"ratio_to_target": "higher_is_better", "none": "higher_is_better", "deduction": "lower_is_better"}


def check_rules(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    """Check the tree of indicators, its measures, grades, vetoes, gates and the edition's own settings."""
    nodes = walk(file)
    _edition(validated, file)
    _points(validated, file, nodes)
    _codes(validated, file, nodes)
    for node in nodes:
        _node(validated, node, file.round.at)
        for position, measure in enumerate(node.indicator.measures):
            _measure(validated, measure, (*node.loc, "measures", position), compiled)
    _grades(validated, file)
    _vetoes(validated, file)
    _gates(validated, file)


def doubles(codes: Iterable[tuple[Loc, str]]) -> Iterator[tuple[Loc, str, Loc]]:
    """Places whose code has stood before, with the place where it first stood."""
    first: dict[str, Loc] = {}
    for loc, code in codes:
        if code in first:
            yield loc, code, first[code]
        first.setdefault(code, loc)


def near(word: str, known: Iterable[str]) -> str:
    """A hint: the known word that is meant, or all of them."""
    listed = list(known)
    close = get_close_matches(word, listed, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(listed)}." if listed else "none is defined."


def figure(value: float) -> str:
    """A number as an author writes it."""
    return f"{value:.10g}"


# --- the edition --------------------------------------------------------------------------------------------------------


def _edition(validated: Validated, file: FrameworkFile) -> None:
    if file.period.from_ > file.period.to:
        validated.add(("period", "to"), f"the period ends on {file.period.to}, before it begins; exchange from and to.")
    if file.collection and file.collection.opens > file.collection.deadline:
        validated.add(("collection", "deadline"), "the deadline lies before the window opens; exchange opens and deadline.")
    if file.previous == file.edition:
        validated.add(("previous",), f"{file.edition} cannot be its own previous edition; name the one before, or leave the key out.")
    shown, kept = file.shown_decimals, file.round.decimals
    if shown < kept:
        message = f"totals are rounded to {kept} decimals and shown with {shown}, so that totals shown alike may rank apart"
        validated.add(("round", "decimals"), f"{message}; set decimals to {kept} at least, or round to {shown}.", ("decimals",))
    if not _is_time_zone(file.time_zone):
        validated.add(("time_zone",), f"“{file.time_zone}” is no time zone; write one as Asia/Shanghai.")
    for position, group, _ in doubles(((("entities", "groups", place), group) for place, group in enumerate(file.entities.groups))):
        validated.add(position, f"the group {group} stands twice; keep one.")
    for group in file.entities.labels:
        if group not in file.entities.groups:
            validated.add(("entities", "labels", group), f"{group} is none of the groups; {near(group, file.entities.groups)}")


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


# --- the tree -----------------------------------------------------------------------------------------------------------


def _points(validated: Validated, file: FrameworkFile, nodes: Sequence[Node]) -> None:
    _siblings(validated, ("indicators",), [node for node in nodes if node.parent is None], ("scale",), "the scale", file.scale)
    for node in nodes:
        children = [child for child in nodes if child.parent is node]
        if children:
            key = "points" if node.indicator.points is not None else "weight"
            _siblings(validated, (*node.loc, "indicators"), children, (*node.loc, key), node.code, node.points)


def _siblings(validated: Validated, loc: Loc, siblings: Sequence[Node], at: Loc, whole: str, total: float | None) -> None:
    """The siblings have all points, which add up to the whole's, or all weights, from which points are derived."""
    for node in siblings:
        if node.indicator.points is not None and node.indicator.weight is not None:
            validated.add((*node.loc, "weight"), f"{node.code} has points and a weight; keep one of them.")
        elif node.indicator.points is None and node.indicator.weight is None:
            validated.add(node.loc, f"{node.code} has neither points nor a weight; give it one of them.", (*node.loc, "points"))
    with_points = [node for node in siblings if node.indicator.points is not None]
    if with_points and len(with_points) < len(siblings):
        if all((node.indicator.points is None) != (node.indicator.weight is None) for node in siblings):
            others = ", ".join(node.code for node in siblings if node not in with_points)
            validated.add(at, f"below {whole} some indicators have points and others ({others}) weights; give all of them the same.", loc)
        return
    if not with_points or total is None:
        return
    added = math.fsum(node.indicator.points or 0 for node in siblings)
    if math.isclose(added, total, rel_tol=1e-9, abs_tol=1e-9):
        return
    last, gap = siblings[-1], total - added
    mend = (last.indicator.points or 0) + gap
    way = f"{'Raise' if gap > 0 else 'Lower'} {last.code} to {figure(mend)}, or " if mend > 0 else "Lower some of them, or "
    parent = "set the scale" if whole == "the scale" else f"set {whole}'s points"
    shown = "the points of the first level add up" if whole == "the scale" else f"the points of {whole} add up"
    validated.add(
        at,
        f"{shown} to {figure(added)}, not {figure(total)}. {way}{parent} to {figure(added)}.",
        loc,
        *((*node.loc, "points") for node in siblings),
    )


def _codes(validated: Validated, file: FrameworkFile, nodes: Sequence[Node]) -> None:
    indicators: list[tuple[Loc, str]] = [((*node.loc, "code"), node.code) for node in nodes]
    measures: list[tuple[Loc, str]] = [
        ((*node.loc, "measures", position, "code"), measure.code)
        for node in nodes
        for position, measure in enumerate(node.indicator.measures)
    ]
    vetoes: list[tuple[Loc, str]] = [(("vetoes", position, "code"), veto.code) for position, veto in enumerate(file.vetoes)]
    grades: list[tuple[Loc, str]] = [(("grades", position, "grade"), grade.grade) for position, grade in enumerate(file.grades)]
    lists: dict[str, list[tuple[Loc, str]]] = {"indicator": indicators, "measure": measures, "veto": vetoes, "grade": grades}
    for what, listed in lists.items():
        for loc, code, first in doubles(listed):
            line = validated.document.line(validated.original(first))
            validated.add(loc, f"the {what} {code} stands in line {line} already; give this one a code of its own.")
    for loc, code in indicators:
        if code == "TOTAL":
            validated.add(loc, "TOTAL is the whole's own code; give the indicator another.")


def _node(validated: Validated, node: Node, rounded_at: str) -> None:
    indicator: Indicator = node.indicator
    below = ((*node.loc, "indicators"), (*node.loc, "measures"))
    if indicator.indicators and indicator.measures:
        validated.add((*node.loc, "measures"), f"{node.code} has indicators and measures below it; keep one kind.", *below)
    elif not indicator.indicators and not indicator.measures:
        validated.add(node.loc, f"{node.code} has neither indicators nor measures below it; add some, or take it out.", *below)
    if indicator.indicators and indicator.aggregate.method == "geometric" and rounded_at == "lowest_indicator":
        # Its score would be the sum of the rounded ones below it, as if it were arithmetic.
        message = f"{node.code} has indicators below it, whose rounded scores round at lowest_indicator adds up; geometric would do nothing"
        way = "write round: {at: total, …}, or take arithmetic."
        validated.add((*node.loc, "aggregate", "method"), f"{message}: {way}", ("round", "at"))
    shares = [measure.share for measure in indicator.measures]
    if shares and not math.isclose(added := math.fsum(shares), 1, rel_tol=1e-9, abs_tol=1e-9):
        loc: Loc = (*node.loc, "measures")
        places = [(*loc, position, "share") for position in range(len(shares))]
        validated.add(loc, f"the shares of {node.code}'s measures add up to {figure(added)}, not 1; correct them.", loc, *places)


# --- measures -----------------------------------------------------------------------------------------------------------


def _measure(validated: Validated, measure: Measure, loc: Loc, compiled: Compiled) -> None:
    value = compiled.expressions.get((*loc, "value"))
    if value is not None and not value.names:
        validated.add((*loc, "value"), "the expression reads no input, so every entity would have the same value; name an input.")
    wanted = _ONE_WAY.get(measure.normalise.method)
    if wanted and measure.direction != wanted:
        message = f"{measure.normalise.method} is for {wanted} alone; set direction to {wanted}, or normalise by goalposts."
        validated.add((*loc, "direction"), message, (*loc, "normalise"))
    if isinstance(measure.normalise, Goalposts):
        _goalposts(validated, measure, measure.normalise, (*loc, "normalise"))
    elif isinstance(measure.normalise, BandScores):
        check_order(validated, (*loc, "normalise", "table"), measure.normalise.table)


def _goalposts(validated: Validated, measure: Measure, posts: Goalposts, loc: Loc) -> None:
    both = (*loc, "worst"), (*loc, "best")
    if posts.worst == posts.best:
        validated.add((*loc, "best"), f"worst and best are both {figure(posts.best)}; set them apart.", *both)
    elif (posts.best > posts.worst) != (measure.direction == "higher_is_better"):
        message = f"worst {figure(posts.worst)} and best {figure(posts.best)} go against {measure.direction}; exchange them."
        validated.add((*loc, "best"), message, *both, (*loc[:-1], "direction"))
    if posts.scale == "ln" and min(posts.worst, posts.best) <= 0:
        validated.add((*loc, "scale"), "there is no logarithm of 0 or less; set worst and best above 0, or leave scale out.", *both)


def check_order(validated: Validated, loc: Loc, table: dict[float, float]) -> None:
    """The bands' upper limits rise in the order in which they are written, and none stands twice."""
    written = validated.written(loc)
    limits = [float(limit) for limit in written] if len(written) >= len(table) else list(table)
    for earlier, later in pairwise(limits):
        if later <= earlier:
            validated.add(
                loc, f"the band up to {figure(later)} stands after that up to {figure(earlier)}; write the limits in rising order."
            )
            return


# --- results ------------------------------------------------------------------------------------------------------------


def _grades(validated: Validated, file: FrameworkFile) -> None:
    for position, (better, grade) in enumerate(pairwise(file.grades), start=1):
        if grade.at_least >= better.at_least:
            message = f"grade {grade.grade} begins at {figure(grade.at_least)}, not below {better.grade}'s {figure(better.at_least)}"
            validated.add(("grades", position, "at_least"), f"{message}; list the grades from the best down.", ("grades",))
    if file.grades and file.grades[0].at_least > file.scale:
        validated.add(
            ("grades", 0, "at_least"),
            f"no total reaches {figure(file.grades[0].at_least)}: the scale is {figure(file.scale)}; lower it.",
            ("grades",),
            ("scale",),
        )
    if file.grades and file.grades[-1].at_least > 0:
        last = len(file.grades) - 1
        validated.add(
            ("grades", last, "at_least"),
            f"a total below {figure(file.grades[-1].at_least)} has no grade; begin the last grade at 0, or add one.",
            ("grades",),
        )


def _vetoes(validated: Validated, file: FrameworkFile) -> None:
    known = [grade.grade for grade in file.grades]
    for position, veto in enumerate(file.vetoes):
        loc: Loc = ("vetoes", position, "effect")
        if isinstance(veto.effect, CapGrade) and veto.effect.cap_grade not in known:
            validated.add((*loc, "cap_grade"), f"{veto.effect.cap_grade} is no grade; {near(veto.effect.cap_grade, known)}", ("grades",))
        if isinstance(veto.effect, FixedScore) and not 0 <= veto.effect.fixed_score <= file.scale:
            message = f"a total of {figure(veto.effect.fixed_score)} lies outside 0 to {figure(file.scale)}; set it within."
            validated.add((*loc, "fixed_score"), message, ("scale",))


def _gates(validated: Validated, file: FrameworkFile) -> None:
    for gate, known in EXPECTATIONS.items():
        for name, expectation in getattr(file.gates, gate).items():
            loc: Loc = ("gates", gate, name)
            if name not in known:
                validated.add(loc, f"the gate {gate} has no expectation {name}; {near(name, known)}")
                continue
            expected = known[name]
            for bound in ("at_most", "at_least"):
                if getattr(expectation, bound) is not None and bound != expected.bound:
                    takes = f"it takes {expected.bound}" if expected.bound else "it takes no threshold"
                    validated.add((*loc, bound), f"{name} takes no {bound}; {takes}.")
            if expected.needs_threshold and getattr(expectation, expected.bound or "") is None:
                validated.add(loc, f"{name} has no threshold; state {expected.bound}.", (*loc, str(expected.bound)))
            if expected.is_floor and (expectation.severity != "error" or expectation.at_most):
                validated.add(
                    loc, f"{name} is asked of every framework, as an error and without tolerance; leave severity and threshold out."
                )
