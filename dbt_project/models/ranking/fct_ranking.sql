-- One row: an entity with its total, rank, grade and what they were in the previous edition.
with
    previous as (select entity_code, group_code, total, rank from {{ ref("stg_previous__ranking") }}),
    -- Its single predecessor where it came from other places, of several none; else itself.
    ancestors as (
        select entity_code, min(predecessor_code) as previous_code
        from {{ ref("fct_predecessor") }}
        group by entity_code
        having count(*) = 1
        union all
        select entity_code, entity_code as previous_code
        from {{ ref("ranked") }}
        where entity_code not in (select entity_code from {{ ref("fct_predecessor") }})
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    ranked.entity_code,
    entities.name_zh,
    entities.name_en,
    ranked.group_code,
    ranked.total,
    ranked.total_exact,
    ranked.rank,
    if(ranked.rank is null, null, intervals.rank_low) as rank_low,
    if(ranked.rank is null, null, intervals.rank_high) as rank_high,
    ranked.grade,
    ranked.tier,
    ranked.state,
    ranked.reason_zh,
    ranked.reason_en,
    ranked.coverage,
    ranked.imputed_share,
    ranked.vetoes,
    ranked.total_unjudged,
    ranked.rank_unjudged,
    previous.total as previous_total,
    -- Ranks of two groups say nothing of each other.
    if(previous.group_code = ranked.group_code, previous.rank, null) as previous_rank,
    cast(ranked.total - previous.total as decimal(18, 9)) as change_total,
    if(previous.group_code = ranked.group_code, previous.rank - ranked.rank, null) as change_rank
from {{ ref("ranked") }} as ranked
inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
left join {{ ref("stg_analysis__rank_interval") }} as intervals using (entity_code)
left join ancestors using (entity_code)
left join previous on ancestors.previous_code = previous.entity_code
order by ranked.group_code, ranked.state <> 'ranked', ranked.state = 'failed', ranked.rank, ranked.entity_code
