{% macro node_bands() -%}
    {#- One row: a node with bands or categories, and the list of them, the lowest limit first. -#}
    select node_code, list({'at_most':at_most, 'score':score} order by at_most) as bands
    from {{ ref("stg_framework__node_bands") }}
    group by node_code
{%- endmacro %}
