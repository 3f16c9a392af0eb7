{% macro normalise_category_map(value, rule) -%}
    {#- The score of the value itself; a value without one is missing. -#}
    if({{ value }} is null, null, {{ rule }}.category_score)
{%- endmacro %}
