{% macro unjudged_norms(norms, sources) -%}
    {#- `norms` as if the measures that read an input of these sources did not apply: their shares go to their siblings in proportion. -#}
    with
        judged as (
            select distinct reads.measure_code
            from {{ ref("stg_framework__measure_inputs") }} as reads
            inner join {{ ref("stg_framework__inputs") }} as inputs using (input_code)
            where inputs.source in ('{{ sources | join("', '") }}')
        ),
        kept as (select norms.*, judged.measure_code is null as is_kept from {{ norms }} as norms left join judged using (measure_code))
    select
        * exclude (is_kept) replace (
            if(is_kept or state = 'screened_out', state, 'not_applicable') as state,
            if(is_kept, normalised_used, null) as normalised_used,
            if(is_kept, flag, null) as flag,
            if(
                is_kept,
                coalesce(
                    share_used / nullif(
                        sum(share_used) filter (where is_kept) over (
                            partition by entity_code, indicator_code
                            order by measure_code
                            rows between unbounded preceding and unbounded following
                        ),
                        0
                    ),
                    0
                ),
                0
            ) as share_used
        )
    from kept
{%- endmacro %}
