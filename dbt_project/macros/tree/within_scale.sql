{% macro within_scale(lowest) -%}
    {#-
      One row an entity × lowest indicator with its `score`, rounded half away from zero. Where the rounded ones of an entity's tree add up to
      more than the scale, and the exact ones do not, those rounded up the furthest are rounded down instead until they do not (of two alike
      the first in the tree).
    -#}
    with
        rounded as (
            select
                lowest.*,
                edition.round_decimals,
                cast(lowest.earned as decimal(18, 9)) as exact,
                {{ round_half_away("lowest.earned", "edition.round_decimals") }} as rounded
            from {{ lowest }} as lowest
            cross join {{ ref("stg_framework__edition") }} as edition
        ),
        totals as (
            select
                rounded.entity_code,
                cast(
                    ceil((sum(rounded.rounded) - cast(edition.scale as decimal(18, 9))) * power(10, edition.round_decimals)) as bigint
                ) as excess
            from rounded
            cross join {{ ref("stg_framework__edition") }} as edition
            where rounded.kind = 'part'
            group by rounded.entity_code, edition.scale, edition.round_decimals
            having
                sum(rounded.rounded) > cast(edition.scale as decimal(18, 9))
                and cast(sum(rounded.earned order by rounded.position) as decimal(18, 9)) <= cast(edition.scale as decimal(18, 9))
        ),
        taken as (
            select rounded.entity_code, rounded.indicator_code, cast(power(10, - rounded.round_decimals) as decimal(18, 9)) as step
            from rounded
            inner join totals using (entity_code)
            where rounded.kind = 'part'
            qualify
                row_number() over (partition by rounded.entity_code order by rounded.rounded - rounded.exact desc, rounded.position)
                <= totals.excess
        )
    select rounded.*, cast(rounded.rounded - coalesce(taken.step, 0) as decimal(18, 9)) as score
    from rounded
    left join taken using (entity_code, indicator_code)
{%- endmacro %}
