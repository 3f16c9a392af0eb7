-- One row: entity × place that it came from. An entity that kept its code and took others in came from its own earlier self too.
with
    came_from as (
        select entity_code, previous_code as predecessor_code
        from ({{ ancestors() }})
        where entity_code in (select entity_code from {{ ref("stg_framework__predecessors") }})
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    came_from.entity_code,
    came_from.predecessor_code,
    previous.name_zh as predecessor_name_zh,
    edition.previous as previous_edition,
    previous.total as previous_total,
    previous.rank as previous_rank
from came_from
cross join {{ ref("stg_framework__edition") }} as edition
left join {{ ref("stg_previous__ranking") }} as previous on came_from.predecessor_code = previous.entity_code
order by came_from.entity_code, came_from.predecessor_code
