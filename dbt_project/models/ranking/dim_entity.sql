-- One row: an entity.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    entities.entity_code,
    entities.name_zh,
    entities.name_en,
    entities.group_code,
    groups.label_zh as group_zh,
    groups.label_en as group_en,
    entities.parent_code,
    nullif(array_to_string(entities.predecessor_codes, ','), '') as predecessor_codes,
    entities.unit_code,
    entities.time
from {{ ref("stg_framework__entities") }} as entities
left join {{ ref("stg_framework__groups") }} as groups using (group_code)
order by entities.entity_code
