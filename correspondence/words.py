"""The words of receipts: what became of a delivery, why a cell does not count, how a value was understood."""

from __future__ import annotations

from correspondence.book import Said

SOURCES = {
    "self_assessment": Said("自评", "Self-assessment"),
    "third_party": Said("第三方测评", "Third-party tests"),
    "provincial": Said("省级考评数据", "Provincial data"),
    "opinion": Said("舆情", "Opinion feeds"),
    "expert_review": Said("专家评审", "Expert review"),
    "correction": Said("更正", "Corrections and decisions"),
    "unknown": Said("来源不明", "No source's folder"),
}
STANDINGS = {
    "counts": Said("全部计入", "All of it counts"),
    "counts_in_part": Said("部分计入", "Part of it counts"),
    "superseded": Said("已被更晚的报送取代", "Replaced by a later delivery"),
    "nothing_counts": Said("收到，但没有一项计入", "Taken, but nothing of it counts"),
    "rejected": Said("整份退回", "Rejected as a whole"),
    "duplicate": Said("与另一份内容完全相同，未重复计入", "The same bytes as another file; counted once"),
    "withdrawn": Said("已由主管单位撤回", "Withdrawn by the office"),
}
BECAUSE = {
    "superseded": Said("已被更晚的报送取代", "replaced by a later delivery"),
    "conflict": Said("同一时间有内容不同的两份，均暂不计入", "two of one moment differ, so neither counts"),
    "duplicate": Said("与另一条相同，只计一次", "the same as another, counted once"),
    "withdrawn": Said("已由主管单位撤回", "withdrawn by the office"),
    "recused": Said("按回避规则不计入", "left out by the rule of recusal"),
    "no_place": Said("不知属于哪个地区", "nobody knows of which place it is"),
    "names_nothing": Said("所指事项不存在", "names nothing that counts"),
    "incomplete": Said("同一条记录中有内容被退回", "another cell of the record was rejected"),
    "late": Said("截止日期后的新版本，须经更正程序才计入", "a new version after the deadline counts only by a correction"),
    "contests_other": Said("所争议的数值与计入的数值不符", "contests a value that is not the one that counts"),
}
NOTES = {
    "cached_formula": Said("取公式的计算结果", "the formula's result"),
    "hidden": Said("位于隐藏的行、列或工作表", "in a hidden row, column or sheet"),
    "percent_of_format": Said("按单元格的百分比格式理解", "read by the cell's percent format"),
    "converted_unit": Said("已按所填单位换算", "converted from the unit given"),
    "unit_in_value": Said("去掉了数值中的单位", "the unit in the value was taken off"),
    "percent_of_column": Said("同列有大于1的数，按百分数理解", "read as a percentage, as its column is"),
    "share_of_column": Said("整列都不大于1，按比例换算为百分数", "read as a share by its column, times 100"),
    "day_number": Said("由日期序号还原为日期", "a day, from the number that its cell had become"),
    "merged": Said("取自合并单元格", "from a merged cell"),
}


def standing(code: str) -> Said:
    """What became of a delivery."""
    return STANDINGS.get(code, Said(code, ""))


def because(code: str | None) -> str:
    """Why a cell does not count, in both languages; of one that counts nothing."""
    return str(BECAUSE.get(code, Said(code.replace("_", " "), ""))) if code else ""


def notes(codes: str | None) -> str:
    """How a value was understood, in both languages; where it stands as it was written, nothing."""
    return "；".join(str(NOTES.get(code, Said(code.replace("_", " "), ""))) for code in (codes or "").split())


def source(code: str) -> Said:
    """A source's name."""
    return SOURCES.get(code, Said(code, ""))
