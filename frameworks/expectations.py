"""The expectations that a framework may name for each gate, and how far each can be set. The gates' room builds one check for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Known:
    """An expectation. `bound`: what its threshold is called; None: it takes none. `needs_threshold`: there is no default.

    `is_floor`: every framework is held to it, as an error and without tolerance, whether or not it names it.
    """

    bound: Literal["at_most", "at_least"] | None = "at_most"
    needs_threshold: bool = False
    is_floor: bool = False


_FLOOR = Known(is_floor=True)
EXPECTATIONS: dict[str, dict[str, Known]] = {
    "intake": {
        "datasets_delivered": _FLOOR,
        "every_entity_delivered": _FLOOR,
        "dataset_coverage": Known("at_least", needs_threshold=True),
        "reject_share": Known(needs_threshold=True),
        "values_in_range": Known(),
        "keys_unique": _FLOOR,
        "within_period": Known(),
        "no_conflicts": Known(),
        "rows_against_previous": Known("at_least", needs_threshold=True),
    },
    "scores": {
        "scores_not_empty": Known(None, is_floor=True),
        "groups_full": _FLOOR,
        "scores_complete": Known(),
        "scores_in_range": _FLOOR,
        "levels_add_up": _FLOOR,
        "norms_informative": Known(),
        "targets_above_worst": Known(None),  # asked wherever a distance to a target or a reference entity is
        "imputed_share": Known(needs_threshold=True),
        "screened_share": Known(needs_threshold=True),
        "refuted_share": Known(None),  # its threshold is `refuted_share_at_most` of `confirmation`
        "shift_from_previous": Known(needs_threshold=True),
    },
    "ranking": {
        "ranking_not_empty": Known(None, is_floor=True),
        "ranking_complete": _FLOOR,
        "ranks_as_defined": _FLOOR,
        "ranks_within_as_defined": _FLOOR,
        "unjudged_as_defined": _FLOOR,
        "ranks_monotone": Known(),
        "grades_consistent": Known(),
        "tiers_consistent": Known(),
        "judged_shift": Known(None),  # its threshold is `ranks_at_most` of `judged`
        "vetoes_applied": Known(),
        "intervals_hold_rank": Known(),
        "scores_as_judged": _FLOOR,
    },
}
