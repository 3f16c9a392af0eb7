"""From plain data to the framework's classes, telling every mistake of shape, and leaving what can still be checked.

A part that is wrong in itself is cut out, so that what stands beside it can still be checked; whatever rests on the cut part is
not judged, so that one mistake is told once.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from frameworks.document import Document, Loc
from frameworks.mistakes import Mistake
from frameworks.model import FrameworkFile
from frameworks.wording import meant_key, sentence

_ROUNDS = 12
_GONE = object()
_STAND_INS: dict[str, Any] = {  # for a key that is missing at the top, so that the rest can be checked
    "edition": "unnamed",
    "title": {"zh": "–", "en": "–"},
    "period": {"from": date(2000, 1, 1), "to": date(2000, 12, 31)},
    "entities": {"registry": "none.csv", "as_of": date(2000, 12, 31), "groups": ["none"]},
    "scale": 100,
    "round": {"at": "total", "decimals": 2},
    "deliveries": {},
}


@dataclass
class Validated:
    """What could be read: `file` is None where too little was left. `cut` are the places cut out, in the document's own numbering."""

    document: Document
    file: FrameworkFile | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    cut: set[Loc] = field(default_factory=set)
    kept: dict[Loc, list[int]] = field(default_factory=dict)

    def original(self, loc: Loc) -> Loc:
        """A place in `file` as a place in the document: items before it may have been cut out."""
        place: Loc = ()
        for step in loc:
            kept = self.kept.get(place)
            place = (*place, kept[step] if isinstance(step, int) and kept and step < len(kept) else step)
        return place

    def written(self, loc: Loc) -> dict[str, Any]:
        """The keys and values at a place as they are written in the document; none where no keys stand there."""
        data: Any = self.document.data
        for step in self.original(loc):
            if not _holds(data, step):
                return {}
            data = data[step]
        return data if isinstance(data, dict) else {}

    def add(self, loc: Loc, message: str, *rests_on: Loc) -> None:
        """Note a mistake at a place of `file`, unless that place or one that it `rests_on` was cut out."""
        places = [self.original(place) for place in (loc, *rests_on)]
        if not any(self._is_hurt(place) for place in places):
            self.mistakes.append(self.document.mistake(places[0], message))

    def _is_hurt(self, place: Loc) -> bool:
        """Whether the place lies in what was cut out, or something was cut out right below it."""
        return any(cut == place[: len(cut)] or cut[:-1] == place for cut in self.cut)


def validate(document: Document) -> Validated:
    """Read the document into classes; mistakes of shape are noted, each once."""
    validated, data = Validated(document), copy.deepcopy(document.data)
    for attempt in range(_ROUNDS):
        try:
            validated.file = FrameworkFile.model_validate(data)
        except ValidationError as error:
            details = error.errors(include_url=False)
        else:
            break
        if attempt == 0:
            validated.mistakes += _told(document, details)
        if not all(_mend(validated, data, detail) for detail in details):
            return validated
        _compact(data, (), validated.kept)
    return validated


def _told(document: Document, details: Sequence[ErrorDetails]) -> list[Mistake]:
    """Each error once: a key that is missing because it is misspelt is told as misspelt alone."""
    misspelt = {(*detail["loc"][:-1], meant_key(detail["loc"])) for detail in details if detail["type"] == "extra_forbidden"}
    mistakes = []
    for detail in details:
        place = _place(document.data, detail["loc"])
        if detail["type"] != "missing" or detail["loc"] not in misspelt:
            mistakes.append(document.mistake(place, sentence(detail, _at(document.data, place[:-1]))))
    return mistakes


def _mend(validated: Validated, data: Any, detail: ErrorDetails) -> bool:
    """Cut out what is wrong, put a misspelt key right, put a stand-in at the top; False where nothing can be done."""
    loc = detail["loc"]
    place = _place(data, loc)
    if not place:
        name = str(loc[0]) if loc else ""
        validated.cut.add((name,))
        if name in _STAND_INS:
            data[name] = copy.deepcopy(_STAND_INS[name])
            for known in [known for known in validated.kept if known[0] == name]:  # lists of what stood there before
                del validated.kept[known]
        return name in _STAND_INS
    if detail["type"] != "extra_forbidden":
        validated.cut.add(validated.original(place))
        _cut(data, place)
        return True
    around, meant = _at(data, place[:-1]), meant_key(loc)
    if isinstance(around, dict):
        value = around.pop(place[-1], None)
        if meant is not None and meant not in around:
            validated.cut.add((*validated.original(place[:-1]), meant))
            around[meant] = value
    return True


def _at(data: Any, place: Loc) -> Any:
    for step in place:
        if data is _GONE or not _holds(data, step):
            return None
        data = data[step]
    return data


def _place(data: Any, loc: Loc) -> Loc:
    """The place in the data that pydantic means: its steps without the names of branches; of a missing key, the keys around it."""
    place: Loc = ()
    for step in loc:
        if _holds(data, step):
            data = data[step]
            place = (*place, step)
    return place


def _holds(data: Any, step: str | int) -> bool:
    return step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int) and step < len(data)


def _cut(data: Any, place: Loc) -> None:
    data, last = _at(data, place[:-1]), place[-1]  # None where it is cut out already, with what holds it
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int):
        data[last] = _GONE


def _compact(data: Any, place: Loc, kept: dict[Loc, list[int]]) -> None:
    """Close the gaps in lists, and remember which item was which."""
    if isinstance(data, dict):
        for key, value in data.items():
            _compact(value, (*place, key), kept)
    elif isinstance(data, list):
        positions = kept.get(place, list(range(len(data))))
        left = [(position, item) for position, item in zip(positions, data, strict=True) if item is not _GONE]
        data[:] = [item for _, item in left]
        kept[place] = [position for position, _ in left]
        for position, item in left:
            _compact(item, (*place, position), kept)
