-- One row: an entity, with the shares of its measures that were delivered; screened out where one is below what the framework asks. Where
-- it
-- asks for none, nobody is, and no share is told.
{% if "screen" in parts_in_use() %}
    with recursive
        below as (
            select indicator_code, indicator_code as above_code
            from {{ ref("stg_framework__indicators") }}
            union all
            select below.indicator_code, indicators.parent_code as above_code
            from below
            inner join {{ ref("stg_framework__indicators") }} as indicators on below.above_code = indicators.indicator_code
            where indicators.parent_code is not null
        ),
        applicable as (
            select
                measures.entity_code,
                measures.value,
                rules.indicator_code,
                -- A decimal, so that the sum does not depend on the order.
                cast(shares.share * points.points as decimal(28, 12)) as points
            from {{ ref("measures") }} as measures
            inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
            inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
            inner join
                {{ ref("stg_framework__measure_shares") }} as shares
                on entities.group_code = shares.group_code
                and measures.measure_code = shares.measure_code
            inner join
                {{ ref("stg_framework__indicator_points") }} as points
                on entities.group_code = points.group_code
                and rules.indicator_code = points.indicator_code
            where measures.applies
        ),
        shares as (
            select
                entity_code,
                count(value) / count(*) as measures_share,
                cast(coalesce(sum(points) filter (where value is not null), 0) as double)
                / nullif(cast(sum(points) as double), 0) as points_share,
                count(*) filter (where value <> 0) / nullif(count(value), 0) as nonzero_share
            from applicable
            group by entity_code
        ),
        -- Each share with what is asked of it; nothing is asked of a share that does not exist.
        asked as (
            select
                entity_code,
                1 as position,
                '有数据的测度' as of_zh,
                'measures with a value' as of_en,
                measures_share as share,
                screen_measures as at_least
            from shares
            cross join {{ ref("stg_framework__edition") }}
            union all
            select entity_code, 2, '有数据的分值', 'points that rest on a value', points_share, screen_points
            from shares
            cross join {{ ref("stg_framework__edition") }}
            union all
            select entity_code, 3, '不为零的数值', 'values that are not 0', nonzero_share, screen_nonzero
            from shares
            cross join {{ ref("stg_framework__edition") }}
            union all
            select
                applicable.entity_code,
                3 + indicators.position,
                concat(indicators.indicator_code, ' ', indicators.name_zh, '中有数据的测度'),
                concat('measures with a value below ', indicators.indicator_code, ' ', indicators.name_en),
                count(applicable.value) / count(*),
                screens.at_least
            from applicable
            inner join below using (indicator_code)
            inner join {{ ref("stg_framework__screens") }} as screens on below.above_code = screens.indicator_code
            inner join {{ ref("stg_framework__indicators") }} as indicators on screens.indicator_code = indicators.indicator_code
            group by
                applicable.entity_code,
                indicators.position,
                indicators.indicator_code,
                indicators.name_zh,
                indicators.name_en,
                screens.at_least
        ),
        failed as (
            select
                entity_code,
                string_agg(
                    format('{}占{:.1f}%，低于{:g}%', of_zh, floor(share * 1000) / 10, at_least * 100), '；' order by position
                ) as reason_zh,
                string_agg(
                    format('{}: {:.1f} %, less than {:g} %', of_en, floor(share * 1000) / 10, at_least * 100), '; ' order by position
                ) as reason_en
            from asked
            where cast(share as decimal(18, 9)) < cast(at_least as decimal(18, 9))
            group by entity_code
        )
    select
        entities.entity_code,
        failed.entity_code is not null as is_screened_out,
        failed.reason_zh,
        failed.reason_en,
        shares.measures_share,
        shares.points_share,
        shares.nonzero_share
    from {{ ref("stg_framework__entities") }} as entities
    left join shares using (entity_code)
    left join failed using (entity_code)
    order by entities.entity_code
{% else %}
    select
        entity_code,
        false as is_screened_out,
        cast(null as varchar) as reason_zh,
        cast(null as varchar) as reason_en,
        cast(null as double) as measures_share,
        cast(null as double) as points_share,
        cast(null as double) as nonzero_share
    from {{ ref("stg_framework__entities") }}
{% endif %}
