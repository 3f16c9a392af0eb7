"""GATE 3 ranking: may these be published? Judged on the warehouse's `ranking.fct_ranking`, against `scoring` and the stage's `framework`.

What ranks must be stands in `standings.py`.

`$vetoes` stands for the vetoes that hold, found anew from the inputs: entity_code, veto_code, position, effect, effect_value.
"""

from __future__ import annotations

from expectations import ranking_beside
from expectations.rules import NoRows, NotNull, RowCount, Rule, differ, figure
from expectations.standings import STANDINGS
from frameworks.model import Label

_RANKED_ON = "if(e.rank_on = 'exact', cast(r.total_exact as decimal(18, 9)), cast(r.total as decimal(18, 9)))"
_SHOWN = f"concat('总分 ', coalesce({figure('r.total')}, '空'), '，名次 ', coalesce(cast(r.rank as varchar), '空'))"

_RANKING_NOT_EMPTY = Rule(
    name="ranking_not_empty",
    label=Label(zh="各组均有排名（没有排名的组数）", en="Every group has a ranking (groups without)"),
    judged="""
        select g.group_code as item, count(r.rank) as ranked, '0 个有名次的对象' as value,
            concat(g.label_zh, '至少一个有名次的对象') as expected_zh, concat('one ranked entity at least of ', g.label_en) as expected_en
        from framework.groups as g
        left join framework.entities as e on e.group_code = g.group_code
        left join warehouse.ranking.fct_ranking as r on r.entity_code = e.entity_code
        group by g.group_code, g.label_zh, g.label_en
    """,
    failing="ranked = 0",
    check=NoRows(),
    fault=Label(
        zh="{count} 个组没有任何排名：{examples}；请查看得分与数据完整度。",
        en="{count} groups have no ranking at all: {examples}; look at their scores and coverage.",
    ),
)

_RANKING_COMPLETE = Rule(
    name="ranking_complete",
    label=Label(
        zh="每个对象恰在排名中一次，有名次或有理由（不符的对象数）",
        en="Each entity is in the ranking once, with a rank or a reason (those that are not)",
    ),
    judged=f"""
        with {STANDINGS},
        there as (
            select entity_code, count(*) as n, any_value(group_code) as group_code, any_value(rank) as rank, any_value(state) as state
            from warehouse.ranking.fct_ranking group by entity_code
        )
        select
            coalesce(s.entity_code, t.entity_code) as entity_code,
            format('{{}} 行', coalesce(t.n, 0)) || coalesce('，' || t.state, '') as value,
            case
                when s.entity_code is null then 'unknown'
                when coalesce(t.n, 0) <> 1 then 'once'
                when t.group_code is distinct from s.group_code then 'group'
                when s.is_screened_out and not s.has_failed and t.state is distinct from 'screened_out' then 'screened'
                when s.is_ranked and (t.rank is null or t.state is distinct from 'ranked') then 'ranked'
                when not s.is_ranked and (t.rank is not null or coalesce(t.state, 'ranked') = 'ranked') then 'unranked'
            end as fault,
            case fault
                when 'unknown' then '不属于本年度评价对象' when 'once' then '恰有一行'
                when 'group' then concat('应在组 ', s.group_code)
                when 'screened' then '数据不足，应列为不予评价' when 'ranked' then '应有名次'
                when 'unranked' then '不应有名次，且应说明理由'
            end as expected_zh,
            case fault
                when 'unknown' then 'no entity of this edition' when 'once' then 'exactly one row'
                when 'group' then concat('in group ', s.group_code) when 'screened' then 'screened out, for want of data'
                when 'ranked' then 'a rank' when 'unranked' then 'no rank, and a reason'
            end as expected_en
        from standings as s full join there as t on t.entity_code = s.entity_code
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象在排名中缺失、重复或不应有此状态：{examples}；请重新计算排名。",
        en="{count} entities are lacking, double or of a wrong state in the ranking: {examples}; build the ranking anew.",
    ),
)

_RANKS_AS_DEFINED = Rule(
    name="ranks_as_defined",
    label=Label(
        zh="名次符合规则（1、2、2、4，或按并列规则分先后；不符的对象数）",
        en="Ranks are as defined: 1, 2, 2, 4, or ties set apart as the framework says (entities whose rank is not)",
    ),
    judged=f"""
        with {STANDINGS}
        select
            r.entity_code, r.rank, {_SHOWN} as value,
            case
                when s.is_screened_out and not s.has_failed then if(r.total is not null or r.total_exact is not null, 'total', null)
                when not s.has_failed and cast(r.total as decimal(18, 9)) is distinct from s.total then 'total'
                when not s.has_failed and cast(r.total_exact as decimal(18, 9)) is distinct from s.total_exact then 'exact'
                when r.rank is distinct from k.rank then 'rank'
            end as fault,
            case fault
                when 'total' then concat('总分应为 ', coalesce({figure("s.total")}, '空'))
                when 'exact' then concat('未取整总分应为 ', coalesce({figure("s.total_exact")}, '空'))
                when 'rank' then coalesce('名次应为 ' || k.rank, '不应有名次')
            end as expected_zh,
            case fault
                when 'total' then concat('total ', coalesce({figure("s.total")}, 'none'))
                when 'exact' then concat('exact total ', coalesce({figure("s.total_exact")}, 'none'))
                when 'rank' then coalesce('rank ' || k.rank, 'no rank')
            end as expected_en
        from warehouse.ranking.fct_ranking as r
        left join standings as s on s.entity_code = r.entity_code
        left join ranks as k on k.entity_code = r.entity_code
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象的名次或总分与得分不符：{examples}；请重新计算排名。",
        en="{count} entities have a rank or total that does not follow from the scores: {examples}; build the ranking anew.",
    ),
)

