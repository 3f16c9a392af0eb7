{% macro neighbours_in_time(delivered, method) -%}
    {#- The missing values of a method with the unit's nearest delivered ones before and after, and their times. -#}
    select *
    from
        (
            select
                entity_code,
                measure_code,
                time,
                impute_at_most,
                is_missing,
                last_value(value ignore nulls) over earlier as value_before,
                last_value(if(value is null, null, time) ignore nulls) over earlier as time_before,
                first_value(value ignore nulls) over later as value_after,
                first_value(if(value is null, null, time) ignore nulls) over later as time_after
            from {{ delivered }}
            where impute_method = '{{ method }}'
            window
                earlier as (partition by unit_code, measure_code order by time rows between unbounded preceding and 1 preceding),
                later as (partition by unit_code, measure_code order by time rows between 1 following and unbounded following)
        )
    where is_missing
{%- endmacro %}
