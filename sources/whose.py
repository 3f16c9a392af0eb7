"""Whose a delivery is that one place hands in: so that what was rejected of it is told to that place, and to no other."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import polars as pl

from frameworks.layouts import APPEAL
from frameworks.model import Dataset
from sources.places import Places
from sources.sidecar import is_day

_OF_A_PLACE = (  # a place is stated, and it is none of ours, or one of several
    "unknown_place",
    "ambiguous_place",
    "other_city",
    "place_contradicts",
    "garbled_place",
    "merged_place",
    "not_yet_place",
    "zone",
    "not_evaluated",
)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_CONTRADICTS = ("places_differ", "other_place_in_name")


def owner(dataset: Dataset, file: str, cells: pl.DataFrame, rejects: pl.DataFrame, places: Places) -> str | None:
    """The one place that a form or a file of appeals is of; None where that is not certain, and of every other kind of file.

    Certain it is where all that the file states of places is one place, or where it states none and its name (else the nearest folder that
    names one) is that of one place alone. A folder of a city may hold files of its counties, so it tells nothing.
    """
    if dataset.layout != "form" and dataset.kind != APPEAL:
        return None
    named = _named(PurePosixPath(file).stem, places)
    stated = {*cells["entity_code"].drop_nulls(), *rejects["entity_code"].drop_nulls()}
    own = stated or named or _folder(file, places)
    if len(own) != 1 or rejects["rule"].is_in(_CONTRADICTS).any():
        return None
    (place,) = own
    agrees = not named or place in named or places.city_of(place) in named
    faults = rejects.filter(pl.col("rule").is_in(_OF_A_PLACE))["message_zh"]
    return place if agrees and all(place in places.named_in(said) for said in faults) else None


def _named(text: str, places: Places) -> frozenset[str]:
    """The places that a name of a file or a folder names, in words, else by their codes."""
    found = places.named_in(text)
    return found or frozenset(code for code in map(places.find, _CODE.findall(text)) if isinstance(code, str))


def _folder(file: str, places: Places) -> frozenset[str]:
    """The places that the nearest folder names that names any; none where that is a city with counties of its own."""
    for folder in PurePosixPath(file).parent.parts[::-1]:
        if not is_day(folder) and (found := _named(folder, places)):
            return frozenset(code for code in found if not places.is_city(code))
    return frozenset()
