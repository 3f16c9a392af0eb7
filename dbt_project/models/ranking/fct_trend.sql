-- One row: unit × time of a panel, with what changed against the time before.
with
    units as (
        select entities.unit_code, entities.time, entities.base_group, ranked.entity_code, ranked.state, ranked.total, ranked.rank
        from {{ ref("ranked") }} as ranked
        inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
        where entities.time is not null
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    unit_code,
    time,
    entity_code,
    base_group,
    state,
    total,
    rank,
    cast(total - lag(total) over earlier as decimal(18, 9)) as change_total,
    lag(rank) over earlier - rank as change_rank
from units
window earlier as (partition by unit_code order by time)
order by unit_code, time
