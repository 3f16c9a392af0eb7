{% macro normed_nodes(stated) -%}
    {#-
      `stated` with the rates of nodes that are normalised on their scale, compared with those of the same node in its reference set. They were
      steadied before. A set that tells nothing apart: `no_information`; a rate without a place on the scale: `missing`.
    -#}
    with
        valued as (select *, indicator_code as node_code, rate_aggregated as value from {{ stated }} where is_normalised),
        rules as (
            select indicator_code as node_code, direction, {{ norm_columns() }}
            from {{ ref("stg_framework__indicators") }}
            where normalise_method is not null
        ),
        normed as ({{ normalised_nodes("valued", "rules", normalise_methods("indicators"), normalise_withins("indicators")) }})
    select
        stated.* exclude (state, rate),
        case
            when normed.is_constant and stated.state = 'scored'
            then 'no_information'
            when stated.is_normalised and stated.state = 'scored' and normed.normalised is null
            then 'missing'
            else stated.state
        end as state,
        if(stated.is_normalised, normed.normalised, stated.rate) as rate
    from {{ stated }} as stated
    left join normed using (entity_code, indicator_code)
{%- endmacro %}
