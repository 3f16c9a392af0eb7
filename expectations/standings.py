"""SQL of what each entity's total, standing and rank must be: from its scored total, its coverage, its vetoes and the screen.

What it names, to be used after `with`: `standings` (an entity each) and `ranks`; after these WITHIN `ranks_within` (an entity × attribute,
tier or grade each) and UNJUDGED `unjudged` (an entity each). `$vetoes` stands for the vetoes that hold.
"""

from __future__ import annotations

STANDINGS = """
    held as (
        select
            entity_code,
            bool_or(effect = 'fail') as has_failed,
            arg_min(try_cast(effect_value as double), position) filter (where effect = 'fixed_score') as fixed,
            string_agg(veto_code, ',' order by position) as codes
        from $vetoes as v group by entity_code
    ),
    totals as (
        select
            e.entity_code, e.group_code, f.rank_on, f.rank_order, f.coverage_at_least, t.coverage,
            coalesce(h.has_failed, false) as has_failed, h.codes, coalesce(o.is_screened_out, false) as is_screened_out,
            coalesce(
                cast(round(cast(h.fixed as decimal(18, 9)), $decimals) as decimal(18, 9)), cast(t.score as decimal(18, 9))
            ) as total,
            cast(coalesce(h.fixed, t.score_exact) as decimal(18, 9)) as total_exact,
            t.score is null and h.fixed is null as is_blocked
        from framework.entities as e
        cross join framework.edition as f
        left join warehouse.scoring.indicator_scores as t on t.entity_code = e.entity_code and t.indicator_code = 'TOTAL'
        left join warehouse.scoring.screened as o on o.entity_code = e.entity_code
        left join held as h on h.entity_code = e.entity_code
    ),
    standings as (
        select
            *,
            if(rank_on = 'exact', total_exact, total) as ranked_on,
            not has_failed and not is_blocked and not is_screened_out
                and not coalesce(cast(coverage as decimal(18, 9)) < cast(coverage_at_least as decimal(18, 9)), false) as is_ranked
        from totals
    ),
    -- What sets ties apart, in the framework's order: rates of indicators or measures in whole billionths, or the place of the code.
    keys as (select unnest(ties_by) as code, generate_subscripts(ties_by, 1) as position from framework.edition),
    rates as (
        select entity_code, indicator_code as code, cast(rate as decimal(38, 9)) as rate from warehouse.scoring.indicator_scores
        union all
        select entity_code, measure_code, cast(normalised_used as decimal(38, 9)) from warehouse.scoring.normalised
        union all
        select entity_code, 'entity_code', row_number() over (order by entity_code) from framework.entities
    ),
    sorted as (
        select
            s.entity_code,
            list(
                if(k.code = 'entity_code' or s.rank_order = 'lowest_first', 1, -1) * r.rate
                order by k.position
            ) filter (k.code is not null) as ties
        from standings as s left join keys as k on true
        left join rates as r on r.code = k.code and r.entity_code = s.entity_code
        group by s.entity_code
    ),
    -- A rate that is missing comes last.
    compared as (
        select
            s.entity_code, s.group_code, s.is_ranked, if(s.rank_order = 'lowest_first', 1, -1) * s.ranked_on as first,
            list_transform(coalesce(o.ties, []), lambda tie: coalesce(tie, cast(1e28 as decimal(38, 9)))) as ties
        from standings as s left join sorted as o on o.entity_code = s.entity_code
    ),
    ranks as (
        select a.entity_code, 1 + count(b.entity_code) as rank
        from compared as a
        left join compared as b
            on b.group_code = a.group_code and b.is_ranked and (b.first < a.first or (b.first = a.first and b.ties < a.ties))
        where a.is_ranked
        group by a.entity_code
    )
"""

# Pair by pair among those of one group who share the value.
WITHIN = """
    valued as (
        select entity_code, attribute, value from framework.entity_attributes
        union all
        select entity_code, 'tier', tier from warehouse.ranking.fct_ranking
        union all
        select entity_code, 'grade', grade from warehouse.ranking.fct_ranking
    ),
    asked as (
        select v.entity_code, s.group_code, v.attribute, v.value, k.rank
        from valued as v
        join framework.rank_attributes as w on w.attribute = v.attribute
        join standings as s on s.entity_code = v.entity_code
        left join ranks as k on k.entity_code = v.entity_code
        where v.value is not null
    ),
    ranks_within as (
        select a.entity_code, a.group_code, a.attribute, a.value, if(a.rank is null, null, 1 + count(b.entity_code)) as rank
        from asked as a
        left join asked as b
            on b.group_code = a.group_code and b.attribute = a.attribute and b.value = a.value and b.rank < a.rank
        group by a.entity_code, a.group_code, a.attribute, a.value, a.rank
    )
"""

# The same total and rank over the scores without what rests on judgement; no tie is set apart.
UNJUDGED = """
    unjudged_totals as (
        select
            s.entity_code, s.group_code, s.is_ranked,
            if(
                u.entity_code is null or s.has_failed or s.is_screened_out, null,
                coalesce(cast(round(cast(h.fixed as decimal(18, 9)), $decimals) as decimal(18, 9)), cast(u.score as decimal(18, 9)))
            ) as without,
            if(u.entity_code is null, null, cast(coalesce(h.fixed, u.score_exact) as decimal(18, 9))) as without_exact,
            if(s.rank_order = 'lowest_first', 1, -1) * if(s.rank_on = 'exact', without_exact, without) as first
        from standings as s
        left join warehouse.scoring.indicator_scores_unjudged as u on u.entity_code = s.entity_code and u.indicator_code = 'TOTAL'
        left join held as h on h.entity_code = s.entity_code
    ),
    unjudged as (
        select a.entity_code, a.without as total, if(a.is_ranked and a.first is not null, 1 + count(b.entity_code), null) as rank
        from unjudged_totals as a
        left join unjudged_totals as b on b.group_code = a.group_code and b.is_ranked and b.first < a.first
        group by a.entity_code, a.without, a.is_ranked, a.first
    )
"""
