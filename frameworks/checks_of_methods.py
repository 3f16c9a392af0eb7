"""What must hold of the methods that a measure or an indicator names: normalising, treating, imputing, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from frameworks.compiled import Compiled
from frameworks.document import Loc
from frameworks.hints import figure
from frameworks.model import (
    BandScores,
    Deduction,
    Formula,
    FrameworkFile,
    Goalposts,
    Impute,
    Indicator,
    Measure,
    NoNormalising,
    Normalise,
    Treat,
)
from frameworks.tree import Node, walk
from frameworks.validation import Validated

_OVER_TIME = {"latest", "linear", "constant"}


def check_methods(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    """Check what each measure and indicator says of its values, and the edition's own defaults."""
    if file.impute is not None:
        _impute(validated, file, file.impute, ("impute",))
    if file.treat is not None:
        _treat(validated, file.treat, ("treat",))
    for node in walk(file):
        _indicator(validated, node, compiled)
        for loc, measure in node.measures:
            _measure(validated, file, node, measure, loc, compiled)


def _measure(validated: Validated, file: FrameworkFile, node: Node, measure: Measure, loc: Loc, compiled: Compiled) -> None:
    value = compiled.expressions.get((*loc, "value"))
    if value is not None and not value.names:
        validated.add((*loc, "value"), "the expression reads no input, so every entity would have the same value; name an input.")
    _normalise(validated, measure, measure.normalise, loc, compiled)
    if measure.treat is not None:
        _treat(validated, measure.treat, (*loc, "treat"))
    if measure.impute is not None:
        _impute(validated, file, measure.impute, (*loc, "impute"))
        if measure.impute.method.startswith("siblings_") and len(node.indicator.measures) == 1:
            message = f"{measure.code} is the one measure of {node.code} and has no siblings; impute it by another method."
            validated.add((*loc, "impute"), message, (*node.loc, "measures"))


def _indicator(validated: Validated, node: Node, compiled: Compiled) -> None:
    indicator = node.indicator
    _reads_the_value(validated, (*node.loc, "shown"), compiled)
    if indicator.normalise is None:
        if "direction" in indicator.model_fields_set:
            message = f"{node.code} is not normalised, and its direction would do nothing; add normalise, or take direction out."
            validated.add((*node.loc, "direction"), message, (*node.loc, "normalise"))
        return
    if isinstance(indicator.normalise, Deduction):
        message = "a deduction is of a measure, whose value is in points; normalise the indicator by another method."
        validated.add((*node.loc, "normalise", "method"), message)
        return
    _normalise(validated, indicator, indicator.normalise, node.loc, compiled)


def _normalise(validated: Validated, node: Measure | Indicator, normalise: Normalise, at: Loc, compiled: Compiled) -> None:
    loc: Loc = (*at, "normalise")
    wanted = _one_way(normalise)
    if wanted and node.direction != wanted:
        unless = ", unless bounded is false" if normalise.method == "none" else ""
        message = f"{normalise.method} is for {wanted} alone{unless}; set direction to {wanted}, or normalise by goalposts."
        validated.add((*at, "direction"), message, loc)
    bounds: list[float] | None = getattr(normalise, "range", None)
    if bounds is not None and bounds[0] >= bounds[1]:
        message = f"the range goes from {figure(bounds[0])} to {figure(bounds[1])}; write the lower end first, the two apart."
        validated.add((*loc, "range"), message)
    if isinstance(normalise, Goalposts):
        _goalposts(validated, node, normalise, loc)
    elif isinstance(normalise, BandScores):
        check_order(validated, (*loc, "table"), normalise.table)
    elif isinstance(normalise, Formula):
        _reads_the_value(validated, (*loc, "of"), compiled)


def _reads_the_value(validated: Validated, loc: Loc, compiled: Compiled) -> None:
    formula = compiled.expressions.get(loc)
    if formula is not None and not {"x", "place"} & set(formula.names):
        validated.add(loc, "the formula reads neither x nor place, so every entity would have the same; let it read one.")


def _one_way(normalise: Normalise) -> str | None:
    """The direction for which alone the method is; None where it is for both."""
    if normalise.method == "ratio_to_target" or (isinstance(normalise, NoNormalising) and normalise.bounded):
        return "higher_is_better"
    return "lower_is_better" if normalise.method == "deduction" else None


def _goalposts(validated: Validated, node: Measure | Indicator, posts: Goalposts, loc: Loc) -> None:
    both = (*loc, "worst"), (*loc, "best")
    if posts.worst == posts.best:
        validated.add((*loc, "best"), f"worst and best are both {figure(posts.best)}; set them apart.", *both)
    elif (posts.best > posts.worst) != (node.direction == "higher_is_better"):
        message = f"worst {figure(posts.worst)} and best {figure(posts.best)} go against {node.direction}; exchange them."
        validated.add((*loc, "best"), message, *both, (*loc[:-1], "direction"))
    if posts.scale == "ln" and min(posts.worst, posts.best) <= 0:
        validated.add((*loc, "scale"), "there is no logarithm of 0 or less; set worst and best above 0, or leave scale out.", *both)


def _treat(validated: Validated, treat: Treat, loc: Loc) -> None:
    if getattr(treat, "combine", False) and getattr(treat, "otherwise", None) is None:
        message = "combine lets a second treatment begin from the first, and there is no second; add otherwise, or take combine out."
        validated.add((*loc, "combine"), message, (*loc, "otherwise"))
    _no_frozen(validated, treat, loc)


def _impute(validated: Validated, file: FrameworkFile, impute: Impute, loc: Loc) -> None:
    method: Loc = (*loc, "method")
    if impute.method in _OVER_TIME and file.entities.panel is None:
        message = f"{impute.method} fills in from other times, and the edition is no panel; add entities.panel, or take another method."
        validated.add(method, message, ("entities",))
    if impute.method == "previous" and file.previous is None:
        message = "there is no previous edition to take a value from; name it by previous, or take another method."
        validated.add(method, message, ("previous",))
    _no_frozen(validated, impute, loc)


def _no_frozen(validated: Validated, method: Treat | Impute, loc: Loc) -> None:
    if getattr(method, "within", None) == "frozen":
        validated.add((*loc, "within"), "frozen norms are for normalising alone; write group, all, pooled or an attribute.")


def check_order(validated: Validated, loc: Loc, table: dict[float, float]) -> None:
    """The bands' upper limits rise in the order in which they are written, and none stands twice."""
    written = validated.written(loc)
    limits: Sequence[float] = [float(limit) for limit in written] if len(written) >= len(table) else list(table)
    for earlier, later in pairwise(limits):
        if later <= earlier:
            validated.add(
                loc, f"the band up to {figure(later)} stands after that up to {figure(earlier)}; write the limits in rising order."
            )
            return
