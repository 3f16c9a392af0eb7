"""The framework's classes: what one YAML file may say. Shapes and types only; what must hold between them stands in `checks.py`.

Each class refuses a key that it does not know, so what is not built is never ignored. Every method of normalising, treating or
aggregating is a class of its own with the parameters that it takes. What classes are made of lies in `parts.py`, what is said of
deliveries in `deliveries.py`; other rooms take all of it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from frameworks.deliveries import Column, Confirmation, Dataset, Opinion, OpinionCategory, Recuse, Severity
from frameworks.parts import (
    Code,
    Collection,
    Day,
    Entities,
    IndicatorCode,
    Label,
    Number,
    Period,
    ReferenceFile,
    Share,
    Source,
    Strict,
    Text,
    Texts,
    UpTo,
    ValueType,
    Whole,
)

__all__ = [
    "Aggregate",
    "Aggregation",
    "BandScores",
    "Bands",
    "CapGrade",
    "CategoryMap",
    "Code",
    "Collection",
    "Column",
    "Confirmation",
    "Count",
    "Coverage",
    "Dataset",
    "Deduction",
    "Entities",
    "EventDeduction",
    "Expectation",
    "FixedScore",
    "FrameworkFile",
    "Gates",
    "Goalposts",
    "Grade",
    "Indicator",
    "Input",
    "Label",
    "Measure",
    "MinMax",
    "Missing",
    "NoNormalising",
    "Normalise",
    "Opinion",
    "OpinionCategory",
    "PercentileRank",
    "Period",
    "RankInterval",
    "RatioToTarget",
    "Recuse",
    "Round",
    "Severity",
    "Source",
    "Summary",
    "TrimmedMean",
    "ValueType",
    "Verify",
    "Veto",
    "Winsorise",
]


def _kind(value: Any) -> str:
    """Which branch of a union a value means: by its shape alone, so that a mistake is told of one branch."""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True)
    if isinstance(value, Mapping):
        return "nested" if any(isinstance(item, Mapping) for item in value.values()) else "flat"
    return "text" if isinstance(value, str) else "number"


def _effect(value: Any) -> str:
    if isinstance(value, BaseModel):
        return type(value).__name__
    if isinstance(value, Mapping):
        return "FixedScore" if "fixed_score" in value else "CapGrade"
    return "fail"


# --- inputs -----------------------------------------------------------------------------------------------------------


class Bands(Strict):
    """A score by bands of a quantity: the first upper limit that it does not pass. `by` picks the table by a field's value."""

    bands: str
    by: Code | None = None
    table: Annotated[
        Annotated[dict[UpTo, Number], Field(min_length=1), Tag("flat")]
        | Annotated[dict[Code, Annotated[dict[UpTo, Number], Field(min_length=1)]], Field(min_length=1), Tag("nested")],
        Discriminator(_kind),
    ]
    else_: Number = Field(alias="else", default=0)


class Count(Strict):
    """Number of records for which `where` holds."""

    method: Literal["count"]
    where: str | None = None


class Summary(Strict):
    """Sum, mean, minimum or maximum of `of` over the records for which `where` holds."""

    method: Literal["sum", "mean", "minimum", "maximum"]
    of: Annotated[Annotated[str, Tag("text")] | Annotated[Bands, Tag("flat")] | Annotated[Bands, Tag("nested")], Discriminator(_kind)]
    where: str | None = None


class TrimmedMean(Strict):
    """Mean of `of` after the `drop` highest and lowest are dropped; missing where fewer than `at_least` are left to begin with."""

    method: Literal["trimmed_mean"]
    of: str
    where: str | None = None
    drop: Annotated[Whole, Field(ge=0)] = 1
    at_least: Annotated[Whole, Field(ge=1)] = 3


class EventDeduction(Strict):
    """Sum of the deductions of the entity's opinion events."""

    method: Literal["event_deduction"]


Aggregation = Annotated[Count | Summary | TrimmedMean | EventDeduction, Field(discriminator="method")]


class Verify(Strict):
    """A self-reported value counts as far as the tests under indicator `tests` confirm it."""

    tests: IndicatorCode
    at_least: Annotated[Whole, Field(ge=1)] = 3
    else_: Literal["group_median"] = Field(alias="else", default="group_median")


class Input(Strict):
    """A quantity as delivered by one source: one value a place."""

    source: Source
    dataset: Code | None = None
    unit: Text
    type: Literal["integer", "number", "boolean", "category"] = "number"
    minimum: Number | None = None
    maximum: Annotated[Annotated[Number, Tag("number")] | Annotated[Code, Tag("text")], Discriminator(_kind)] | None = None
    values: dict[Code, Number] = {}
    texts: dict[Code, Texts] = {}
    aggregate: Aggregation | None = None
    verify: Verify | None = None
    as_of: Day | None = None
    vintage: Text | None = None
    label: Label


# --- measures and indicators ------------------------------------------------------------------------------------------


class Goalposts(Strict):
    """Share of the way from `worst` (0) to `best` (1), clipped to 0–1; on the logarithm where `scale` is `ln`."""

    method: Literal["goalposts"]
    worst: Number
    best: Number
    scale: Literal["linear", "ln"] = "linear"


class MinMax(Strict):
    """(value − lowest) ÷ (highest − lowest) among the entities of the group, turned round where lower is better."""

    method: Literal["min_max"]
    within: Literal["group"] = "group"


