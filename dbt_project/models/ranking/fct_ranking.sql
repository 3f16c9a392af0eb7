-- One row: an entity with its total, rank, grade and what they were in the previous edition.
with
    -- What it was then, where it was one place.
    previous as (
        select ancestors.entity_code, earlier.group_code, earlier.total, earlier.rank
        from ({{ ancestors() }}) as ancestors
        inner join {{ ref("stg_previous__ranking") }} as earlier on ancestors.previous_code = earlier.entity_code
        where ancestors.places = 1
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
left join previous using (entity_code)
order by ranked.group_code, ranked.state <> 'ranked', ranked.state = 'failed', ranked.rank, ranked.entity_code
