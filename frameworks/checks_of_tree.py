"""What must hold of the tree: points, weights and shares in each group, codes, what stands below a node, and what a mean stands on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from frameworks.bounds import holds_zeros, is_bounded
from frameworks.document import Loc
from frameworks.hints import doubles, figure, near
from frameworks.model import FrameworkFile, GeneralisedMean, Indicator, Measure, Normalise
from frameworks.tree import Node, in_group, shares, walk
from frameworks.validation import Validated


def check_tree(validated: Validated, file: FrameworkFile) -> None:
    """Check indicators and measures as a tree; what a measure says by itself stands in `checks_of_methods.py`."""
    nodes = walk(file)
    _points(validated, file, nodes)
    _codes(validated, file, nodes)
    for node in nodes:
        _named_groups(validated, file, node)
        _node(validated, node, file.round.at)
        _kind(validated, file, node)
        _shares(validated, file, node)
        _aggregate(validated, file, node)


# --- points and weights -------------------------------------------------------------------------------------------------


def _points(validated: Validated, file: FrameworkFile, nodes: Sequence[Node]) -> None:
    groups = file.entities.groups
    first = [node for node in nodes if node.parent is None and node.is_part]
    _siblings(validated, ("indicators",), first, ("scale",), None, dict.fromkeys(groups, file.scale), groups)
    for node in nodes:
        children = [child for child in nodes if child.parent is node]
        if children:
            key = "points" if node.indicator.points is not None else "weight"
            _siblings(validated, (*node.loc, "indicators"), children, (*node.loc, key), node.code, node.points, groups)


def _siblings(
    validated: Validated,
    loc: Loc,
    siblings: Sequence[Node],
    at: Loc,
    parent: str | None,
    totals: Mapping[str, float],
    groups: Sequence[str],
) -> None:
    """The siblings have all points, which add up to the whole's in each group, or all weights, from which points are derived."""
    whole = parent or "the scale"
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
    keys = [(*node.loc, "points" if with_points else "weight") for node in siblings]
    written = [node.indicator.points or node.indicator.weight for node in siblings]
    if not all(isinstance(one, float | int) or (one and any(one.values()) and set(one) <= set(groups)) for one in written):
        return  # told by itself
    is_same = not any(isinstance(one, dict) for one in written) and len(set(totals.values())) == 1
    for group, total in list(totals.items())[: 1 if is_same else None]:
        where = "" if is_same else f" in {group}"
        if with_points:
            message = _sum(siblings, parent, total, group, where)
            if message:
                validated.add(at, message, loc, *keys)
        elif siblings and not any(node.weights.get(group) for node in siblings):
            validated.add(at, f"below {whole} no indicator has a weight{where}; give one of them a weight above 0.", loc, *keys)


def _sum(siblings: Sequence[Node], parent: str | None, total: float, group: str, where: str) -> str | None:
    """What is wrong with the sum of the siblings' points in a group, and how it is mended; None where it is right."""
    added = math.fsum(in_group(node.indicator.points, group) for node in siblings)
    if math.isclose(added, total, rel_tol=1e-9, abs_tol=1e-9):
        return None
    last, gap = siblings[-1], total - added
    mend = in_group(last.indicator.points, group) + gap
    way = f"{'Raise' if gap > 0 else 'Lower'} {last.code} to {figure(mend)}, or " if mend > 0 else "Lower some of them, or "
    whole = f"set {parent}'s points" if parent else "set the scale"
    shown = f"the points of {parent} add up" if parent else "the points of the first level add up"
    return f"{shown} to {figure(added)}{where}, not {figure(total)}. {way}{whole} to {figure(added)}."


def _named_groups(validated: Validated, file: FrameworkFile, node: Node) -> None:
    """Points, weights and shares by group name groups that there are."""
    written: list[tuple[Loc, Indicator | Measure, str]] = [(node.loc, node.indicator, key) for key in ("points", "weight")]
    written += [(loc, measure, key) for loc, measure in node.measures for key in ("share", "weight")]
    for loc, one, key in written:
        value = getattr(one, key)
        if not isinstance(value, dict):
            continue
        for group in value:
            if group not in file.entities.groups:
                place = (*loc, key, group)
                validated.add(place, f"{group} is none of the groups; {near(group, file.entities.groups)}", ("entities", "groups"))
            elif value[group] and not _is_above(node, group, one):
                message = f"{one.code} counts in {group}, where {_above(node, one)} does not; give that points there, or take this out."
                validated.add((*loc, key, group), message, (*node.loc, "points"), (*node.loc, "weight"))
        if not any(value.values()):
            validated.add((*loc, key), f"{one.code} is 0 in every group and so is part of nothing; take it out.")


