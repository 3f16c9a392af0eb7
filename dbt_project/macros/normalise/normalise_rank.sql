{% macro normalise_rank(value, rule) -%}
    {#- The place in the reference set, the worst being 1. -#}
    {{ tied_place(rule) }}
{%- endmacro %}
