"""The methods that a framework may name: imputing, treating, normalising, aggregating. A class each, with the parameters that it takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from frameworks.parts import Flag, Number, SetCode, Strict, Text, UpTo, Whole

Decimals = Annotated[Whole, Field(ge=0, le=9)]
Range = Annotated[list[Number], Field(min_length=2, max_length=2)]
Ties = Literal["lowest", "average", "highest"]
Score = Annotated[Number, Field(ge=0, le=1)]


def _none_alone(value: Any) -> Any:
    return {"method": "none"} if value == "none" else value


# --- missing values -----------------------------------------------------------------------------------------------------


class Missing(Strict):
    """What a missing normalised value of a measure becomes."""

    policy: Literal["zero", "group_median", "reweight", "spread", "block"]


class MissingIndicator(Strict):
    """What an indicator's parent does where the indicator is missing."""

    policy: Literal["reweight", "spread", "zero", "block"]


class ImputeAlone(Strict):
    """A missing value stays missing (`none`), is 0, or blocks the entity (`block`); or it is taken from the previous edition."""

    method: Literal["none", "zero", "block", "previous"]


class ImputeValue(Strict):
    """A missing value is `value`, in the measure's unit."""

    method: Literal["value"]
    value: Number


class ImputeStatistic(Strict):
    """A missing value is the mean or median of the delivered ones of the set."""

    method: Literal["mean", "median"]
    within: SetCode = "group"


class ImputeSiblings(Strict):
    """A missing value is at the place in its set (0–1) at which the entity's other measures of the indicator are on average."""

    method: Literal["siblings_mean", "siblings_median"]
    within: SetCode = "group"


class ImputeLatest(Strict):
    """A missing value is the unit's last delivered one, at most `at_most` times earlier."""

    method: Literal["latest"]
    at_most: Annotated[Whole, Field(ge=1)] | None = None


class ImputePanel(Strict):
    """A missing value lies on the straight line between its neighbours in time (`linear`), or is the one before (`constant`)."""

    method: Literal["linear", "constant"]


_Impute = Annotated[
    ImputeAlone | ImputeValue | ImputeStatistic | ImputeSiblings | ImputeLatest | ImputePanel, Field(discriminator="method")
]
Impute = Annotated[_Impute, BeforeValidator(_none_alone, json_schema_input_type=_Impute | Literal["none"])]


# --- outliers -----------------------------------------------------------------------------------------------------------


class LogForm(Strict):
    """What is done where the first treatment did not suffice: a logarithm or a power, over the set."""

    method: Literal["log", "log_plus", "log_shifted", "log_gii"]


class PowerForm(Strict):
    """Box-Cox of the value moved to begin at 1: (x^power − 1) ÷ power, the logarithm where `power` is 0."""

    method: Literal["box_cox"]
    power: Number


Form = Annotated[LogForm | PowerForm, Field(discriminator="method")]


class NoTreating(Strict):
    """Outliers stay as they are."""

    method: Literal["none"]


class _Treatment(Strict):
    skewness: Annotated[Number, Field(gt=0)] = 2
    kurtosis: Number = 3.5
    within: SetCode = "group"
    otherwise: Form | None = None
    combine: Flag = False


class Winsorise(_Treatment):
    """Within the set: while |skewness| ≥ `skewness` and kurtosis ≥ `kurtosis`, pull in the outermost points, at most `at_most`."""

    method: Literal["winsorise"]
    at_most: Annotated[Whole, Field(ge=1)] | None = 5


class TreatLog(_Treatment):
    """A logarithm of the whole set where it is as skewed as that."""

    method: Literal["log", "log_plus", "log_shifted", "log_gii"]


class TreatPower(_Treatment):
    """Box-Cox of the whole set where it is as skewed as that."""

    method: Literal["box_cox"]
    power: Number


_Treat = Annotated[Winsorise | TreatLog | TreatPower | NoTreating, Field(discriminator="method")]
Treat = Annotated[_Treat, BeforeValidator(_none_alone, json_schema_input_type=_Treat | Literal["none"])]


# --- normalising --------------------------------------------------------------------------------------------------------


class _Normaliser(Strict):
    decimals: Decimals | None = None


class _Compared(_Normaliser):
    within: SetCode = "group"


class Goalposts(_Normaliser):
    """Share of the way from `worst` (0) to `best` (1), clipped to 0–1 unless `cap` is false; on the logarithm where `scale` is `ln`."""

    method: Literal["goalposts"]
    worst: Number
    best: Number
    scale: Literal["linear", "ln"] = "linear"
    cap: Flag = True
    range: Range = [0, 1]