def _is_above(node: Node, group: str, one: Indicator | Measure) -> bool:
    above = node if isinstance(one, Measure) else node.parent
    return above is None or not above.points or group in above.points


def _above(node: Node, one: Indicator | Measure) -> str:
    return node.code if isinstance(one, Measure) or node.parent is None else node.parent.code


def _kind(validated: Validated, file: FrameworkFile, node: Node) -> None:
    indicator, loc = node.indicator, (*node.loc, "kind")
    if indicator.kind == "part":
        if indicator.opens_at is not None:
            validated.add((*node.loc, "opens_at"), "only a bonus opens; set kind to bonus, or take opens_at out.", loc)
        return
    if node.parent is not None:
        validated.add(loc, f"a {indicator.kind} stands at the first level alone; move {node.code} there, or make it a part.")
    if indicator.points is None:
        message = f"{node.code} is a {indicator.kind}, whose points stand beside the scale; give it points, no weight."
        validated.add(loc, message, (*node.loc, "points"), (*node.loc, "weight"))
    if indicator.kind == "bonus" and indicator.opens_at is None:
        validated.add(
            loc, f"the bonus {node.code} does not say from which total it opens; add opens_at (0: always).", (*node.loc, "opens_at")
        )
    bounded = all(is_bounded(one) for one in file.indicators)
    if bounded and indicator.kind == "bonus" and indicator.opens_at is not None and indicator.opens_at > file.scale:
        message = f"no total reaches {figure(indicator.opens_at)}: the scale is {figure(file.scale)}; lower it."
        validated.add((*node.loc, "opens_at"), message, ("scale",))
    if indicator.kind == "deduction" and indicator.opens_at is not None:
        validated.add((*node.loc, "opens_at"), "only a bonus opens; take opens_at out.", loc)


def _shares(validated: Validated, file: FrameworkFile, node: Node) -> None:
    """The measures have all shares, which add up to 1 in each group, or all weights, or nothing and are equal."""
    measures, loc = node.indicator.measures, (*node.loc, "measures")
    if not measures:
        return
    places = [(*loc, position, key) for position in range(len(measures)) for key in ("share", "weight")]
    for place, measure in node.measures:
        if measure.share is not None and measure.weight is not None:
            validated.add((*place, "weight"), f"{measure.code} has a share and a weight; keep one of them.")
            return
    for key in ("share", "weight"):
        having = [measure for measure in measures if getattr(measure, key) is not None]
        if having and len(having) < len(measures):
            others = ", ".join(measure.code for measure in measures if measure not in having)
            message = f"below {node.code} some measures have a {key} and others ({others}) none; give all of them the same."
            validated.add(loc, message, loc, *places)
            return
    is_same = not any(isinstance(value, dict) for measure in measures for value in (measure.share, measure.weight))
    for group in [group for group in file.entities.groups if group in node.points][: 1 if is_same else None]:
        where = "" if is_same else f" in {group}"
        found = shares(node, group)
        added = math.fsum(share for share, _ in found.values())
        if not found:
            message = f"{node.code} has points and no measure{where}; give a measure a share there, or take its points away."
            validated.add(loc, message, loc, *places)
        elif not math.isclose(added, 1, rel_tol=1e-9, abs_tol=1e-9):
            message = f"the shares of {node.code}'s measures add up to {figure(added)}{where}, not 1; correct them."
            validated.add(loc, message, loc, *places)


# --- codes and shape ----------------------------------------------------------------------------------------------------


