"""SQL of the tree: every node's state, rate and points derived anew from its children, by its own method and in its own reference set.

Simple and slow: entities are compared pair by pair. What it names, to be used after `with`: `nodes`, `scored` (who is not screened out),
`placed` (entity × node of its group's tree), `children`, `weighed`, `before` (a node before it is normalised), `stated` (and after).
`$formulas` stands for the framework's own expressions.
"""

from __future__ import annotations

# To twelve significant digits: what parts two figures beyond them is noise of a processor.
STEADY = "if({0} = 0, 0.0, round({0}, 11 - cast(floor(log10(abs(nullif({0}, 0)))) as integer)))"

# The tree with its root; who is scored; which nodes are part of an entity's tree, with what points.
_NODES = """
    nodes as (
        select
            indicator_code, coalesce(parent_code, 'TOTAL') as parent_code, level, position, is_lowest, aggregate, aggregate_power as power,
            aggregate_within, penalty, at_least, missing_policy, kind, opens_at, is_bounded
        from framework.indicators
        union all by name
        select
            'TOTAL' as indicator_code, 0 as level, 0 as position, false as is_lowest, 'arithmetic' as aggregate,
            'reweight' as missing_policy, 'part' as kind
        from framework.edition
    ),
    scored as (
        select e.entity_code, e.group_code
        from framework.entities as e
        left join warehouse.scoring.screened as s on s.entity_code = e.entity_code
        where not coalesce(s.is_screened_out, false)
    ),
    placed as (
        select e.entity_code, e.group_code, p.indicator_code, p.points as nominal, p.weight
        from scored as e join framework.indicator_points as p on p.group_code = e.group_code
        union all
        select e.entity_code, e.group_code, 'TOTAL', f.scale, null from scored as e cross join framework.edition as f
    )
"""

# One row: an entity × child of a node, a measure or an indicator, as the figures one step below state it.
_CHILDREN = """
    children as (
        select
            e.entity_code, e.group_code, m.indicator_code, m.measure_code as child_code, m.position, s.share as nominal, s.weight,
            n.normalised_used as rate, n.state = 'blocked' as is_blocked, n.normalised_used is not null or n.state = 'blocked' as stays,
            n.state = 'missing' and n.normalised_used is null as is_missing, n.state = 'not_applicable' as is_not_applicable,
            (n.state = 'missing' and m.missing_policy = 'spread')
                or (n.state = 'not_applicable' and f.not_applicable = 'spread') as is_spread
        from scored as e
        join framework.measure_shares as s on s.group_code = e.group_code
        join framework.measures as m on m.measure_code = s.measure_code
        cross join framework.edition as f
        left join warehouse.scoring.normalised as n on n.entity_code = e.entity_code and n.measure_code = m.measure_code
        union all
        select
            p.entity_code, p.group_code, n.parent_code, p.indicator_code, n.position, p.nominal, p.weight,
            if(s.is_blocked, null, s.rate), s.is_blocked, s.is_blocked or s.rate is not null,
            s.is_missing and s.rate is null and not s.is_blocked,
            s.rate is null and not s.is_missing and not s.is_blocked and not l.is_told and l.has_inapplicable,
            (s.is_missing and s.rate is null and n.missing_policy = 'spread')
                or (not s.is_missing and s.rate is null and not s.is_blocked and not l.is_told and l.has_inapplicable
                    and f.not_applicable = 'spread')
        from placed as p
        join nodes as n on n.indicator_code = p.indicator_code
        cross join framework.edition as f
        left join warehouse.scoring.indicator_scores as s on s.entity_code = p.entity_code and s.indicator_code = p.indicator_code
        left join leaves as l on l.entity_code = p.entity_code and l.indicator_code = p.indicator_code
        where n.parent_code is not null and n.kind = 'part'
        union all
        -- What stands beside the scale gives nothing to the root but that it is blocked.
        select p.entity_code, p.group_code, 'TOTAL', p.indicator_code, n.position, 0, null, null, s.is_blocked, false, false, true, false
        from placed as p
        join nodes as n on n.indicator_code = p.indicator_code and n.kind <> 'part'
        left join warehouse.scoring.indicator_scores as s on s.entity_code = p.entity_code and s.indicator_code = p.indicator_code
    )
"""

