{% test adds_up(model) %}
    -- Fails with each node whose score, or whose points, are not the sum of those of its children: scores where they are rounded at the
    -- lowest,
    -- and of the total what stands beside the scale too (where that is a deduction the total is never below 0). Below a node that is
    -- missing itself nothing has points.
    select
        parents.entity_code,
        parents.indicator_code,
        any_value(parents.score) as score,
        sum(children.score) as score_below,
        any_value(parents.points) as points,
        sum(children.points) filter (where rules.kind = 'part' or parents.level > 0) as points_below
    from {{ model }} as parents
    inner join {{ model }} as children on parents.entity_code = children.entity_code and parents.indicator_code = children.parent_code
    inner join {{ ref("stg_framework__indicators") }} as rules on children.indicator_code = rules.indicator_code
    cross join {{ ref("stg_framework__edition") }} as edition
    where parents.points > 0 and not parents.is_blocked and not parents.is_missing
    group by parents.entity_code, parents.indicator_code, edition.round_at
    having
        (
            edition.round_at = 'lowest_indicator'
            and any_value(parents.score) <> if(bool_or(rules.kind = 'deduction'), greatest(0, score_below), score_below)
        )
        or abs(any_value(parents.points) - points_below) > 1e-9 * any_value(parents.points)
{% endtest %}
