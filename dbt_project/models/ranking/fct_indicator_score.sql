-- One row: entity × indicator, every level, the root as TOTAL at level 0, compared in the order of the ranking: by ranks those who are
-- ranked, by percentile ranks all who have a rate of that indicator and were neither failed nor screened out.
{%- set formulas = shown_formulas() %}
with
    based as (
        select
            scores.*,
            if(edition.rank_order = 'lowest_first', -1, 1) as sign,
            -- Compared to twelve decimals and digits: what is 0 but for noise is 0. A score that is rounded only to be kept
            -- says less than the exact one: by points below 1 its last decimal would part what ties.
            if(
                edition.rank_on = 'rounded' and (scores.level = 0 or edition.round_at = 'lowest_indicator'),
                cast(scores.score as double),
                scores.score_exact
            )
            / scores.points as by_points,
            if(ranked.state = 'ranked' and scores.points > 0, {{ steadied("round(by_points, 12)") }}, null) * sign as basis,
            if(
                ranked.state in ('failed', 'screened_out') or scores.points = 0, null, {{ steadied("round(scores.rate, 12)") }} * sign
            ) as rate_basis
        from {{ ref("indicator_scores") }} as scores
        inner join {{ ref("ranked") }} as ranked using (entity_code)
        cross join {{ ref("stg_framework__edition") }} as edition
    )
    {%- if formulas %}, shown_rates as ({{ shown_rates("based", formulas) }}) {%- endif %}
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    entity_code,
    group_code,
    indicator_code,
    parent_code,
    level,
    score,
    score_exact,
    points,
    weight,
    rate as score_rate,
    {{ "shown" if formulas else "cast(null as double)" }} as shown,
    if(basis is null, null, rank() over (partition by group_code, indicator_code order by basis desc nulls last)) as rank_in_group,
    if(
        rate_basis is null,
        null,
        (rank() over (partition by group_code, indicator_code order by rate_basis nulls last) - 1)
        / nullif(count(rate_basis) over (partition by group_code, indicator_code) - 1, 0)
    ) as percentile_rank,
    flags,
    is_opened,
    is_blocked
from based
{%- if formulas %} left join shown_rates using (entity_code, indicator_code) {%- endif %}
order by entity_code, level, indicator_code
