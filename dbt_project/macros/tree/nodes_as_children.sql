{% macro nodes_as_children(rated) -%}
    {#- One row an entity × node below another, as the child of that. What stands beside the scale gives its parent no more than its flags. -#}
    select
        rated.entity_code,
        rated.parent_code as indicator_code,
        {{ node_rules("parents") }},
        rated.position,
        if(rated.is_part, rated.rate, null) as rate,
        if(rated.is_part, rated.share, null) as share,
        if(rated.is_part, rated.weight, null) as weight,
        rated.points as nominal,
        rated.is_part and rated.state <> 'not_applicable' as applies,
        rated.is_part and rated.is_present as is_present,
        rated.is_part and rated.state = 'missing' and not rated.is_present as is_missing,
        rated.is_blocked,
        if(rated.is_part, rated.applicable, null) as applicable,
        if(rated.is_part, rated.delivered, null) as delivered,
        rated.flags
    from {{ rated }} as rated
    inner join nodes as parents on rated.parent_code = parents.indicator_code
{%- endmacro %}
