"""SQL of what each row of `indicator_scores` must hold, to be used after TREE.

What it names: `wanted`, a row with `stays` (it has points), `rate_wanted`, `points_wanted`, `exact_wanted` and `score_wanted`. What lies
below a bonus or a deduction is of its `branch`. `$decimals` stands for those that scores are rounded to.
"""

from __future__ import annotations

FIGURES = """
    branches as (
        select indicator_code, if(indicator_code = 'TOTAL', 'part', kind) as branch, opens_at from nodes where level <= 1
        union all
        select n.indicator_code, b.branch, b.opens_at
        from branches as b join nodes as n on n.parent_code = b.indicator_code where n.level > 1
    ),
    rows_stated as (
        select
            s.entity_code, s.indicator_code, n.parent_code, n.level, n.position, n.is_lowest, n.is_bounded, b.branch, b.opens_at, s.rate,
            cast(s.points as double) as points, cast(s.score_exact as double) as score_exact, cast(s.score as decimal(18, 9)) as score,
            p.nominal, t.state, t.used_below, t.wanted_rate, l.leaves, f.round_at, f.scale,
            coalesce(
                t.state in ('scored', 'blocked') or (t.state = 'missing' and n.missing_policy in ('zero', 'block')), false
            ) as stays,
            coalesce(t.state = 'blocked' or (t.state = 'missing' and n.missing_policy = 'block'), false) as is_none,
            t.state = 'missing' and n.missing_policy = 'zero' as is_zero,
            w.used
        from warehouse.scoring.indicator_scores as s
        join nodes as n on n.indicator_code = s.indicator_code
        cross join framework.edition as f
        left join branches as b on b.indicator_code = s.indicator_code
        left join placed as p on p.entity_code = s.entity_code and p.indicator_code = s.indicator_code
        left join stated as t on t.entity_code = s.entity_code and t.indicator_code = s.indicator_code
        left join leaves as l on l.entity_code = s.entity_code and l.indicator_code = s.indicator_code
        left join weighed as w
            on w.entity_code = s.entity_code and w.indicator_code = n.parent_code and w.child_code = s.indicator_code
    ),
    parts as (
        select
            entity_code, parent_code,
            -- A total that is blocked opens no bonus.
            if(bool_or(is_none), null, sum(score_exact order by position) filter (level > 1 or branch = 'part')) as parts_exact,
            sum(score_exact order by position) as all_exact, sum(score) as score,
            bool_or(branch = 'deduction' and level = 1) as has_deduction, bool_or(branch <> 'part' and level = 1) as has_beside
        from rows_stated where parent_code is not null and nominal is not null
        group by entity_code, parent_code
    ),
    exacted as (
        select
            s.*, p.has_deduction, p.score as score_below,
            case
                when s.indicator_code = 'TOTAL' then s.scale
                when s.level = 1 and s.branch <> 'part' then s.nominal
                when above.state in ('scored', 'blocked') then above.points * s.used / above.used_below
                else 0
            end as points_wanted,
            case
                when s.is_none then null
                when s.indicator_code = 'TOTAL' then if(p.has_deduction, greatest(0, p.all_exact), p.all_exact)
                when s.branch = 'bonus' and not coalesce(
                    cast(roots.parts_exact as decimal(18, 9)) >= cast(coalesce(s.opens_at, 0) as decimal(18, 9)), false
                ) then 0
                else (s.rate - if(s.branch = 'deduction', 1, 0)) * s.points
            end as exact_wanted,
            case
                when s.is_none then null when s.is_zero then 0
                when s.indicator_code = 'TOTAL' and p.has_beside then exact_wanted / s.scale
                else s.wanted_rate
            end as rate_wanted
        from rows_stated as s
        left join parts as p on p.entity_code = s.entity_code and p.parent_code = s.indicator_code
        left join parts as roots on roots.entity_code = s.entity_code and roots.parent_code = 'TOTAL'
        left join rows_stated as above on above.entity_code = s.entity_code and above.indicator_code = s.parent_code
    ),
    rounded as (
        select
            *, cast(round(cast(score_exact as decimal(18, 9)), $decimals) as decimal(18, 9)) as nearest,
            nearest - cast(score_exact as decimal(18, 9)) as lift,
            sum(if(is_lowest and branch = 'part', nearest, 0)) over entity - cast(scale as decimal(18, 9)) as over_scale,
            sum(if(is_lowest and branch = 'part', score_exact, 0)) over entity - scale as over_scale_exact,
            row_number() over (
                partition by entity_code, is_lowest and branch = 'part' order by lift desc nulls last, position
            ) as turn
        from exacted window entity as (partition by entity_code)
    ),
    wanted as (
        select
            *,
            case
                when exact_wanted is null then null
                when round_at = 'lowest_indicator' and is_lowest then nearest - if(
                    branch = 'part' and over_scale > 0 and over_scale_exact <= 5e-10
                        and turn <= ceil(cast(over_scale as double) * power(10, $decimals) - 1e-6),
                    cast(power(10, -$decimals) as decimal(18, 9)), 0
                )
                when round_at = 'lowest_indicator'
                    then cast(if(indicator_code = 'TOTAL' and has_deduction, greatest(0, score_below), score_below) as decimal(18, 9))
                when indicator_code = 'TOTAL' then nearest
                else cast(score_exact as decimal(18, 9))
            end as score_wanted
        from rounded
    )
"""
