"""What must hold of deliveries: the fields that each layout and each kind of correction has, and what refers to a dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from frameworks.checks_of_inputs import check_name, check_texts
from frameworks.document import Loc
from frameworks.hints import doubles, figure, near
from frameworks.layouts import (
    ACCEPTED,
    APPEAL,
    DECISION_STATES,
    FORM_FIELDS,
    FORM_NEEDS,
    ITEM_FIELDS,
    ITEM_NEEDS,
    KIND_NEEDS,
    KIND_TYPES,
    REFUSED,
    Delivered,
    datasets,
)
from frameworks.model import Column, Dataset, FrameworkFile, Opinion
from frameworks.validation import Validated

_KEYS = {  # keys that only some layouts take
    "entity": ("places", "records"),
    "time": ("places", "records"),
    "place": ("form",),
    "year": ("form",),
    "key": ("records",),
    "latest_by": ("records",),
    "recuse": ("records",),
    "kind": ("records",),
}
_COLUMN_KEYS = {  # of a column, by layout; the input says the rest
    "form": ("headers",),
    "places": ("headers",),
    "items": ("headers", "values", "within", "personal"),
    "records": ("headers", "type", "values", "minimum", "maximum", "within", "required", "names", "personal"),
}
_WITHOUT_PLACE = {"waiver", "withdraw"}
_STATES: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {  # the values that a field of a kind may have
    "decision": [("state", "state of an event", DECISION_STATES)],
    "correction": [("decision", "decision on a figure", (ACCEPTED, REFUSED))],
}


def check_deliveries(validated: Validated, file: FrameworkFile) -> None:
    """Check every dataset, and the confirmation and opinion settings that rest on some."""
    delivered = datasets(file)
    for loc, name, first in doubles(((*_loc(one), "dataset"), one.dataset.dataset) for one in delivered):
        line = validated.document.line(validated.original(first))
        validated.add(loc, f"the dataset {name} stands in line {line} already; give this one a name of its own.")
    patterns = [((*_loc(one), "files"), f"{one.source} {pattern}") for one in delivered for pattern in one.dataset.files]
    for loc, pattern, first in doubles(patterns):
        line = validated.document.line(validated.original(first))
        files = pattern.split(" ", 1)[1]
        validated.add(loc, f"every file that fits {files} would fit line {line} too, and so be rejected; tell them apart.")
    for one in delivered:
        _layout(validated, file, one)
        _columns(validated, one)
        if one.dataset.layout == "records":
            _references(validated, one)
    _confirmation(validated, file)
    _opinion(validated, file)


def _loc(one: Delivered) -> Loc:
    return ("deliveries", one.source, one.position)


def _layout(validated: Validated, file: FrameworkFile, one: Delivered) -> None:
    loc, dataset, columns = _loc(one), one.dataset, (*_loc(one), "columns")
    for key, layouts in _KEYS.items():
        if getattr(dataset, key) and dataset.layout not in layouts:
            validated.add((*loc, key), f"the layout {dataset.layout} takes no {key}; take it out, or correct the layout.", (*loc, "layout"))
    if dataset.required == "each_entity" and dataset.layout != "form":
        validated.add((*loc, "required"), "only a form is asked of each entity; write once.", (*loc, "layout"))
    _time(validated, file, one)
    for pattern in dataset.files:
        if "/" in pattern or "\\" in pattern or not pattern.strip("*?. "):
            validated.add((*loc, "files"), f"“{pattern}” is no pattern of file names; write one as *行政复议*.xlsx, without folders.")
    if dataset.layout == "form":
        _fixed_fields(validated, one, list(FORM_FIELDS), FORM_NEEDS)
        _needs(validated, one, "place", bool(dataset.place))
    elif dataset.layout == "items":
        _fixed_fields(validated, one, list(ITEM_FIELDS), ITEM_NEEDS)
        if one.source != "opinion":
            validated.add((*loc, "layout"), f"items come from the source opinion, not {one.source}; correct the layout.")
        elif file.opinion is None:
            validated.add(loc, "opinion items need settings; add opinion with its categories and deductions.", ("opinion",))
    elif dataset.layout == "places":
        _needs(validated, one, "entity", bool(dataset.entity))
        for name in dataset.columns:
            _place_column(validated, file, one, name, (*columns, name))
    else:
        _records(validated, one)


def _time(validated: Validated, file: FrameworkFile, one: Delivered) -> None:
    """In a panel, and there alone, each row says of which time it is."""
    loc, dataset, panel = _loc(one), one.dataset, file.entities.panel
    if panel is not None and not panel.times:
        return  # told by itself
    if dataset.time and panel is None:
        validated.add(
            (*loc, "time"), "the edition is no panel and has one time alone; take time out, or add entities.panel.", ("entities",)
        )
    elif panel is not None and dataset.layout in {"form", "items"}:
        message = f"the layout {dataset.layout} says no time, and the edition is a panel; deliver it as places or records with time."
        validated.add((*loc, "layout"), message, ("entities", "panel"))
    elif panel is not None and dataset.entity and not dataset.time:
        message = f"the edition is a panel, and {dataset.dataset} says no time; add time with the headers of the column that does."
        validated.add(loc, message, (*loc, "time"), ("entities", "panel"))


def _needs(validated: Validated, one: Delivered, key: str, is_there: bool) -> None:  # noqa: FBT001 (what is told is the key)
    if not is_there:
        validated.add(
            _loc(one), f"{one.dataset.dataset} has no {key}; add {key} with the headers under which the place stands.", (*_loc(one), key)
        )


def _fixed_fields(validated: Validated, one: Delivered, known: list[str], needed: tuple[str, ...]) -> None:
    columns: Loc = (*_loc(one), "columns")
    for name in one.dataset.columns:
        if name not in known:
            validated.add(
                (*columns, name), f"the layout {one.dataset.layout} has no field {name}; {near(name, known)}", (*_loc(one), "layout")
            )
    for name in needed:
        if name not in one.dataset.columns:
            validated.add(columns, f"{one.dataset.dataset} has no column {name}; add it with its headers.", columns, (*_loc(one), "layout"))


def _place_column(validated: Validated, file: FrameworkFile, one: Delivered, name: str, loc: Loc) -> None:
    wanted = file.inputs.get(name)
    if wanted is None:
        message = f"{name} is no input, so nothing would read the column; {near(name, file.inputs)}"
        validated.add(loc, message, ("inputs",), ("inputs", name))
    elif wanted.source != one.source:
        validated.add(
            loc,
            f"the input {name} comes from {wanted.source}, not {one.source}; move the column, or set the input's source.",
            ("inputs", name),
        )
    elif wanted.dataset is not None and wanted.dataset != one.dataset.dataset:
        validated.add(loc, f"the input {name} comes from the dataset {wanted.dataset}; take the column out here.", ("inputs", name))


def _records(validated: Validated, one: Delivered) -> None:
    dataset, loc = one.dataset, _loc(one)
    if dataset.kind not in _WITHOUT_PLACE:
        _needs(validated, one, "entity", bool(dataset.entity))
    if dataset.kind == APPEAL and one.source == "correction":
        validated.add((*loc, "kind"), "an appeal comes from who is evaluated, not from the office; move it to another source.")
    elif (one.source == "correction") != (dataset.kind not in {None, APPEAL}):
        kinds = ", ".join(kind for kind in KIND_NEEDS if kind != APPEAL)
        message = f"a dataset of the source correction has a kind ({kinds}), and no other has; correct kind."
        validated.add((*loc, "kind") if dataset.kind else loc, message, (*loc, "kind"))
    _kind(validated, dataset, (*loc, "columns"))
    for name in dataset.columns:
        check_name(validated, (*loc, "columns", name), name, "a field")


def _kind(validated: Validated, dataset: Dataset, loc: Loc) -> None:
    """What the office decides has the fields of its kind, in the types in which they are read."""
    kind = dataset.kind or ""
    for name in KIND_NEEDS.get(kind, ()):
        if name not in dataset.columns:
            validated.add(loc, f"a {kind} must say {name}; add the column {name}.", loc)
    for name, wanted in KIND_TYPES.get(kind, {}).items():
        found = dataset.columns[name].type if name in dataset.columns else None
        if found not in {None, wanted}:
            validated.add((*loc, name, "type"), f"the {name} of a {kind} is a {wanted}; set type to {wanted}.", (*loc, name))
    for name, what, states in _STATES.get(kind, ()):
        for value in dataset.columns[name].values if name in dataset.columns else ():
            if value not in states:
                validated.add((*loc, name, "values", value), f"{value} is no {what}; {near(value, states)}", (*loc, name))


# --- columns ------------------------------------------------------------------------------------------------------------


def _columns(validated: Validated, one: Delivered) -> None:
    dataset, loc = one.dataset, _loc(one)
    headers = [((*loc, key), header) for key in ("entity", "time", "place", "year") for header in dict.fromkeys(getattr(dataset, key))]
    headers += [((*loc, "columns", name), header) for name, column in dataset.columns.items() for header in dict.fromkeys(column.headers)]
    for place, header, first in doubles(headers):
        validated.add(place, f"the header “{header}” stands for {first[-1]} already; keep it under one field.")
    for name, column in dataset.columns.items():
        place = (*loc, "columns", name)
        allowed = _COLUMN_KEYS[dataset.layout]
        for key in sorted(column.model_fields_set - set(allowed)):
            way = "the input says it" if dataset.layout == "places" and key != "personal" else "take it out"
            validated.add((*place, key), f"a column of the layout {dataset.layout} takes no {key}: {way}.", (*loc, "layout"))
        if dataset.layout == "records":
            _record_column(validated, name, column, place)
        elif dataset.layout == "items":
            _item_column(validated, name, column, place)
        check_texts(validated, (*place, "values"), column.values)


def _record_column(validated: Validated, name: str, column: Column, loc: Loc) -> None:
    kind = column.type
    if kind is None:
        validated.add(loc, f"{name} has no type; write integer, number, boolean, category, text, date or moment.", (*loc, "type"))
        return
    if kind == "category" and not column.values:
        validated.add(loc, f"{name} is a category without values; add values with the texts of each.", (*loc, "values"))
    if column.values and kind not in {"category", "boolean"}:
        validated.add((*loc, "values"), f"a {kind} has no values; take them out, or set type to category.", (*loc, "type"))
    for value in column.values if kind == "boolean" else ():
        if value not in {"true", "false"}:
            validated.add((*loc, "values", value), f"a boolean is true or false, not {value}; correct it.", (*loc, "type"))
    for key in ("minimum", "maximum"):
        if getattr(column, key) is not None and kind not in {"integer", "number"}:
            validated.add((*loc, key), f"a {kind} has no {key}; take it out.", (*loc, "type"))
    if column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
        message = f"the minimum {figure(column.minimum)} is above the maximum {figure(column.maximum)}; exchange them."
        validated.add((*loc, "maximum"), message, (*loc, "minimum"))
    if column.names and kind != "text":
        validated.add(
            (*loc, "names"), f"only a text names an {column.names}, not a {kind}; take names out, or set type to text.", (*loc, "type")
        )
    if column.within and kind not in {"date", "moment"}:
        validated.add((*loc, "within"), f"only a date or a moment lies within the period, not a {kind}; take within out.", (*loc, "type"))


def _item_column(validated: Validated, name: str, column: Column, loc: Loc) -> None:
    kind = ITEM_FIELDS.get(name)
    if kind == "category" and not column.values:
        validated.add(loc, f"{name} is a category without values; add values with the texts of each.", (*loc, "values"))
    if kind != "category" and column.values:
        validated.add((*loc, "values"), f"{name} has no values; take them out.")
    if column.within and kind != "moment":
        validated.add((*loc, "within"), "only a moment lies within the period; take within out.")


# --- what refers to fields and datasets -----------------------------------------------------------------------------------


def _references(validated: Validated, one: Delivered) -> None:
    dataset, loc, columns = one.dataset, _loc(one), (*_loc(one), "columns")
    for position, name in enumerate(dataset.key):
        _is_field(validated, dataset, (*loc, "key", position), name, columns)
    for name, times in Counter(dataset.key).items():
        if times > 1:
            validated.add((*loc, "key"), f"{name} stands in the key twice; keep one.")
    if dataset.latest_by is not None and _is_field(validated, dataset, (*loc, "latest_by"), dataset.latest_by, columns):
        kind = dataset.columns[dataset.latest_by].type
        if kind not in {"date", "moment"}:
            message = f"{dataset.latest_by} is no date or moment, so it cannot tell which record is the latest; name one that is."
            validated.add((*loc, "latest_by"), message, (*columns, dataset.latest_by))
    if dataset.recuse is not None:
        _is_field(validated, dataset, (*loc, "recuse", "employer"), dataset.recuse.employer, columns)


def _is_field(validated: Validated, dataset: Dataset, loc: Loc, name: str, columns: Loc) -> bool:
    if name in dataset.columns:
        return True
    validated.add(loc, f"{dataset.dataset} has no column {name}; {near(name, dataset.columns)}", columns)
    return False


def _named(validated: Validated, file: FrameworkFile, loc: Loc, name: str, layout: str) -> Delivered | None:
    """The dataset of that name and layout; a mistake where there is none."""
    found = [one for one in datasets(file) if one.dataset.dataset == name]
    suitable = [one.dataset.dataset for one in datasets(file) if one.dataset.layout == layout]
    if not found:
        validated.add(
            loc,
            f"there is no dataset {name}; {near(name, suitable)}",
            ("deliveries",),
            *(("deliveries", source) for source in file.deliveries),
        )
        return None
    if found[0].dataset.layout != layout:
        validated.add(loc, f"{name} holds {found[0].dataset.layout}, not {layout}; name a dataset that does.", (*_loc(found[0]), "layout"))
        return None
    return found[0]


def _confirmation(validated: Validated, file: FrameworkFile) -> None:
    confirmation = file.confirmation
    if confirmation is None:
        return
    one = _named(validated, file, ("confirmation", "dataset"), confirmation.dataset, "records")
    if one is None:
        return
    columns: Loc = (*_loc(one), "columns")
    _is_field(validated, one.dataset, ("confirmation", "indicator"), confirmation.indicator, columns)
    if not _is_field(validated, one.dataset, ("confirmation", "outcome"), confirmation.outcome, columns):
        return
    outcomes = one.dataset.columns[confirmation.outcome]
    if outcomes.type != "category":
        validated.add(("confirmation", "outcome"), f"{confirmation.outcome} is no category; name the field of outcomes.", columns)
        return
    for value in confirmation.values:
        if value not in outcomes.values:
            validated.add(("confirmation", "values", value), f"{value} is no outcome; {near(value, outcomes.values)}", columns)
    for value in outcomes.values:
        if value not in confirmation.values:
            validated.add(("confirmation", "values"), f"the outcome {value} has no worth; add it with a number from 0 to 1.", columns)


def _opinion(validated: Validated, file: FrameworkFile) -> None:
    opinion = file.opinion
    if opinion is None:
        return
    items = [one for one in datasets(file) if one.dataset.layout == "items"]
    if not items:
        message = "no dataset holds opinion items; add one of the layout items under deliveries.opinion, or take opinion out."
        validated.add(("opinion",), message, ("deliveries",), *((*_loc(one), "layout") for one in datasets(file)))
    _severities(validated, opinion, items)
    codes: list[tuple[Loc, str]] = [(("opinion", "categories", place, "code"), kind.code) for place, kind in enumerate(opinion.categories)]
    for loc, code, first in doubles(codes):
        line = validated.document.line(validated.original(first))
        validated.add(loc, f"the category {code} stands in line {line} already; give this one a code of its own.")


def _severities(validated: Validated, opinion: Opinion, items: Sequence[Delivered]) -> None:
    """Every severity that an event can reach has its deduction, and none stands beyond them."""
    loc: Loc = ("opinion", "severity")
    highest = opinion.severity.at_most
    for level in range(1, highest + 1):
        if level not in opinion.severity.deduction:
            validated.add((*loc, "deduction"), f"severity {level} has no deduction; add the points that it costs.", (*loc, "at_most"))
    for level in opinion.severity.deduction:
        if not 1 <= level <= highest:
            message = f"no event reaches severity {level}: they go from 1 to {highest}; take it out, or raise at_most."
            validated.add((*loc, "deduction", str(level)), message, (*loc, "at_most"))
    for place, category in enumerate(opinion.categories):
        if category.severity > highest:
            message = f"severity {category.severity} is above at_most, {highest}; correct one of them."
            validated.add(("opinion", "categories", place, "severity"), message, (*loc, "at_most"))
    columns = [one.dataset.columns["media_tier"] for one in items if "media_tier" in one.dataset.columns]
    tiers = [tier for column in columns for tier in column.values]
    for tier in opinion.severity.raise_at if items else ():
        if tier not in tiers:
            places: list[Loc] = [(*_loc(one), "columns") for one in items]
            validated.add((*loc, "raise_at", tier), f"{tier} is no media tier; {near(tier, tiers)}", *places)
