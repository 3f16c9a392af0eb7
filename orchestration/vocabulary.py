"""Words that stand on many pages of the UI: owners, the sources' names and the gates' in both languages."""

from __future__ import annotations

import re

import dagster as dg

from storage import Gate

OWNERS = ["team:evaluation"]

# Of a release, among the labels on its page.
RELEASE_LABEL, STATE_LABEL = "release 发布批次", "state 状态"

SOURCE_LABELS = {
    "self_assessment": "Self-assessment 自评",
    "third_party": "Third-party tests 第三方测评",
    "provincial": "Provincial data 省级考评数据",
    "opinion": "Opinion feeds 舆情",
    "expert_review": "Expert review 专家评审",
    "correction": "Corrections, decisions and waivers 更正",
}

GATE_GROUPS: dict[Gate, str] = {"intake": "gate_1_intake", "scores": "gate_2_scores", "ranking": "gate_3_ranking"}

GATE_QUESTIONS: dict[Gate, str] = {
    "intake": "GATE 1 门禁一: is what came complete and sane? 报送是否齐全、合理。",
    "scores": "GATE 2 门禁二: may these scores be ranked? 得分可否排名。",
    "ranking": "GATE 3 门禁三: may this ranking be published? 排名可否发布。",
}


def english(label: str) -> str:
    """The English half of a label, for a line on the terminal that holds many."""
    return re.split(r" (?=[^\x00-\x7f])", label, maxsplit=1)[0]


def gate_key(gate: Gate) -> dg.AssetKey:
    """The asset that a gate is."""
    return dg.AssetKey(["gate", gate])
