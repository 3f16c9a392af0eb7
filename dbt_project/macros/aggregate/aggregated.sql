{% macro aggregated(children, methods) -%}
    {#- One row an entity × node: its rate by its method, and what else `tallied` says; SQL for the methods in use alone. -#}
    {%- for method in methods %}
        ({{ context["aggregate_" ~ method](children) }})
        {%- if not loop.last %}
            union all by name
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
