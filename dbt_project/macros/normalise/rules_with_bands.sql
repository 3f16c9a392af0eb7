{% macro rules_with_bands(rules) -%}
    {#- One row: a node, its rule, and the list of its bands or categories, the lowest limit first. -#}
    select rules.node_code, rules.direction, {{ norm_columns() }}, bands.bands
    from {{ rules }} as rules
    left join
        (
            select node_code, list({'at_most':at_most, 'score':score} order by at_most) as bands
            from {{ ref("stg_framework__node_bands") }}
            group by node_code
        ) as bands using (node_code)
{%- endmacro %}
