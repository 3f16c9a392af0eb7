-- One row: an entity with its total, rank, grade, tier and state. Ranks 1, 2, 2, 4 within the group, on the rounded or the exact total,
-- the highest or the lowest first; the framework may name rates by which a tie is set apart.
{%- set keys = tie_keys() %}
{%- set is_imputing = impute_methods() or "group_median" in missing_policies() %}
{{- may_read(["normalised"]) }}
with
    totals as (
        select entity_code, group_code, score as total, score_exact as total_exact, points, is_blocked, coverage
        from {{ ref("indicator_scores") }}
        where level = 0
    ),
    -- The same without the measures that rest on judgement, where the framework asks for it.
    unjudged as (
        select entity_code, score as total, score_exact as total_exact from {{ ref("indicator_scores_unjudged") }} where level = 0
    ),
    -- Which part of the points that an entity has in the end rests on values that imputing made.
    {%- if is_imputing %}
        resting as (
            select
                norms.entity_code,
                {{ exact_sum("if(norms.imputed_by is null, 0, scores.points * norms.share_used)") }} as points_imputed,
                {{ exact_sum("scores.points * norms.share_used") }} as points_used
            from {{ ref("normalised") }} as norms
            inner join {{ ref("indicator_scores") }} as scores using (entity_code, indicator_code)
            group by norms.entity_code
        ),
    {%- endif %}
    struck as (
        select
            vetoes.entity_code,
            bool_or(vetoes.effect = 'fail') as is_failed,
            cast(arg_min(vetoes.effect_value, vetoes.position) filter (where vetoes.effect = 'fixed_score') as double) as fixed_total,
            max(grades.position) filter (where vetoes.effect = 'cap_grade') as cap_position,
            string_agg(vetoes.veto_code, ',' order by vetoes.position) as vetoes,
            string_agg(
                concat(
                    rules.label_zh,
                    case
                        vetoes.effect
                        when 'cap_grade'
                        then concat('（等级不高于', vetoes.effect_value, '）')
                        when 'fixed_score'
                        then concat('（总分定为', vetoes.effect_value, '）')
                        else '（不评分、不排名）'
                    end
                ),
                '；'
                order by vetoes.position
            ) as reason_zh,
            string_agg(
                concat(
                    rules.label_en,
                    case
                        vetoes.effect
                        when 'cap_grade'
                        then concat(' (no grade above ', vetoes.effect_value, ')')
                        when 'fixed_score'
                        then concat(' (total fixed at ', vetoes.effect_value, ')')
                        else ' (not scored, not ranked)'
                    end
                ),
                '; '
                order by vetoes.position
            ) as reason_en
        from {{ ref("vetoes") }} as vetoes
        inner join {{ ref("stg_framework__vetoes") }} as rules using (veto_code)
        left join {{ ref("stg_framework__grades") }} as grades on vetoes.effect = 'cap_grade' and vetoes.effect_value = grades.grade
        group by vetoes.entity_code
    ),
    blocked as (
        select
            scores.entity_code,
            string_agg(concat(indicators.indicator_code, ' ', indicators.name_zh), '、' order by indicators.position) as names_zh,
            string_agg(concat(indicators.indicator_code, ' ', indicators.name_en), ', ' order by indicators.position) as names_en
        from {{ ref("indicator_scores") }} as scores
        inner join {{ ref("stg_framework__indicators") }} as indicators using (indicator_code)
        where scores.is_blocked and indicators.is_lowest
        group by scores.entity_code
    ),
    stated as (
        select
            totals.entity_code,
            totals.group_code,
            edition.rank_on,
            if(edition.rank_order = 'lowest_first', 1, -1) as order_sign,
            edition.coverage_at_least,
            totals.coverage,
            struck.vetoes,
            struck.cap_position,
            struck.reason_zh as veto_zh,
            struck.reason_en as veto_en,
            screened.reason_zh as screened_zh,
            screened.reason_en as screened_en,
            blocked.names_zh as blocked_zh,
            blocked.names_en as blocked_en,
            {%- set of_points = "cast(if(totals.points > 0, 0, null) as double)" %}
            {{ "coalesce(resting.points_imputed / nullif(resting.points_used, 0), " ~ of_points ~ ")" if is_imputing else of_points }}
            as imputed_share,
            case
                when coalesce(struck.is_failed, false)
                then 'failed'
                when coalesce(screened.is_screened_out, false)
                then 'screened_out'
                when totals.total is null and struck.fixed_total is null
                then 'blocked'
                when cast(totals.coverage as decimal(18, 9)) < cast(edition.coverage_at_least as decimal(18, 9))
                then 'low_coverage'
                else 'ranked'
            end as state,
            coalesce(struck.fixed_total, totals.total_exact) as total_exact,
            coalesce({{ round_half_away("struck.fixed_total", "edition.round_decimals") }}, totals.total) as total,
            if(unjudged.entity_code is null, null, coalesce(struck.fixed_total, unjudged.total_exact)) as unjudged_exact,
            if(
                unjudged.entity_code is null,
                null,
                coalesce({{ round_half_away("struck.fixed_total", "edition.round_decimals") }}, unjudged.total)
            ) as total_unjudged
        from totals
        cross join {{ ref("stg_framework__edition") }} as edition
        left join struck using (entity_code)
        left join {{ ref("screened") }} as screened using (entity_code)
        left join blocked using (entity_code)
        {%- if is_imputing %} left join resting using (entity_code) {%- endif %}
        left join unjudged using (entity_code)
    ),
    -- What is ranked on, a decimal in both cases: doubles would part a tie.
    based as (
        select
            stated.*,
            state in ('failed', 'screened_out') as is_unscored,
            case when is_unscored then null when rank_on = 'exact' then cast(total_exact as decimal(18, 9)) else total end as basis,
            case
                when is_unscored then null when rank_on = 'exact' then cast(unjudged_exact as decimal(18, 9)) else total_unjudged
            end as basis_unjudged
            {%- for key in keys if key != "entity_code" %}, ties.tie_{{ keys.index(key) + 1 }} {%- endfor %}
        from stated
        {%- if keys %} left join ({{ tie_rates(keys) }}) as ties using (entity_code) {%- endif %}
    ),
    -- Grades look at the total alone, whichever end of it ranks first.
    graded as (
        select based.entity_code, min(grades.position) as position
        from based
        inner join {{ ref("stg_framework__grades") }} as grades on based.basis >= cast(grades.at_least as decimal(18, 9))
        group by based.entity_code
    ),
    placed as (
        select
            based.*,
            grades.grade,
            if(
                based.state = 'ranked',
                rank() over (partition by based.group_code, based.state order by {{ best_first("based", keys) }}),
                null
            ) as rank,
            if(
                based.state = 'ranked' and based.basis_unjudged is not null,
                rank() over (partition by based.group_code, based.state order by based.order_sign * based.basis_unjudged nulls last),
                null
            ) as rank_unjudged,
            count(*) filter (where based.state = 'ranked') over (partition by based.group_code) as entities_ranked
        from based
        left join graded using (entity_code)
        left join
            {{ ref("stg_framework__grades") }} as grades
            on grades.position = if(graded.position is null, null, greatest(graded.position, coalesce(based.cap_position, 0)))
    ),
    tiered as (
        select placed.entity_code, arg_min(tiers.tier, tiers.position) as tier
        from placed
        inner join
            {{ ref("stg_framework__tiers") }} as tiers
            on case
                tiers.kind
                when 'top'
                then placed.rank <= tiers.value
                when 'share'
                then placed.rank <= ceil(cast(tiers.value as decimal(18, 9)) * placed.entities_ranked)
                when 'at_least'
                then placed.basis >= cast(tiers.value as decimal(18, 9))
                else true
            end
        where placed.rank is not null
        group by placed.entity_code
    )
