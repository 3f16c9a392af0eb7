-- One row: group × node of its tree, indicators and measures. Effective weight is the share of the scale that the node has by its points.
with
    nodes as (
        select
            points.group_code,
            points.indicator_code as node_code,
            coalesce(indicators.parent_code, 'TOTAL') as parent_code,
            'indicator' as kind,
            indicators.position as indicator_position,
            0 as measure_position,
            points.points,
            points.weight
        from {{ ref("stg_framework__indicator_points") }} as points
        inner join {{ ref("stg_framework__indicators") }} as indicators using (indicator_code)
        union all
        select
            shares.group_code,
            shares.measure_code as node_code,
            measures.indicator_code as parent_code,
            'measure' as kind,
            indicators.position as indicator_position,
            measures.position as measure_position,
            points.points * shares.share as points,
            shares.weight
        from {{ ref("stg_framework__measure_shares") }} as shares
        inner join {{ ref("stg_framework__measures") }} as measures using (measure_code)
        inner join {{ ref("stg_framework__indicators") }} as indicators using (indicator_code)
        inner join
            {{ ref("stg_framework__indicator_points") }} as points
            on measures.indicator_code = points.indicator_code
            and shares.group_code = points.group_code
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    nodes.group_code,
    nodes.node_code,
    nodes.parent_code,
    nodes.kind,
    nodes.points,
    nodes.weight,
    nodes.points / edition.scale as effective_weight
from nodes
cross join {{ ref("stg_framework__edition") }} as edition
order by nodes.group_code, nodes.indicator_position, nodes.measure_position, nodes.node_code
