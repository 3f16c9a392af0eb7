-- One row: entity × place that it came from. None for an entity that the previous edition knew under its own code.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    predecessors.entity_code,
    predecessors.predecessor_code,
    previous.name_zh as predecessor_name_zh,
    edition.previous as previous_edition,
    previous.total as previous_total,
    previous.rank as previous_rank
from {{ ref("stg_framework__predecessors") }} as predecessors
cross join {{ ref("stg_framework__edition") }} as edition
left join {{ ref("stg_previous__ranking") }} as previous on predecessors.predecessor_code = previous.entity_code
where predecessors.entity_code not in (select entity_code from {{ ref("stg_previous__ranking") }})
order by predecessors.entity_code, predecessors.predecessor_code