_RANKS_MONOTONE = Rule(
    name="ranks_monotone",
    label=Label(zh="总分优者名次不低（颠倒的对象数）", en="A better total never ranks lower (entities out of order)"),
    judged=f"""
        with ranked as (
            select
                r.entity_code, r.group_code, r.rank, {_RANKED_ON} as ranked_on, {_SHOWN} as value,
                if(e.rank_order = 'lowest_first', -1, 1) * {_RANKED_ON} as goodness, len(coalesce(e.ties_by, [])) > 0 as has_ties_apart
            from warehouse.ranking.fct_ranking as r cross join framework.edition as e
            where r.rank is not null
        )
        select
            entity_code, rank, ranked_on, value,
            lag(rank) over better as rank_before, lag(ranked_on) over better as ranked_on_before, has_ties_apart,
            concat('前一名总分 ', {figure("ranked_on_before")}, '，名次 ', rank_before) as expected_zh,
            concat('the one before has a total of ', {figure("ranked_on_before")}, ' and rank ', rank_before) as expected_en
        from ranked
        window better as (partition by group_code order by goodness desc, rank, entity_code)
    """,
    failing="""
        ranked_on is null
        or (ranked_on <> ranked_on_before and rank <= rank_before)
        or (ranked_on = ranked_on_before and (rank < rank_before or (rank > rank_before and not has_ties_apart)))
    """,
    check=NoRows(),
    guards=(RowCount(), NotNull("rank")),
    fault=Label(
        zh="{count} 个对象的名次与总分的次序不符：{examples}；请重新计算排名。",
        en="{count} entities rank out of the order of their totals: {examples}; build the ranking anew.",
    ),
)

