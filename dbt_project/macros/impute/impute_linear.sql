{% macro impute_linear(delivered, sets, earlier) -%}
    {#- On the straight line between the unit's delivered values before and after; beyond the ends the nearest. -#}
    select
        entity_code,
        measure_code,
        coalesce(
            value_before + (value_after - value_before) * (time - time_before) / (time_after - time_before), value_before, value_after
        ) as value
    from ({{ neighbours_in_time(delivered, "linear") }})
{%- endmacro %}
