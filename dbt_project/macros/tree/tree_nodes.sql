{% macro tree_nodes() -%}
    {#- One row a node of the tree with its rules, the root as TOTAL at level 0. -#}
    select
        indicator_code,
        coalesce(parent_code, 'TOTAL') as parent_code,
        level,
        position,
        is_lowest,
        aggregate,
        aggregate_power as power,
        aggregate_within,
        penalty,
        at_least,
        missing_policy,
        kind,
        opens_at,
        normalise_method is not null as is_normalised
    from {{ ref("stg_framework__indicators") }}
    union all by name
    select
        'TOTAL' as indicator_code,
        null as parent_code,
        0 as level,
        0 as position,
        false as is_lowest,
        'arithmetic' as aggregate,
        'reweight' as missing_policy,
        'part' as kind,
        false as is_normalised
{%- endmacro %}
