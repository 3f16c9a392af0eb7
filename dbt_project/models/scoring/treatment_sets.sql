-- One row: measure × reference set, of measures whose outliers are treated. What skewness and kurtosis said
-- before and after, and the steps that stand.
{%- set methods = treat_methods() %}
{%- set has_second = has_second_treatment() %}
{% if methods or not execute %}
    with recursive
        rules as (select * from {{ ref("stg_framework__measures") }} where treat_method is not null),
        numbers as (
            -- Rows without a value or a set are kept up to the list: else DuckDB lists by entity first, or multiplies sets by measures.
            select
                imputed.measure_code,
                sets.set_code,
                list(imputed.value_imputed order by imputed.value_imputed) filter (where imputed.value_imputed is not null) as numbers
            from {{ ref("imputed") }} as imputed
            inner join rules using (measure_code)
            left join
                {{ ref("stg_framework__reference_sets") }} as sets
                on imputed.entity_code = sets.entity_code
                and rules.treat_within = sets.within
            group by all
            having count(sets.set_code) > 0 and count(imputed.value_imputed) > 0
        ),
        delivered as materialized({{ checked("numbers") }}),
        skewed as materialized(
            select delivered.*, rules.* exclude (measure_code)
            from delivered
            inner join rules using (measure_code)
            where {{ is_skewed("delivered.skewness", "delivered.kurtosis", "rules") }}
        ),
        -- The first step: what it is told of the set, then the set after it. A step that is undefined for a set, or leaves all alike, is
        -- none.
        bounds as materialized(
            {% if "winsorise" in methods %}{{ winsorise_bounds("skewed") }}
            {% else %}select measure_code, set_code, lowest, highest, 0 as points_low, 0 as points_high from skewed where false
            {% endif %}
        ),
        first_rules as (
            select
                skewed.* exclude (lowest, highest),
                skewed.treat_method as step,
                skewed.treat_power as power,
                coalesce(bounds.lowest, skewed.lowest) as lowest,
                coalesce(bounds.highest, skewed.highest) as highest,
                coalesce(bounds.points_low, 0) as points_low,
                coalesce(bounds.points_high, 0) as points_high
            from skewed
            left join bounds using (measure_code, set_code)
        ),
        first_sets as ({{ treated_sets("first_rules", methods) }}),
        first_steps as materialized(
            select first_rules.* exclude (skewness, kurtosis), after.numbers as numbers_after, after.skewness, after.kurtosis
            from first_rules
            inner join ({{ checked("first_sets") }}) as after using (measure_code, set_code)
        ),
        {%- if has_second %}
            -- The second, where the first does not do: on the values as they were, unless the two are combined.
            remaining as (
                select measure_code, set_code, if(treat_combine, numbers_after, numbers) as numbers
                from first_steps
                where treat_otherwise is not null and {{ is_skewed("skewness", "kurtosis", "first_steps") }}
            ),
            second_rules as (
                select before.*, rules.treat_otherwise as step, rules.treat_otherwise_power as power
                from ({{ checked("remaining") }}) as before
                inner join rules using (measure_code)
            ),
            second_sets as ({{ treated_sets("second_rules", methods) }}),
            second_steps as (
                select second_rules.* exclude (kurtosis) rename(skewness as skewness_before), after.skewness, after.kurtosis
                from second_rules
                inner join ({{ checked("second_sets") }}) as after using (measure_code, set_code)
            ),
        {%- else %}
            second_steps as (select *, cast(null as double) as skewness_before, cast(null as varchar) as step from delivered where false),
        {%- endif %}
        standing as (
            select
                delivered.*,
                second_steps.step is null or first_steps.treat_combine as is_first_kept,
                first_steps as first,
                second_steps as second
            from delivered
            left join first_steps using (measure_code, set_code)
            left join second_steps using (measure_code, set_code)
        )
    select
        standing.measure_code,
        rules.treat_within as within,
        standing.set_code,
        standing.n as entities,
        standing.skewness,
        standing.kurtosis,
        nullif(concat_ws('+', if(is_first_kept, first.step, null), second.step), '') as method,
        if(is_first_kept, first.step, null) as first_step,
        if(is_first_kept, first.lowest, null) as first_lowest,
        if(is_first_kept, first.highest, null) as first_highest,
        second.step as second_step,
        second.lowest as second_lowest,
        second.highest as second_highest,
        second.skewness_before as second_skewness,
        cast(if(is_first_kept, coalesce(first.points_low, 0), 0) as bigint) as points_low,
        cast(if(is_first_kept, coalesce(first.points_high, 0), 0) as bigint) as points_high,
        coalesce(second.skewness, first.skewness, standing.skewness) as skewness_after,
        coalesce(second.kurtosis, first.kurtosis, standing.kurtosis) as kurtosis_after
    from standing
    inner join rules using (measure_code)
    order by standing.measure_code, standing.set_code
{% else %} {{ no_rows() }}
{% endif %}
