-- One row: entity × measure. The value on its method's scale, what stands in for a missing one, and the share that the measure has in the
-- end. How a method computes: macros/normalise/normalise_<method>.sql; how sets are compared: macros/normalise/normalised_nodes.sql.
{%- set methods = normalise_methods("measures") %}
{%- set withins = normalise_withins("measures") %}
{%- set policies = missing_policies() %}
with
    rules as (select measure_code as node_code, direction, {{ norm_columns() }} from {{ ref("stg_framework__measures") }}),
    -- What a measure weighs in a group's tree, and how much all of its indicator: none where it is no part of it.
    shared as (
        select
            shares.group_code,
            shares.measure_code,
            shares.share,
            shares.weight,
            shares.share * points.points as points,
            sum(cast(shares.share as decimal(38, 18))) over siblings as share_of_all,
            shares.share / cast(share_of_all as double) as share_if_whole,
            count(*) over siblings as measures_of_all
        from {{ ref("stg_framework__measure_shares") }} as shares
        inner join {{ ref("stg_framework__measures") }} as measures using (measure_code)
        inner join
            {{ ref("stg_framework__indicator_points") }} as points
            on shares.group_code = points.group_code
            and measures.indicator_code = points.indicator_code
        window siblings as (partition by shares.group_code, measures.indicator_code)
    ),
    valued as (
        select
            treated.entity_code,
            treated.measure_code as node_code,
            entities.group_code,
            measures.indicator_code,
            measures.position,
            measures.missing_policy,
            measures.flag_at_least,
            coalesce(shared.share, 0) as share,
            shared.weight,
            shared.points,
            shared.share_of_all,
            shared.share_if_whole,
            shared.measures_of_all,
            treated.imputed_by,
            treated.is_blocked_by_impute,
            treated.is_screened_out,
            treated.applies,
            treated.value_treated as value
        from {{ ref("treated") }} as treated
        inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
        inner join {{ ref("stg_framework__measures") }} as measures using (measure_code)
        left join shared on entities.group_code = shared.group_code and treated.measure_code = shared.measure_code
    ),
    normed as ({{ normalised_nodes("valued", "rules", methods, withins) }}),
    {%- if "group_median" in policies %}
        medians as (
            select node_code, group_code, median(normalised) as group_median
            from normed
            where missing_policy = 'group_median'
            group by node_code, group_code
        ),
    {%- endif %}
    stood_in as (
        select normed.*, {{ "medians.group_median" if "group_median" in policies else "cast(null as double)" }} as group_median
        from normed
        {%- if "group_median" in policies %}
            left join medians on normed.node_code = medians.node_code and normed.group_code = medians.group_code
        {%- endif %}
    ),
    judged as (
        select
            *,
            case
                when is_screened_out
                then 'screened_out'
                when not applies
                then 'not_applicable'
                when is_constant
                then 'no_information'
                when normalised is not null
                then if(imputed_by is null, 'delivered', 'imputed')
                when missing_policy = 'block' or is_blocked_by_impute
                then 'blocked'
                when missing_policy = 'group_median'
                then if(group_median is null, 'no_information', 'imputed')
                else 'missing'
            end as state
        from stood_in
    ),
    -- Who keeps its share, and how a share that is given up goes: spread evenly, or in proportion.
    present as (
        select
            judged.*,
            state in ('delivered', 'imputed', 'blocked') or (state = 'missing' and missing_policy = 'zero') as is_present,
            (state = 'missing' and missing_policy = 'spread')
            or (state = 'not_applicable' and edition.not_applicable = 'spread') as is_spread
        from judged
        cross join {{ ref("stg_framework__edition") }} as edition
    ),
    -- Per entity and indicator of which something is given up, the few that there are: how much, how much of it is spread, by how many.
    lost as (
        select
            entity_code,
            indicator_code,
            sum(cast(share as decimal(38, 18))) as share_lost,
            {{ exact_sum("if(is_spread, share, 0)") }} as share_spread,
            count(*) as measures_lost
        from present
        where not is_present and measures_of_all is not null
        group by entity_code, indicator_code
    )
select
    present.entity_code,
    present.node_code as measure_code,
    present.indicator_code,
    applies,
    value as value_treated,
    coalesce(value is not null and imputed_by is null, false) as is_delivered,
    if(state = 'imputed', coalesce(imputed_by, 'group_median'), null) as imputed_by,
    set_code,
    normalised,
    case
        when normalised is not null
        then normalised
        when state = 'imputed'
        then group_median
        when state = 'missing' and missing_policy = 'zero'
        then 0.0
    end as normalised_used,
    cast(round(normalised, 9) >= flag_at_least as bigint) as flag,
    state,
    share,
    weight,
    case
        when not is_present
        then 0.0
        when lost.entity_code is null
        then share_if_whole
        else share * (1 - share_spread) / cast(share_of_all - share_lost as double) + share_spread / (measures_of_all - measures_lost)
    end as share_used
from present
left join lost on present.entity_code = lost.entity_code and present.indicator_code = lost.indicator_code
