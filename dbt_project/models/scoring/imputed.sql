-- One row: entity × measure. The value delivered, or what stands in for a missing one; made of delivered values alone, never of made ones.
{%- set methods = impute_methods() %}
with
    sets as (select entity_code, within, set_code from {{ ref("stg_framework__reference_sets") }}),
    earlier as (
        select ancestors.entity_code, previous.measure_code, previous.value
        from
            ({{ ancestors(ref("stg_framework__entities"), ref("stg_framework__predecessors"), ref("stg_previous__ranking")) }}) as ancestors
        inner join {{ ref("stg_previous__measures") }} as previous on ancestors.previous_code = previous.entity_code
    ),
    delivered as (
        select
            measures.entity_code,
            measures.measure_code,
            rules.indicator_code,
            entities.unit_code,
            entities.time,
            measures.applies,
            screened.is_screened_out,
            if(measures.applies and not screened.is_screened_out, measures.value, null) as value,
            measures.applies and not screened.is_screened_out and measures.value is null as is_missing,
            if(rules.direction = 'lower_is_better', -1, 1) as sign,
            rules.impute_method,
            rules.impute_value,
            rules.impute_within,
            rules.impute_at_most
        from {{ ref("measures") }} as measures
        inner join {{ ref("screened") }} as screened using (entity_code)
        inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
        inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
    ),
    made as (
        {%- for method in methods %}
            select entity_code, measure_code, value
            from ({{ context["impute_" ~ method]("delivered", "sets", "earlier") }})
            union all
        {%- endfor %}
        select null as entity_code, null as measure_code, null as value
        where false
    )
select
    {{ edition_code() }} as edition,
    delivered.entity_code,
    delivered.measure_code,
    coalesce(delivered.value, made.value) as value_imputed,
    if(made.value is null, null, delivered.impute_method) as imputed_by,
    delivered.is_missing and coalesce(delivered.impute_method = 'block', false) as is_blocked_by_impute,
    delivered.is_screened_out,
    delivered.applies
from delivered
left join made using (entity_code, measure_code)
order by delivered.entity_code, delivered.measure_code
