-- One row: entity × place that it came from. An entity that kept its code and took others in came from its own earlier self too.
with
    ancestors as (
        select entity_code, predecessor_code
        from {{ ref("stg_framework__predecessors") }}
        union
        select entity_code, entity_code as predecessor_code
        from {{ ref("stg_framework__predecessors") }}
        where entity_code in (select entity_code from {{ ref("stg_previous__ranking") }})
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    ancestors.entity_code,
    ancestors.predecessor_code,
    previous.name_zh as predecessor_name_zh,
    edition.previous as previous_edition,
    previous.total as previous_total,
    previous.rank as previous_rank
from ancestors
cross join {{ ref("stg_framework__edition") }} as edition
left join {{ ref("stg_previous__ranking") }} as previous on ancestors.predecessor_code = previous.entity_code
order by ancestors.entity_code, ancestors.predecessor_code