class MinMax(_Compared):
    """(x − lowest) ÷ (highest − lowest) in the set."""

    method: Literal["min_max"]
    range: Range = [0, 1]


class ZScore(_Compared):
    """(x − mean of the set) ÷ its standard deviation, moved to `mean` and `sd`."""

    method: Literal["z_score"]
    mean: Number = 0
    sd: Annotated[Number, Field(gt=0)] = 1
    of: Literal["sample", "population"] = "sample"


class PercentileRank(_Compared):
    """(place − 1) ÷ (n − 1) in the set, worst = 0."""

    method: Literal["percentile_rank"]
    ties: Ties = "lowest"
    range: Range = [0, 1]


class Rank(_Compared):
    """The place in the set, the worst being 1."""

    method: Literal["rank"]
    ties: Ties = "lowest"


class Borda(_Compared):
    """The place in the set less 1: how many are worse."""

    method: Literal["borda"]
    ties: Ties = "lowest"


class DistanceToTarget(_Compared):
    """(x − lowest) ÷ (target − lowest)."""

    method: Literal["distance_to_target"]
    target: Number
    cap: Flag = False


class DistanceToReference(_Compared):
    """(x − lowest) ÷ (the reference entity's x − lowest)."""

    method: Literal["distance_to_reference"]
    entity: Text
    cap: Flag = False


class FractionOfBest(_Compared):
    """value ÷ highest where higher is better, lowest ÷ value where lower is."""

    method: Literal["fraction_of_best"]


class RatioToTarget(_Normaliser):
    """value ÷ target, clipped to 0–1."""

    method: Literal["ratio_to_target"]
    target: Annotated[Number, Field(gt=0)]


class BandScores(_Normaliser):
    """The score of the first upper limit that the value does not pass; `else` above the last."""

    method: Literal["bands"]
    table: dict[UpTo, Score] = Field(min_length=1)
    else_: Score = Field(alias="else", default=0)


class CategoryMap(_Normaliser):
    """The score of each value."""

    method: Literal["category_map"]
    values: dict[UpTo, Score] = Field(min_length=1)


class Deduction(_Normaliser):
    """1 − value ÷ the measure's points (points of its indicator × share), not below `floor`; the value is in points."""

    method: Literal["deduction"]
    floor: Annotated[Number, Field(ge=0, lt=1)] = 0


class Exponential(_Compared):
    """−strength · ln(1 − R(1 − exp(−100 ÷ strength))) ÷ 100, R being place ÷ n in the set."""

    method: Literal["exponential"]
    ties: Ties = "lowest"
    strength: Annotated[Number, Field(gt=0)] = 23
    range: Range = [0, 1]


class NormalScore(_Compared):
    """The normal quantile of (place − offset) ÷ (n + 1 − 2 · offset) in the set."""

    method: Literal["normal_score"]
    ties: Ties = "lowest"
    offset: Annotated[Number, Field(ge=0, lt=1)] = 0


class Formula(_Compared):
    """An expression over x and what its set is like: lowest, highest, mean, sd, median, n, place."""

    method: Literal["formula"]
    of: str


class NoNormalising(_Normaliser):
    """x itself; within 0–1 where it is `bounded`."""

    method: Literal["none"]
    bounded: Flag = True


Normalise = Annotated[
    Goalposts
    | MinMax
    | ZScore
    | PercentileRank
    | Rank
    | Borda
    | DistanceToTarget
    | DistanceToReference
    | FractionOfBest
    | RatioToTarget
    | BandScores
    | CategoryMap
    | Deduction
    | Exponential
    | NormalScore
    | Formula
    | NoNormalising,
    Field(discriminator="method"),
]


# --- aggregating --------------------------------------------------------------------------------------------------------


class _Aggregate(Strict):
    at_least: Annotated[Number, Field(ge=0, le=1)] | None = None


class Mean(_Aggregate):
    """How a node's rate comes from those of its children, weighted by their points."""

    method: Literal["arithmetic", "geometric", "harmonic", "sum", "minimum"] = "arithmetic"


class GeneralisedMean(_Aggregate):
    """(Σ w·r^power ÷ Σ w)^(1 ÷ power)."""

    method: Literal["generalised"]
    power: Number


class Copeland(_Aggregate):
    """How many of the set's other entities it beats, less how many beat it, pair by pair over the children."""

    method: Literal["copeland"]
    within: Literal["group", "all"] = "group"


class MazziottaPareto(_Aggregate):
    """The mean of the children less (or more, by `penalty: positive`) what their unevenness costs."""

    method: Literal["mazziotta_pareto"]
    penalty: Literal["negative", "positive"] = "negative"


Aggregate = Annotated[Mean | GeneralisedMean | Copeland | MazziottaPareto, Field(discriminator="method")]
