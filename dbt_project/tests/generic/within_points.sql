{% test within_points(model) %}
    -- Fails with each score above its points, or (where nothing is deducted) below 0, of indicators whose rates are sure to lie within
    -- 0–1, and
    -- of the total where all are so and nothing stands beside the scale. Scores are rounded at the lowest indicator, so a sum may pass its
    -- points by half a unit of the last decimal for each lowest indicator below it; the measure of that is all of them.
    with
        bounded as (
            select indicator_code
            from {{ ref("stg_framework__indicators") }}
            where is_bounded
            union all
            select 'TOTAL' as indicator_code
            from {{ ref("stg_framework__indicators") }}
            having bool_and((is_bounded and kind = 'part') or level > 1)
        ),
        tree as (
            select count(*) filter (where is_lowest) as lowest, coalesce(bool_or(kind = 'deduction'), false) as has_deduction
            from {{ ref("stg_framework__indicators") }}
        )
    select model.entity_code, model.indicator_code, model.score, model.points
    from {{ model }} as model
    inner join bounded using (indicator_code)
    cross join {{ ref("dim_edition") }} as edition
    cross join tree
    where
        (model.score < 0 and not tree.has_deduction)
        or abs(model.score) > model.points + 0.5 * tree.lowest * power(10, - edition.round_decimals)
{% endtest %}
