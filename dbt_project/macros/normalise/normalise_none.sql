{% macro normalise_none(value, rule) -%}
    {#- x itself: the value, or its opposite where lower is better. One outside 0–1 is let through: gate 2 names it, where clipping would hide it. -#}
    {{ rule }}.x
{%- endmacro %}