select
    {{ edition_code() }} as edition,
    placed.entity_code,
    placed.group_code,
    if(is_unscored, null, total_exact) as total_exact,
    if(is_unscored, null, total) as total,
    rank,
    grade,
    tiered.tier,
    state,
    nullif(
        concat_ws(
            '；',
            if(veto_zh is null, null, concat('一票否决：', veto_zh)),
            case
                state
                when 'screened_out'
                then concat('未通过数据筛选，不参评：', screened_zh)
                when 'low_coverage'
                then format('有报送数据的分值占{:.1f}%，低于{:.1f}%，只评分、不排名', floor(coverage * 1000) / 10, coverage_at_least * 100)
                when 'blocked'
                then coalesce(concat('缺少数据，无法评分：', blocked_zh), '没有可评分的指标')
            end
        ),
        ''
    ) as reason_zh,
    nullif(
        concat_ws(
            '; ',
            if(veto_en is null, null, concat('Veto: ', veto_en)),
            case
                state
                when 'screened_out'
                then concat('Screened out, neither scored nor ranked: ', screened_en)
                when 'low_coverage'
                then
                    format(
                        'Only {:.1f} % of the points rest on delivered values, less than {:.1f} %: scored, not ranked',
                        floor(coverage * 1000) / 10,
                        coverage_at_least * 100
                    )
                when 'blocked'
                then coalesce(concat('Missing data, so no score: ', blocked_en), 'No indicator that could be scored')
            end
        ),
        ''
    ) as reason_en,
    coverage,
    if(is_unscored, null, round(imputed_share, 9)) as imputed_share,
    vetoes,
    if(is_unscored, null, total_unjudged) as total_unjudged,
    rank_unjudged
from placed
left join tiered using (entity_code)
order by placed.group_code, state <> 'ranked', state = 'failed', rank, placed.entity_code
