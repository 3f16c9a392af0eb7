"""What pydantic finds, in sentences that an author can act on."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from frameworks.document import Loc
from frameworks.hints import figure
from frameworks.model import FrameworkFile
from frameworks.scope import short

_PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]{0,63}$": "is no code; write small letters, digits, _ and -, at most 64, a letter or digit first.",
    r"^[A-Z0-9.]{1,64}$": "is no indicator's code; write capital letters, digits and dots, at most 64, as in A2.",
    r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$": "is no file name; write the name of a file beside the framework file.",
}
_KINDS = {
    "string_type": "is no text; put it in quotes.",
    "int_type": "is no whole number; write one, without quotes.",
    "int_parsing": "is no whole number; write one.",
    "int_from_float": "is no whole number; write one.",
    "float_type": "is no number; write one, without quotes or %.",
    "float_parsing": "is no number; write one.",
    "finite_number": "is no number; write one.",
    "bool_type": "is neither true nor false; write one of them.",
    "list_type": "is no list; write [a, b], or a line with - for each.",
    "dict_type": "is no set of keys; write {key: value}, or a line for each.",
    "model_type": "is no set of keys; write {key: value}, or a line for each.",
    "model_attributes_type": "is no set of keys; write {key: value}, or a line for each.",
    "date_type": "is no date; write it as 2020-12-31.",
    "date_parsing": "is no date; write it as 2020-12-31.",
    "date_from_datetime_parsing": "is no date; write it as 2020-12-31.",
    "date_from_datetime_inexact": "is no date; write it as 2020-12-31.",
}
_PAIR = 2
_LIMITS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def sentence(detail: Mapping[str, Any], around: Any = None) -> str:
    """One of pydantic's errors as a sentence: what is wrong and what to do. The place is told beside it; `around` is what stands there."""
    kind, context = detail["type"], detail.get("ctx", {})
    given = f"“{short(_written(detail['input']))}”"
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return f"{name} is missing; add it."
    if kind == "extra_forbidden":
        return _unknown_key(detail["loc"], around)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _unknown_method(detail["loc"], context.get("tag"))
    if kind == "literal_error":
        return f"{given} is not known here; write {context['expected'].replace(' or ', ', ').replace(', ', ' or ').replace(chr(39), '')}."
    if kind == "string_pattern_mismatch":
        return f"{given} {_PATTERNS.get(context['pattern'], 'is not written as it must be.')}"
    if kind in {"too_short", "too_long"} and context.get("min_length", context.get("max_length")) == _PAIR:
        return f"{name} wants two values, the lower first; write them as [0, 1]."
    if kind in {"too_short", "string_too_short"}:
        return f"{name} is empty; write at least one." if kind == "too_short" else "is empty; write something, or leave the key out."
    if kind in _LIMITS:
        word, key = _LIMITS[kind]
        return f"{given} must be {word} {figure(context[key])}; correct it."
    if kind == "one_effect":
        return str(detail["msg"])
    said = f"{context['error']}." if kind == "value_error" else _KINDS.get(kind, f"cannot stand here ({detail['msg']}).")
    return f"{given} {said}"


def _written(value: Any) -> str:
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown_key(loc: Loc, around: Any) -> str:
    key, known = str(loc[-1]), known_keys(loc[:-1])
    if isinstance(around, dict) and around.get(loc[-1]) is None and not re.fullmatch("[a-z_]+", key):
        return f"“{short(key)}” is no key: within {{…}} a comma ends a value; put a text that has a comma into quotes."
    if "method" in known and isinstance(around, dict) and isinstance(around.get("method"), str):
        takes = ", ".join(name for name in known if name != "method")
        return f"{around['method']} takes no {key}; " + (f"it takes {takes}." if takes else "it takes no parameter.")
    meant = meant_key(loc)
    return f"the key {key} is not known here; " + (
        f"did you mean {meant}?" if meant else f"known are {', '.join(known)}. Take it out, or correct it."
    )


def known_keys(loc: Loc) -> list[str]:
    """The keys that may stand at a place."""
    return [key for one in _classes(_annotation(loc)) for key in keys_of(one)]


def keys_of(one: type[BaseModel]) -> list[str]:
    """The keys that a class takes: its own first, then those that it shares with others of its kind."""
    own = [name for name in one.model_fields if name in one.__annotations__]
    return [one.model_fields[name].alias or name for name in [*own, *(name for name in one.model_fields if name not in own)]]


def meant_key(loc: Loc) -> str | None:
    """The known key that a misspelt one at `loc` is likely to mean."""
    return next(iter(get_close_matches(str(loc[-1]), known_keys(loc[:-1]), n=1)), None)


def _unknown_method(loc: Loc, given: object) -> str:
    known = [str(name) for one in _classes(_annotation(loc)) for name in get_args(one.model_fields["method"].annotation)]
    if given is None:
        return f"method is missing; write one of {', '.join(known)}."
    near = get_close_matches(str(given), known, n=1)
    return f"the method {short(str(given))} is not known; " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}.")


# --- from a place to the classes that may stand there -------------------------------------------------------------------


def _annotation(loc: Loc) -> Any:
    """The type that may stand at a place of the file, as pydantic names the place (a union's branch is a step)."""
    current: Any = FrameworkFile
    for step in loc:
        current = _step(current, step)
    return current


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _branches(annotation: Any) -> list[Any]:
    bare = _bare(annotation)
    if get_origin(bare) in {Union, types.UnionType}:
        return [branch for branch in get_args(bare) if branch is not type(None)]
    return [annotation]


def _step(annotation: Any, step: str | int) -> Any:
    branches = _branches(annotation)
    if len(branches) == 1 and _branches(branches[0]) != branches:
        return _step(branches[0], step)
    if len(branches) > 1:
        return next((branch for branch in branches if step in _tags(branch)), annotation)
    bare = _bare(branches[0])
    if get_origin(bare) is dict:
        return get_args(bare)[1]
    if get_origin(bare) is list:
        return get_args(bare)[0]
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return next((field.annotation for name, field in bare.model_fields.items() if step in (name, field.alias)), bare)
    return bare


def _tags(branch: Any) -> set[str]:
    tags = {meta.tag for meta in get_args(branch)[1:] if isinstance(meta, Tag)} if get_origin(branch) is Annotated else set()
    bare = _bare(branch)
    if isinstance(bare, type) and issubclass(bare, BaseModel) and "method" in bare.model_fields:
        tags |= set(get_args(bare.model_fields["method"].annotation))
    return tags


def _classes(annotation: Any) -> list[type[BaseModel]]:
    return list(_models(annotation))


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        yield bare
    elif get_origin(bare) in {Union, types.UnionType}:
        for branch in get_args(bare):
            yield from _models(branch)
    elif get_origin(bare) is Literal:
        return
