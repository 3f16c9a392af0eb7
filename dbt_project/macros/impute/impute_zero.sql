{% macro impute_zero(delivered, sets, earlier) -%}
    {#- 0. -#}
    select entity_code, measure_code, 0.0 as value from {{ delivered }} where is_missing and impute_method = 'zero'
{%- endmacro %}
