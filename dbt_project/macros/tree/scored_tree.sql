{% macro scored_tree(norms) -%}
    {#-
      One row an entity × indicator, every level, the root as TOTAL at level 0: the columns of the model indicator_scores. `norms` is a relation
      with the columns of the model normalised. Rates rise from the measures to the root, over the children that are present; points fall from
      the root, a dropped node's to its siblings; what is earned is rounded and added up.
    -#}
    {%- set depth, methods, uses = tree_depth(), aggregate_methods(), tree_uses() -%}
    with
        {{ "recursive" if "rounded" in uses }}
        nodes as ({{ tree_nodes() }}),
        measures as ({{ measures_as_children(norms) }}),
        lowest as ({{ aggregated("measures", methods) }}),
        {%- for level in range(depth, -1, -1) %}
            {%- if level < depth %}
                children_{{ level }} as ({{ nodes_as_children("rated_" ~ (level + 1)) }}),
                summed_{{ level }} as (
                    {{ aggregated("children_" ~ level, methods if level else ["arithmetic"]) }}
                    {%- if level %}
                        union all by name
                        select *
                        from lowest
                    {%- endif %}
                ),
            {%- else %} summed_{{ level }} as (select * from lowest),
            {%- endif %}
            stated_{{ level }} as ({{ stated_nodes("summed_" ~ level, level) }}),
            {%- if "normalise_" ~ level in uses %}
                normed_{{ level }} as ({{ normed_nodes("stated_" ~ level) }}),
                rated_{{ level }} as ({{ rated_nodes("normed_" ~ level, uses) }}),
            {%- else %} rated_{{ level }} as ({{ rated_nodes("stated_" ~ level, uses) }}),
            {%- endif %}
        {%- endfor %}
        {%- for level in range(depth + 1) %} pointed_{{ level }} as ({{ pointed_nodes(level) }}), {%- endfor %}
        earned as (
            {%- for level in range(depth + 1) %}
                select
                    entity_code,
                    indicator_code,
                    level,
                    position,
                    is_lowest,
                    kind,
                    opens_at,
                    points_used,
                    weight,
                    rate,
                    rate_aggregated,
                    state,
                    is_blocked,
                    flags,
                    delivered,
                    applicable,
                    case
                        when is_blocked
                        then null
                        when points_used = 0
                        then if(level = 0, null, 0.0)
                        else {{ storable("if(kind = 'deduction', rate - 1, rate) * points_used") }}
                    end as earned
                from pointed_{{ level }}
                {%- if not loop.last %}
                    union all
                {%- endif %}
            {%- endfor %}
        ),
        opened as (
            {%- if "beside" in uses %}{{ opened_nodes("earned") }}
            {%- else %}select *, cast(null as boolean) as is_opened from earned
            {%- endif %}
        )
        {%- if "rounded" in uses %}
            ,
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
            lowest_scores as ({{ within_scale("(select * from opened where is_lowest)") }}),
            rounded as (
                select
                    lowest_scores.entity_code,
                    below.indicator_code,
                    sum(lowest_scores.score) as score,
                    bool_or(lowest_scores.kind = 'deduction') as has_deduction
                from lowest_scores
                inner join below on lowest_scores.indicator_code = below.lowest_code
                group by lowest_scores.entity_code, below.indicator_code
            )
        {%- endif %}
    select
        entities.entity_code,
        entities.group_code,
        nodes.indicator_code,
        nodes.parent_code,
        nodes.level,
        {{ "if(nodes.level = 0, opened.earned / nullif(opened.points_used, 0), opened.rate)" if "beside" in uses else "opened.rate" }}
        as rate,
        opened.rate_aggregated,
        coalesce(opened.points_used, 0) as points,
        opened.weight,
        if(opened.indicator_code is null and roots.entity_code is not null, 0, opened.earned) as score_exact,
        cast(
            case
                when opened.indicator_code is null
                then if(roots.entity_code is not null, 0, null)
                when opened.earned is null
                then null
                {%- if "rounded" in uses %}
                    when true then if(nodes.level = 0 and rounded.has_deduction, greatest(0, rounded.score), rounded.score)
                {%- else %}
                    when nodes.level = 0
                    then {{ round_half_away("opened.earned", "edition.round_decimals") }}
                    else cast(opened.earned as decimal(18, 9))
                {%- endif %}
            end as decimal(18, 9)
        ) as score,
        cast(if(isnan(opened.flags), null, opened.flags) as bigint) as flags,
        opened.is_opened,
        coalesce(opened.state = 'missing', false) as is_missing,
        coalesce(opened.is_blocked, false) as is_blocked,
        round(opened.delivered / opened.applicable, 9) as coverage
    from {{ ref("stg_framework__entities") }} as entities
    cross join nodes
    cross join {{ ref("stg_framework__edition") }} as edition
    left join opened using (entity_code, indicator_code)
    -- What is not of its group's tree has no points and no score but 0; who was not scored at all has none.
    left join pointed_0 as roots using (entity_code)
    {%- if "rounded" in uses %} left join rounded using (entity_code, indicator_code) {%- endif %}
{%- endmacro %}
