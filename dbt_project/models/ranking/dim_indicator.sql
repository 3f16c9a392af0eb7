-- One row: a node of the tree, the root as TOTAL at level 0.
with
    directions as (
        select indicator_code, if(count(distinct direction) = 1, max(direction), 'mixed') as direction
        from {{ ref("stg_framework__measures") }}
        group by indicator_code
    ),
    nodes as (
        select
            indicator_code, coalesce(parent_code, 'TOTAL') as parent_code, level, position, name_zh, name_en, points, is_lowest, aggregate
        from {{ ref("stg_framework__indicators") }}
        union all
        select 'TOTAL', null, 0, 0, '总分', 'Total', scale, false, 'arithmetic'
        from {{ ref("stg_framework__edition") }}
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
    nodes.aggregate,
    directions.direction
from nodes
left join directions using (indicator_code)
order by nodes.position
