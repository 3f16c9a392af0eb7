-- One row: entity × node of its tree, the root, indicators of all levels and measures: the way from the input to the total, what it lost
-- to full
-- points, and how it stands against the place above. A strength lies in the best quarter of the group's ranked entities and is no worse
-- than
-- the entity's own rank, a weakness in the last quarter and no better; who tie are taken by their farther end, and fewer than four have
-- neither.
with
    nodes as (
        select
            indicator_code as node_code,
            parent_code,
            level,
            'indicator' as kind,
            position as indicator_position,
            0 as measure_position,
            name_zh as label_zh,
            name_en as label_en,
            null as unit,
            normalise_direction as direction,
            normalise_method,
            within,
            kind as part
        from {{ ref("dim_indicator") }}
        union all
        select
            measures.measure_code as node_code,
            measures.indicator_code as parent_code,
            indicators.level + 1 as level,
            'measure' as kind,
            indicators.position as indicator_position,
            measures.position as measure_position,
            measures.label_zh,
            measures.label_en,
            measures.unit,
            measures.direction,
            measures.normalise_method,
            measures.within,
            indicators.kind as part
        from {{ ref("dim_measure") }} as measures
        inner join {{ ref("dim_indicator") }} as indicators using (indicator_code)
    ),
    ordered as (select *, row_number() over (order by indicator_position, measure_position, node_code) - 1 as position from nodes),
    figures as (
        select
            entity_code,
            indicator_code as node_code,
            null as value,
            null as value_treated,
            rate,
            points as weight,
            cast(score as double) as score
        from {{ ref("indicator_scores") }}
        union all
        select
            measures.entity_code,
            measures.measure_code as node_code,
            measures.value,
            measures.value_treated,
            measures.normalised_used as rate,
            scores.points * measures.share_used as weight,
            -- A bonus that is not opened earns nothing, whatever lies below it.
            if(scores.is_opened, measures.normalised_used * scores.points * measures.share_used, 0) as score
        from {{ ref("fct_measure") }} as measures
        inner join {{ ref("indicator_scores") }} as scores using (entity_code, indicator_code)
    ),
    explained as (
        select
            figures.entity_code,
            ranked.group_code,
            ranked.rank as entity_rank,
            ordered.node_code,
            ordered.position,
            ordered.part,
            figures.value,
            figures.value_treated,
            figures.rate,
            figures.weight,
            case
                when figures.weight = 0
                then 0
                when ordered.kind = 'measure' and ordered.part = 'deduction'
                then (figures.rate - 1) * figures.weight
                when ordered.kind = 'measure' and ordered.part = 'part'
                then figures.rate * figures.weight
                else figures.score
            end as contribution,
            if(
                ranked.state = 'ranked' and figures.weight > 0 and figures.rate is not null,
                if(edition.rank_order = 'lowest_first', 1, -1) * round(figures.rate, 9),
                null
            ) as order_key
        from figures
        inner join ordered using (node_code)
        inner join {{ ref("ranked") }} as ranked using (entity_code)
        cross join {{ ref("stg_framework__edition") }} as edition
    ),
    placed as (
        select
            *,
            if(order_key is null, null, rank() over (partition by group_code, position order by order_key nulls last)) as rank_in_group,
            count(order_key) over (partition by group_code, position) as entities,
            count(order_key) over (partition by group_code, position order by order_key nulls last) as last_of_tied
        from explained
    ),
    steps as (
        select group_code, rank, lag(min(entity_code)) over (partition by group_code order by rank) as above_entity_code
        from {{ ref("ranked") }}
        where rank is not null
        group by group_code, rank
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    placed.entity_code,
    placed.node_code,
    ordered.parent_code,
    ordered.level,
    ordered.kind,
    ordered.position,
    ordered.label_zh,
    ordered.label_en,
    placed.value,
    ordered.unit,
    placed.value_treated,
    ordered.direction,
    ordered.normalise_method,
    sets.set_code,
    -- Statistics of a set are of the opposite values where lower is better; here they are values again.
    if(ordered.direction = 'lower_is_better', 0 - norms.highest, norms.lowest) as set_lowest,
    if(ordered.direction = 'lower_is_better', 0 - norms.lowest, norms.highest) as set_highest,
    placed.rate,
    placed.weight,
    placed.contribution,
    if(placed.part = 'deduction', 0, placed.weight) - placed.contribution as lost,
    steps.above_entity_code,
    above.contribution as above_contribution,
    above.contribution - placed.contribution as gap_to_above,
    placed.rank_in_group,
    coalesce(
        ordered.level > 0
        and placed.entities >= 4
        and placed.last_of_tied <= ceil(placed.entities / 4)
        and placed.rank_in_group <= placed.entity_rank,
        false
    ) as is_strength,
    coalesce(
        ordered.level > 0
        and placed.entities >= 4
        and placed.rank_in_group > placed.entities - ceil(placed.entities / 4)
        and placed.last_of_tied >= placed.entity_rank,
        false
    ) as is_weakness
from placed
inner join ordered on placed.position = ordered.position
left join {{ ref("stg_framework__reference_sets") }} as sets on placed.entity_code = sets.entity_code and ordered.within = sets.within
left join {{ ref("norm_sets") }} as norms on placed.node_code = norms.node_code and sets.set_code = norms.set_code
left join steps on placed.group_code = steps.group_code and placed.entity_rank = steps.rank
left join placed as above on steps.above_entity_code = above.entity_code and placed.position = above.position
order by placed.entity_code, ordered.position
