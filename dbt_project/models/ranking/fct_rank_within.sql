-- One row: entity × attribute within whose values the framework ranks. Ranked entities of one group and one value, in the order of their
-- rank.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    ranked.entity_code,
    ranked.group_code,
    attributes.attribute,
    attributes.value,
    if(
        ranked.rank is null,
        null,
        rank() over (partition by attributes.attribute, attributes.value, ranked.group_code order by ranked.rank nulls last)
    ) as rank
from {{ ref("ranked") }} as ranked
inner join {{ ref("stg_framework__entity_attributes") }} as attributes using (entity_code)
semi join {{ ref("stg_framework__rank_attributes") }} as asked using (attribute)
where attributes.value is not null
order by ranked.entity_code, attributes.attribute
