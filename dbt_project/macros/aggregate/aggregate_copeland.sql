{% macro aggregate_copeland(children) -%}
    {#-
      Pairs won less pairs lost against the other entities of the set. A pair is decided by the children that both have: whoever is ahead in
      those with more than half of their nominal weight wins it; shares of weight that differ by less than 1e-12 are tied. Where groups
      weigh a child differently, a pair takes the mean of both.
    -#}
    with
        tallied as ({{ tallied(children, "copeland", "null") }}),
        members as (
            select
                children.entity_code,
                children.indicator_code,
                sets.set_code,
                children.position,
                {{ steadied("children.rate") }} as rate,
                children.nominal
            from {{ children }} as children
            inner join tallied using (entity_code, indicator_code)
            inner join
                {{ ref("stg_framework__reference_sets") }} as sets
                on children.entity_code = sets.entity_code
                and children.aggregate_within = sets.within
            where children.aggregate = 'copeland' and children.rate is not null and not tallied.is_blocked and {{ has_enough("tallied") }}
        ),
        -- One row: entity × node, its rates and their weights in the order of the set's children, null where it lacks one.
        aligned as (
            select
                lines.entity_code,
                lines.indicator_code,
                lines.set_code,
                list(members.rate order by slots.position) as rates,
                list(members.nominal order by slots.position) as weights
            from (select distinct entity_code, indicator_code, set_code from members) as lines
            inner join (select distinct indicator_code, set_code, position from members) as slots using (indicator_code, set_code)
            left join members using (entity_code, indicator_code, set_code, position)
            group by lines.entity_code, lines.indicator_code, lines.set_code
        ),
        pairs as (
            select
                ones.indicator_code,
                ones.entity_code as one,
                others.entity_code as other,
                list_sum(list_transform(ones.weights, lambda weight, i:weight + others.weights[i])) as whole,
                list_sum(
                    list_transform(ones.weights, lambda weight, i: (weight + others.weights[i]) * sign(ones.rates[i] - others.rates[i]))
                ) as ahead
            from aligned as ones
            inner join aligned as others using (indicator_code, set_code)
            where ones.entity_code < others.entity_code
        ),
        decided as (select indicator_code, one, other, if(abs(ahead) <= 2e-12 * whole, 0, sign(ahead)) as won from pairs where whole > 0),
        counted as (
            select indicator_code, entity_code, sum(won) as rate
            from
                (
                    select indicator_code, one as entity_code, won
                    from decided
                    union all
                    select indicator_code, other as entity_code, - won as won
                    from decided
                )
            group by indicator_code, entity_code
        )
    select tallied.* exclude (rate), if(aligned.entity_code is null, null, cast(coalesce(counted.rate, 0) as double)) as rate
    from tallied
    left join aligned using (entity_code, indicator_code)
    left join counted using (entity_code, indicator_code)
{%- endmacro %}
