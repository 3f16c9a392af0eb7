-- One row: entity × measure. The value on the scale 0–1, what stands in for a missing one, and the share that the measure has in the end.
{%- set methods = normalise_methods() %}
with
    valued as (
        select
            treated.entity_code,
            entities.group_code,
            treated.applies,
            treated.value_treated as value,
            rules.*,
            indicators.points,
            if(rules.direction = 'lower_is_better', -1, 1) as sign,
            treated.value_treated is not null as is_delivered
        from {{ ref("treated") }} as treated
        inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
        inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
        inner join {{ ref("stg_framework__indicators") }} as indicators using (indicator_code)
    ),
    -- The reference set: the group's entities to which the measure applies and which have a value.
    compared as (
        select
            *,
            min(sign * value) over (partition by measure_code, group_code) as lowest,
            max(sign * value) over (partition by measure_code, group_code) as highest,
            count(value) over (partition by measure_code, group_code) as entities,
            if(is_delivered, rank() over (partition by measure_code, group_code, is_delivered order by sign * value), null) as place
        from valued
    ),
    banded as (
        select
            compared.entity_code,
            compared.measure_code,
            arg_min(bands.score, bands.at_most) filter (where compared.value <= bands.at_most) as band_score,
            max(bands.score) filter (where compared.value = bands.at_most) as category_score
        from compared
        inner join {{ ref("stg_framework__measure_bands") }} as bands using (measure_code)
        group by compared.entity_code, compared.measure_code
    ),
    ruled as (select * from compared left join banded using (entity_code, measure_code)),
    normed as (
        select
            *,
            normalise_method in ('min_max', 'percentile_rank') and not coalesce(lowest < highest, false) and entities > 0 as is_constant,
            cast(
                case
                    {%- for method in methods %}
                        when normalise_method = '{{ method }}' then {{ context["normalise_" ~ method]("ruled.value", "ruled") }}
                    {%- endfor %}
                end as double
            ) as normalised
        from ruled
    ),
    medians as (select measure_code, group_code, median(normalised) as group_median from normed group by measure_code, group_code),
    judged as (
        select
            normed.entity_code,
            normed.group_code,
            normed.measure_code,
            normed.indicator_code,
            normed.position,
            normed.share,
            normed.is_delivered,
            normed.normalised,
            medians.group_median,
            normed.missing_policy,
            case
                when not normed.applies
                then 'not_applicable'
                when normed.is_constant
                then 'no_information'
                when normed.normalised is not null
                then 'delivered'
                when normed.missing_policy = 'block'
                then 'blocked'
                when normed.missing_policy = 'group_median' and medians.group_median is not null
                then 'imputed'
                when normed.missing_policy = 'group_median'
                then 'no_information'
                else 'missing'
            end as state
        from normed
        inner join medians using (measure_code, group_code)
    ),
    present as (
        select *, state in ('delivered', 'imputed', 'blocked') or (state = 'missing' and missing_policy = 'zero') as is_present from judged
    )
select
    {{ edition_code() }} as edition,
    entity_code,
    measure_code,
    indicator_code,
    is_delivered,
    if(state = 'no_information', null, normalised) as normalised,
    case
        state when 'delivered' then normalised when 'imputed' then group_median when 'missing' then if(missing_policy = 'zero', 0.0, null)
    end as normalised_used,
    state,
    share,
    if(
        is_present,
        share / sum(if(is_present, share, 0)) over (
            partition by entity_code, indicator_code
            order by position, measure_code
            rows between unbounded preceding and unbounded following
        ),
        0.0
    ) as share_used
from present
order by entity_code, measure_code