# Of each node: whether any measure below it has a figure, and whether any does not apply. Where none of a node has a figure and none is
# missing, the second tells what does not apply from what tells nobody apart.
_LEAVES = """
    below as (
        select indicator_code as node, indicator_code as lowest from nodes where is_lowest
        union all
        select n.parent_code, b.lowest from below as b join nodes as n on n.indicator_code = b.node where n.parent_code is not null
    ),
    leaves as (
        select
            e.entity_code, b.node as indicator_code, bool_or(n.normalised_used is not null) as is_told,
            bool_or(n.state = 'not_applicable') as has_inapplicable, count(distinct b.lowest) as leaves
        from scored as e
        join framework.measure_shares as s on s.group_code = e.group_code
        join framework.measures as m on m.measure_code = s.measure_code
        join below as b on b.lowest = m.indicator_code
        left join warehouse.scoring.normalised as n on n.entity_code = e.entity_code and n.measure_code = m.measure_code
        group by e.entity_code, b.node
    )
"""

# Children that stay take what the others leave: in proportion, or evenly where it is spread. `image` is what the method's mean is over.
_WEIGHED = """
    weighed as (
        select
            c.*, n.aggregate, n.power, n.penalty, n.at_least,
            if(
                c.stays,
                c.nominal * (sum(c.nominal) over node - coalesce(sum(c.nominal) filter (not c.stays and c.is_spread) over node, 0))
                    / sum(c.nominal) filter (c.stays) over node
                + coalesce(sum(c.nominal) filter (not c.stays and c.is_spread) over node, 0) / count(*) filter (c.stays) over node,
                0
            ) as used,
            case n.aggregate
                when 'geometric' then ln(if(c.rate > 0, c.rate, null))
                when 'harmonic' then 1 / nullif(c.rate, 0)
                when 'generalised' then if(
                    (c.rate = 0 and n.power < 0) or (c.rate < 0 and n.power <> floor(n.power)), null, pow(c.rate, n.power)
                )
                else c.rate
            end as image
        from children as c join nodes as n on n.indicator_code = c.indicator_code
        window node as (partition by c.entity_code, c.indicator_code)
    )
"""

# A node's children counted, and its rate by its method; Copeland's by pairs of entities.
_BEFORE = f"""
    tallied as (
        select
            entity_code, group_code, indicator_code, any_value(aggregate) as aggregate, any_value(power) as power,
            any_value(penalty) as penalty, any_value(at_least) as at_least, sum(nominal) as nominal_below, sum(used) as used_below,
            count(*) filter (not is_not_applicable) as applicable, count(*) filter (is_not_applicable) as inapplicable,
            count(*) filter (stays) as present, count(*) filter (is_missing) as missing, coalesce(bool_or(is_blocked), false) as is_held,
            min(rate) as least, bool_or(rate = 0) as has_zero, avg(rate) as plain, coalesce(var_samp(rate), 0) as variance,
            sum(weight) as weight_below,
            sum(used * image order by position) / nullif(sum(used) filter (rate is not null), 0) as mean
        from weighed group by entity_code, group_code, indicator_code
    ),
    counted as (
        select
            *,
            case
                when is_held then 'blocked'
                when present = 0 and missing = 0 then if(inapplicable > 0, 'not_applicable', 'no_information')
                when present = 0 or present < coalesce(at_least, 0) * applicable - 1e-9 then 'missing'
                else 'scored'
            end as state_by_children
        from tallied
    ),
    contestants as (
        select w.entity_code, w.indicator_code, w.child_code, w.nominal, r.set_code, {STEADY.format("w.rate")} as rate
        from weighed as w
        join counted as k on k.entity_code = w.entity_code and k.indicator_code = w.indicator_code and k.state_by_children = 'scored'
        join nodes as n on n.indicator_code = w.indicator_code
        join framework.reference_sets as r on r.entity_code = w.entity_code and r.within = n.aggregate_within
        where n.aggregate = 'copeland' and w.rate is not null
    ),
    duels as (
        select
            a.entity_code, a.indicator_code, b.entity_code as other,
            sum((a.nominal + b.nominal) * (cast(a.rate > b.rate as int) - cast(a.rate < b.rate as int)))
                / sum(a.nominal + b.nominal) as lead
        from contestants as a
        join contestants as b
            on b.indicator_code = a.indicator_code and b.set_code = a.set_code and b.child_code = a.child_code
            and b.entity_code <> a.entity_code
        group by a.entity_code, a.indicator_code, b.entity_code
    ),
    outranked as (
        select c.entity_code, c.indicator_code, coalesce(any_value(d.won), 0) as won
        from contestants as c
        left join (
            select entity_code, indicator_code, sum(if(abs(lead) <= 2e-12, 0, sign(lead))) as won from duels group by all
        ) as d on d.entity_code = c.entity_code and d.indicator_code = c.indicator_code
        group by c.entity_code, c.indicator_code
    ),
    aggregated as (
        select
            k.*,
            case k.aggregate
                when 'arithmetic' then mean
                when 'sum' then weight_below * mean
                when 'minimum' then least
                when 'geometric' then case when least < 0 then null when has_zero then 0 else exp(mean) end
                when 'harmonic' then case when least < 0 then null when has_zero then 0 else 1 / nullif(mean, 0) end
                when 'generalised' then case
                    when least < 0 and power <> floor(power) then null
                    when power < 0 and has_zero then 0
                    when mean >= 0 then pow(mean, 1 / power)
                end
                when 'mazziotta_pareto'
                    then if(
                        plain * plain <= 1e-24 * variance, 0, plain + if(penalty = 'positive', 1, -1) * variance / nullif(plain, 0)
                    )
                when 'copeland' then cast(o.won as double)
            end as value
        from counted as k left join outranked as o on o.entity_code = k.entity_code and o.indicator_code = k.indicator_code
    ),
    before as (
        select
            * exclude (value),
            if(state_by_children = 'scored' and not coalesce(isfinite(value), false), 'blocked', state_by_children) as state,
            if(state_by_children = 'scored' and isfinite(value), value, null) as value
        from aggregated
    )
"""

