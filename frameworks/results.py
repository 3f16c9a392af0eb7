"""What a framework says of results: rounding, screening, ranking, grades, tiers, vetoes, the uncertainty of ranks, gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from frameworks.parts import Code, IndicatorCode, Label, NodeCode, Number, SetCode, Source, Strict, Text, Total, Whole

Score = Annotated[Number, Field(ge=0, le=1)]


_EFFECTS = {"fail", "cap_grade", "fixed_score"}
_ONE_EFFECT = "a veto has one effect: fail, {cap_grade: …} or {fixed_score: …}; keep one, and write another veto for the other."


def _effect(value: Any) -> str | None:
    """Which effect is written; None: several are."""
    if isinstance(value, BaseModel):
        return type(value).__name__
    if isinstance(value, Mapping):
        if len(_EFFECTS & value.keys()) > 1:
            return None
        return "FixedScore" if "fixed_score" in value else "CapGrade"
    return None if isinstance(value, list) and len(value) > 1 else "fail"


class Round(Strict):
    """Where scores are rounded, half away from zero: at the lowest indicator (printed scores add up) or at the total."""

    at: Literal["lowest_indicator", "total"]
    decimals: Annotated[Whole, Field(ge=0, le=9)]


class Screen(Strict):
    """Least shares that an entity must have to be scored at all, before anything is imputed."""

    measures_at_least: Score | None = None
    points_at_least: Score | None = None
    nonzero_at_least: Score | None = None
    indicators: dict[IndicatorCode, Score] = {}


class Ranking(Strict):
    """Which end is the best, what tells ties apart, and within which attributes of entities ranks are given too."""

    order: Literal["highest_first", "lowest_first"] = "highest_first"
    ties_by: list[NodeCode] = []
    within: list[SetCode] = []


class Tier(Strict):
    """A tier by one of: the `top` n ranks, the top `share` of those ranked, a least total; none of them: whoever is left."""

    tier: Text
    top: Annotated[Whole, Field(ge=1)] | None = None
    share: Annotated[Number, Field(gt=0, le=1)] | None = None
    at_least: Total | None = None

    @property
    def kind(self) -> str:
        """By what it is given: top, share, at_least, or rest."""
        return next((kind for kind in ("top", "share", "at_least") if getattr(self, kind) is not None), "rest")


class Flags(Strict):
    """From which normalised value on a measure's flag is 1."""

    at_least: Number


class Judged(Strict):
    """Sources that rest on judgement, and by how many ranks leaving out what reads them may move an entity."""

    sources: list[Source] = Field(min_length=1)
    ranks_at_most: Annotated[Number, Field(ge=0)]


class Coverage(Strict):
    """Least share of an entity's points that rests on delivered values; below it an entity is scored and not ranked."""

    at_least: Annotated[Number, Field(ge=0, le=1)]


class Grade(Strict):
    """A grade and the lowest total that earns it."""

    grade: Text
    at_least: Total


class CapGrade(Strict):
    """No better grade than this one."""

    cap_grade: Text


class FixedScore(Strict):
    """The total is this, whatever was scored."""

    fixed_score: Total


class Veto(Strict):
    """A condition over inputs and what follows: `fail` (not scored, unranked, listed last), a capped grade or a fixed total."""

    code: Code
    when: str
    effect: Annotated[
        Annotated[Literal["fail"], Tag("fail")] | Annotated[CapGrade, Tag("CapGrade")] | Annotated[FixedScore, Tag("FixedScore")],
        Discriminator(_effect, custom_error_type="one_effect", custom_error_message=_ONE_EFFECT),
    ]
    label: Label


class RankInterval(Strict):
    """Draws of the lowest indicators' points × U(1 − spread, 1 + spread), rescaled; the middle `level` of the ranks."""

    draws: Annotated[Whole, Field(ge=1, le=100_000)] = 1000
    spread: Annotated[Number, Field(gt=0, lt=1)] = 0.25
    level: Annotated[Number, Field(gt=0, lt=1)] = 0.90
    seed: Annotated[Whole, Field(ge=0)] = 0


class Expectation(Strict):
    """An expectation's severity and its threshold."""

    severity: Literal["error", "warning"] = "error"
    at_most: Number | None = None
    at_least: Number | None = None


class Gates(Strict):
    """The expectations of each gate, by name."""

    intake: dict[Code, Expectation] = {}
    scores: dict[Code, Expectation] = {}
    ranking: dict[Code, Expectation] = {}
