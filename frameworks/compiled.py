"""All expressions of a framework, compiled once: where each stands, over which names, and what it must give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from frameworks.document import Loc
from frameworks.expressions import Expression, ExpressionError, compile_expression
from frameworks.layouts import candidates, inputs_scope, records_scope
from frameworks.model import Bands, FrameworkFile, Summary, TrimmedMean
from frameworks.scope import Scope, Type
from frameworks.tree import walk


@dataclass(frozen=True)
class Compiled:
    """Expressions by their place in the file, and the reasons for which others were refused."""

    expressions: dict[Loc, Expression] = field(default_factory=dict)
    refused: dict[Loc, list[str]] = field(default_factory=dict)

    def sql(self, loc: Loc) -> str | None:
        """The SQL of the expression at `loc`; None where none is written."""
        expression = self.expressions.get(loc)
        return expression.sql if expression else None


def compile_all(file: FrameworkFile) -> Compiled:
    """Compile every expression; what is refused is kept with its reasons."""
    compiled = Compiled()
    for loc, text, scope, wanted in _written(file):
        try:
            compiled.expressions[loc] = compile_expression(text, scope, wanted)
        except ExpressionError as error:
            compiled.refused[loc] = error.problems
    return compiled


def _written(file: FrameworkFile) -> Iterator[tuple[Loc, str, Scope, Type]]:
    over_inputs = inputs_scope(file)
    for node in walk(file):
        for position, measure in enumerate(node.indicator.measures):
            loc = (*node.loc, "measures", position)
            yield (*loc, "value"), measure.value, over_inputs, "number"
            if measure.applies_when is not None:
                yield (*loc, "applies_when"), measure.applies_when, over_inputs, "boolean"
    for position, veto in enumerate(file.vetoes):
        yield ("vetoes", position, "when"), veto.when, over_inputs, "boolean"
    for code in file.inputs:
        yield from _of_input(file, code)


def _of_input(file: FrameworkFile, code: str) -> Iterator[tuple[Loc, str, Scope, Type]]:
    aggregate, found = file.inputs[code].aggregate, candidates(file, code)
    if aggregate is None or aggregate.method == "event_deduction" or len(found) != 1:
        return
    scope = records_scope(file, found[0].dataset)
    loc: Loc = ("inputs", code, "aggregate")
    if aggregate.where is not None:
        yield (*loc, "where"), aggregate.where, scope, "boolean"
    if isinstance(aggregate, (Summary, TrimmedMean)):
        if isinstance(aggregate.of, Bands):
            yield (*loc, "of", "bands"), aggregate.of.bands, scope, "number"
        else:
            yield (*loc, "of"), aggregate.of, scope, "number"
