"""GATE 2 scores: may these be ranked? Judged on the warehouse's `scoring`, against the stage's `framework` and `previous` tables.

Nothing that dbt computed is believed: each figure is derived anew from the figures one step below it (`tree.py`).
"""

from __future__ import annotations

from expectations.figures import FIGURES
from expectations.norms import NORMS_INFORMATIVE, TARGETS_ABOVE_WORST
from expectations.rules import Between, NoRows, NotNull, RowCount, Rule, differ, figure
from expectations.tree import TREE
from frameworks.model import Label

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
        with scored as (
            select e.entity_code, e.group_code
            from framework.entities as e left join warehouse.scoring.screened as o on o.entity_code = e.entity_code
            where not coalesce(o.is_screened_out, false)
        ),
        wanted as (
            select e.entity_code, 'indicator' as kind, p.indicator_code as item
            from scored as e join framework.indicator_points as p on p.group_code = e.group_code
            union all
            select entity_code, 'indicator', 'TOTAL' from scored
            union all
            select e.entity_code, 'measure', m.measure_code
            from scored as e join framework.measure_shares as m on m.group_code = e.group_code
        ),
        -- What is no part of an entity's tree, or of one that is screened out, may have a row and need not.
        known as (
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
            k.entity_code is not null as is_known,
            coalesce(t.n, 0) as copies,
            format('{} 行', coalesce(t.n, 0)) as value,
            if(k.entity_code is not null, '恰有一行', '框架中没有此对象、指标或度量') as expected_zh,
            if(k.entity_code is not null, 'exactly one row', 'no such entity, indicator or measure in the framework') as expected_en
        from wanted as w
        full join there as t on t.entity_code = w.entity_code and t.kind = w.kind and t.item = w.item
        left join known as k
            on k.entity_code = coalesce(w.entity_code, t.entity_code) and k.kind = coalesce(w.kind, t.kind)
            and k.item = coalesce(w.item, t.item)
    """,
    failing="not is_known or copies > 1 or (is_wanted and copies <> 1)",
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
    # Why a score may be missing is read from what lies below, not from what the row says of itself.
    judged=f"""
        with {TREE}
        select
            s.entity_code, s.indicator_code as item, s.score, coalesce(s.is_blocked, false) as is_blocked,
            coalesce(s.is_missing, false) as is_missing,
            coalesce(t.state = 'blocked' or (t.state = 'missing' and n.missing_policy = 'block'), false) as must_be_blocked,
            coalesce(t.state = 'missing', false) as must_be_missing,
            coalesce(t.state = 'scored' or (t.state = 'missing' and n.missing_policy = 'zero'), false) as must_be_scored,
            coalesce({figure("s.score")}, '空') as value,
            case when must_be_blocked then '应为空：下级数据缺失' when must_be_missing then '应标为缺失' when must_be_scored then '应有得分'
                else '不适用' end as expected_zh,
            case when must_be_blocked then 'none: data below are missing' when must_be_missing then 'missing' when must_be_scored
                then 'a score' else 'does not apply' end as expected_en
        from warehouse.scoring.indicator_scores as s
        join nodes as n on n.indicator_code = s.indicator_code
        left join stated as t on t.entity_code = s.entity_code and t.indicator_code = s.indicator_code
    """,
    failing="""
        is_blocked <> must_be_blocked
        or is_missing <> must_be_missing
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
    label=Label(
        zh="得分在 0 与分值之间（超出的得分数；方法本身不限于 0–1 的指标除外）",
        en="Scores lie within 0 and the points (scores that do not, of indicators whose method keeps to 0-1)",
    ),
    judged=f"""
        with {TREE}, {FIGURES}
        select
            entity_code, indicator_code as item, cast(score as double) as score, if(indicator_code = 'TOTAL', null, rate) as bounded_rate,
            if(branch = 'deduction', -points, 0) - slack as lowest,
            if(branch = 'deduction', 0, points) + beside + slack as highest,
            {figure("score")} as value,
            concat({figure("round(lowest, 2) + 0.0")}, ' 至 ', coalesce({figure("round(highest, 2)")}, '0')) as expected_zh,
            concat({figure("round(lowest, 2) + 0.0")}, ' to ', coalesce({figure("round(highest, 2)")}, '0')) as expected_en
        from (
            select
                w.*,
                1e-9 + case
                    when round_at = 'lowest_indicator' then 0.5 * power(10, -$decimals) * coalesce(leaves, 1)
                    when indicator_code = 'TOTAL' then 0.5 * power(10, -$decimals) else 0
                end as slack,
                if(
                    indicator_code = 'TOTAL',
                    coalesce(sum(if(level = 1 and branch = 'bonus', points, 0)) over (partition by entity_code), 0), 0
                ) as beside,
                if(
                    indicator_code = 'TOTAL', bool_and(coalesce(is_bounded, false)) filter (level = 1) over (partition by entity_code),
                    is_bounded
                ) as is_held_to_it
            from wanted as w
        )
        where coalesce(is_held_to_it, false)
    """,
    failing="""
        score < if(item = 'TOTAL', least(lowest, 0), lowest) or score > coalesce(highest, 0)
        or bounded_rate < -1e-9 or bounded_rate > 1 + 1e-9
    """,
    check=NoRows(),
    fault=Label(
        zh="{count} 项得分不在 0 与分值之间：{examples}；请检查该指标的打分规则并重新计算。",
        en="{count} scores lie outside 0 and their points: {examples}; check the rules of these indicators and build the warehouse anew.",
    ),
    not_applicable=(
        "select count(*) > 0 and not bool_or(is_bounded) from framework.indicators",
        Label(zh="没有方法限于 0–1 的指标", en="no indicator whose method keeps to 0-1"),
    ),
)

