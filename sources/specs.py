"""What the framework says of each field of a dataset, made ready for reading: its headers, its `Spec`, and which fields must be there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from frameworks.layouts import ITEM_NEEDS, KIND_NEEDS, field_type
from frameworks.model import Bands, Column, Count, Dataset, FrameworkFile, Input, Summary, TrimmedMean, ValueType
from sources.text import key
from sources.values import Spec
from sources.words import Words

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Fields:
    """The fields of one dataset: headers by field in the framework's order, specs by field, and those without which nothing can be read."""

    headers: Mapping[str, Sequence[str]]
    specs: Mapping[str, Spec]
    needed: frozenset[str]


def fields_of(dataset: Dataset, framework: FrameworkFile, source: str, words: Words) -> Fields:
    """The fields of a dataset of records or of a table of places; a column whose code is an input takes the input's type and limits."""
    makers = _Makers(framework, words)
    specs = {}
    for code, column in dataset.columns.items():
        entry = framework.inputs.get(code) if dataset.layout == "places" else None
        is_input = entry is not None and entry.source == source
        kind = field_type(framework, dataset, code)
        specs[code] = makers.of_input(code, entry) if entry is not None and is_input else makers.of_column(code, column, kind)
    headers = {code: column.headers for code, column in dataset.columns.items()}
    return Fields(headers, specs, frozenset(_needed(dataset, framework, source)))


def inputs_of(framework: FrameworkFile, source: str, words: Words) -> dict[str, Spec]:
    """The spec of each input that a form of this source asks for: those that are delivered as one value a place."""
    makers = _Makers(framework, words)
    asked = {code: entry for code, entry in framework.inputs.items() if entry.source == source and entry.aggregate is None}
    return {code: replace(makers.of_input(code, entry), bare="ask") for code, entry in asked.items()}


def correcting(code: str, framework: FrameworkFile, words: Words) -> dict[str, Spec]:
    """The specs of the values of a correction or an appeal: those of the input that it names.

    What is contested may lie outside its limits.
    """
    spec = replace(_Makers(framework, words).of_input(code, framework.inputs[code]), bare="ask")
    open_ended = replace(spec, minimum=None, maximum=None)
    return {"value": spec, "claimed_value": spec, "contested_value": open_ended}


@dataclass(frozen=True)
class _Makers:
    framework: FrameworkFile
    words: Words

    def of_input(self, code: str, entry: Input) -> Spec:
        texts: dict[str, Sequence[str]] = {value: [value, *entry.texts.get(value, [])] for value in entry.values or entry.texts}
        texts = self._booleans(texts) if entry.type == "boolean" else texts
        return Spec(
            code=code,
            label=entry.label.zh,
            type=entry.type,
            zone=ZoneInfo(self.framework.time_zone),
            unit=entry.unit,
            categories=_by_text(texts),
            expected=_expected(texts),
            scores=entry.values if entry.type == "category" else None,
            minimum=entry.minimum,
            maximum=entry.maximum if isinstance(entry.maximum, int | float) else None,
            maximum_input=entry.maximum if isinstance(entry.maximum, str) else None,
        )

    def of_column(self, code: str, column: Column, kind: ValueType) -> Spec:
        texts: dict[str, Sequence[str]] = {value: [value, *synonyms] for value, synonyms in column.values.items()}
        texts = self._booleans(texts) if kind == "boolean" else texts
        period = self.framework.period
        return Spec(
            code=code,
            label=column.headers[0],
            type=kind,
            zone=ZoneInfo(self.framework.time_zone),
            categories=_by_text(texts) if kind in ("boolean", "category") else {},
            expected=_expected(texts),
            minimum=column.minimum,
            maximum=column.maximum,
            period=(period.from_, period.to) if column.within == "period" else None,
            is_personal=column.personal,
        )

    def _booleans(self, texts: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        return {value: texts.get(value) or [value, *self.words.of(value)] for value in ("true", "false")}


def _by_text(texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key(text): code for code, synonyms in texts.items() for text in synonyms}


def _expected(texts: Mapping[str, Sequence[str]]) -> str:
    """The choices as their sender writes them: each code's first word that is not the code itself."""
    return "、".join(next((text for text in synonyms if text != code), code) for code, synonyms in texts.items())


def _needed(dataset: Dataset, framework: FrameworkFile, source: str) -> set[str]:
    """The fields from which something is computed, so that a table without one of them would give wrong results in silence."""
    if dataset.layout == "items":
        return set(ITEM_NEEDS) & set(dataset.columns)
    if dataset.layout != "records":
        return set()
    names = {*dataset.key, *KIND_NEEDS.get(dataset.kind or "", ()), *([dataset.latest_by] if dataset.latest_by else [])}
    names |= {dataset.recuse.employer} if dataset.recuse else set()
    names |= {code for code, column in dataset.columns.items() if column.within or column.required}
    confirmation = framework.confirmation
    if confirmation and confirmation.dataset == dataset.dataset:
        names |= {confirmation.indicator, confirmation.outcome}
    for entry in framework.inputs.values():
        if entry.source == source and entry.dataset == dataset.dataset:
            names |= {name for text in _expressions(entry) for name in _NAME.findall(text)}
    return names & set(dataset.columns)


def _expressions(entry: Input) -> Iterable[str]:
    match entry.aggregate:
        case Count(where=where):
            yield where or ""
        case Summary(of=Bands() as bands, where=where):
            yield from (bands.bands, bands.by or "", where or "")
        case Summary(of=str() as of, where=where) | TrimmedMean(of=of, where=where):
            yield from (of, where or "")
        case _:
            return
