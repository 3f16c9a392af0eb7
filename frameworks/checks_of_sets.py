"""What must hold between the methods and the files beside the framework: attributes, reference entities, frozen norms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from frameworks.document import Loc
from frameworks.frozen import Norms, steadied
from frameworks.hints import near
from frameworks.model import DistanceToReference, FrameworkFile
from frameworks.parts import SETS
from frameworks.registry import Registry
from frameworks.tree import Node, shares, walk
from frameworks.validation import Validated

Sets = Mapping[str, Sequence[float]]  # of a group its frozen values
# These tell nobody apart by values that are all equal; a place beside such, or a distance from them to a target, does.
_BY_SPREAD = {"min_max", "z_score", "percentile_rank"}


def check_sets(validated: Validated, file: FrameworkFile, registry: Registry, norms: Norms) -> None:
    """Check that every set of entities which the framework names is there."""
    if not registry.units:
        return
    for loc, method in _methods(file):
        _within(validated, registry, method, loc)
        if isinstance(method, DistanceToReference):
            _reference(validated, registry, method, loc)
    for position, name in enumerate(file.rank.within):
        _rank_within(validated, file, registry, name, ("rank", "within", position))
    _frozen(validated, file, norms)


def _methods(file: FrameworkFile) -> Iterator[tuple[Loc, Any]]:
    yield ("impute",), file.impute
    yield ("treat",), file.treat
    for node in walk(file):
        yield (*node.loc, "normalise"), node.indicator.normalise
        for loc, measure in node.measures:
            for key in ("impute", "treat", "normalise"):
                yield (*loc, key), getattr(measure, key)


def _rank_within(validated: Validated, file: FrameworkFile, registry: Registry, name: str, loc: Loc) -> None:
    """A column of the registry, or the tier or grade that a total gives; one word never means both."""
    given: dict[str, bool] = {"tier": bool(file.tiers), "grade": bool(file.grades)}
    if name not in given:
        if name not in registry.attributes:
            message = f"the registry has no column {name}; {near(name, [*registry.attributes, *given])}"
            validated.add(loc, message, ("entities", "registry"))
    elif name in registry.attributes:
        message = f"{name} is the one that a total gives, and the registry has a column of that name too; call the column otherwise."
        validated.add(loc, message, ("entities", "registry"))
    elif not given[name]:
        validated.add(loc, f"no total gives a {name} in this edition; list {name}s, or take {name} out.", (f"{name}s",))


def _within(validated: Validated, registry: Registry, method: Any, loc: Loc) -> None:
    word = getattr(method, "within", None)
    if word is None or word in SETS:
        return
    if word not in registry.attributes:
        message = f"{word} is neither a set ({', '.join(SETS)}) nor a column of the registry; {near(word, [*SETS, *registry.attributes])}"
        validated.add((*loc, "within"), message, ("entities", "registry"))
        return
    without = [code for code, unit in registry.units.items() if word not in registry.attributes_of(unit)]
    if without:
        others = f" and {len(without) - 1} others" if len(without) > 1 else ""
        message = f"{without[0]}{others} would be compared with nobody, having no {word} in the registry; fill it in."
        validated.add((*loc, "within"), message, ("entities", "registry"))


def _reference(validated: Validated, registry: Registry, method: DistanceToReference, loc: Loc) -> None:
    place: Loc = (*loc, "entity")
    if method.entity not in registry.units and method.entity not in registry.entities:
        message = f"{method.entity} is no entity of the edition; {near(method.entity, registry.units)}"
        validated.add(place, message, ("entities",))


def _frozen(validated: Validated, file: FrameworkFile, norms: Norms) -> None:
    """What is compared with frozen values has some that tell of each group in which it counts; and a file of norms is used."""
    is_used = False
    for node in walk(file):
        nodes = [(node.loc, node.indicator.normalise, node.code, list(node.points))]
        nodes += [(loc, measure.normalise, measure.code, _groups_of(file, node, measure.code)) for loc, measure in node.measures]
        for loc, normalise, code, groups in nodes:
            if normalise is None or getattr(normalise, "within", None) != "frozen":
                continue
            is_used = True
            if file.norms is None:
                fault = "frozen norms lie in a file; name it at the top by norms, or write another set."
            else:
                sets = {group: norms.values.get((code, group), ()) for group in groups}
                fault = _lacking(file.norms, code, sets) or _telling_nothing(
                    file.norms, code, normalise.method, sets, is_rate=loc == node.loc
                )
            if fault:
                validated.add((*loc, "normalise", "within"), fault, ("norms",))
    if file.norms is not None and not is_used:
        validated.add(("norms",), f"nothing is compared with {file.norms}; write within: frozen where it counts, or take norms out.")


def _lacking(name: str, code: str, sets: Sets) -> str:
    missing = [group for group, values in sets.items() if not values]
    return f"{name} has no values of {code} in {', '.join(missing)}; freeze them too, or write another set." if missing else ""


def _telling_nothing(name: str, code: str, method: str, sets: Sets, *, is_rate: bool) -> str:
    """Equal values in some groups are no mistake: an edition may hold them by right, and told nothing apart there itself."""
    if (
        not sets
        or method not in _BY_SPREAD
        or any(len({steadied(one) if is_rate else one for one in values}) > 1 for values in sets.values())
    ):
        return ""
    return (
        f"{name} has equal values alone of {code}, and {method} tells nobody apart by such; freeze some that differ, or write another set."
    )


def _groups_of(file: FrameworkFile, node: Node, measure: str) -> list[str]:
    return [group for group in file.entities.groups if measure in shares(node, group)]
