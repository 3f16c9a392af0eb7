{% macro from_the_set(delivered, sets, method, statistic) -%}
    {#- A statistic of the delivered values of the measure's set; nothing for an entity that belongs to no such set. -#}
    with
        members as (
            select delivered.entity_code, delivered.measure_code, sets.set_code, delivered.value, delivered.is_missing
            from {{ delivered }} as delivered
            inner join {{ sets }} as sets on delivered.entity_code = sets.entity_code and delivered.impute_within = sets.within
            where delivered.impute_method = '{{ method }}'
        ),
        statistics as (
            select measure_code, set_code, {{ statistic }} as value from members where value is not null group by measure_code, set_code
        )
    select members.entity_code, members.measure_code, statistics.value
    from members
    inner join statistics using (measure_code, set_code)
    where members.is_missing
{%- endmacro %}
