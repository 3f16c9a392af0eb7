{% macro normalise_deduction(value, rule) -%}
    {#- 1 − value ÷ the measure's points (its indicator's points × its share), not below floor, not above 1. -#}
    if(
        {{ value }} is null,
        null,
        greatest({{ rule }}.floor, least(1.0, 1.0 - {{ value }} / nullif({{ rule }}.points * {{ rule }}.share, 0)))
    )
{%- endmacro %}
