{% macro impute_value(delivered, sets, earlier) -%}
    {#- The value that the framework states. -#}
    select entity_code, measure_code, impute_value as value from {{ delivered }} where is_missing and impute_method = 'value'
{%- endmacro %}
