"""What every class of a framework is made of: codes, numbers, days and texts as YAML writes them, labels, periods, and who is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9.]{1,64}$")]
NodeCode = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,63}|[A-Z0-9.]{1,64})$")]
SetCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]  # group, all, pooled …, or an attribute of entities
SETS = ("group", "all", "pooled", "group_pooled", "frozen")
ReferenceFile = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$")]
Source = Literal["self_assessment", "third_party", "provincial", "opinion", "expert_review", "correction"]
ValueType = Literal["integer", "number", "boolean", "category", "text", "date", "moment"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Share = Annotated[Number, Field(gt=0, le=1)]
Total = Annotated[Number, Field(gt=-1_000_000_000, lt=1_000_000_000)]  # scores are kept with nine digits before the point
UpTo = Annotated[float, Field(allow_inf_nan=False)]  # a key of a table: YAML's 0.5, which is text by then


def _day_alone(value: Any) -> Any:
    if isinstance(value, (int, float)):  # pydantic would read 2020 as seconds since 1970
        raise ValueError("is no date; write it as 2020-12-31")  # noqa: TRY004 (pydantic takes no TypeError)
    return value


def _as_written(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float, date)) else value


def kind_of(value: Any) -> str:
    """Which branch of a union a value means: by its shape alone, so that a mistake is told of one branch."""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True)
    if isinstance(value, Mapping):
        return "nested" if any(isinstance(item, Mapping) for item in value.values()) else "flat"
    return "text" if isinstance(value, str) else "number"


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Day = Annotated[date, BeforeValidator(_day_alone, json_schema_input_type=str)]
Text = Annotated[str, BeforeValidator(_as_written, json_schema_input_type=str | float | bool), StringConstraints(min_length=1)]
MaybeTexts = Annotated[list[Text], BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text])]
Texts = Annotated[list[Text], BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text]), Field(min_length=1)]


PerGroup = Annotated[
    Annotated[Annotated[Number, Field(gt=0)], Tag("number")]
    | Annotated[dict[Code, Annotated[Number, Field(ge=0)]], Field(min_length=1), Tag("flat")],
    Discriminator(lambda value: "flat" if kind_of(value) in {"flat", "nested"} else "number"),
]  # one number for all groups, or one for each group that the node is part of


class Strict(BaseModel):
    """Refuses unknown keys; immutable once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Label(Strict):
    """A text that users read, in both languages."""

    zh: Text
    en: Text


class Period(Strict):
    """The days that an edition evaluates, both included."""

    from_: Day = Field(alias="from")
    to: Day


class Collection(Strict):
    """The window in which deliveries are expected.

    `late`: whether a new version that was sent after the deadline counts, or the figures can then be changed by a correction alone.
    """

    opens: Day
    deadline: Day
    late: Literal["by_correction", "counts"] = "by_correction"


class Panel(Strict):
    """The times of a panel, whole numbers, both ends included: each entity is evaluated once a time."""

    from_: Annotated[Whole, Field(alias="from", ge=0, le=9999)]
    to: Annotated[Whole, Field(ge=0, le=9999)]

    @property
    def times(self) -> range:
        """Every time of the panel."""
        return range(self.from_, self.to + 1)


class Entities(Strict):
    """Who is evaluated: the registry's rows of `groups` that are valid on `as_of`; in a panel each of them once a time."""

    registry: ReferenceFile
    aliases: ReferenceFile | None = None
    zones: ReferenceFile | None = None
    as_of: Day
    groups: list[Code] = Field(min_length=1)
    labels: dict[Code, Label] = {}
    panel: Panel | None = None
