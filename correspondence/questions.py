"""What a form asks of a place, from the framework alone: which inputs under which first-level indicator, and what may be answered."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from correspondence.book import Said
from frameworks import Framework
from frameworks.intake_files import UNITS, WORDS, intake_file
from frameworks.layouts import candidates
from frameworks.model import Dataset, Input, Label

_OTHER = Said("其他数据", "Other figures")


@dataclass(frozen=True)
class Question:
    """One input that is asked for, with the nodes of the tree for which it is used."""

    code: str
    spec: Input
    unit: str
    used_in: tuple[str, ...]
    choices: tuple[str, ...]

    @property
    def label(self) -> Label:
        """What it is called."""
        return self.spec.label


@dataclass(frozen=True)
class Part:
    """The questions under one first-level indicator, or under none (`code` empty)."""

    code: str
    name: Said
    questions: tuple[Question, ...]


class Asking:
    """The framework's inputs as questions."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self._units = {row["unit"]: row["word"] for row in reversed(_rows(framework, UNITS)) if row["factor"] == "1"}
        self._words = [(row["kind"], row["word"]) for row in _rows(framework, WORDS)]
        tables = framework.tables()
        self._nodes = {row["indicator_code"]: row for row in tables["indicators"].rows(named=True)}
        indicator_of = dict(tables["measures"].select("measure_code", "indicator_code").iter_rows())
        self._used: dict[str, list[str]] = {}
        for measure, code in tables["measure_inputs"].select("measure_code", "input_code").iter_rows():
            self._used.setdefault(code, []).append(indicator_of[measure])

    def parts(self, dataset: Dataset) -> list[Part]:
        """What the form asks, in the framework's order: what no other dataset delivers, under the first indicator that needs it."""
        under: dict[str, list[Question]] = {}
        for code, spec in self.framework.file.inputs.items():
            if spec.aggregate is None and [found.dataset for found in candidates(self.framework.file, code)] == [dataset]:
                question = self.question(code)
                under.setdefault(self._first_level(question.used_in), []).append(question)
        tree = self.framework.file.indicators
        parts = [Part(node.code, Said(node.name.zh, node.name.en), tuple(under[node.code])) for node in tree if node.code in under]
        return parts + ([Part("", _OTHER, tuple(under[""]))] if "" in under else [])

    def question(self, code: str) -> Question:
        """The question of one input."""
        spec = self.framework.file.inputs[code]
        used = sorted(set(self._used.get(code, [])), key=lambda node: int(self._nodes[node]["position"]))
        choices = self.choices(spec)
        return Question(code, spec, "选项" if choices else self.unit(spec.unit), tuple(used), choices)

    def unit(self, code: str) -> str:
        """A unit's first word in Chinese; where intake knows none, its code with blanks."""
        return self._units.get(code, code.replace("_", " "))

    def choices(self, spec: Input) -> tuple[str, ...]:
        """The words from which the answer is chosen; none for a number."""
        if spec.type == "boolean":
            return tuple(self.spoken(value, spec.texts.get(value, [])) for value in ("true", "false"))
        return tuple(self.spoken(value, spec.texts.get(value, [])) for value in spec.values) if spec.type == "category" else ()

    def spoken(self, value: str, synonyms: Sequence[str]) -> str:
        """A category's or boolean's first word that is not its code."""
        known = [*synonyms, *(word for kind, word in self._words if kind == value and value in ("true", "false"))]
        return next((word for word in known if word != value), value)

    def node(self, code: str) -> Said:
        """An indicator's code and name."""
        return Said(f"{code} {self._nodes[code]['name_zh']}", f"{code} {self._nodes[code]['name_en']}")

    @cached_property
    def measures(self) -> dict[str, Said]:
        """By code what each measure is called, with its unit; none that has an input's code."""
        rows = self.framework.tables()["measures"].select("measure_code", "label_zh", "label_en", "unit").iter_rows()
        return {
            code: Said(f"{code}：{zh}（{self.unit(unit)}）", f"{en} ({unit.replace('_', ' ')})")
            for code, zh, en, unit in rows
            if code not in self.framework.file.inputs
        }

    @property
    def others(self) -> list[str]:
        """The codes of measures and indicators, in the framework's order: what may be appealed against beside inputs."""
        return [*self.measures, *self._nodes]

    @property
    def lowest(self) -> list[str]:
        """The codes of the lowest indicators, in the framework's order."""
        return [code for code, row in self._nodes.items() if row["is_lowest"]]

    def counts(self, question: Question) -> Said:
        """What the figure is to count: what the framework says of it, its day, what it is used for, whether it is tested."""
        spec = question.spec
        parts = [Said(spec.counts.zh.rstrip("。"), spec.counts.en.rstrip("."))] if spec.counts else []
        if spec.as_of:
            parts.append(Said(f"截至{spec.as_of}", f"as of {spec.as_of}"))
        if question.used_in:
            parts.append(Said("用于" + "、".join(self.node(code).zh for code in question.used_in), "for " + ", ".join(question.used_in)))
        if spec.verify:
            parts.append(Said("第三方将抽查核验", "to be tested by a third party"))
        return Said("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))

    def limits(self, question: Question) -> Said:
        """What may be answered."""
        spec = question.spec
        if question.choices:
            return Said("从下拉框选择：" + "、".join(question.choices), "choose from the list")
        zh, en = _bounds(spec)
        if isinstance(spec.maximum, str):
            whole = self.framework.file.inputs[spec.maximum].label
            zh, en = [*zh, f"不大于“{whole.zh}”"], [*en, f"at most “{whole.en}”"]
        kind = ("整数", "whole number") if spec.type == "integer" else ("数字", "number")
        if spec.unit == "percent":
            zh, en = [*zh, "98.5%填98.5"], [*en, "98.5 % is 98.5"]
        return Said("，".join([kind[0], *zh]), ", ".join([kind[1], *en]))

    def _first_level(self, nodes: Sequence[str]) -> str:
        code = nodes[0] if nodes else ""
        while code and self._nodes[code]["parent_code"]:
            code = self._nodes[code]["parent_code"]
        return code


def _bounds(spec: Input) -> tuple[list[str], list[str]]:
    least = None if spec.minimum is None else number_text(spec.minimum)
    most = number_text(spec.maximum) if isinstance(spec.maximum, (int, float)) else None
    if least is not None and most is not None:
        return [f"{least}至{most}"], [f"{least} to {most}"]
    if least is not None:
        return [f"不小于{least}"], [f"at least {least}"]
    return ([f"不大于{most}"], [f"at most {most}"]) if most is not None else ([], [])


def number_text(number: float) -> str:
    """A number as people write it: no exponent, no needless zero."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rows(framework: Framework, name: str) -> list[Mapping[str, str]]:
    return list(csv.DictReader(intake_file(framework.path.parent, name).decode("utf-8-sig").splitlines()))
