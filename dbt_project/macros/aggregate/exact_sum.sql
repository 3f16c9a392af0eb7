{% macro exact_sum(weight) -%}
    {#- The sum of weights, points or shares, whose order does not matter: of decimals, not of doubles. -#}
    cast(sum(cast({{ weight }} as decimal(38, 18))) as double)
{%- endmacro %}
