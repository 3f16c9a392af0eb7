"""What must hold between the parts of a framework: the edition's own settings here, the rest where its name says.

The tree: `checks_of_tree.py`; methods: `checks_of_methods.py`; results: `checks_of_results.py`; inputs: `checks_of_inputs.py`;
deliveries: `checks_of_deliveries.py`; what rests on the files beside: `checks_of_sets.py`.
Each check notes its mistakes with `validated.add(place, sentence, what it rests on)` and judges nothing else.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from frameworks.checks_of_methods import check_methods
from frameworks.checks_of_results import check_results
from frameworks.checks_of_tree import check_tree
from frameworks.compiled import Compiled
from frameworks.hints import doubles, near
from frameworks.model import FrameworkFile
from frameworks.validation import Validated


def check_rules(validated: Validated, file: FrameworkFile, compiled: Compiled) -> None:
    """Check the edition's own settings, the tree of indicators, the methods of its nodes, and the results."""
    _edition(validated, file)
    check_tree(validated, file)
    check_methods(validated, file, compiled)
    check_results(validated, file, compiled)


# --- the edition --------------------------------------------------------------------------------------------------------


def _edition(validated: Validated, file: FrameworkFile) -> None:
    if file.period.from_ > file.period.to:
        validated.add(("period", "to"), f"the period ends on {file.period.to}, before it begins; exchange from and to.")
    if file.collection and file.collection.opens > file.collection.deadline:
        validated.add(("collection", "deadline"), "the deadline lies before the window opens; exchange opens and deadline.")
    if file.previous == file.edition:
        validated.add(("previous",), f"{file.edition} cannot be its own previous edition; name the one before, or leave the key out.")
    shown, kept = file.shown_decimals, file.round.decimals
    if shown < kept:
        message = f"totals are rounded to {kept} decimals and shown with {shown}, so that totals shown alike may rank apart"
        validated.add(("round", "decimals"), f"{message}; set decimals to {kept} at least, or round to {shown}.", ("decimals",))
    if not _is_time_zone(file.time_zone):
        validated.add(("time_zone",), f"“{file.time_zone}” is no time zone; write one as Asia/Shanghai.")
    for position, group, _ in doubles(((("entities", "groups", place), group) for place, group in enumerate(file.entities.groups))):
        validated.add(position, f"the group {group} stands twice; keep one.")
    for group in file.entities.labels:
        if group not in file.entities.groups:
            validated.add(("entities", "labels", group), f"{group} is none of the groups; {near(group, file.entities.groups)}")


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
