{% macro impute_latest(delivered, sets, earlier) -%}
    {#- The unit's last delivered value before, at most impute_at_most times back (null: any). -#}
    select entity_code, measure_code, value_before as value
    from ({{ neighbours_in_time(delivered, "latest") }})
    where coalesce(time - time_before <= impute_at_most, true)
{%- endmacro %}
