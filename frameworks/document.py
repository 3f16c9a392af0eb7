"""A framework's YAML text as plain data, with the line of every key: reading alone, no meaning.

Plain scalars are resolved by the few rules written here, so that a file means the same to every reader; keys stay as they are
written. Anchors, aliases, merge keys and tags are refused: each rule of a framework is written where it holds.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from frameworks.days import day_of
from frameworks.mistakes import FrameworkError, Mistake

Loc = tuple[str | int, ...]

_LARGEST = 4_000_000
_WHOLE = re.compile(r"[-+]?(0|[1-9]\d*)\Z")
_FRACTION = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?\Z")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "true": True, "True": True, "false": False, "False": False}
_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ["str", "int", "float", "bool", "null", "timestamp", "map", "seq"])


@dataclass(frozen=True)
class Document:
    """One YAML file: `data` as plain Python, `lines` of every key and list item by their place in it."""

    file: str
    data: Any
    lines: dict[Loc, int] = field(repr=False)

    def line(self, loc: Loc) -> int:
        """The line of the key or item at `loc`, or of the nearest one above it that is written."""
        for length in range(len(loc), 0, -1):
            if loc[:length] in self.lines:
                return self.lines[loc[:length]]
        return 1

    def path(self, loc: Loc) -> str:
        """The keys down to `loc`, an item named by its code: `indicators[A].A2.measures[corrected_rate].share`."""
        shown, here = "", self.data
        for position, step in enumerate(loc):
            if isinstance(step, int):
                here = here[step] if isinstance(here, list) and step < len(here) else None
                name = _name(here, step)
                shown += f".{name}" if loc[position - 1 : position] == ("indicators",) and position > 1 else f"[{name}]"
            else:
                is_nested_list = step == "indicators" and position > 0 and any(isinstance(below, int) for below in loc[position + 1 :][:1])
                shown += "" if is_nested_list else f".{step}" if shown else step
                here = here.get(step) if isinstance(here, dict) else None
        return shown

    def mistake(self, loc: Loc, message: str) -> Mistake:
        """A mistake at `loc`."""
        return Mistake(self.file, self.line(loc), self.path(loc), message)


def _name(item: Any, position: int) -> str:
    """An item's code, where it has one; else its number, from 1."""
    if isinstance(item, dict):
        for key in ("code", "dataset", "grade", "tier"):
            if isinstance(item.get(key), str):
                return str(item[key])
    return str(position + 1)


def read_document(content: bytes, file: str) -> tuple[Document, list[Mistake]]:
    """The file's data and the mistakes in how it is written (a key twice, an anchor); raises where there is nothing to go on with."""
    if len(content) > _LARGEST:
        raise FrameworkError(
            [Mistake(file, 0, "", f"the file has {len(content):,} bytes, more than a framework can have; give a framework file.")]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FrameworkError([Mistake(file, 0, "", "the file is not UTF-8 text; save it as UTF-8.")]) from None
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line + 1, len(text.splitlines())) if mark else 0  # what is never closed is told at the last line
        raise FrameworkError(
            [Mistake(file, line, "", f"the YAML cannot be read here: {_flat(error.problem)}. Mend this line or the one above.")]
        ) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise FrameworkError([Mistake(file, 0, "", f"the YAML cannot be read: {_flat(str(error))}. Give a framework file.")]) from None
    if not isinstance(root, MappingNode):
        raise FrameworkError([Mistake(file, 1, "", "the file holds no keys; begin with edition, title and period.")])
    builder = _Builder(file)
    data = builder.build(root, ())
    return Document(file, data, builder.lines), builder.mistakes


def _flat(text: str | None) -> str:
    return " ".join((text or "a sign stands where none may").split())[:160]


@dataclass
class _Builder:
    file: str
    lines: dict[Loc, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def build(self, node: Node, loc: Loc) -> Any:
        if id(node) in self.seen or node.anchor:
            self._note(node, loc, "anchors (&) and aliases (*) are not read; write the value out.")
            if id(node) in self.seen:
                return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self._item(item, (*loc, position)) for position, item in enumerate(node.value)]
        return self._scalar(node, loc) if isinstance(node, ScalarNode) else None

    def _item(self, node: Node, loc: Loc) -> Any:
        self.lines[loc] = node.start_mark.line + 1
        return self.build(node, loc)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.value == "<<":
                self._note(key, loc, "a key must be a word, and << is not read; write the keys out.")
                continue
            if key.value in data:
                first = self.lines[(*loc, key.value)]
                self._note(key, (*loc, key.value), f"the key {key.value} stands here again (first in line {first}); keep one of them.")
                continue
            self.lines[(*loc, key.value)] = key.start_mark.line + 1
            data[key.value] = self.build(value, (*loc, key.value))
        return data

    def _scalar(self, node: ScalarNode, loc: Loc) -> Any:
        tag = str(node.tag or "")
        if tag and tag not in _TAGS:
            self._note(node, loc, f"the tag {tag} is not read; write the value alone.")
        text = str(node.value)
        return text if node.style else _plain(text)

    def _note(self, node: Node, loc: Loc, message: str) -> None:
        shown = Document(self.file, None, {}).path(loc)
        self.mistakes.append(Mistake(self.file, node.start_mark.line + 1, shown, message))


def _plain(text: str) -> Any:
    """An unquoted scalar's value; what is no number, date, true, false or null is a text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text) if len(text) < 400 else text
    if _FRACTION.match(text) and not text.lstrip("+-").startswith("00"):
        return float(text) if math.isfinite(float(text)) else text
    return day_of(text) or text