class PercentileRank(Strict):
    """(rank − 1) ÷ (n − 1) among the entities of the group, worst = 0; ties take the lower rank."""

    method: Literal["percentile_rank"]
    within: Literal["group"] = "group"


class RatioToTarget(Strict):
    """value ÷ target, clipped to 0–1."""

    method: Literal["ratio_to_target"]
    target: Annotated[Number, Field(gt=0)]


class BandScores(Strict):
    """The score of the first upper limit that the value does not pass; `else` above the last."""

    method: Literal["bands"]
    table: dict[UpTo, Annotated[Number, Field(ge=0, le=1)]] = Field(min_length=1)
    else_: Annotated[Number, Field(ge=0, le=1)] = Field(alias="else", default=0)


class CategoryMap(Strict):
    """The score of each value."""

    method: Literal["category_map"]
    values: dict[UpTo, Annotated[Number, Field(ge=0, le=1)]] = Field(min_length=1)


class Deduction(Strict):
    """1 − value ÷ the measure's points (points of its indicator × share), not below `floor`; the value is in points."""

    method: Literal["deduction"]
    floor: Annotated[Number, Field(ge=0, lt=1)] = 0


class NoNormalising(Strict):
    """The value itself, which must lie within 0–1."""

    method: Literal["none"]


Normalise = Annotated[
    Goalposts | MinMax | PercentileRank | RatioToTarget | BandScores | CategoryMap | Deduction | NoNormalising,
    Field(discriminator="method"),
]


class Winsorise(Strict):
    """Within the group: while |skewness| ≥ `skewness` and kurtosis ≥ `kurtosis`, pull in the outermost points, at most `at_most`."""

    method: Literal["winsorise"]
    at_most: Annotated[Whole, Field(ge=1, le=50)] = 5
    skewness: Annotated[Number, Field(gt=0)] = 2
    kurtosis: Annotated[Number, Field(gt=0)] = 3.5


class Missing(Strict):
    """What a missing normalised value becomes."""

    policy: Literal["zero", "group_median", "reweight", "block"]


class Measure(Strict):
    """A value computed from inputs, normalised to 0–1 (1 is best), which feeds a lowest indicator."""

    code: Code
    value: str
    unit: Text
    direction: Literal["higher_is_better", "lower_is_better"]
    share: Share = 1.0
    treat: Winsorise | None = None
    normalise: Normalise
    applies_when: str | None = None
    missing: Missing | None = None
    label: Label


class Aggregate(Strict):
    """How a node's rate comes from those of its children, weighted by their points."""

    method: Literal["arithmetic", "geometric"] = "arithmetic"


class Indicator(Strict):
    """A node of the tree: either indicators below it, or measures. `weight` (relative to its siblings) may stand in place of `points`."""

    code: IndicatorCode
    name: Label
    points: Annotated[Number, Field(gt=0)] | None = None
    weight: Annotated[Number, Field(gt=0)] | None = None
    aggregate: Aggregate = Aggregate()
    indicators: list[Indicator] = []
    measures: list[Measure] = []


# --- results ----------------------------------------------------------------------------------------------------------


class Round(Strict):
    """Where scores are rounded, half away from zero: at the lowest indicator (printed scores add up) or at the total."""

    at: Literal["lowest_indicator", "total"]
    decimals: Annotated[Whole, Field(ge=0, le=9)]


class Coverage(Strict):
    """Least share of an entity's points that rests on delivered values; below it an entity is scored and not ranked."""

    at_least: Annotated[Number, Field(ge=0, le=1)]


class Grade(Strict):
    """A grade and the lowest total that earns it."""

    grade: Text
    at_least: Number


class CapGrade(Strict):
    """No better grade than this one."""

    cap_grade: Text


class FixedScore(Strict):
    """The total is this, whatever was scored."""

    fixed_score: Number


class Veto(Strict):
    """A condition over inputs and what follows: `fail` (not scored, unranked, listed last), a capped grade or a fixed total."""

    code: Code
    when: str
    effect: Annotated[
        Annotated[Literal["fail"], Tag("fail")] | Annotated[CapGrade, Tag("CapGrade")] | Annotated[FixedScore, Tag("FixedScore")],
        Discriminator(_effect),
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


class FrameworkFile(Strict):
    """One edition's rules, as its YAML file states them."""

    edition: Code
    title: Label
    period: Period
    collection: Collection | None = None
    previous: Code | None = None
    entities: Entities
    calendar: ReferenceFile | None = None
    time_zone: str = "Asia/Shanghai"
    scale: Annotated[Number, Field(gt=0)]
    decimals: Annotated[Whole, Field(ge=0, le=9)] | None = None
    round: Round
    rank_on: Literal["rounded", "exact"] = "rounded"
    not_applicable: Literal["reweight"] = "reweight"
    missing: Missing = Missing(policy="zero")
    coverage: Coverage | None = None
    rank_interval: RankInterval = RankInterval()
    deliveries: dict[Source, list[Dataset]]
    confirmation: Confirmation | None = None
    opinion: Opinion | None = None
    inputs: dict[Code, Input] = Field(min_length=1)
    indicators: list[Indicator] = Field(min_length=1)
    grades: list[Grade] = []
    vetoes: list[Veto] = []
    gates: Gates = Gates()

    @property
    def shown_decimals(self) -> int:
        """With how many decimals totals are shown: `decimals`, or as many as they are rounded to."""
        return self.round.decimals if self.decimals is None else self.decimals