_LEVELS_ADD_UP = Rule(
    name="levels_add_up",
    label=Label(zh="各级得分与下级一致（不一致的得分数）", en="Scores agree with the level below (scores that do not)"),
    judged=f"""
        with {TREE}, {FIGURES}
        select
            entity_code, indicator_code as item, score, score_wanted,
            case
                when not stays then if(coalesce(score, 0) <> 0 or coalesce(score_exact, 0) <> 0, 'absent', null)
                when {differ("rate", "rate_wanted")} then 'rate'
                when {differ("points", "points_wanted")} then 'points'
                when {differ("score_exact", "exact_wanted")} then 'exact'
                when score is distinct from score_wanted then 'score'
            end as fault,
            case fault
                when 'absent' then '不适用或缺失的指标不应有得分'
                when 'rate' then concat('得分率应为 ', coalesce({figure("rate_wanted")}, '空'))
                when 'points' then concat('分值应为 ', {figure("points_wanted")})
                when 'exact' then concat('未取整得分应为 ', coalesce({figure("exact_wanted")}, '空'))
                when 'score' then concat('得分应为 ', coalesce({figure("score_wanted")}, '空'))
            end as expected_zh,
            case fault
                when 'absent' then 'no score: the indicator does not apply or is missing'
                when 'rate' then concat('rate ', coalesce({figure("rate_wanted")}, 'none'))
                when 'points' then concat('points ', {figure("points_wanted")})
                when 'exact' then concat('exact score ', coalesce({figure("exact_wanted")}, 'none'))
                when 'score' then concat('score ', coalesce({figure("score_wanted")}, 'none'))
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

_IMPUTED_SHARE = Rule(
    name="imputed_share",
    label=Label(
        zh="每个对象由推算数值得出的分值比例不超过阈值（最高比例）",
        en="Share of an entity's points that rests on imputed values, at most (highest share)",
    ),
    judged="""
        select
            n.entity_code,
            coalesce(sum(s.share * p.points) filter (n.state = 'imputed'), 0) / sum(s.share * p.points) as imputed,
            format('{:.1f}%', 100 * imputed) as value,
            format('推算所占分值不超过 {:g}%', 100 * $threshold) as expected_zh,
            format('{:g} % of the points at most imputed', 100 * $threshold) as expected_en
        from warehouse.scoring.normalised as n
        join framework.entities as e on e.entity_code = n.entity_code
        join framework.measures as m on m.measure_code = n.measure_code
        join framework.measure_shares as s on s.group_code = e.group_code and s.measure_code = n.measure_code
        join framework.indicator_points as p on p.group_code = e.group_code and p.indicator_code = m.indicator_code
        where n.state not in ('not_applicable', 'screened_out')
        group by n.entity_code
    """,
    failing="imputed > $threshold",
    check=Between("imputed", "at_most"),
    guards=(RowCount(), NotNull("imputed")),
    measured="select max(imputed) from judged.imputed_share",
    fault=Label(
        zh="{count} 个评价对象的推算分值比例过高，最高 {observed}，应不高于 {threshold}：{examples}；请催报缺失的数据。",
        en="{count} entities rest too much on imputed values, the highest share {observed}, at most {threshold} is asked: {examples}; "
        "ask for the data that are missing.",
    ),
)

_SCREENED_SHARE = Rule(
    name="screened_share",
    label=Label(zh="因数据不足不予评价的对象比例不超过阈值（比例）", en="Share of entities screened out for want of data, at most (share)"),
    judged="""
        select
            e.entity_code, coalesce(o.is_screened_out, false) as is_out,
            avg(cast(coalesce(o.is_screened_out, false) as int)) over () as share,
            '不予评价' as value, '数据足够' as expected_zh, 'data enough to be scored' as expected_en
        from framework.entities as e left join warehouse.scoring.screened as o on o.entity_code = e.entity_code
    """,
    failing="is_out and share > $threshold",
    check=Between("share", "at_most"),
    guards=(RowCount(), NotNull("share")),
    measured="select max(share) from judged.screened_share",
    fault=Label(
        zh="因数据不足不予评价的对象有 {count} 个，占 {observed}，应不高于 {threshold}：{examples}；请催报数据。",
        en="{count} entities are screened out for want of data, {observed} of all, at most {threshold} is asked: {examples}; "
        "ask for their data.",
    ),
)

# Where the framework states no limit, none is passed.
_REFUTED_SHARE = Rule(
    name="refuted_share",
    label=Label(
        zh="每个对象自评核验不属实的比例不超过阈值（最高比例）",
        en="Share of an entity's tests that refute it, at most (highest share)",
    ),
    judged="""
        with tests as (
            select
                c.load_id, c.record_no, c.entity_code,
                any_value(c.code) filter (where c.field = e.confirmation_indicator_field) as indicator,
                any_value(c.code) filter (where c.field = e.confirmation_outcome_field) as outcome
            from intake.cells as c join framework.edition as e on e.confirmation_dataset = c.dataset
            where c.is_counted and c.entity_code is not null
            group by c.load_id, c.record_no, c.entity_code
        )
        select
            t.entity_code, count(*) filter (where v.value = 0) / count(*) as share,
            format('{}/{}', count(*) filter (where v.value = 0), count(*)) as value,
            format('不属实的不超过 {:g}%', 100 * $threshold) as expected_zh,
            format('at most {:g} % refuted', 100 * $threshold) as expected_en
        from tests as t join framework.confirmation_values as v on v.outcome = t.outcome
        where t.indicator is not null
        group by t.entity_code
    """,
    failing="share > $threshold",
    check=Between("share", "at_most"),
    guards=(RowCount(), NotNull("share")),
    measured="select max(share) from judged.refuted_share",
    fault=Label(
        zh="{count} 个评价对象的自评被核验为不属实的比例过高，最高 {observed}，应不高于 {threshold}：{examples}；请核实其自评数据。",
        en="of {count} entities the tests refute too much of what they reported, the highest share {observed}, at most {threshold} is "
        "allowed: {examples}; look into what they report.",
    ),
    not_applicable=(
        """
        select count(*) = 0 from intake.cells as c join framework.edition as e on e.confirmation_dataset = c.dataset
        where c.is_counted and c.entity_code is not null
        """,
        Label(zh="没有计入的自评核验", en="no test of self-reported figures counts"),
    ),
    threshold=1.0,
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
    NORMS_INFORMATIVE,
    TARGETS_ABOVE_WORST,
    _IMPUTED_SHARE,
    _SCREENED_SHARE,
    _REFUTED_SHARE,
    _SHIFT_FROM_PREVIOUS,
)
