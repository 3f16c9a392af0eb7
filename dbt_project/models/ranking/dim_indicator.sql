-- One row: a node of the tree, the root as TOTAL at level 0.
with recursive
    directions as (
        select indicator_code, if(count(distinct direction) = 1, max(direction), 'mixed') as direction
        from {{ ref("stg_framework__measures") }}
        group by indicator_code
    ),
    -- A node is part of the scale, or of a bonus or deduction beside it, as the first level above it is.
    kinds as (
        select indicator_code, kind
        from {{ ref("stg_framework__indicators") }}
        where parent_code is null
        union all
        select children.indicator_code, kinds.kind
        from kinds
        inner join {{ ref("stg_framework__indicators") }} as children on kinds.indicator_code = children.parent_code
    ),
    nodes as (
        select
            rules.indicator_code,
            coalesce(rules.parent_code, 'TOTAL') as parent_code,
            rules.level,
            rules.position,
            rules.name_zh,
            rules.name_en,
            rules.points,
            rules.is_lowest,
            kinds.kind,
            rules.opens_at,
            rules.aggregate,
            {{ aggregate_words("rules", "zh") }} as aggregate_zh,
            {{ aggregate_words("rules", "en") }} as aggregate_en,
            rules.at_least,
            rules.normalise_method,
            {{ normalise_words("rules", "bands.bands", "zh") }} as normalise_zh,
            {{ normalise_words("rules", "bands.bands", "en") }} as normalise_en,
            if(rules.normalise_method is null, null, rules.direction) as normalise_direction,
            rules.within,
            rules.is_bounded,
            rules.missing_policy
        from {{ ref("stg_framework__indicators") }} as rules
        inner join kinds using (indicator_code)
        left join ({{ node_bands() }}) as bands on rules.indicator_code = bands.node_code
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    nodes.indicator_code,
    nodes.parent_code,
    nodes.level,
    nodes.position,
    nodes.name_zh,
    nodes.name_en,
    nodes.points,
    nodes.is_lowest,
    nodes.kind,
    nodes.opens_at,
    nodes.aggregate,
    nodes.aggregate_zh,
    nodes.aggregate_en,
    nodes.at_least,
    directions.direction,
    nodes.normalise_method,
    nodes.normalise_zh,
    nodes.normalise_en,
    nodes.normalise_direction,
    nodes.within,
    nodes.is_bounded,
    nodes.missing_policy
from
    (
        from nodes
        union all by name
        select
            'TOTAL' as indicator_code,
            0 as level,
            0 as position,
            '总分' as name_zh,
            'Total' as name_en,
            scale as points,
            false as is_lowest,
            'part' as kind,
            'arithmetic' as aggregate,
            '各一级指标得分之和' as aggregate_zh,
            'Sum of the scores of the first level' as aggregate_en
        from {{ ref("stg_framework__edition") }}
    ) as nodes
left join directions using (indicator_code)
order by nodes.position
