{% macro normalise_none(value, rule) -%}
    {#- The value itself. One outside 0–1 is let through: gate 2 names it, where clipping would hide it. -#}
    {{ value }}
{%- endmacro %}
