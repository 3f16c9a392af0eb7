"""The classes of `profiles.yaml`: what the made-up figures depend on, how the files look, and how dirty they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parent


class Row(BaseModel):
    """Refuses unknown keys; immutable once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _text_keys(value: Any) -> Any:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else value


ByCode = BeforeValidator(_text_keys)


class PlaceProfile(Row):
    """Sizes of places, and how much of what they are they keep from edition to edition."""

    year: int
    residents: Annotated[dict[str, float], ByCode]
    residents_elsewhere: float
    growth: float
    share_spread: float
    persistence: float
    with_city: float
    stability: float


# --- quantities ---------------------------------------------------------------------------------------------------------


class CountOf(Row):
    """per × base × exp(spread·z + quality·q); the base is the residents in 10,000 or another input."""

    kind: Literal["count"]
    per: float
    base: str | None = None
    spread: float = 0
    quality: float = 0
    absent: float = 0
    minimum: float = 0
    decimals: int = 0


class PartOf(Row):
    """A part of another input, its rate moved on the logit scale."""

    kind: Literal["part"]
    of: str
    rate: float
    quality: float = 0
    spread: float = 0
    decimals: int = 0


class Level(Row):
    """mean + sd × a standard normal number that has `quality` as its correlation with the place's quality."""

    kind: Literal["level"]
    mean: float
    sd: float
    quality: float = 0
    decimals: int = 0


class Grades(Row):
    """A code, from best to worst with their shares."""

    kind: Literal["category"]
    shares: dict[str, float]
    quality: float = 0


class Residents(Row):
    """The place's residents in 10,000."""

    kind: Literal["residents"]


Quantity = Annotated[CountOf | PartOf | Level | Grades | Residents, Field(discriminator="kind")]


# --- fields of records -----------------------------------------------------------------------------------------------------


class Serial(Row):
    """A number that no other record of the dataset has."""

    kind: Literal["serial"]
    prefix: str


class Each(Row):
    """The value of `for_each` that the row is made for."""

    kind: Literal["each"]


class Cycle(Row):
    """The texts one after the other, from the first again for each place."""

    kind: Literal["cycle"]
    values: list[str]


class Named(Row):
    """A name out of the list that another field's value picks, after the place's."""

    kind: Literal["named"]
    by: str
    names: dict[str, list[str]]


class CaseNumber(Row):
    """The number of a court's case."""

    kind: Literal["case_number"]


class Day(Row):
    """A day of the period, from a share of it to a share of it (below 0: before it began)."""

    kind: Literal["day"]
    from_: float = Field(alias="from", default=0)
    to: float = 1
    working: bool = False


class Moment(Row):
    """A moment in office hours, by shares of the period (above 1: after its end)."""

    kind: Literal["moment"]
    from_: float = Field(alias="from", default=0)
    to: float = 1


class Later(Row):
    """So many days after another field: lognormal about `median`, which another field's value may pick."""

    kind: Literal["later"]
    after: str
    median: float | dict[str, float]
    by: str | None = None
    quality: float = 0
    spread: float = 0
    place_spread: float = 0
    absent: float = 0
    only_if: str | None = None
    count: Literal["workdays", "days"] = "workdays"


class Chance(Row):
    """Yes or no."""

    kind: Literal["chance"]
    rate: float
    quality: float = 0
    spread: float = 0


class Choice(Row):
    """A code, from best to worst with their shares; the first one's share is moved on the logit scale."""

    kind: Literal["choice"]
    shares: dict[str, float]
    quality: float = 0
    spread: float = 0


class WholeNumber(Row):
    """A whole number, in a share of the rows; else nothing."""

    kind: Literal["whole"]
    from_: int = Field(alias="from")
    to: int
    rate: float = 1


class Mark(Row):
    """A score: the place's mean, the author's leaning and the row's own chance, within the column's minimum and maximum."""

    kind: Literal["score"]
    mean: float
    sd: float
    place_sd: float = 0
    author_sd: float = 0
    quality: float = 0
    decimals: int = 0


