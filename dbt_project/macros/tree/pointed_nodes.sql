{% macro pointed_nodes(level) -%}
    {#-
      One row an entity × node of one level with the points that it has for this entity: its part of its parent's, 0 where it or its parent is
      dropped. Below a bonus or a deduction everything is of its kind.
    -#}
    {%- if level == 0 %} select *, if(is_present, points, 0.0) as points_used from rated_0
    {%- else %}
        select
            rated.* exclude (kind, opens_at),
            {%- if level == 1 %} rated.kind, rated.opens_at,
            {%- else %} parents.kind, parents.opens_at,
            {%- endif %}
            case
                when not rated.is_present
                then 0.0
                when not rated.is_part
                then rated.points
                when parents.state in ('scored', 'blocked')
                then parents.points_used * rated.share / parents.shares
                else 0.0
            end as points_used
        from rated_{{ level }} as rated
        inner join
            pointed_{{ level - 1 }} as parents on rated.entity_code = parents.entity_code and rated.parent_code = parents.indicator_code
    {%- endif %}
{%- endmacro %}
