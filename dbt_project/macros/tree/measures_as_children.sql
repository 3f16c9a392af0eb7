{% macro measures_as_children(norms) -%}
    {#-
      One row an entity × measure that belongs to its group's tree, as the child of its lowest indicator; none of who is screened out.
      Where a flag is asked for and the value is missing, its sums are too: not a number.
    -#}
    select
        norms.entity_code,
        norms.indicator_code,
        {{ node_rules("nodes") }},
        norms.measure_code as position,
        if(norms.share_used > 0, norms.normalised_used, null) as rate,
        if(norms.share_used > 0, norms.share_used, null) as share,
        norms.weight,
        norms.share as nominal,
        norms.state <> 'not_applicable' as applies,
        norms.share_used > 0 as is_present,
        norms.state = 'missing' and not norms.share_used > 0 as is_missing,
        norms.state = 'blocked' as is_blocked,
        if(norms.state = 'not_applicable', null, norms.share) as applicable,
        if(norms.state <> 'not_applicable' and norms.is_delivered, norms.share, 0) as delivered,
        if(
            norms.flag is null and rules.flag_at_least is not null and norms.state <> 'not_applicable', cast('nan' as double), norms.flag
        ) as flags
    from {{ norms }} as norms
    inner join nodes using (indicator_code)
    left join {{ ref("stg_framework__measures") }} as rules using (measure_code)
    where norms.state <> 'screened_out' and norms.share > 0
{%- endmacro %}
