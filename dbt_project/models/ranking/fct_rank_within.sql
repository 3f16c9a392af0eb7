-- One row: entity × attribute within whose values the framework ranks: one of the register, or the tier or grade that its total has given
-- it. Ranked entities of one group and one value, in the order of their rank.
with
    attributes as (
        select entity_code, attribute, value
        from {{ ref("stg_framework__entity_attributes") }}
        union all
        select entity_code, 'tier' as attribute, tier as value
        from {{ ref("ranked") }}
        union all
        select entity_code, 'grade' as attribute, grade as value
        from {{ ref("ranked") }}
    )
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
inner join attributes using (entity_code)
semi join {{ ref("stg_framework__rank_attributes") }} as asked using (attribute)
where attributes.value is not null
order by ranked.entity_code, attributes.attribute
