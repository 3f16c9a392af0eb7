{% macro normed_nodes(stated) -%}
    {#-
      `stated` with the rates of nodes that are normalised on their scale, compared with those of the same node in its reference set. They were
      steadied before; a method without steps takes a rate that is like no other as it was, for near 0 twelve digits of it are fewer of the
      result. A set that tells nothing apart: `no_information`; a rate without a place on the scale: `missing`.
    -#}
    with
        rules as (
            select indicator_code as node_code, direction, {{ norm_columns() }}
            from {{ ref("stg_framework__indicators") }}
            where normalise_method is not null
        ),
        valued as (
            select
                stated.*,
                stated.indicator_code as node_code,
                case
                    when rules.normalise_method not in ('goalposts', 'min_max', 'z_score', 'distance_to_target', 'distance_to_reference')
                    then stated.rate_aggregated
                    when rules.within = 'frozen' or stated.rate_aggregated is null
                    then stated.rate_aggregated
                    when count(*) over (partition by stated.indicator_code, stated.rate_aggregated) > 1
                    then stated.rate_aggregated
                    else stated.rate
                end as value
            from {{ stated }} as stated
            inner join rules on stated.indicator_code = rules.node_code
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
