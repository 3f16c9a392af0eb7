"""Words that stand on many pages of the UI: owners, and the sources' names in both languages."""

from __future__ import annotations

OWNERS = ["team:evaluation"]

SOURCE_LABELS = {
    "self_assessment": "Self-assessment 自评",
    "third_party": "Third-party tests 第三方测评",
    "provincial": "Provincial data 省级考评数据",
    "opinion": "Opinion feeds 舆情",
    "expert_review": "Expert review 专家评审",
    "correction": "Corrections, decisions and waivers 更正",
}
