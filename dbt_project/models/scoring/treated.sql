-- One row: entity × measure. The value after treatment of outliers in its set; null where the measure does not apply or is missing.
{{ config(materialized="view") }}
{%- set methods = treat_methods() %}
{%- set has_second = has_second_treatment() %}
{{- may_read(["treatment_sets", "stg_framework__measures", "stg_framework__reference_sets"]) }}
{%- if methods %}
    with
        valued as (
            select imputed.*, sets.set_code
            from {{ ref("imputed") }} as imputed
            inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
            left join
                {{ ref("stg_framework__reference_sets") }} as sets
                on imputed.entity_code = sets.entity_code
                and rules.treat_within = sets.within
                and rules.treat_method is not null
        ),
        first_rules as (
            select
                steps.measure_code,
                steps.set_code,
                steps.first_step as step,
                steps.first_lowest as lowest,
                steps.first_highest as highest,
                steps.skewness,
                rules.treat_power as power
            from {{ ref("treatment_sets") }} as steps
            inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
        ),
        {%- if has_second %}
            second_rules as (
                select
                    steps.measure_code,
                    steps.set_code,
                    steps.second_step as step,
                    steps.second_lowest as lowest,
                    steps.second_highest as highest,
                    steps.second_skewness as skewness,
                    rules.treat_otherwise_power as power
                from {{ ref("treatment_sets") }} as steps
                inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
            ),
        {%- endif %}
        once as (
            select
                valued.*,
                {{ treat_step("valued.value_imputed", "first_rules", methods) }} as value_once,
                case
                    when first_rules.step = 'winsorise' and valued.value_imputed > first_rules.highest
                    then 'winsorised_high'
                    when first_rules.step = 'winsorise' and valued.value_imputed < first_rules.lowest
                    then 'winsorised_low'
                    when first_rules.step <> 'winsorise' and valued.value_imputed is not null
                    then first_rules.step
                end as step_once
            from valued
            left join first_rules using (measure_code, set_code)
        )
    select
        once.entity_code,
        once.measure_code,
        {%- if has_second %}
            {{ treat_step("once.value_once", "second_rules", methods) }} as value_treated,
            nullif(concat_ws('+', once.step_once, if(once.value_once is null, null, second_rules.step)), '') as treated_by,
        {%- else %} once.value_once as value_treated, once.step_once as treated_by,
        {%- endif %}
        once.imputed_by,
        once.is_blocked_by_impute,
        once.is_screened_out,
        once.applies
    from once
    {%- if has_second %} left join second_rules using (measure_code, set_code) {%- endif %}
{%- else %}
    select
        entity_code,
        measure_code,
        value_imputed as value_treated,
        cast(null as varchar) as treated_by,
        imputed_by,
        is_blocked_by_impute,
        is_screened_out,
        applies
    from {{ ref("imputed") }}
{%- endif %}
