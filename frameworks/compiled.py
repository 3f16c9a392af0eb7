"""All expressions of a framework, compiled once: where each stands, over which names, and what it must give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from frameworks.document import Loc
from frameworks.expressions import Expression, ExpressionError, compile_expression
from frameworks.layouts import candidates, inputs_scope, records_scope
from frameworks.model import Bands, Formula, FrameworkFile, Normalise, Summary, TrimmedMean
from frameworks.scope import NORM_SCOPE, Name, Scope, Type
from frameworks.tree import walk
from frameworks.validation import Validated


@dataclass(frozen=True)
class Compiled:
    """Expressions by their place in the file."""

    expressions: dict[Loc, Expression] = field(default_factory=dict)

    def sql(self, loc: Loc) -> str | None:
        """The SQL of the expression at `loc`; None where none is written."""
        expression = self.expressions.get(loc)
        return expression.sql if expression else None

    def reads(self, measure: Loc) -> list[str]:
        """The inputs that the measure at that place reads, for its value or to tell whether it applies; sorted."""
        written = (self.expressions.get((*measure, key)) for key in ("value", "applies_when"))
        return sorted({name for expression in written if expression for name in expression.names})


def compile_all(validated: Validated, file: FrameworkFile) -> Compiled:
    """Compile every expression; why one is refused is noted as a mistake."""
    compiled = Compiled()
    for written in _written(validated, file):
        try:
            compiled.expressions[written.loc] = compile_expression(written.text, written.scope, written.wanted)
        except ExpressionError as error:
            for problem in error.problems:
                validated.add(written.loc, problem, *written.rests_on)
    return compiled


@dataclass(frozen=True)
class _Written:
    loc: Loc
    text: str
    scope: Scope
    wanted: Type
    rests_on: tuple[Loc, ...] = ()


def _written(validated: Validated, file: FrameworkFile) -> Iterator[_Written]:
    scope = inputs_scope(file)
    # An input that was cut out for a mistake of its own is still known, though not what it is.
    declared = {code: Name("null") for code in validated.written(("inputs",)) if code not in file.inputs}
    over_inputs = Scope({**declared, **scope.names}, scope.noun, flags_are_numbers=True)
    for node in walk(file):
        for position, measure in enumerate(node.indicator.measures):
            loc = (*node.loc, "measures", position)
            yield _Written((*loc, "value"), measure.value, over_inputs, "number")
            if measure.applies_when is not None:
                yield _Written((*loc, "applies_when"), measure.applies_when, over_inputs, "boolean")
            yield from _formula(measure.normalise, (*loc, "normalise"))
        yield from _formula(node.indicator.normalise, (*node.loc, "normalise"))
        if node.indicator.shown is not None:
            yield _Written((*node.loc, "shown"), node.indicator.shown, NORM_SCOPE, "number")
    for position, veto in enumerate(file.vetoes):
        yield _Written(("vetoes", position, "when"), veto.when, over_inputs, "boolean")
    for code in file.inputs:
        yield from _of_input(file, code)


def _formula(normalise: Normalise | None, loc: Loc) -> Iterator[_Written]:
    if isinstance(normalise, Formula):
        yield _Written((*loc, "of"), normalise.of, NORM_SCOPE, "number")


def _of_input(file: FrameworkFile, code: str) -> Iterator[_Written]:
    aggregate, found = file.inputs[code].aggregate, candidates(file, code)
    if aggregate is None or aggregate.method == "event_deduction" or len(found) != 1 or found[0].dataset.layout != "records":
        return
    scope = records_scope(file, found[0].dataset)
    loc: Loc = ("inputs", code, "aggregate")
    rests_on: tuple[Loc, ...] = (("deliveries", found[0].source, found[0].position, "columns"),)
    rests_on += tuple((*rests_on[0], name) for name in found[0].dataset.columns)
    if aggregate.where is not None:
        yield _Written((*loc, "where"), aggregate.where, scope, "boolean", rests_on)
    if isinstance(aggregate, (Summary, TrimmedMean)):
        if isinstance(aggregate.of, Bands):
            yield _Written((*loc, "of", "bands"), aggregate.of.bands, scope, "number", rests_on)
        else:
            yield _Written((*loc, "of"), aggregate.of, scope, "number", rests_on)
