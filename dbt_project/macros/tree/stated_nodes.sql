{% macro stated_nodes(summed, level) -%}
    {#-
      One row an entity × node of one level that belongs to the tree of the entity's group. State: scored; missing (too little below it is
      present); blocked (something below it is, or its rates have no such mean); where nothing below it is present and nothing is missing
      not_applicable, or no_information where all of it rests on sets without any.
    -#}
    select
        summed.entity_code,
        entities.group_code,
        nodes.indicator_code,
        nodes.parent_code,
        nodes.level,
        nodes.position,
        nodes.is_lowest,
        nodes.missing_policy,
        nodes.kind,
        nodes.opens_at,
        nodes.is_normalised,
        {% if level == 0 %} edition.scale as points, cast(null as double) as weight,
        {% else %} points.points, points.weight,
        {% endif %}
        summed.shares,
        summed.flags,
        summed.applicable * if(nodes.is_lowest, points, 1) as applicable,
        summed.delivered * if(nodes.is_lowest, points, 1) as delivered,
        case
            when summed.is_blocked
            then 'blocked'
            when summed.children_present = 0 and summed.children_missing = 0
            then if(summed.children_not_applicable > 0, 'not_applicable', 'no_information')
            when not {{ has_enough("summed") }}
            then 'missing'
            when not coalesce(isfinite(summed.rate), false)
            then 'blocked'
            else 'scored'
        end as state,
        summed.rate,
        if(nodes.is_normalised and state = 'scored', {{ steadied("summed.rate") }}, null) as rate_aggregated
    from {{ summed }} as summed
    inner join nodes on summed.indicator_code = nodes.indicator_code and nodes.level = {{ level }}
    inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
    {%- if level == 0 %} cross join {{ ref("stg_framework__edition") }} as edition
    {%- else %}
        inner join
            {{ ref("stg_framework__indicator_points") }} as points
            on entities.group_code = points.group_code
            and summed.indicator_code = points.indicator_code
    {%- endif %}
{%- endmacro %}