def _codes(validated: Validated, file: FrameworkFile, nodes: Sequence[Node]) -> None:
    indicators: list[tuple[Loc, str]] = [((*node.loc, "code"), node.code) for node in nodes]
    measures: list[tuple[Loc, str]] = [((*loc, "code"), measure.code) for node in nodes for loc, measure in node.measures]
    vetoes: list[tuple[Loc, str]] = [(("vetoes", position, "code"), veto.code) for position, veto in enumerate(file.vetoes)]
    grades: list[tuple[Loc, str]] = [(("grades", position, "grade"), grade.grade) for position, grade in enumerate(file.grades)]
    tiers: list[tuple[Loc, str]] = [(("tiers", position, "tier"), tier.tier) for position, tier in enumerate(file.tiers)]
    lists: dict[str, Iterable[tuple[Loc, str]]] = {
        "indicator": indicators, "measure": measures, "veto": vetoes, "grade": grades, "tier": tiers
    }  # fmt: skip
    for what, listed in lists.items():
        for loc, code, first in doubles(listed):
            line = validated.document.line(validated.original(first))
            validated.add(loc, f"the {what} {code} stands in line {line} already; give this one a code of its own.")
    for loc, code in indicators:
        if code == "TOTAL":
            validated.add(loc, "TOTAL is the whole's own code; give the indicator another.")
    named = {code for _, code in measures}
    for loc, code in indicators:
        if code in named:  # digits alone are the only codes of both kinds
            validated.add(loc, f"{code} is the code of a measure too; give one of them another.")


def _node(validated: Validated, node: Node, rounded_at: str) -> None:
    indicator: Indicator = node.indicator
    below = ((*node.loc, "indicators"), (*node.loc, "measures"))
    if indicator.indicators and indicator.measures:
        validated.add((*node.loc, "measures"), f"{node.code} has indicators and measures below it; keep one kind.", *below)
    elif not indicator.indicators and not indicator.measures:
        validated.add(node.loc, f"{node.code} has neither indicators nor measures below it; add some, or take it out.", *below)
    if not indicator.indicators or rounded_at != "lowest_indicator":
        return
    # Its score would be the sum of the rounded ones below it, as if it were arithmetic.
    given = f"{node.code} has indicators below it, whose rounded scores round at lowest_indicator adds up;"
    if indicator.aggregate.method != "arithmetic":
        message = f"{given} {indicator.aggregate.method} would do nothing: write round: {{at: total, …}}, or take arithmetic."
        validated.add((*node.loc, "aggregate", "method"), message, ("round", "at"))
    if indicator.normalise is not None:
        message = f"{given} normalise would do nothing: write round: {{at: total, …}}, or take normalise out."
        validated.add((*node.loc, "normalise"), message, ("round", "at"))


# --- aggregating --------------------------------------------------------------------------------------------------------


def _aggregate(validated: Validated, file: FrameworkFile, node: Node) -> None:
    aggregate, loc = node.indicator.aggregate, (*node.loc, "aggregate")
    if isinstance(aggregate, GeneralisedMean) and aggregate.power == 0:
        validated.add((*loc, "power"), "there is no mean of power 0; take geometric, which it comes close to.")
        return
    power = aggregate.power if isinstance(aggregate, GeneralisedMean) else 1
    if aggregate.method in {"geometric", "harmonic"} or power < 0:
        for place, child in _children(node):
            if child.normalise is not None and holds_zeros(child.normalise):
                message = f"{child.code} by {child.normalise.method} gives its worst entity 0 or less, over which there is no"
                way = f"{aggregate.method} mean of {node.code}; {_out_of_zero(child.normalise)}, or take another method."
                validated.add((*place, "normalise"), f"{message} {way}", (*loc, "method"))
    if aggregate.method == "mazziotta_pareto" and not _are_equal(file, node):
        message = f"mazziotta_pareto weighs all below {node.code} alike, and they are not given alike; make them equal."
        validated.add((*loc, "method"), message, (*node.loc, "indicators"), (*node.loc, "measures"))


def _out_of_zero(normalise: Normalise) -> str:
    if normalise.method == "z_score":
        return "give it a mean above 0"
    return "give it a range above 0" if "range" in type(normalise).model_fields else "normalise it by one that stays above 0"


def _children(node: Node) -> Iterator[tuple[Loc, Indicator | Measure]]:
    for position, child in enumerate(node.indicator.indicators):
        yield (*node.loc, "indicators", position), child
    yield from node.measures


def _are_equal(file: FrameworkFile, node: Node) -> bool:
    """Whether in each group all children that are part of it weigh the same."""
    for group in file.entities.groups:
        if node.is_lowest:
            weights = [share for share, _ in shares(node, group).values()]
        else:
            written = [child.weight if child.points is None else child.points for child in node.indicator.indicators]
            weights = [weight for weight in (in_group(value, group) for value in written) if weight > 0]
        if weights and not math.isclose(min(weights), max(weights), rel_tol=1e-9):
            return False
    return True
