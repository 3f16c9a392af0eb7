"""The figures of a place: one value an input that is delivered as such, made by the rows of `quantities`."""

from __future__ import annotations

import math

from examples.draws import STANDARD_NORMAL, by_share, logistic
from examples.places import Country, Place
from examples.profile import CountOf, Grades, Level, PartOf, Quantity, Residents
from frameworks import Framework
from frameworks.model import Input

Figure = float | int | str


class NotDescribed(Exception):
    """The framework asks for something that `examples/profiles.yaml` has no row for; the message says for what."""


class Figures:
    """The true figures of all places, made when they are asked for."""

    def __init__(self, framework: Framework, quantities: dict[str, Quantity], country: Country) -> None:
        self.inputs = framework.file.inputs
        self.quantities = quantities
        self.country = country
        self.made: dict[tuple[str, str], Figure] = {}

    def of(self, place: Place, code: str) -> Figure:
        """The place's value of an input: a number in the input's unit, or a category's code."""
        key = (place.code, code)
        if key not in self.made:
            self.made[key] = self._make(place, code)
        return self.made[key]

    def number(self, place: Place, code: str) -> float:
        """The same, of an input that is a number."""
        figure = self.of(place, code)
        if isinstance(figure, str):
            raise NotDescribed(f"examples/profiles.yaml quantities: {code} is a category; no other quantity can be made from it.")
        return figure

    def _make(self, place: Place, code: str) -> Figure:
        quantity = self.quantities.get(code)
        if quantity is None:
            raise NotDescribed(f"examples/profiles.yaml quantities: there is no row for the input {code}; add one.")
        z = self.country.particular(place, "quantity", code)
        match quantity:
            case CountOf():
                return self._count(place, code, quantity, z)
            case PartOf():
                return self._part(place, code, quantity, z)
            case Level():
                return _within(
                    self.inputs.get(code), quantity.mean + quantity.sd * _mixed(quantity.quality, place.quality, z), quantity.decimals
                )
            case Grades():
                return by_share(quantity.shares, STANDARD_NORMAL.cdf(-_mixed(quantity.quality, place.quality, z)))
            case Residents():
                return place.residents

    def _count(self, place: Place, code: str, quantity: CountOf, z: float) -> Figure:
        if quantity.absent and self.country.draws.uniform("absent", code, place.roots[0]) < quantity.absent:
            return 0
        base = self.number(place, quantity.base) if quantity.base else place.residents
        value = quantity.per * base * math.exp(quantity.spread * z + quantity.quality * place.quality)
        return _rounded(max(value, quantity.minimum if base else 0), quantity.decimals)

    def _part(self, place: Place, code: str, quantity: PartOf, z: float) -> Figure:
        base = self.number(place, quantity.of)
        value = base * logistic(quantity.rate, quantity.quality * place.quality + quantity.spread * z)
        if quantity.decimals:
            return _rounded(value, quantity.decimals)
        return math.floor(value + self.country.draws.uniform("rounding", code, place.code, self.country.edition))


def _mixed(correlation: float, quality: float, z: float) -> float:
    return correlation * quality + math.sqrt(1 - correlation**2) * z


def _rounded(value: float, decimals: int) -> float | int:
    return round(value, decimals) if decimals else round(value)


def _within(spec: Input | None, value: float, decimals: int) -> float | int:
    if spec and spec.minimum is not None:
        value = max(value, spec.minimum)
    if spec and isinstance(spec.maximum, (int, float)):
        value = min(value, spec.maximum)
    return _rounded(value, decimals)
