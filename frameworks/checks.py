"""What must hold between the parts of a framework: the tree, the measures, the results.

Inputs: `checks_of_inputs.py`; deliveries: `checks_of_deliveries.py`.
Each check notes its mistakes with `validated.add(place, sentence, what it rests on)` and judges nothing else.
"""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from frameworks.checks_of_tree import check_tree
from frameworks.compiled import Compiled
from frameworks.document import Loc
from frameworks.expectations import EXPECTATIONS
from frameworks.hints import doubles, figure, near
from frameworks.model import BandScores, CapGrade, FixedScore, FrameworkFile, Goalposts, Measure
from frameworks.tree import walk
from frameworks.validation import Validated

_ONE_WAY = {"ratio_to_target": "higher_is_better", "none": "higher_is_better", "deduction": "lower_is_better"}


def check_rules(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    """Check the tree of indicators, its measures, grades, vetoes, gates and the edition's own settings."""
    _edition(validated, file)
    check_tree(validated, file)
    for node in walk(file):
        for loc, measure in node.measures:
            _measure(validated, measure, loc, compiled)
    _grades(validated, file)
    _vetoes(validated, file)
    _gates(validated, file)


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
