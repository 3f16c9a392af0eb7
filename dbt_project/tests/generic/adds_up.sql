{% test adds_up(model) %}
    -- Fails with each node whose score, or whose points, are not the sum of those of its children, where scores are rounded at the lowest.
    select parents.entity_code, parents.indicator_code, any_value(parents.score) as score, sum(children.score) as score_below
    from {{ model }} as parents
    inner join {{ model }} as children on parents.entity_code = children.entity_code and parents.indicator_code = children.parent_code
    cross join {{ ref("stg_framework__edition") }} as edition
    where parents.points > 0 and not parents.is_blocked
    group by parents.entity_code, parents.indicator_code, edition.round_at
    having
        (edition.round_at = 'lowest_indicator' and any_value(parents.score) <> sum(children.score))
        or abs(any_value(parents.points) - sum(children.points)) > 1e-9
{% endtest %}
