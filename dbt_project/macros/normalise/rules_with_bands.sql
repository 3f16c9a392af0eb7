{% macro rules_with_bands(rules, methods) -%}
    {#- One row: a node, its rule, and the list of its bands or categories, the lowest limit first; null where no method in use has any. -#}
    select rules.node_code, rules.direction, {{ norm_columns() }},
    {% if "bands" in methods or "category_map" in methods %}
            bands.bands from {{ rules }} as rules left join ({{ node_bands() }}) as bands on rules.node_code = bands.node_code
    {%- else %} null as bands from {{ rules }} as rules
    {%- endif %}
{%- endmacro %}