_GRADES_CONSISTENT = Rule(
    name="grades_consistent",
    label=Label(zh="等级与总分和一票否决一致（不一致的对象数）", en="Grades follow from totals and vetoes (those that do not)"),
    judged=f"""
        with capped as (
            select v.entity_code, max(g.position) as position
            from $vetoes as v join framework.grades as g on v.effect = 'cap_grade' and g.grade = v.effect_value group by v.entity_code
        ),
        earned as (
            select r.entity_code, min(g.position) as position
            from warehouse.ranking.fct_ranking as r
            cross join framework.edition as e
            join framework.grades as g on {_RANKED_ON} >= cast(g.at_least as decimal(18, 9))
            group by r.entity_code
        ),
        wanted as (
            select r.entity_code, r.group_code, r.rank, r.grade, {_SHOWN} as value, w.grade as wanted
            from warehouse.ranking.fct_ranking as r
            left join earned as n on n.entity_code = r.entity_code
            left join capped as c on c.entity_code = r.entity_code
            left join framework.grades as w on w.position = if(c.position > n.position, c.position, n.position)
        )
        select
            entity_code, rank, grade, wanted, concat(value, '，等级 ', coalesce(grade, '空')) as value,
            concat('等级应为 ', coalesce(wanted, '空')) as expected_zh, concat('grade ', coalesce(wanted, 'none')) as expected_en
        from wanted
    """,
    failing="grade is distinct from wanted and (rank is not null or grade is not null)",
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象的等级与总分或一票否决不一致：{examples}；请重新计算排名。",
        en="{count} entities have a grade that does not follow from total and vetoes: {examples}; build the ranking anew.",
    ),
    not_applicable=("select (select count(*) from framework.grades) = 0", Label(zh="框架中没有等级", en="the framework has no grades")),
)

_TIERS_CONSISTENT = Rule(
    name="tiers_consistent",
    label=Label(zh="档次与名次或总分一致（不一致的对象数）", en="Tiers follow from ranks or totals (those that do not)"),
    judged=f"""
        with ranked as (
            select r.entity_code, r.rank, {_RANKED_ON} as ranked_on, count(r.rank) over (partition by r.group_code) as ranked
            from warehouse.ranking.fct_ranking as r cross join framework.edition as e
        ),
        earned as (
            select r.entity_code, arg_min(t.tier, t.position) as tier
            from ranked as r
            join framework.tiers as t on case t.kind
                when 'top' then r.rank <= t.value
                when 'share' then r.rank <= ceil(round(t.value * r.ranked, 9))
                when 'at_least' then r.ranked_on >= cast(t.value as decimal(18, 9))
                else true
            end
            where r.rank is not null
            group by r.entity_code
        )
        select
            r.entity_code, r.tier, n.tier as wanted, concat({_SHOWN}, '，档次 ', coalesce(r.tier, '空')) as value,
            concat('档次应为 ', coalesce(wanted, '空')) as expected_zh, concat('tier ', coalesce(wanted, 'none')) as expected_en
        from warehouse.ranking.fct_ranking as r left join earned as n on n.entity_code = r.entity_code
    """,
    failing="tier is distinct from wanted",
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象的档次与名次或总分不一致：{examples}；请重新计算排名。",
        en="{count} entities have a tier that does not follow from rank or total: {examples}; build the ranking anew.",
    ),
    not_applicable=("select (select count(*) from framework.tiers) = 0", Label(zh="框架中没有档次", en="the framework has no tiers")),
)

