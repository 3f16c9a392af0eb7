"""What a framework says of deliveries: datasets, their columns, the tests that confirm, and how opinion items become events."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from frameworks.parts import Code, Flag, Label, MaybeTexts, Number, Strict, Text, Texts, ValueType, Whole


class Column(Strict):
    """How one field is found and read: the header's synonyms, its type, and what a value may be."""

    headers: Texts
    type: ValueType | None = None
    values: dict[Code, Texts] = {}
    minimum: Number | None = None
    maximum: Number | None = None
    within: Literal["period"] | None = None
    required: Flag = False
    names: Literal["indicator"] | None = None
    personal: Flag = False


def _headers_alone(value: Any) -> Any:
    return {"headers": value} if isinstance(value, (str, list)) else value


class Recuse(Strict):
    """The field that names an expert's employer: one who comes from the entity or its city is left out and listed."""

    employer: Code


class Dataset(Strict):
    """One kind of delivered file.

    `layout`: `form` (a workbook a place, a row an input), `places` (a row a place, a column an input), `records` (a row a test, event or
    score), `items` (opinion items). `required`: `once` (at least one file), `each_entity` (one an entity), absent (may be missing).
    """

    dataset: Code
    label: Label | None = None
    files: Texts
    layout: Literal["form", "places", "records", "items"] = "places"
    required: Literal["once", "each_entity"] | None = None
    kind: Literal["correction", "decision", "waiver", "falsified", "withdraw", "appeal"] | None = None
    entity: MaybeTexts = []
    time: MaybeTexts = []
    place: MaybeTexts = []
    year: MaybeTexts = []
    key: list[Code] = []
    latest_by: Code | None = None
    columns: dict[Code, Annotated[Column, BeforeValidator(_headers_alone, json_schema_input_type=Column | Texts)]]
    missing_codes: list[Text] = []
    recuse: Recuse | None = None


class Confirmation(Strict):
    """Where the third party's tests of self-reported items lie, what each outcome is worth, and how many may be refuted.

    `refuted_share_at_most`: a place of which a greater share of tests is worth nothing is flagged, and named by gate `scores`.
    """

    dataset: Code
    indicator: Code
    outcome: Code
    values: dict[Code, Annotated[Number, Field(ge=0, le=1)]]
    refuted_share_at_most: Annotated[Number, Field(ge=0, le=1)] | None = None


class OpinionCategory(Strict):
    """A kind of negative event: the words that show it and the severity (1–4) that it starts from."""

    code: Code
    severity: Annotated[Whole, Field(ge=1, le=4)]
    label: Label
    words: Texts


class Severity(Strict):
    """Points deducted at each severity; `raise_at`: distinct outlets of a media tier from which severity rises by one."""

    deduction: dict[int, Annotated[Number, Field(ge=0)]]
    raise_at: dict[Code, Annotated[Whole, Field(ge=1)]] = {}
    at_most: Annotated[Whole, Field(ge=1)] = 4


class Opinion(Strict):
    """How opinion items become negative events, and what an event costs."""

    window_hours: Annotated[Number, Field(gt=0)]
    answer_hours: Annotated[Number, Field(gt=0)]
    answered_factor: Annotated[Number, Field(ge=0, le=1)]
    unfounded_factor: Annotated[Number, Field(ge=0, le=1)]
    severity: Severity
    bodies: Texts
    stop_phrases: list[Text] = []
    categories: list[OpinionCategory] = Field(min_length=1)
