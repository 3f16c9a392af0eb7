"""What must hold of inputs: where each comes from, its limits and values, how records become it, how it is verified."""

from __future__ import annotations

from collections.abc import Mapping

from frameworks.checks_of_methods import check_order
from frameworks.document import Loc
from frameworks.hints import doubles, figure, near
from frameworks.layouts import Delivered, candidates, datasets
from frameworks.model import Bands, FrameworkFile, Input, Summary, TrimmedMean
from frameworks.scope import NAME, RESERVED
from frameworks.tree import walk
from frameworks.validation import Validated


def check_inputs(validated: Validated, file: FrameworkFile) -> None:
    """Check every input by itself, where it is delivered, and the limits that inputs set to one another."""
    for code, wanted in file.inputs.items():
        check_name(validated, ("inputs", code), code, "an input")
        found = _origin(validated, file, code, wanted)
        _limits(validated, file, code, wanted)
        _values(validated, code, wanted)
        _verify(validated, file, code, wanted)
        if found is not None:
            _aggregate(validated, code, wanted, found)
    _circles(validated, file)


def check_name(validated: Validated, loc: Loc, name: str, what: str) -> None:
    """A code that stands in expressions must be a word there, and none that means something else."""
    if name in RESERVED:
        validated.add(loc, f"{name} is a word of the expressions and cannot be the code of {what}; give it another code.")
    elif not NAME.match(name):
        validated.add(
            loc, f"{name} cannot stand in an expression; the code of {what} begins with a letter and holds letters, digits and _ alone."
        )


def _origin(validated: Validated, file: FrameworkFile, code: str, wanted: Input) -> Delivered | None:
    """The one dataset from which the input comes; a mistake where there is none, or more than one."""
    found = candidates(file, code)
    source: Loc = ("deliveries", wanted.source)
    if len(found) == 1:
        return found[0]
    if wanted.dataset is not None:
        known = [delivered.dataset.dataset for delivered in datasets(file) if delivered.source == wanted.source]
        other = next((one.source for one in datasets(file) if one.dataset.dataset == wanted.dataset and one.source != wanted.source), None)
        if found:
            return None  # a dataset twice, which is told there
        hint = f"it belongs to {other}; set source to {other}." if other else near(wanted.dataset, known)
        validated.add(("inputs", code, "dataset"), f"the source {wanted.source} has no dataset {wanted.dataset}; {hint}", source)
    elif found:
        names = ", ".join(delivered.dataset.dataset for delivered in found)
        validated.add(
            ("inputs", code), f"{code} would be found in {len(found)} datasets of {wanted.source} ({names}); name one by dataset.", source
        )
    elif wanted.aggregate is not None:
        validated.add(("inputs", code), f"{code} has aggregate and no dataset; name the dataset whose records are aggregated.", source)
    else:
        message = f"no dataset of {wanted.source} has a column {code}; add the column to one under deliveries.{wanted.source}."
        validated.add(("inputs", code), message, source, *_columns(file, wanted.source))
    return None


def _columns(file: FrameworkFile, source: str) -> list[Loc]:
    return [("deliveries", source, one.position, "columns") for one in datasets(file) if one.source == source]


def _limits(validated: Validated, file: FrameworkFile, code: str, wanted: Input) -> None:
    low, high, loc = wanted.minimum, wanted.maximum, ("inputs", code, "maximum")
    if wanted.aggregate is not None or wanted.type in {"boolean", "category"}:
        _no_limits(validated, code, wanted)
    elif isinstance(high, str):
        if high == code:
            validated.add(loc, f"{code} cannot be its own maximum; name another input or a number.")
        elif high not in file.inputs:
            validated.add(loc, f"{high} is no input; {near(high, file.inputs)}", ("inputs",), ("inputs", high))
        elif file.inputs[high].aggregate is not None:
            message = f"{high} is computed from records, and no value is held against it; name an input that is delivered."
            validated.add(loc, message, ("inputs", high))
        elif file.inputs[high].type in {"boolean", "category"}:
            validated.add(
                loc, f"{high} is a {file.inputs[high].type} and can be no maximum; name an input that is a number.", ("inputs", high)
            )
    elif low is not None and high is not None and low > high:
        validated.add(loc, f"the minimum {figure(low)} is above the maximum {figure(high)}; exchange them.", ("inputs", code, "minimum"))


def _no_limits(validated: Validated, code: str, wanted: Input) -> None:
    for key in ("minimum", "maximum"):
        if getattr(wanted, key) is None:
            continue
        if wanted.aggregate is not None:
            message = f"{code} is computed from records, and no {key} is held against it; take it out, or set it on a column."
            validated.add(("inputs", code, key), message, ("inputs", code, "aggregate"))
        else:
            validated.add(("inputs", code, key), f"a {wanted.type} has no {key}; take it out.", ("inputs", code, "type"))


def _circles(validated: Validated, file: FrameworkFile) -> None:
    """No input is, through others, its own maximum. A circle is told once, at the input that stands first."""
    told: set[str] = set()
    for code in file.inputs:
        chain = [code]
        while isinstance(high := file.inputs[chain[-1]].maximum, str) and high in file.inputs and high not in chain:
            chain.append(high)
        if high == code and len(chain) > 1 and code not in told:
            told.update(chain)
            validated.add(("inputs", code, "maximum"), f"the maxima go in a circle: {' ≤ '.join([*chain, code])}; break it.")


