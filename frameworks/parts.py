"""What every class of a framework is made of: codes, numbers, days and texts as YAML writes them, labels, periods, and who is evaluated."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9.]{1,64}$")]
ReferenceFile = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$")]
Source = Literal["self_assessment", "third_party", "provincial", "opinion", "expert_review", "correction"]
ValueType = Literal["integer", "number", "boolean", "category", "text", "date", "moment"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Share = Annotated[Number, Field(gt=0, le=1)]
UpTo = Annotated[float, Field(allow_inf_nan=False)]  # a key of a table: YAML's 0.5, which is text by then


def _day_alone(value: Any) -> Any:
    if isinstance(value, (int, float)):  # pydantic would read 2020 as seconds since 1970
        raise ValueError("is no date; write it as 2020-12-31")  # noqa: TRY004 (pydantic takes no TypeError)
    return value


def _as_written(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float, date)) else value


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Day = Annotated[date, BeforeValidator(_day_alone, json_schema_input_type=str)]
Text = Annotated[str, BeforeValidator(_as_written, json_schema_input_type=str | float | bool), StringConstraints(min_length=1)]
MaybeTexts = Annotated[list[Text], BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text])]
Texts = Annotated[list[Text], BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text]), Field(min_length=1)]


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
    """The window in which deliveries are expected."""

    opens: Day
    deadline: Day


class Entities(Strict):
    """Who is evaluated: the registry's rows of `groups` that are valid on `as_of`."""

    registry: ReferenceFile
    aliases: ReferenceFile | None = None
    zones: ReferenceFile | None = None
    as_of: Day
    groups: list[Code] = Field(min_length=1)
    labels: dict[Code, Label] = {}
