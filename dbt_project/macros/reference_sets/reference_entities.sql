{% macro reference_entities(compared, rules) -%}
    {#-
      One row: a node × time, with the x of the entity that others are held against. In a panel a unit's code stands for the unit at each
      entity's own time (is_of_this_time), the code of one entity for that one at all times.
    -#}
    select compared.node_code, entities.time, rules.reference_entity = entities.unit_code as is_of_this_time, compared.x as reference_x
    from {{ compared }} as compared
    inner join {{ rules }} as rules on compared.node_code = rules.node_code
    inner join {{ ref("stg_framework__entities") }} as entities on compared.entity_code = entities.entity_code
    where rules.normalise_method = 'distance_to_reference' and rules.reference_entity in (entities.unit_code, entities.entity_code)
{%- endmacro %}