def _values(validated: Validated, code: str, wanted: Input) -> None:
    loc: Loc = ("inputs", code)
    if wanted.type == "category" and not wanted.values:
        validated.add(loc, f"{code} is a category without values; add values with the score of each.", (*loc, "values"), (*loc, "type"))
    if wanted.type != "category" and wanted.values:
        validated.add((*loc, "values"), "only a category has values; set type to category, or take them out.", (*loc, "type"))
    allowed = list(wanted.values) if wanted.type == "category" else ["true", "false"] if wanted.type == "boolean" else []
    if wanted.texts and not allowed:
        validated.add((*loc, "texts"), "only a category or a boolean has texts; take them out.", (*loc, "type"), (*loc, "values"))
        return
    for value in wanted.texts:
        if value not in allowed:
            validated.add((*loc, "texts", value), f"{value} is none of the values; {near(value, allowed)}", (*loc, "values"))
    check_texts(validated, (*loc, "texts"), wanted.texts)


def check_texts(validated: Validated, loc: Loc, texts: Mapping[str, list[str]]) -> None:
    """No text means two values."""
    listed = [((*loc, value), text) for value, written in texts.items() for text in dict.fromkeys(written)]
    for place, text, first in doubles(listed):
        validated.add(place, f"“{text}” means {first[-1]} already; keep it under one value.")


def _verify(validated: Validated, file: FrameworkFile, code: str, wanted: Input) -> None:
    if wanted.verify is None:
        return
    loc: Loc = ("inputs", code, "verify")
    if file.confirmation is None:
        validated.add(loc, "there are no tests to verify it by; add confirmation, or take verify out.", ("confirmation",))
    codes = [node.code for node in walk(file)]
    if wanted.verify.tests not in codes:
        validated.add((*loc, "tests"), f"{wanted.verify.tests} is no indicator; {near(wanted.verify.tests, codes)}", ("indicators",))
    if wanted.source != "self_assessment":
        validated.add(
            loc, "only a self-assessment is verified; take verify out, or set source to self_assessment.", ("inputs", code, "source")
        )
    if wanted.type == "category":
        validated.add(loc, "a category cannot be confirmed in part; take verify out.", ("inputs", code, "type"))


# --- aggregation --------------------------------------------------------------------------------------------------------


def _aggregate(validated: Validated, code: str, wanted: Input, found: Delivered) -> None:
    """Records and items are aggregated, a cell of a form or a table of places is not."""
    loc: Loc = ("inputs", code, "aggregate")
    dataset, aggregate = found.dataset, wanted.aggregate
    layout: Loc = ("deliveries", found.source, found.position, "layout")
    if aggregate is None:
        if dataset.layout in {"records", "items"}:
            validated.add(
                ("inputs", code), f"{dataset.dataset} holds {dataset.layout}; say by aggregate how they become one value.", loc, layout
            )
        elif dataset.layout == "places" and code not in dataset.columns:
            columns: Loc = (*layout[:-1], "columns")
            validated.add(("inputs", code, "dataset"), f"{dataset.dataset} has no column {code}; add it there.", layout, columns)
        return
    if dataset.layout in {"form", "places"}:
        validated.add(loc, f"{dataset.dataset} has one value a place, so there is nothing to aggregate; take aggregate out.", layout)
        return
    is_event = aggregate.method == "event_deduction"
    if is_event != (dataset.layout == "items"):
        way = "use event_deduction" if dataset.layout == "items" else "use another method"
        validated.add((*loc, "method"), f"{aggregate.method} does not suit {dataset.layout}; {way}.", layout)
    if wanted.type == "category":
        validated.add(("inputs", code, "type"), "what is aggregated is a number; set type to number or integer.", loc)
    if isinstance(aggregate, TrimmedMean) and aggregate.at_least <= 2 * aggregate.drop:
        message = (
            f"of {aggregate.at_least} records none is left after {aggregate.drop} at each end; set at_least above {2 * aggregate.drop}."
        )
        validated.add((*loc, "at_least"), message, (*loc, "drop"))
    if isinstance(aggregate, Summary) and isinstance(aggregate.of, Bands):
        _bands(validated, aggregate.of, (*loc, "of"), found)


def _bands(validated: Validated, of: Bands, loc: Loc, found: Delivered) -> None:
    nested = {key: value for key, value in of.table.items() if isinstance(value, dict)}
    columns: Loc = ("deliveries", found.source, found.position, "columns")
    if not nested:
        check_order(validated, (*loc, "table"), {float(key): value for key, value in of.table.items() if not isinstance(value, dict)})
        if of.by is not None:
            validated.add(
                (*loc, "by"),
                "by picks one of several tables, and there is one; take by out, or write a table for each value.",
                (*loc, "table"),
            )
        return
    for value, table in nested.items():
        check_order(validated, (*loc, "table", str(value)), table)
    if of.by is None:
        validated.add((*loc, "table"), "there are several tables; say by which field one is picked.", (*loc, "by"))
        return
    column = found.dataset.columns.get(of.by)
    if column is None or column.type != "category":
        fields = [name for name, other in found.dataset.columns.items() if other.type == "category"]
        validated.add((*loc, "by"), f"{of.by} is no category of {found.dataset.dataset}; {near(of.by, fields)}", columns)
        return
    unknown = [str(value) for value in nested if value not in column.values]
    for value in unknown:
        validated.add((*loc, "table", value), f"{value} is none of the values of {of.by}; {near(value, column.values)}", columns)
    for value in () if unknown else column.values:
        if value not in nested:
            validated.add((*loc, "table"), f"there is no table for {of.by} = {value}; add one.", columns)
