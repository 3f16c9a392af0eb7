"""The opinion feed: made-up news of a year, most of it about nothing, with reposts, traps and the negative events of the places."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from examples.draws import by_share, poisson
from examples.places import Country, Place
from examples.profile import OpinionProfile, Texts
from frameworks.model import Opinion, Period

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"


@dataclass(frozen=True)
class Item:
    """One item of the feed, its fields by the framework's codes."""

    item_id: str
    title: str
    body: str
    url: str
    site_name: str
    media_tier: str
    published_at: datetime
    sentiment: str
    heat: float


@dataclass(frozen=True)
class Event:
    """A negative event that was made: where, of which category, and its first item."""

    place: Place
    category: str
    first_at: datetime
    item_id: str


@dataclass(frozen=True)
class _Draft:
    """An item before it has its number."""

    title: str
    body: str
    at: datetime
    tier: str
    sentiment: str
    event: int = -1


@dataclass(frozen=True)
class _Made:
    place: Place
    category: str


class Newsroom:
    """Writes the items of an edition."""

    def __init__(self, country: Country, period: Period, settings: Opinion, profile: OpinionProfile, texts: Texts) -> None:
        self.country = country
        self.period = period
        self.settings = settings
        self.profile = profile
        self.texts = texts
        self.events: list[_Made] = []

    def write(self) -> tuple[list[Item], list[Event]]:
        """All items in the order of time, and the events among them."""
        drafts = list(self._all_events())
        drafts += self._noise(self.profile.items - len(drafts))
        drafts.sort(key=lambda draft: (draft.at, draft.title, draft.tier, draft.body))
        stream = self.country.draws.stream("items", self.country.edition)
        items = [self._item(draft, number, stream) for number, draft in enumerate(drafts, 1)]
        first = {draft.event: item for draft, item in reversed(list(zip(drafts, items, strict=True)))}
        return items, [Event(made.place, made.category, first[n].published_at, first[n].item_id) for n, made in enumerate(self.events)]

    # --- events ---

    def _all_events(self) -> Iterator[_Draft]:
        for place in self.country.places:
            stream = self.country.draws.stream("events", self.country.edition, place.code)
            size = (place.residents / 60) ** self.profile.events_residents
            mean = self.profile.events_mean * size * math.exp(self.profile.events_quality * place.quality)
            for _ in range(min(poisson(stream, mean), self.profile.events_at_most)):
                yield from self._event(place, stream)

    def _event(self, place: Place, stream: Random) -> Iterator[_Draft]:
        severity = int(by_share({str(key): share for key, share in self.profile.severity_shares.items()}, stream.random()))
        category = stream.choice([one for one in self.settings.categories if one.severity == severity] or list(self.settings.categories))
        number = len(self.events)
        self.events.append(_Made(place, category.code))
        slots = {"place": _in_the_news(place, stream), "body": stream.choice(self.texts.bodies), "word": stream.choice(category.words)}
        title = stream.choice(self.texts.events.get(category.code, self.texts.any_event)).format(**slots)
        body = self._body(title, [text.format(**slots) for text in stream.sample(self.texts.details, 4)])
        at = self._moment(stream, days_left=4)
        yield _Draft(title, body, at, self._tier(stream), NEGATIVE, number)
        for _ in range(poisson(stream, self.profile.reposts_mean * stream.expovariate(1))):
            again = stream.choice(self.texts.follow_ups).format(title=title)
            later = at + timedelta(minutes=round(min(stream.expovariate(1 / 900), 4300)) + 1)
            yield _Draft(
                again, body if stream.random() < 0.7 else self._body(again, [body[:120]]), later, self._tier(stream), NEGATIVE, number
            )

    # --- everything else ---

    def _noise(self, wanted: int) -> list[_Draft]:
        stream = self.country.draws.stream("noise", self.country.edition)
        drafts: list[_Draft] = []
        while len(drafts) < wanted:
            if drafts and stream.random() < self.profile.repost_of_noise:
                draft = drafts[stream.randrange(len(drafts))]
                at = min(draft.at + timedelta(minutes=stream.randrange(30, 4000)), self._end())
                drafts.append(_Draft(draft.title, draft.body, at, self._tier(stream), draft.sentiment))
            else:
                drafts.append(self._piece(stream))
        return drafts

    def _piece(self, stream: Random) -> _Draft:
        chance = stream.random()
        place = stream.choice(self.country.places)
        slots = {
            "place": _in_the_news(place, stream),
            "body": stream.choice(self.texts.bodies),
            "elsewhere": stream.choice(self.texts.places_elsewhere),
            "subject": stream.choice(self.texts.subjects),
        }
        profile, texts = self.profile, self.texts
        if chance < profile.about_place:
            pool, feeling = texts.about_place, POSITIVE if stream.random() < 0.6 else NEUTRAL
        elif chance < profile.about_place + profile.private:
            pool, feeling = texts.private, NEGATIVE
        elif chance < profile.about_place + profile.private + profile.traps:
            pool, feeling = texts.traps, stream.choice((NEGATIVE, NEUTRAL))
        else:
            pool, feeling = texts.elsewhere, by_share({NEUTRAL: 0.66, POSITIVE: 0.28, NEGATIVE: 0.06}, stream.random())
        title = stream.choice(pool).format(**slots)
        return _Draft(title, self._body(title, stream.sample(texts.sentences, 5)), self._moment(stream), self._tier(stream), feeling)

    # --- parts of an item ---

    def _body(self, title: str, sentences: list[str]) -> str:
        return f"{title}。{''.join(sentences)}"

    def _end(self) -> datetime:
        return datetime.combine(self.period.to, time(23, 59))

    def _moment(self, stream: Random, days_left: int = 0) -> datetime:
        """A moment of the period, in the day rather than at night, so many days before its end."""
        days = (self.period.to - self.period.from_).days - days_left
        day = self.period.from_ + timedelta(days=stream.randrange(days + 1))
        return datetime.combine(day, time(min(23, round(stream.triangular(0, 23, 11))), stream.randrange(60), stream.randrange(60)))

    def _tier(self, stream: Random) -> str:
        return by_share(self.profile.tiers, stream.random())

    def _item(self, draft: _Draft, number: int, stream: Random) -> Item:
        outlets = self.texts.outlets.get(draft.tier, [draft.tier])
        heat = round(min(99.9, 12 * stream.lognormvariate(0, 0.8) + (15 if draft.event >= 0 else 0)), 1)
        return Item(
            item_id=f"n-{self.period.to.year}-{number:06d}",
            title=draft.title,
            body=draft.body,
            url=f"https://example.com/{self.period.to.year}/{number:06d}",
            site_name=outlets[stream.randrange(len(outlets))],
            media_tier=draft.tier,
            published_at=draft.at,
            sentiment=draft.sentiment,
            heat=heat,
        )


def _in_the_news(place: Place, stream: Random) -> str:
    """A place as headlines name it; with its city where the name alone would not do."""
    spellings = [place.full_name]
    if place.is_name_unique and len(place.name) > len("丰县"):
        spellings.append(place.name)
    if place.city is None:
        spellings.append(place.name[:-1])
    return stream.choice(spellings)
