"""Gate 3 on the ranks that stand beside the ranking: within an attribute, tier or grade, and without what rests on judgement."""

from __future__ import annotations

from expectations.rules import Between, NoRows, NotNull, RowCount, Rule, figure
from expectations.standings import STANDINGS, UNJUDGED, WITHIN
from frameworks.model import Label

_SHOWN = f"concat('总分 ', coalesce({figure('r.total')}, '空'), '，名次 ', coalesce(cast(r.rank as varchar), '空'))"

_NOTHING_JUDGED = (
    "select (select len(coalesce(judged_sources, [])) = 0 from framework.edition)",
    Label(zh="框架没有列出自评或评审来源", en="the framework names no judged sources"),
)

_RANKS_WITHIN_AS_DEFINED = Rule(
    name="ranks_within_as_defined",
    label=Label(zh="同类排名符合规则（不符的名次数）", en="Ranks within an attribute, tier or grade are as defined (ranks that are not)"),
    judged=f"""
        with {STANDINGS}, {WITHIN},
        there as (
            select
                entity_code, attribute, count(*) as n, any_value(group_code) as group_code, any_value(value) as value,
                any_value(rank) as rank
            from warehouse.ranking.fct_rank_within group by entity_code, attribute
        )
        select
            coalesce(w.entity_code, t.entity_code) as entity_code, coalesce(w.attribute, t.attribute) as item,
            case
                when w.entity_code is null then 'unknown'
                when t.n is distinct from 1 or t.group_code <> w.group_code or t.value <> w.value then 'row'
                when t.rank is distinct from w.rank then 'rank'
            end as fault,
            concat(coalesce(t.value, '无'), '，名次 ', coalesce(cast(t.rank as varchar), '空')) as value,
            case fault
                when 'unknown' then '不应有此行' when 'row' then concat('恰有一行，取值 ', w.value)
                when 'rank' then coalesce('名次应为 ' || w.rank, '不应有名次')
            end as expected_zh,
            case fault
                when 'unknown' then 'no such row' when 'row' then concat('exactly one row, of the value ', w.value)
                when 'rank' then coalesce('rank ' || w.rank, 'no rank')
            end as expected_en
        from ranks_within as w full join there as t on t.entity_code = w.entity_code and t.attribute = w.attribute
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 个同类名次与排名不符：{examples}；请重新计算排名。",
        en="{count} ranks within an attribute do not follow from the ranking: {examples}; build the ranking anew.",
    ),
    not_applicable=(
        "select (select count(*) from framework.rank_attributes) = 0",
        Label(zh="框架没有要求同类排名", en="the framework ranks within nothing"),
    ),
)

_UNJUDGED_AS_DEFINED = Rule(
    name="unjudged_as_defined",
    label=Label(
        zh="不计自评与评审数据的总分与名次符合规则（不符的对象数）",
        en="Totals and ranks without judged scores are as defined (entities of which they are not)",
    ),
    judged=f"""
        with {STANDINGS}, {UNJUDGED}
        select
            r.entity_code,
            case
                when cast(r.total_unjudged as decimal(18, 9)) is distinct from w.total then 'total'
                when r.rank_unjudged is distinct from w.rank then 'rank'
            end as fault,
            concat(
                '总分 ', coalesce({figure("r.total_unjudged")}, '空'), '，名次 ', coalesce(cast(r.rank_unjudged as varchar), '空')
            ) as value,
            case fault
                when 'total' then concat('总分应为 ', coalesce({figure("w.total")}, '空'))
                when 'rank' then coalesce('名次应为 ' || w.rank, '不应有名次')
            end as expected_zh,
            case fault
                when 'total' then concat('total ', coalesce({figure("w.total")}, 'none'))
                when 'rank' then coalesce('rank ' || w.rank, 'no rank')
            end as expected_en
        from warehouse.ranking.fct_ranking as r
        left join unjudged as w on w.entity_code = r.entity_code
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象不计自评与评审数据的总分或名次与得分不符：{examples}；请重新计算排名。",
        en="{count} entities have a total or rank without judged scores that does not follow from these: {examples}; "
        "build the ranking anew.",
    ),
    not_applicable=_NOTHING_JUDGED,
)

_JUDGED_SHIFT = Rule(
    name="judged_shift",
    label=Label(
        zh="不计自评与评审数据时名次变动不超过阈值（最大变动，名）", en="Ranks without judged scores move by at most (largest move, ranks)"
    ),
    judged=f"""
        select
            r.entity_code, cast(abs(r.rank - r.rank_unjudged) as double) as moved, {_SHOWN} as value,
            concat('不计自评与评审：名次 ', r.rank_unjudged) as expected_zh,
            concat('rank ', r.rank_unjudged, ' without judged scores') as expected_en
        from warehouse.ranking.fct_ranking as r
        where r.rank is not null and r.rank_unjudged is not null
    """,
    failing="moved > $threshold",
    check=Between("moved", "at_most"),
    guards=(RowCount(), NotNull("moved")),
    measured="select max(moved) from judged.judged_shift",
    fault=Label(
        zh="不计自评与评审数据时 {count} 个对象的名次变动超过 {threshold} 名，最大 {observed} 名：{examples}；请核对其自评与评审数据。",
        en="without judged scores {count} ranks move by more than {threshold}, the largest by {observed}: {examples}; "
        "check what was judged of them.",
    ),
    not_applicable=_NOTHING_JUDGED,
)

RULES: tuple[Rule, ...] = (_RANKS_WITHIN_AS_DEFINED, _UNJUDGED_AS_DEFINED, _JUDGED_SHIFT)
