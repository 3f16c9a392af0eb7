"""GATE 2 scores: may these be ranked? Judged on the warehouse's `scoring`, against the stage's `framework` and `previous` tables.

Nothing that dbt computed is believed: each figure is derived anew from the figures one step below it.
"""

from __future__ import annotations

from expectations.rules import Between, NoRows, NotNull, RowCount, Rule, differ, figure
from frameworks.model import Label

# A mean of the rates of what is present, by share or points; one of nothing makes a geometric mean nothing.
_ARITHMETIC = "sum(m.share * m.rate order by m.measure_code) / sum(m.share order by m.measure_code)"
_GEOMETRIC = """
    if(min(m.rate) <= 0, 0, exp(sum(m.share * ln(greatest(m.rate, 1e-300)) order by m.measure_code) / sum(m.share order by m.measure_code)))
"""

# The tree with its root; what lies below each node; whether a node of an entity holds a score at all, by the states of its measures.
_TREE = f"""
    recursive nodes as (
        select indicator_code, coalesce(parent_code, 'TOTAL') as parent_code, points as nominal, is_lowest, aggregate
        from framework.indicators
        union all
        select 'TOTAL', null, scale, false, 'arithmetic' from framework.edition
    ),
    below as (
        select indicator_code as node, indicator_code as lowest from nodes where is_lowest
        union all
        select n.parent_code, b.lowest from below as b join nodes as n on n.indicator_code = b.node where n.parent_code is not null
    ),
    measured as (
        select
            n.entity_code, m.indicator_code, m.measure_code, n.state,
            n.normalised_used as rate, if(n.normalised_used is null, null, m.share) as share
        from warehouse.scoring.normalised as n join framework.measures as m on m.measure_code = n.measure_code
    ),
    lowest as (
        select
            m.entity_code, m.indicator_code,
            if(n.aggregate = 'geometric', {_GEOMETRIC}, {_ARITHMETIC}) as rate,
            bool_or(m.rate is not null) as is_present,
            bool_or(m.state = 'blocked') as is_blocked
        from measured as m join nodes as n on n.indicator_code = m.indicator_code
        group by m.entity_code, m.indicator_code, n.aggregate
    ),
    status as (
        select
            l.entity_code, b.node as indicator_code,
            bool_or(l.is_present) as is_present, bool_or(l.is_blocked) as is_blocked, count(*) as leaves
        from below as b join lowest as l on l.indicator_code = b.lowest
        group by l.entity_code, b.node
    )
"""

_SCORES_NOT_EMPTY = Rule(
    name="scores_not_empty",
    label=Label(zh="有得分（得分行数，至少）", en="There are scores (rows, at least)"),
    judged="select entity_code, indicator_code as item from warehouse.scoring.indicator_scores where score is not null",
    failing="false",
    check=RowCount(),
    guards=(),
    threshold=1,
    measured="select count(*) from judged.scores_not_empty",
    fault=Label(zh="没有任何得分；请查看打分步骤的日志。", en="there is no score at all; look at the log of the scoring step."),
)

_GROUPS_FULL = Rule(
    name="groups_full",
    label=Label(
        zh="每个对象的每项指标与度量恰有一行（不符的行数）", en="Each entity has each indicator and measure once (those that do not)"
    ),
    judged="""
        with wanted as (
            select e.entity_code, 'indicator' as kind, i.indicator_code as item
            from framework.entities as e cross join framework.indicators as i
            union all
            select entity_code, 'indicator', 'TOTAL' from framework.entities
            union all
            select e.entity_code, 'measure', m.measure_code from framework.entities as e cross join framework.measures as m
        ),
        there as (
            select entity_code, 'indicator' as kind, indicator_code as item, count(*) as n
            from warehouse.scoring.indicator_scores group by all
            union all
            select entity_code, 'measure', measure_code, count(*) from warehouse.scoring.normalised group by all
        )
        select
            coalesce(w.entity_code, t.entity_code) as entity_code,
            coalesce(w.item, t.item) as item,
            w.entity_code is not null as is_wanted,
            coalesce(t.n, 0) as copies,
            format('{} 行', coalesce(t.n, 0)) as value,
            if(w.entity_code is not null, '恰有一行', '框架中没有此对象、指标或度量') as expected_zh,
            if(w.entity_code is not null, 'exactly one row', 'no such entity, indicator or measure in the framework') as expected_en
        from wanted as w full join there as t on t.entity_code = w.entity_code and t.kind = w.kind and t.item = w.item
    """,
    failing="not is_wanted or copies <> 1",
    check=NoRows(),
    fault=Label(
        zh="{count} 处对象与指标（度量）的得分缺失、重复或多余：{examples}；请重新计算该年度。",
        en="{count} scores of an entity and an indicator or measure are lacking, double or too many: {examples}; "
        "build the warehouse of the edition anew.",
    ),
)

