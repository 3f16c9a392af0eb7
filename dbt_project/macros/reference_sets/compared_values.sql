{% macro compared_values(values, rules, withins) -%}
    {#-
      One row: entity × node, with x and set_code. x is the value where higher is better, its opposite where lower is: more of it is better.
      Zero has one sign (−0.0 + 0.0 is 0.0), so that places do not depend on it. A set is a group's, or the framework's own (reference_sets).
    -#}
    {%- set others = withins | reject("equalto", "group") | list -%}
    select
        valued.*,
        {{ signed_value("valued.value", "rules") }} as x,
        case
            rules.within
            when 'group'
            then valued.group_code
            {%- for within in others %} when '{{ within }}' then entity_sets.set_{{ loop.index }} {%- endfor %}
        end as set_code
    from {{ values }} as valued
    left join {{ rules }} as rules on valued.node_code = rules.node_code
    {%- if others %}
        left join
            (
                select
                    entity_code
                    {%- for within in others %}, max(set_code) filter (where within = '{{ within }}') as set_{{ loop.index }} {%- endfor %}
                from {{ ref("stg_framework__reference_sets") }}
                group by entity_code
            ) as entity_sets
            on valued.entity_code = entity_sets.entity_code
    {%- endif %}
{%- endmacro %}
