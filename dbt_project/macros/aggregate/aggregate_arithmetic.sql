{% macro aggregate_arithmetic(rate, weight, key) -%}
    {#- Weighted mean: Σ weight × rate ÷ Σ weight, summed in the order of the key. -#}
    sum({{ weight }} * {{ rate }} order by {{ key }}) / sum({{ weight }} order by {{ key }})
{%- endmacro %}
