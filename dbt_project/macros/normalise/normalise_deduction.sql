{% macro normalise_deduction(value, rule) -%}
    {#- 1 − value ÷ the node's nominal points, not below floor, not above 1. -#}
    if({{ value }} is null, null, greatest({{ rule }}.floor, least(1.0, 1.0 - {{ value }} / nullif({{ rule }}.points, 0))))
{%- endmacro %}
