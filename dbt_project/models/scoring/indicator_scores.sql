-- One row: entity × indicator, every level, the root as TOTAL at level 0.
-- Rates rise from the measures to the root, over the children that are present; points fall from the root, a dropped node's to its
-- siblings.
{%- set depth = tree_depth() %}
{%- set methods = aggregate_methods() %}
{%- set node_columns = (
    "nodes.indicator_code, nodes.parent_code, nodes.level, nodes.position, nodes.points, nodes.is_lowest, nodes.aggregate"
) %}
with recursive
    nodes as (
        select indicator_code, coalesce(parent_code, 'TOTAL') as parent_code, level, position, points, is_lowest, aggregate
        from {{ ref("stg_framework__indicators") }}
        union all
        select
            'TOTAL' as indicator_code,
            null as parent_code,
            0 as level,
            0 as position,
            scale as points,
            false as is_lowest,
            'arithmetic' as aggregate
        from {{ ref("stg_framework__edition") }}
    ),
    lowest as (
        select
            norms.entity_code,
            nodes.indicator_code,
            bool_or(norms.state = 'blocked') as is_blocked,
            {{ aggregated("nodes.aggregate", "norms.normalised_used", "norms.share_used", "norms.measure_code", methods) }} as rate
        from {{ ref("normalised") }} as norms
        inner join nodes using (indicator_code)
        where norms.share_used > 0
        group by norms.entity_code, nodes.indicator_code, nodes.aggregate
    ),
    {%- for level in range(depth, -1, -1) %}
        rated_{{ level }} as (
            select lowest.entity_code, {{ node_columns }}, lowest.is_blocked, if(lowest.is_blocked, null, lowest.rate) as rate
            from lowest
            inner join nodes using (indicator_code)
            where nodes.level = {{ level }}
            {%- if level < depth %}
                union all
                select
                    children.entity_code,
                    {{ node_columns }},
                    bool_or(children.is_blocked) as is_blocked,
                    if(
                        bool_or(children.is_blocked),
                        null,
                        {{ aggregated("nodes.aggregate", "children.rate", "children.points", "children.position", methods) }}
                    ) as rate
                from rated_{{ level + 1 }} as children
                inner join nodes on children.parent_code = nodes.indicator_code
                group by children.entity_code, {{ node_columns }}
            {%- endif %}
        ),
    {%- endfor %}
    pointed_0 as (select *, points as points_used from rated_0),
    {%- for level in range(1, depth + 1) %}
        pointed_{{ level }} as (
            select
                rated.*,
                parents.points_used
                * rated.points
                / sum(rated.points) over (
                    partition by rated.entity_code, rated.parent_code
                    order by rated.position
                    rows between unbounded preceding and unbounded following
                ) as points_used
            from rated_{{ level }} as rated
            inner join
                pointed_{{ level - 1 }} as parents on rated.entity_code = parents.entity_code and rated.parent_code = parents.indicator_code
        ),
    {%- endfor %}
    pointed as (
        {%- for level in range(depth + 1) %}
            select *
            from pointed_{{ level }}
            {%- if not loop.last %}
                union all
            {%- endif %}
        {%- endfor %}
    ),
    -- Each node with the lowest ones below it, itself where it is one.
    below as (
        select indicator_code, indicator_code as lowest_code
        from nodes
        where is_lowest
        union all
        select nodes.parent_code as indicator_code, below.lowest_code
        from below
        inner join nodes on below.indicator_code = nodes.indicator_code
        where nodes.parent_code is not null
    ),
    rounded as (
        select
            pointed.entity_code,
            below.indicator_code,
            cast(sum({{ round_half_away("pointed.rate * pointed.points_used", "edition.round_decimals") }}) as decimal(18, 9)) as score
        from pointed
        inner join below on pointed.indicator_code = below.lowest_code
        cross join {{ ref("stg_framework__edition") }} as edition
        group by pointed.entity_code, below.indicator_code
    ),
    covered as (
        select
            norms.entity_code,
            below.indicator_code,
            sum(if(norms.is_delivered, nodes.points * norms.share, 0) order by nodes.position, norms.measure_code)
            / sum(nodes.points * norms.share order by nodes.position, norms.measure_code) as coverage
        from {{ ref("normalised") }} as norms
        inner join nodes using (indicator_code)
        inner join below on norms.indicator_code = below.lowest_code
        where norms.state <> 'not_applicable'
        group by norms.entity_code, below.indicator_code
    )
select
    {{ edition_code() }} as edition,
    entities.entity_code,
    entities.group_code,
    nodes.indicator_code,
    nodes.parent_code,
    nodes.level,
    pointed.rate,
    coalesce(pointed.points_used, 0) as points,
    case
        when pointed.indicator_code is null
        then if(nodes.level = 0, null, 0)
        when not pointed.is_blocked
        then pointed.rate * pointed.points_used
    end as score_exact,
    case
        when pointed.indicator_code is null
        then if(nodes.level = 0, null, cast(0 as decimal(18, 9)))
        when pointed.is_blocked
        then null
        when edition.round_at = 'lowest_indicator'
        then rounded.score
        when nodes.level = 0
        then {{ round_half_away("pointed.rate * pointed.points_used", "edition.round_decimals") }}
        else cast(pointed.rate * pointed.points_used as decimal(18, 9))
    end as score,
    coalesce(pointed.is_blocked, false) as is_blocked,
    round(covered.coverage, 9) as coverage
from {{ ref("stg_framework__entities") }} as entities
cross join nodes
cross join {{ ref("stg_framework__edition") }} as edition
left join pointed using (entity_code, indicator_code)
left join rounded using (entity_code, indicator_code)
left join covered using (entity_code, indicator_code)
order by entities.entity_code, nodes.position