_SCORES_COMPLETE = Rule(
    name="scores_complete",
    label=Label(zh="得分完整（无故缺失的得分数）", en="Scores are complete (scores missing without a reason)"),
    # Why a score may be missing is read from the states of the measures below, not from what the row says of itself.
    judged=f"""
        with {_TREE}
        select
            s.entity_code, s.indicator_code as item, s.score, coalesce(s.is_blocked, false) as is_blocked,
            coalesce(t.is_blocked, false) as must_be_blocked,
            coalesce(t.is_present, false) and not coalesce(t.is_blocked, false) as must_be_scored,
            coalesce({figure("s.score")}, '空') as value,
            case when t.is_blocked then '应为空：下级数据缺失' when t.is_present then '应有得分' else '不适用' end as expected_zh,
            case when t.is_blocked then 'none: data below are missing' when t.is_present then 'a score' else 'does not apply' end
                as expected_en
        from warehouse.scoring.indicator_scores as s
        left join status as t on t.entity_code = s.entity_code and t.indicator_code = s.indicator_code
    """,
    failing="""
        is_blocked <> must_be_blocked
        or (must_be_blocked and score is not null)
        or (must_be_scored and (score is null or not isfinite(cast(score as double))))
    """,
    check=NoRows(),
    fault=Label(
        zh="{count} 项得分缺失而没有理由，或本应为空：{examples}；请重新计算该年度。",
        en="{count} scores are missing without a reason, or should be missing: {examples}; build the warehouse of the edition anew.",
    ),
)

# A rounded score may pass its points by half a unit of the last place, and a sum of n rounded ones by n halves.
_SCORES_IN_RANGE = Rule(
    name="scores_in_range",
    label=Label(zh="得分在 0 与分值之间（超出的得分数）", en="Scores lie within 0 and the points (scores that do not)"),
    judged=f"""
        with {_TREE}
        select
            s.entity_code, s.indicator_code as item, cast(s.score as double) as score, s.rate, s.points,
            cast(s.points as double) + 1e-9 + case
                when e.round_at = 'lowest_indicator' then 0.5 * power(10, -$decimals) * coalesce(t.leaves, 1)
                when s.indicator_code = 'TOTAL' then 0.5 * power(10, -$decimals)
                else 0
            end as highest,
            {figure("s.score")} as value,
            concat('0 至 ', coalesce({figure("s.points")}, '0')) as expected_zh,
            concat('0 to ', coalesce({figure("s.points")}, '0')) as expected_en
        from warehouse.scoring.indicator_scores as s
        cross join framework.edition as e
        left join status as t on t.entity_code = s.entity_code and t.indicator_code = s.indicator_code
    """,
    failing="score < 0 or score > coalesce(highest, 0) or rate < 0 or rate > 1 + 1e-9",
    check=NoRows(),
    fault=Label(
        zh="{count} 项得分不在 0 与分值之间：{examples}；请检查该指标的打分规则并重新计算。",
        en="{count} scores lie outside 0 and their points: {examples}; check the rules of these indicators and build the warehouse anew.",
    ),
)