class OfAuthor(Row):
    """The author's name or employer."""

    kind: Literal["author"]
    of: Literal["name", "employer"]


FieldProfile = Annotated[
    Serial | Each | Cycle | Named | CaseNumber | Day | Moment | Later | Chance | Choice | WholeNumber | Mark | OfAuthor,
    Field(discriminator="kind"),
]


class HowMany(Row):
    """Rows a place: a number, or a Poisson number that depends on quality; times the values of `for_each`.

    `few`: a share of all that has only `few_each` rows, where a tester came too late or found nobody.
    """

    each: int | None = None
    few: float = 0
    few_each: int = 0
    mean: float = 0
    quality: float = 0
    for_each: list[str] | Literal["verified"] | None = None


class Records(Row):
    """One dataset of records."""

    authors: Literal["testers", "experts"] | None = None
    rows: HowMany
    fields: dict[str, FieldProfile]


# --- files -------------------------------------------------------------------------------------------------------------


class FileStyle(Row):
    """How a file is written."""

    format: Literal["csv", "xlsx"]
    encoding: Literal["utf-8", "utf-8-sig", "gb18030"] = "utf-8"
    delimiter: Literal[",", ";"] = ","
    dates: str = "%Y-%m-%d"


class Author(FileStyle):
    """One who hands in records; `again`: so many of them once more, some days later."""

    name: str
    employer: str = ""
    again: int = 0


class TableStyle(FileStyle):
    """How one department's table looks."""

    sender: str
    file: str
    title: str = ""
    names: Literal["full", "with_city", "short", "code", "spaced"] = "full"
    order: Literal["together", "cities_first", "split"] = "together"
    headers: int = 0
    numbers: Literal["plain", "thousands", "full_width"] = "plain"
    totals: dict[str, list[int]] = {}
    is_numbered: bool = False
    has_old_names: bool = False
    notes: list[str] = []
    day: int = 20


class TemplateProfile(Row):
    """The issued form: how units are written in it, what is given as evidence, when it comes back."""

    units: dict[str, str]
    evidence: list[str]
    days: tuple[int, int]


class OpinionProfile(Row):
    """Sizes of the opinion feed and of the events in it."""

    items: int
    csv_share: float
    csv_day: int
    events_mean: float
    events_quality: float
    events_residents: float
    events_at_most: int
    reposts_mean: float
    severity_shares: dict[int, float]
    tiers: dict[str, float]
    about_place: float
    private: float
    traps: float
    repost_of_noise: float
    decided: float
    decisions: dict[str, float]
    answered_in_time: float


class Dirt(Row):
    """Rates and numbers of the everyday dirt."""

    blank: float
    dash: float
    about: float
    thousands_text: float
    full_width: float
    number_as_text: float
    header_synonym: float
    newer_version: int
    sent_twice: int
    unreadable: int
    duplicate_row: float
    outside_period: float
    unknown_place: float
    ambiguous_place: float
    corrections: int


class Profile(Row):
    """All of `profiles.yaml`."""

    places: PlaceProfile
    quantities: dict[str, Quantity]
    records: dict[str, Records]
    authors: dict[Literal["testers", "experts"], list[Author]]
    template: TemplateProfile
    tables: dict[str, TableStyle]
    opinion: OpinionProfile
    dirt: Dirt


def _read(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def load_profile() -> Profile:
    """The project's profile."""
    return Profile.model_validate(_read("profiles.yaml"))


class Texts(Row):
    """All of `opinion_texts.yaml`: the words that made-up news is put together from."""

    outlets: dict[str, list[str]]
    bodies: list[str]
    events: dict[str, list[str]]
    any_event: list[str]
    follow_ups: list[str]
    details: list[str]
    about_place: list[str]
    private: list[str]
    traps: list[str]
    elsewhere: list[str]
    places_elsewhere: list[str]
    subjects: list[str]
    sentences: list[str]


@cache
def load_texts() -> Texts:
    """The words of the made-up news."""
    return Texts.model_validate(_read("opinion_texts.yaml"))
