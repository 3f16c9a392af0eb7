"""Random worlds: who is evaluated, and the rules of a whole edition. Many examples share one world, for a build costs seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.oracle.edition import Before, Entity, Value
from tests.oracle.past import befores

GROUPS = ("north", "south", "west")
ATTRIBUTES = {"region": ("coast", "hills"), "income": ("high", "low")}


@dataclass(frozen=True)
class World:
    """The entities and the edition's own keys, totals in hundredths of the scale.

    `is_ranked`: no example of it blocks anybody, so that everybody can be ranked.
    `is_weighted`: the first level has weights, each group its own, in place of points.
    `sparse`: entities that deliver little of anything, so that screens and coverage strike however many examples there are.
    `events`: input → entity → value, of the inputs that vetoes look at.
    """

    groups: tuple[str, ...]
    entities: tuple[Entity, ...]
    rules: dict[str, Any]
    is_ranked: bool
    is_weighted: bool = False
    before: Before | None = None
    events: dict[str, dict[str, Value]] = field(default_factory=dict)
    sparse: frozenset[str] = frozenset()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all entities."""
        return tuple(entity.code for entity in self.entities)

    @property
    def is_panel(self) -> bool:
        """Whether an entity is a unit at one time."""
        return self.entities[0].time is not None

    @property
    def sets(self) -> tuple[str, ...]:
        """The words for reference sets that make sense here."""
        return ("group", "group", "all", "pooled", *ATTRIBUTES, *(("group_pooled",) if self.is_panel else ()))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world of one to three groups; a group may hold a single entity."""
    groups = GROUPS[: draw(st.sampled_from((1, 1, 2, 3)))]
    units = draw(st.sampled_from((1, 3, 5, 8, 12, 12)))
    years = draw(st.sampled_from(((), (), (), (2018, 2019), (2017, 2018, 2019))))
    entities = list[Entity]()
    for number in range(max(units, len(groups)) if not years else min(max(units, len(groups)), 5)):
        group = groups[number] if number < len(groups) else draw(st.sampled_from(groups))
        about: list[tuple[str, str | None]] = [(name, draw(st.sampled_from(values))) for name, values in ATTRIBUTES.items()]
        about.append(("zone", draw(st.sampled_from(("a", "b", None))) if number else "a"))
        unit = f"u{number:02d}"
        if not years:
            entities.append(Entity(unit, group, unit, None, group, tuple(about)))
        entities += [Entity(f"{unit}-{year}", f"{group}-{year}", unit, year, group, tuple(about)) for year in years]
    is_ranked = draw(st.sampled_from((True, True, False)))
    before = draw(befores(entities)) if draw(st.booleans()) else None
    rules = draw(_rules(is_panel=bool(years), has_past=before is not None))
    sparse = frozenset(entity.code for entity in entities if draw(st.integers(0, 5)) == 0)
    counts: st.SearchStrategy[Value] = st.sampled_from((0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, None))
    events = {name: {entity.code: draw(counts) for entity in entities} for name in EVENTS if "vetoes" in rules}
    return World(groups, tuple(entities), rules, is_ranked, draw(st.booleans()), before, events, sparse)


@st.composite
def _rules(draw: st.DrawFn, *, is_panel: bool, has_past: bool) -> dict[str, Any]:
    rules: dict[str, Any] = {
        "round": {"at": draw(st.sampled_from(("total", "lowest_indicator"))), "decimals": draw(st.sampled_from((1, 2, 4, 9)))},
        "rank_on": draw(st.sampled_from(("rounded", "exact"))),
        "not_applicable": draw(st.sampled_from(("reweight", "spread"))),
        "missing": {"policy": draw(st.sampled_from(("zero", "group_median", "reweight", "spread")))},
    }
    order = draw(st.sampled_from(("highest_first", "highest_first", "lowest_first")))
    within = draw(st.sampled_from(([], ["region"], ["zone", "income"])))
    ties = draw(st.sampled_from(([], [], ["entity_code"], ["X1"], ["x1_1", "entity_code"], ["X1", "x1_1"])))
    rules["rank"] = {"order": order} | ({"within": within} if within else {}) | ({"ties_by": ties} if ties else {})
    optional: dict[str, Any] = {
        "tiers": draw(st.sampled_from(TIERS if order == "highest_first" else TIERS[:2])),
        "grades": [{"grade": "A", "at_least": 60}, {"grade": "B", "at_least": 40}, {"grade": "C", "at_least": 0}],
        "screen": draw(st.sampled_from(SCREENS)),
        "flags": {"at_least": draw(st.sampled_from((0.5, 0.9)))},
        "coverage": {"at_least": draw(st.sampled_from((0.3, 0.6)))},
        "impute": draw(st.sampled_from(({"method": "mean"}, {"method": "median", "within": "all"}, {"method": "zero"}))),
        "treat": {"method": "winsorise"},
    }
    if is_panel:
        optional["impute"] = draw(st.sampled_from(({"method": "linear"}, {"method": "latest", "at_most": 1}, {"method": "constant"})))
    if has_past and draw(st.booleans()):
        optional["impute"] = {"method": "previous"}
    rules |= {key: value for key, value in optional.items() if draw(st.integers(0, 2)) == 0}
    if draw(st.integers(0, 2)) == 0:
        rules["judged"] = {"sources": ["expert_review"], "ranks_at_most": 5}
    if draw(st.booleans()):
        rules["vetoes"] = draw(_vetoes())
        rules["grades"] = optional["grades"]
    given = [word for word, key in (("tier", "tiers"), ("grade", "grades")) if key in rules and draw(st.booleans())]
    if given:
        rules["rank"] = {**rules["rank"], "within": [*within, *given]}
    return rules


@st.composite
def _vetoes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to three vetoes, whose conditions may hold together; fixed totals in hundredths of the scale."""
    label = {"zh": "否决", "en": "Veto"}
    effects = draw(st.sampled_from(EFFECTS))
    chosen = [(draw(st.sampled_from(CONDITIONS)), draw(st.sampled_from(effects))) for _ in range(draw(st.sampled_from((1, 2, 3, 4))))]
    return [{"code": f"v{number}", "when": when, "effect": effect, "label": label} for number, (when, effect) in enumerate(chosen, 1)]


EVENTS = ("events", "losses")
CONDITIONS = ("events > 0", "events >= 2", "losses > 1", "losses / events >= 1", "events - losses > 0", "x1_1 > 2")
CAPS: tuple[Any, ...] = ({"cap_grade": "B"}, {"cap_grade": "C"})
FIXED: tuple[Any, ...] = ({"fixed_score": 0}, {"fixed_score": 45.5}, {"fixed_score": 80})
EFFECTS: tuple[tuple[Any, ...], ...] = (CAPS, FIXED, ("fail", *CAPS, *FIXED))


TIERS: tuple[list[dict[str, Any]], ...] = (
    [{"tier": "best", "top": 1}, {"tier": "good", "top": 3}, {"tier": "rest"}],
    [{"tier": "best", "share": 0.3}, {"tier": "good", "share": 0.7}],
    [{"tier": "best", "at_least": 50}, {"tier": "good", "at_least": 25}, {"tier": "rest"}],
)
SCREENS: tuple[dict[str, Any], ...] = (
    {"measures_at_least": 0.6},
    {"points_at_least": 0.5, "nonzero_at_least": 0.3},
    {"measures_at_least": 0.4, "nonzero_at_least": 0.05},
    {"indicators": {"X1": 0.5}},
)