_FIGURES = f"""
    with {_TREE},
    scored as (
        select
            s.entity_code, s.indicator_code, n.parent_code, n.nominal, n.is_lowest, n.aggregate, s.rate, cast(s.points as double) as points,
            cast(s.score_exact as double) as score_exact, cast(s.score as decimal(18, 9)) as score,
            coalesce(t.is_present, false) and not coalesce(t.is_blocked, false) as is_scored,
            l.rate as lowest_rate
        from warehouse.scoring.indicator_scores as s
        join nodes as n on n.indicator_code = s.indicator_code
        left join status as t on t.entity_code = s.entity_code and t.indicator_code = s.indicator_code
        left join lowest as l on l.entity_code = s.entity_code and l.indicator_code = s.indicator_code
    ),
    children as (
        select
            entity_code, parent_code,
            sum(share order by measure_code) as nominal,
            {_ARITHMETIC} as arithmetic,
            {_GEOMETRIC} as geometric,
            sum(score_exact order by measure_code) as score_exact,
            sum(score) as score
        from (select *, nominal as share, indicator_code as measure_code from scored where is_scored) as m
        group by entity_code, parent_code
    ),
    wanted as (
        select
            s.*, e.round_at,
            if(s.is_lowest, s.lowest_rate, if(s.aggregate = 'geometric', c.geometric, c.arithmetic)) as rate_wanted,
            -- Below a parent that is missing as a whole, points have no total to add up to.
            case
                when s.parent_code is null then s.nominal when p.is_scored then p.points * s.nominal / siblings.nominal else s.points
            end as points_wanted,
            s.rate * s.points as exact_wanted,
            case
                when e.round_at = 'lowest_indicator' and not s.is_lowest then cast(c.score as decimal(18, 9))
                when e.round_at = 'lowest_indicator' or s.parent_code is null
                    then cast(round(cast(s.score_exact as decimal(18, 9)), $decimals) as decimal(18, 9))
                else cast(s.score_exact as decimal(18, 9))
            end as score_wanted,
            c.score_exact as exact_below
        from scored as s
        cross join framework.edition as e
        left join children as c on c.entity_code = s.entity_code and c.parent_code = s.indicator_code
        left join scored as p on p.entity_code = s.entity_code and p.indicator_code = s.parent_code
        left join children as siblings on siblings.entity_code = s.entity_code and siblings.parent_code = s.parent_code
    )
"""


