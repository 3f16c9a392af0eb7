"""What must hold of results: screening, ranking, tiers, grades, vetoes, judgement left out, gates."""

from __future__ import annotations

from itertools import pairwise

from frameworks.bounds import is_bounded
from frameworks.compiled import Compiled
from frameworks.document import Loc
from frameworks.expectations import EXPECTATIONS
from frameworks.hints import doubles, figure, near
from frameworks.model import CapGrade, FixedScore, FrameworkFile
from frameworks.tree import walk
from frameworks.validation import Validated

APART = "entity_code"  # the word that sets all ties apart


def check_results(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    """Check all that is said of totals and ranks, and what gates are asked."""
    _screen(validated, file)
    _rank(validated, file)
    _tiers(validated, file)
    _judged(validated, file, compiled)
    _grades(validated, file)
    _vetoes(validated, file)
    _gates(validated, file)


def _screen(validated: Validated, file: FrameworkFile) -> None:
    if file.screen is None:
        return
    if not file.screen.model_fields_set:
        validated.add(("screen",), "the screen asks for nothing; state measures_at_least, points_at_least, nonzero_at_least or indicators.")
    codes = [node.code for node in walk(file)]
    for code in file.screen.indicators:
        if code not in codes:
            validated.add(("screen", "indicators", code), f"{code} is no indicator; {near(code, codes)}", ("indicators",))


def _rank(validated: Validated, file: FrameworkFile) -> None:
    loc: Loc = ("rank", "ties_by")
    nodes = walk(file)
    known = [*(node.code for node in nodes), *(measure.code for node in nodes for measure in node.indicator.measures)]
    for position, code in enumerate(file.rank.ties_by):
        place = (*loc, position)
        if code == APART and position < len(file.rank.ties_by) - 1:
            validated.add(place, f"{APART} sets all apart, and nothing after it would be read; put it last.")
        elif code != APART and code not in known:
            validated.add(place, f"{code} is no indicator or measure; {near(code, known)}", ("indicators",))
    for key in ("ties_by", "within"):
        named: list[tuple[Loc, str]] = [(("rank", key, position), name) for position, name in enumerate(getattr(file.rank, key))]
        for place, name, _ in doubles(named):
            validated.add(place, f"{name} stands twice; keep one.")


def _tiers(validated: Validated, file: FrameworkFile) -> None:
    """One kind of limit a list, from the best tier to the worst; a tier without a limit is the last."""
    kinds = {"top", "share", "at_least"}
    used = [kind for kind in ("top", "share", "at_least") if any(getattr(tier, kind) is not None for tier in file.tiers)]
    for position, tier in enumerate(file.tiers):
        loc: Loc = ("tiers", position)
        stated = [kind for kind in sorted(kinds) if getattr(tier, kind) is not None]
        if len(stated) > 1:
            validated.add(loc, f"the tier {tier.tier} has {' and '.join(stated)}; keep one of them.", *((*loc, kind) for kind in kinds))
            return
        if not stated and position < len(file.tiers) - 1:
            message = f"the tier {tier.tier} takes all that are left, and none would be left for those after it; put it last."
            validated.add(loc, message, ("tiers",), *((*loc, kind) for kind in kinds))
    if len(used) > 1:
        validated.add(("tiers",), f"the tiers are given by {' and '.join(used)}; give all of them by the same.", ("tiers",))
    elif used:
        _tier_order(validated, file, used[0])


def _tier_order(validated: Validated, file: FrameworkFile, kind: str) -> None:
    if kind == "at_least" and file.rank.order == "lowest_first":
        message = "the lowest total is the best, so no tier is earned by at_least; write top or share."
        validated.add(("tiers", 0, "at_least"), message, ("rank",))
        return
    limits = [(position, tier, getattr(tier, kind)) for position, tier in enumerate(file.tiers) if tier.kind == kind]
    for (_, better, best), (position, tier, limit) in pairwise(limits):
        if (limit >= best) if kind == "at_least" else (limit <= best):
            way = "below" if kind == "at_least" else "beyond"
            message = (
                f"{tier.tier} reaches to {figure(limit)}, not {way} {better.tier}'s {figure(best)}; list the tiers from the best down."
            )
            validated.add(("tiers", position, kind), message, ("tiers",))


def _judged(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    if file.judged is None:
        return
    loc: Loc = ("judged", "sources")
    delivered: list[str] = list(file.deliveries)
    for position, source in enumerate(file.judged.sources):
        if source not in delivered:
            validated.add((*loc, position), f"nothing is delivered by {source}; {near(source, delivered)}", ("deliveries",))
            return
    named: list[tuple[Loc, str]] = [((*loc, position), source) for position, source in enumerate(file.judged.sources)]
    for place, name, _ in doubles(named):
        validated.add(place, f"{name} stands twice; keep one.")
    judged = {code for code, wanted in file.inputs.items() if wanted.source in file.judged.sources}
    touched = [bool(judged & set(compiled.reads(at))) for node in walk(file) for at, _ in node.measures]
    if touched and (all(touched) or not any(touched)):
        what = "every measure reads" if all(touched) else "no measure reads"
        names = ", ".join(file.judged.sources)
        message = f"{what} inputs of {names}, so there is nothing to compare with; correct the sources, or take judged out."
        validated.add(loc, message, ("inputs",), ("indicators",))


def _grades(validated: Validated, file: FrameworkFile) -> None:
    for position, (better, grade) in enumerate(pairwise(file.grades), start=1):
        if grade.at_least >= better.at_least:
            message = f"grade {grade.grade} begins at {figure(grade.at_least)}, not below {better.grade}'s {figure(better.at_least)}"
            validated.add(("grades", position, "at_least"), f"{message}; list the grades from the best down.", ("grades",))
    highest = _highest(file)
    if file.grades and highest is not None and file.grades[0].at_least > highest:
        what = "the scale is" if highest == file.scale else "scale and bonus are"
        message = f"no total reaches {figure(file.grades[0].at_least)}: {what} {figure(highest)}; lower it."
        validated.add(("grades", 0, "at_least"), message, ("grades",), ("scale",))
    if file.grades and file.grades[-1].at_least > 0:
        last = len(file.grades) - 1
        validated.add(
            ("grades", last, "at_least"),
            f"a total below {figure(file.grades[-1].at_least)} has no grade; begin the last grade at 0, or add one.",
            ("grades",),
        )


def _highest(file: FrameworkFile) -> float | None:
    """The highest total that can be reached; None where rates are not bound to 0–1."""
    if not all(is_bounded(indicator) for indicator in file.indicators):
        return None
    return file.scale + sum(max(node.points.values(), default=0) for node in walk(file) if node.indicator.kind == "bonus")


def _vetoes(validated: Validated, file: FrameworkFile) -> None:
    known = [grade.grade for grade in file.grades]
    for position, veto in enumerate(file.vetoes):
        loc: Loc = ("vetoes", position, "effect")
        if isinstance(veto.effect, CapGrade) and veto.effect.cap_grade not in known:
            validated.add((*loc, "cap_grade"), f"{veto.effect.cap_grade} is no grade; {near(veto.effect.cap_grade, known)}", ("grades",))
        highest = _highest(file)
        if isinstance(veto.effect, FixedScore) and highest is not None and not 0 <= veto.effect.fixed_score <= highest:
            message = f"a total of {figure(veto.effect.fixed_score)} lies outside 0 to {figure(highest)}; set it within."
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
