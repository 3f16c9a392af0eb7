{% test within_points(model) %}
    -- Fails with each score below 0 or above its points. Scores are rounded at the lowest indicator, so a sum may pass its points by half a
    -- unit of the last decimal for each lowest indicator below it; the measure of that is all of them.
    select model.entity_code, model.indicator_code, model.score, model.points
    from {{ model }} as model
    cross join {{ ref("dim_edition") }} as edition
    cross join (select count(*) as lowest from {{ ref("dim_indicator") }} where is_lowest) as tree
    where model.score < 0 or model.score > model.points + 0.5 * tree.lowest * power(10, - edition.round_decimals)
{% endtest %}