_LEVELS_ADD_UP = Rule(
    name="levels_add_up",
    label=Label(zh="各级得分与下级一致（不一致的得分数）", en="Scores agree with the level below (scores that do not)"),
    judged=f"""
        {_FIGURES}
        select
            entity_code, indicator_code as item, score, score_wanted,
            case
                when not is_scored then if(coalesce(score, 0) <> 0 or coalesce(score_exact, 0) <> 0, 'absent', null)
                when {differ("rate", "rate_wanted")} then 'rate'
                when {differ("points", "points_wanted")} then 'points'
                when {differ("score_exact", "exact_wanted")} then 'exact'
                when score is distinct from score_wanted then 'score'
                when not is_lowest and aggregate = 'arithmetic' and {differ("score_exact", "exact_below")} then 'sum'
            end as fault,
            case fault
                when 'absent' then '不适用或缺失的指标不应有得分'
                when 'rate' then concat('得分率应为 ', {figure("rate_wanted")})
                when 'points' then concat('分值应为 ', {figure("points_wanted")})
                when 'exact' then concat('得分应为得分率 × 分值 = ', {figure("exact_wanted")})
                when 'score' then concat('得分应为 ', {figure("score_wanted")})
                when 'sum' then concat('得分应为下级之和 ', {figure("exact_below")})
            end as expected_zh,
            case fault
                when 'absent' then 'no score: the indicator does not apply or is missing'
                when 'rate' then concat('rate ', {figure("rate_wanted")})
                when 'points' then concat('points ', {figure("points_wanted")})
                when 'exact' then concat('rate times points: ', {figure("exact_wanted")})
                when 'score' then concat('score ', {figure("score_wanted")})
                when 'sum' then concat('the sum of the level below: ', {figure("exact_below")})
            end as expected_en,
            concat_ws(
                '，', '得分 ' || coalesce({figure("score")}, '空'), '得分率 ' || coalesce({figure("rate")}, '空'),
                '分值 ' || coalesce({figure("points")}, '空')
            ) as value
        from wanted
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 项得分与下级不一致：{examples}；数据仓库可能被改动，请删除后重新计算。",
        en="{count} scores do not agree with the level below: {examples}; "
        "the warehouse may have been changed, delete it and build it anew.",
    ),
)

_NORMS_INFORMATIVE = Rule(
    name="norms_informative",
    label=Label(zh="组内比较有区分度（无区分度的度量数）", en="Comparisons within a group tell entities apart (measures that do not)"),
    judged="""
        select
            concat_ws(' · ', m.measure_code, e.group_code) as item,
            count(distinct t.value_treated) as distinct_values,
            format('{} 个对象，{} 个不同数值', count(t.value_treated), count(distinct t.value_treated)) as value,
            concat(m.label_zh, '：至少两个不同数值') as expected_zh, concat(m.label_en, ': two different values at least') as expected_en
        from framework.measures as m
        cross join framework.entities as e
        left join warehouse.scoring.measures as v on v.entity_code = e.entity_code and v.measure_code = m.measure_code
        left join warehouse.scoring.treated as t
            on t.entity_code = e.entity_code and t.measure_code = m.measure_code and coalesce(v.applies, true)
        where m.normalise_method in ('min_max', 'percentile_rank')
        group by m.measure_code, e.group_code, m.label_zh, m.label_en
    """,
    failing="distinct_values < 2",
    check=NoRows(),
    fault=Label(
        zh="{count} 个组内比较没有区分度，其权重转给同一指标的其他度量：{examples}；请核对来源数据。",
        en="{count} comparisons within a group tell nobody apart, so their share goes to the siblings: {examples}; "
        "check the source's figures.",
    ),
    not_applicable=(
        "select count(*) > 0 and not bool_or(normalise_method in ('min_max', 'percentile_rank')) from framework.measures",
        Label(zh="没有组内比较的度量", en="no measure is compared within its group"),
    ),
)

# Compared as fct_ranking does: with itself, or with the one place that it came from; where it was made of several, with none.
_SHIFT_FROM_PREVIOUS = Rule(
    name="shift_from_previous",
    label=Label(
        zh="总分与上一年度的差距不超过阈值（最大差距，分）", en="Totals shift from the previous edition by at most (largest shift, points)"
    ),
    judged=f"""
        with one as (
            select entity_code, min(predecessor_code) as predecessor_code from (
                select entity_code, predecessor_code from framework.predecessors
                union
                select entity_code, entity_code from previous.ranking
            )
            group by entity_code having count(*) = 1
        )
        select
            s.entity_code, cast(abs(cast(s.score as decimal(18, 9)) - cast(p.total as decimal(18, 9))) as double) as shift,
            {figure("s.score")} as value,
            concat('上一年度 ', {figure("p.total")}) as expected_zh,
            concat('previous edition ', {figure("p.total")}) as expected_en
        from warehouse.scoring.indicator_scores as s
        join one as o on o.entity_code = s.entity_code
        join previous.ranking as p on p.entity_code = o.predecessor_code
        where s.indicator_code = 'TOTAL' and s.score is not null and p.total is not null
    """,
    failing="shift > $threshold",
    check=Between("shift", "at_most"),
    guards=(RowCount(), NotNull("shift")),
    measured="select max(shift) from judged.shift_from_previous",
    fault=Label(
        zh="{count} 个评价对象的总分与上一年度相差超过 {threshold} 分，最大 {observed} 分：{examples}；请核对其数据。",
        en="{count} totals shift by more than {threshold} points from the previous edition, the largest by {observed}: {examples}; "
        "check their figures.",
    ),
    not_applicable=(
        "select (select count(*) from previous.ranking) = 0",
        Label(zh="没有上一年度的已发布结果", en="no release of a previous edition"),
    ),
)

RULES: tuple[Rule, ...] = (
    _SCORES_NOT_EMPTY,
    _GROUPS_FULL,
    _SCORES_COMPLETE,
    _SCORES_IN_RANGE,
    _LEVELS_ADD_UP,
    _NORMS_INFORMATIVE,
    _SHIFT_FROM_PREVIOUS,
)
