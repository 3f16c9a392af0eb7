{% macro impute_constant(delivered, sets, earlier) -%}
    {#- The unit's last delivered value before; where there is none, the first after. -#}
    select entity_code, measure_code, coalesce(value_before, value_after) as value from ({{ neighbours_in_time(delivered, "constant") }})
{%- endmacro %}
