"""The framework's classes: what one YAML file may say. Shapes and types only; what must hold between them stands in `checks.py`.

Each class refuses a key that it does not know, so what is not built is never ignored. What classes are made of lies in `parts.py`,
the methods in `methods.py`, what is said of inputs, deliveries and results in `inputs.py`, `deliveries.py` and `results.py`; other
rooms take all of it from here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from frameworks.deliveries import Column, Confirmation, Dataset, Opinion, OpinionCategory, Recuse, Severity
from frameworks.inputs import Aggregation, Bands, Count, EventDeduction, Input, Summary, TrimmedMean, Verify
from frameworks.methods import (
    Aggregate,
    BandScores,
    Borda,
    CategoryMap,
    Copeland,
    Deduction,
    DistanceToReference,
    DistanceToTarget,
    Exponential,
    Form,
    Formula,
    FractionOfBest,
    GeneralisedMean,
    Goalposts,
    Impute,
    MazziottaPareto,
    Mean,
    MinMax,
    Missing,
    MissingIndicator,
    NoNormalising,
    Normalise,
    NormalScore,
    PercentileRank,
    Rank,
    RatioToTarget,
    Treat,
    Winsorise,
    ZScore,
)
from frameworks.parts import (
    Code,
    Collection,
    Entities,
    IndicatorCode,
    Label,
    Number,
    Panel,
    PerGroup,
    Period,
    ReferenceFile,
    Source,
    Strict,
    Text,
    Total,
    ValueType,
    Whole,
)
from frameworks.results import (
    CapGrade,
    Coverage,
    Expectation,
    FixedScore,
    Flags,
    Gates,
    Grade,
    Judged,
    Ranking,
    RankInterval,
    Round,
    Screen,
    Tier,
    Veto,
)

__all__ = [
    "Aggregate",
    "Aggregation",
    "BandScores",
    "Bands",
    "Borda",
    "CapGrade",
    "CategoryMap",
    "Code",
    "Collection",
    "Column",
    "Confirmation",
    "Copeland",
    "Count",
    "Coverage",
    "Dataset",
    "Deduction",
    "DistanceToReference",
    "DistanceToTarget",
    "Entities",
    "EventDeduction",
    "Expectation",
    "Exponential",
    "FixedScore",
    "Flags",
    "Form",
    "Formula",
    "FractionOfBest",
    "FrameworkFile",
    "Gates",
    "GeneralisedMean",
    "Goalposts",
    "Grade",
    "Impute",
    "Indicator",
    "Input",
    "Judged",
    "Label",
    "MazziottaPareto",
    "Mean",
    "Measure",
    "MinMax",
    "Missing",
    "MissingIndicator",
    "NoNormalising",
    "NormalScore",
    "Normalise",
    "Opinion",
    "OpinionCategory",
    "Panel",
    "PercentileRank",
    "Period",
    "Rank",
    "RankInterval",
    "Ranking",
    "RatioToTarget",
    "Recuse",
    "Round",
    "Screen",
    "Severity",
    "Source",
    "Summary",
    "Tier",
    "Treat",
    "TrimmedMean",
    "ValueType",
    "Verify",
    "Veto",
    "Winsorise",
    "ZScore",
]


class Measure(Strict):
    """A value computed from inputs and normalised, which feeds a lowest indicator."""

    code: Code
    value: str
    unit: Text
    direction: Literal["higher_is_better", "lower_is_better"]
    share: PerGroup | None = None
    weight: PerGroup | None = None
    impute: Impute | None = None
    treat: Treat | None = None
    normalise: Normalise
    applies_when: str | None = None
    missing: Missing | None = None
    flag: Number | None = None
    label: Label


class Indicator(Strict):
    """A node of the tree: either indicators below it, or measures. `weight` (relative to its siblings) may stand in place of `points`."""

    code: IndicatorCode
    name: Label
    points: PerGroup | None = None
    weight: PerGroup | None = None
    kind: Literal["part", "bonus", "deduction"] = "part"
    opens_at: Total | None = None
    aggregate: Aggregate = Mean()
    normalise: Normalise | None = None
    direction: Literal["higher_is_better", "lower_is_better"] = "higher_is_better"
    shown: str | None = None
    missing: MissingIndicator = MissingIndicator(policy="reweight")
    indicators: list[Indicator] = []
    measures: list[Measure] = []


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
    scale: Annotated[Total, Field(gt=0)]
    decimals: Annotated[Whole, Field(ge=0, le=9)] | None = None
    round: Round
    rank_on: Literal["rounded", "exact"] = "rounded"
    rank: Ranking = Ranking()
    tiers: list[Tier] = []
    not_applicable: Literal["reweight", "spread"] = "reweight"
    missing: Missing = Missing(policy="zero")
    screen: Screen | None = None
    impute: Impute | None = None
    treat: Treat | None = None
    weights: ReferenceFile | None = None
    norms: ReferenceFile | None = None
    flags: Flags | None = None
    coverage: Coverage | None = None
    judged: Judged | None = None
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
