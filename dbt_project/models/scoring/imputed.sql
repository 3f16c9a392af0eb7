-- One row: entity × measure. The value delivered, or what stands in for a missing one; made of delivered values alone, never of made ones.
{{ config(materialized="view") }}
{%- set methods = impute_methods() %}
{%- set is_screening = "screen" in parts_in_use() %}
{{-
    may_read(
        [
            "stg_framework__reference_sets",
            "stg_framework__entities",
            "stg_framework__predecessors",
            "stg_previous__ranking",
            "stg_previous__measures",
        ]
    )
}}
with
    {%- if methods %}
        sets as (select entity_code, within, set_code from {{ ref("stg_framework__reference_sets") }}),
        earlier as (
            select ancestors.entity_code, previous.measure_code, previous.value
            from ({{ ancestors() }}) as ancestors
            inner join {{ ref("stg_previous__measures") }} as previous on ancestors.previous_code = previous.entity_code
            where ancestors.places = 1
        ),
    {%- endif %}
    delivered as (
        select
            measures.entity_code,
            measures.measure_code,
            measures.applies,
            {{ "screened.is_screened_out" if is_screening else "false" }} as is_screened_out,
            if(measures.applies and not is_screened_out, measures.value, null) as value,
            measures.applies and not is_screened_out and measures.value is null as is_missing,
            rules.indicator_code,
            if(rules.direction = 'lower_is_better', -1, 1) as sign,
            rules.impute_method,
            rules.impute_value,
            rules.impute_within,
            rules.impute_at_most
            {%- if methods %}, entities.unit_code, entities.time {%- endif %}
        from {{ ref("measures") }} as measures
        inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
        {%- if is_screening %} inner join {{ ref("screened") }} as screened using (entity_code) {%- endif %}
        {%- if methods %} inner join {{ ref("stg_framework__entities") }} as entities using (entity_code) {%- endif %}
    )
    {%- if methods %}
        ,
        made as (
            {%- for method in methods %}
                select entity_code, measure_code, value
                from ({{ context["impute_" ~ method]("delivered", "sets", "earlier") }})
                {%- if not loop.last %}
                    union all
                {%- endif %}
            {%- endfor %}
        )
    {%- endif %}
select
    delivered.entity_code,
    delivered.measure_code,
    {{ "coalesce(delivered.value, made.value)" if methods else "delivered.value" }} as value_imputed,
    {{ "if(made.value is null, null, delivered.impute_method)" if methods else "cast(null as varchar)" }} as imputed_by,
    delivered.is_missing and coalesce(delivered.impute_method = 'block', false) as is_blocked_by_impute,
    delivered.is_screened_out,
    delivered.applies
from delivered
{%- if methods %} left join made using (entity_code, measure_code) {%- endif %}
