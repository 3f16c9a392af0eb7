"""What a framework says of inputs: limits, values, how records become one value a place, how a self-reported value is verified."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from frameworks.parts import Code, Day, IndicatorCode, Label, Number, Source, Strict, Text, Texts, UpTo, Whole, kind_of


class Bands(Strict):
    """A score by bands of a quantity: the first upper limit that it does not pass. `by` picks the table by a field's value."""

    bands: str
    by: Code | None = None
    table: Annotated[
        Annotated[dict[UpTo, Number], Field(min_length=1), Tag("flat")]
        | Annotated[dict[Code, Annotated[dict[UpTo, Number], Field(min_length=1)]], Field(min_length=1), Tag("nested")],
        Discriminator(kind_of),
    ]
    else_: Number = Field(alias="else", default=0)


class Count(Strict):
    """Number of records for which `where` holds."""

    method: Literal["count"]
    where: str | None = None


class Summary(Strict):
    """Sum, mean, minimum or maximum of `of` over the records for which `where` holds."""

    method: Literal["sum", "mean", "minimum", "maximum"]
    of: Annotated[Annotated[str, Tag("text")] | Annotated[Bands, Tag("flat")] | Annotated[Bands, Tag("nested")], Discriminator(kind_of)]
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
    maximum: Annotated[Annotated[Number, Tag("number")] | Annotated[Code, Tag("text")], Discriminator(kind_of)] | None = None
    values: dict[Code, Number] = {}
    texts: dict[Code, Texts] = {}
    aggregate: Aggregation | None = None
    verify: Verify | None = None
    as_of: Day | None = None
    vintage: Text | None = None
    counts: Label | None = None
    label: Label