# Nodes that are normalised, within the set that their rule names. A frozen set is an earlier edition's values.
_STATED = f"""
    ruled as (
        select
            b.entity_code, b.group_code, b.indicator_code, {STEADY.format("b.value")} as value,
            i.* exclude (indicator_code, parent_code, position, points),
            p.nominal, r.set_code, if(i.direction = 'lower_is_better', -1, 1) * {STEADY.format("b.value")} as x
        from before as b
        join framework.indicators as i on i.indicator_code = b.indicator_code
        join placed as p on p.entity_code = b.entity_code and p.indicator_code = b.indicator_code
        left join framework.reference_sets as r on r.entity_code = b.entity_code and r.within = i.within
        where i.normalise_method is not null and b.state = 'scored'
    ),
    members as (
        select indicator_code, set_code, x from ruled where set_code is not null and within <> 'frozen'
        union all
        select n.node_code, n.group_code, if(i.direction = 'lower_is_better', -1, 1) * n.value
        from framework.norms as n join framework.indicators as i on i.indicator_code = n.node_code and i.within = 'frozen'
    ),
    sets as (
        select
            indicator_code, set_code, count(x) as n, min(x) as lowest, max(x) as highest, avg(x) as mean, median(x) as median,
            stddev_samp(x) as sample, stddev_pop(x) as population
        from members group by indicator_code, set_code
    ),
    places as (
        select r.entity_code, r.indicator_code, count(*) filter (m.x < r.x) as lower, count(*) filter (m.x <= r.x) as up_to
        from ruled as r join members as m on m.indicator_code = r.indicator_code and m.set_code = r.set_code
        group by r.entity_code, r.indicator_code
    ),
    banded as (
        select
            r.entity_code, r.indicator_code, arg_min(b.score, b.at_most) filter (r.value <= b.at_most) as band,
            max(b.score) filter (r.value = b.at_most) as category
        from ruled as r join framework.node_bands as b on b.node_code = r.indicator_code group by r.entity_code, r.indicator_code
    ),
    looked_up as (
        select
            r.*, s.n, s.lowest, s.highest, s.mean, s.median, b.band, b.category, o.x as reference_x,
            case when s.lowest = s.highest then 0 when r.sd_kind = 'population' then s.population else s.sample end as sd,
            least(k.lower + 1, s.n) as place_lowest, greatest(least(k.lower + 1, s.n), if(k.up_to > k.lower, k.up_to, 0)) as place_highest,
            coalesce(r.target, 0) * if(r.direction = 'lower_is_better', -1, 1) as goal
        from ruled as r
        left join sets as s on s.indicator_code = r.indicator_code and s.set_code = r.set_code
        left join places as k on k.entity_code = r.entity_code and k.indicator_code = r.indicator_code
        left join banded as b on b.entity_code = r.entity_code and b.indicator_code = r.indicator_code
        left join framework.entities as own on own.entity_code = r.entity_code
        left join framework.entities as ref
            on r.reference_entity = ref.entity_code or (r.reference_entity = ref.unit_code and ref.time is not distinct from own.time)
        left join ruled as o on o.entity_code = ref.entity_code and o.indicator_code = r.indicator_code
    ),
    ordered as (
        select
            *,
            case ties when 'average' then (place_lowest + place_highest) / 2e0 when 'highest' then place_highest else place_lowest end
                as place,
            within is not null and coalesce(n is null or case
                when normalise_method in ('min_max', 'z_score', 'percentile_rank') then lowest = highest
                when normalise_method = 'distance_to_target' then goal = lowest
                when normalise_method = 'distance_to_reference' then reference_x is null or reference_x = lowest
                when normalise_method = 'fraction_of_best' then if(direction = 'lower_is_better', highest >= 0, highest <= 0)
            end, false) as is_untold
        from looked_up
    ),
    laid_out as (
        select
            *,
            case normalise_method
                when 'min_max' then (x - lowest) / nullif(highest - lowest, 0)
                when 'z_score' then (x - mean) / nullif(sd, 0) * coalesce(output_sd, 1) + coalesce(output_mean, 0)
                when 'percentile_rank' then (place - 1) / nullif(n - 1e0, 0)
                when 'rank' then place
                when 'borda' then place - 1
                when 'distance_to_target' then least((x - lowest) / nullif(goal - lowest, 0), if(is_capped, 1, 'infinity'::double))
                when 'distance_to_reference'
                    then least(1 - (reference_x - x) / nullif(reference_x - lowest, 0), if(is_capped, 1, 'infinity'::double))
                when 'fraction_of_best' then if(direction = 'lower_is_better', highest / nullif(least(x, 0), 0), x / nullif(highest, 0))
                when 'exponential'
                    then -coalesce(strength, 23) * ln(1 - place / n * (1 - exp(-100 / coalesce(strength, 23)))) / 100
                when 'normal_score' then normal_quantile((place - coalesce(place_offset, 0)) / (n + 1e0 - 2 * coalesce(place_offset, 0)))
                when 'goalposts' then $goalposts
                when 'ratio_to_target' then greatest(0, least(1, value / nullif(target, 0)))
                when 'bands' then coalesce(band, else_value)
                when 'category_map' then category
                when 'deduction' then greatest(floor, least(1, 1 - value / nullif(nominal, 0)))
                when 'none' then x
                when 'formula' then $formulas
            end as laid
        from ordered
    ),
    normed as (
        select
            entity_code, indicator_code, is_untold,
            if(isfinite(laid) and not is_untold, $rounded, null) as rate
        from (select *, coalesce(range_low + laid * (range_high - range_low), laid) as y from laid_out)
    ),
    stated as (
        select
            b.* exclude (state),
            case
                when b.state <> 'scored' or n.entity_code is null then b.state
                when n.is_untold then 'no_information' when n.rate is null then 'missing' else 'scored'
            end as state,
            if(n.entity_code is null, b.value, n.rate) as wanted_rate
        from before as b left join normed as n on n.entity_code = b.entity_code and n.indicator_code = b.indicator_code
    )
"""
_GOALPOSTS = """
    if(
        goalpost_scale = 'ln',
        (ln(nullif(greatest($held, 0), 0)) - ln(worst)) / nullif(ln(best) - ln(worst), 0), ($held - worst) / nullif(best - worst, 0)
    )
"""
_HELD = "if(coalesce(is_capped, true), greatest(least(worst, best), least(greatest(worst, best), value)), value)"
# Half away from zero on nine decimals, in whole billionths.
_ROUNDED = """
    if(
        decimals is null or decimals > 9 or abs(y) > 1e9, y,
        sign(y) * ((cast(round(abs(y) * 1e9) as hugeint) + cast(pow(10, 9 - decimals) as hugeint) // 2)
            // cast(pow(10, 9 - decimals) as hugeint) * cast(pow(10, 9 - decimals) as hugeint)) / 1e9
    )
"""

TREE = f"recursive {_NODES}, {_LEAVES}, {_CHILDREN}, {_WEIGHED}, {_BEFORE}, {_STATED}".replace(
    "$goalposts", _GOALPOSTS.replace("$held", _HELD)
).replace("$rounded", _ROUNDED)