_VETOES_APPLIED = Rule(
    name="vetoes_applied",
    label=Label(zh="一票否决均已执行（不符的对象数）", en="Vetoes are applied (entities for which they are not)"),
    judged=f"""
        with {STANDINGS}
        select
            r.entity_code, coalesce(nullif(r.vetoes, ''), '无') as value,
            case
                when coalesce(r.vetoes, '') <> coalesce(s.codes, '') then 'codes'
                when s.has_failed and not s.is_screened_out
                    and (r.rank is not null or r.total is not null or r.state is distinct from 'failed') then 'failed'
            end as fault,
            case fault when 'codes' then coalesce(s.codes, '无') when 'failed' then '一票否决：不评分、不排名' end as expected_zh,
            case fault when 'codes' then coalesce(s.codes, 'none') when 'failed' then 'failed: no total, no rank' end as expected_en
        from warehouse.ranking.fct_ranking as r
        left join standings as s on s.entity_code = r.entity_code
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象的一票否决与数据不符：{examples}；请重新计算排名。",
        en="{count} entities bear vetoes other than their figures call for: {examples}; build the ranking anew.",
    ),
    not_applicable=("select (select count(*) from framework.vetoes) = 0", Label(zh="框架中没有一票否决", en="the framework has no vetoes")),
)

_INTERVALS_HOLD_RANK = Rule(
    name="intervals_hold_rank",
    label=Label(zh="名次在其区间之内（不在的对象数）", en="Each rank lies within its interval (those that do not)"),
    judged="""
        select
            entity_code, rank, rank_low, rank_high,
            count(rank) over (partition by group_code) as ranked,
            concat(coalesce(cast(rank as varchar), '空'), '（', rank_low, '–', rank_high, '）') as value,
            '1 ≤ 最优 ≤ 名次 ≤ 最差 ≤ 有名次的对象数' as expected_zh, '1 ≤ best ≤ rank ≤ worst ≤ number of ranked entities' as expected_en
        from warehouse.ranking.fct_ranking
    """,
    failing="""
        (rank is not null and not coalesce(1 <= rank_low and rank_low <= rank and rank <= rank_high and rank_high <= ranked, false))
        or (rank is null and coalesce(rank_low, rank_high) is not null)
    """,
    check=NoRows(),
    fault=Label(
        zh="{count} 个对象的名次不在其区间之内，或没有区间：{examples}；请重新计算名次区间。",
        en="{count} ranks lie outside their intervals, or have none: {examples}; compute the intervals anew.",
    ),
)

# What is published is a copy made after gate 2: it must be what that gate judged.
_SCORES_AS_JUDGED = Rule(
    name="scores_as_judged",
    label=Label(zh="发布的得分即门禁二所检查的得分（不同的得分数）", en="Scores published are those that were judged (scores that differ)"),
    judged=f"""
        select
            coalesce(p.entity_code, s.entity_code) as entity_code, coalesce(p.indicator_code, s.indicator_code) as item,
            (p.entity_code is null) <> (s.entity_code is null)
                or p.score is distinct from s.score or p.score_exact is distinct from s.score_exact
                or p.points is distinct from s.points or p.is_blocked is distinct from s.is_blocked
                or {differ("p.score_rate", "s.rate")} as is_other,
            coalesce({figure("p.score")}, '空') as value,
            concat('得分 ', coalesce({figure("s.score")}, '空'), '，分值 ', coalesce({figure("s.points")}, '空')) as expected_zh,
            concat('score ', coalesce({figure("s.score")}, 'none'), ', points ', coalesce({figure("s.points")}, 'none')) as expected_en
        from warehouse.ranking.fct_indicator_score as p
        full join warehouse.scoring.indicator_scores as s on s.entity_code = p.entity_code and s.indicator_code = p.indicator_code
    """,
    failing="is_other",
    check=NoRows(),
    guards=(RowCount(), NotNull("is_other")),
    fault=Label(
        zh="{count} 项待发布的得分与检查过的得分不同：{examples}；请重新计算排名。",
        en="{count} scores to be published differ from those that were judged: {examples}; build the ranking anew.",
    ),
)

RULES: tuple[Rule, ...] = (
    _RANKING_NOT_EMPTY,
    _RANKING_COMPLETE,
    _RANKS_AS_DEFINED,
    _RANKS_MONOTONE,
    _GRADES_CONSISTENT,
    _TIERS_CONSISTENT,
    _VETOES_APPLIED,
    _INTERVALS_HOLD_RANK,
    _SCORES_AS_JUDGED,
    *ranking_beside.RULES,
)
