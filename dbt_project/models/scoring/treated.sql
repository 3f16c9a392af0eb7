-- One row: entity × measure. The value after treatment of outliers within the group; null where the measure does not apply or is missing.
with
    valued as (
        select
            measures.entity_code,
            entities.group_code,
            measures.measure_code,
            measures.applies,
            rules.treat_method,
            rules.treat_at_most,
            rules.treat_skew,
            rules.treat_kurtosis,
            if(rules.direction = 'lower_is_better', -1, 1) as sign,
            if(measures.applies, measures.value, null) as value
        from {{ ref("measures") }} as measures
        inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
        inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
    ),
    sets as (
        select
            group_code,
            measure_code,
            max(treat_at_most) as at_most,
            max(treat_skew) as skewness_limit,
            max(treat_kurtosis) as kurtosis_limit,
            list(sign * value order by sign * value) as numbers
        from valued
        where treat_method = 'winsorise' and value is not null
        group by group_code, measure_code
    ),
    bounds as ({{ winsorise_bounds("sets") }})
select
    {{ edition_code() }} as edition,
    valued.entity_code,
    valued.measure_code,
    if(
        valued.value is null or bounds.measure_code is null,
        valued.value,
        valued.sign * greatest(bounds.lowest, least(bounds.highest, valued.sign * valued.value))
    ) as value_treated,
    valued.applies
from valued
left join bounds on valued.group_code = bounds.group_code and valued.measure_code = bounds.measure_code
order by valued.entity_code, valued.measure_code
