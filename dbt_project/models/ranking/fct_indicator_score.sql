-- One row: entity × indicator, every level, the root as TOTAL at level 0.
with
    rated as (
        select
            scores.*,
            cast(scores.score as double) / nullif(scores.points, 0) as score_rate,
            if(
                ranked.state = 'ranked' and scores.points > 0,
                cast(if(edition.rank_on = 'exact', scores.score_exact, cast(scores.score as double)) / scores.points as decimal(18, 9)),
                null
            ) as basis
        from {{ ref("indicator_scores") }} as scores
        inner join {{ ref("ranked") }} as ranked using (entity_code)
        cross join {{ ref("stg_framework__edition") }} as edition
    )
select
    edition,
    {{ release_code() }} as release,
    entity_code,
    group_code,
    indicator_code,
    parent_code,
    level,
    score,
    score_exact,
    points,
    score_rate,
    if(basis is null, null, rank() over (partition by group_code, indicator_code order by basis desc nulls last)) as rank_in_group,
    is_blocked
from rated
order by entity_code, level, indicator_code
