{% macro places(compared, rules, withins, placing) -%}
    {#-
      One row: entity × node, with its place in the set, the worst being 1: of equal ones the lowest (place), the mean (place_average) and the
      highest place that they take up together (place_highest). Null without a value or a set, and where the method is not of `placing`.
      In a frozen set: one more than the frozen values below it, at most their number, for a newcomer adds no place.
    -#}
    with
        placed_nodes as (
            select node_code, coalesce(within = 'frozen', false) as is_frozen
            from {{ rules }}
            where normalise_method in ('{{ placing | join("', '") }}')
        ),
        to_place as (
            select compared.*, placed_nodes.is_frozen
            from {{ compared }} as compared
            inner join placed_nodes on compared.node_code = placed_nodes.node_code
            where compared.x is not null and compared.set_code is not null
        ),
        others as (
            select compared.*
            from {{ compared }} as compared
            left join placed_nodes on compared.node_code = placed_nodes.node_code
            where compared.x is null or compared.set_code is null or placed_nodes.node_code is null
        ),
        placed_among_members as (
            select
                * exclude (is_frozen),
                rank() over (partition by node_code, set_code order by x) as place,
                count(*) over (
                    partition by node_code, set_code order by x range between unbounded preceding and current row
                ) as place_highest
            from to_place
            where not is_frozen
        ),
        {%- if "frozen" in withins %}
            frozen_steps as (
                select
                    node_code,
                    set_code,
                    x,
                    count(*) as equals,
                    cast(sum(count(*)) over (partition by node_code, set_code order by x) as bigint) as passed,
                    cast(sum(count(*)) over (partition by node_code, set_code) as bigint) as entities
                from ({{ frozen_values(rules) }})
                group by node_code, set_code, x
            ),
            placed_among_frozen as (
                select
                    to_place.* exclude (is_frozen),
                    case
                        when steps.x is null
                        then 1
                        when steps.x = to_place.x
                        then steps.passed - steps.equals + 1
                        else least(steps.passed + 1, steps.entities)
                    end as place,
                    case
                        when steps.x is null then 1 when steps.x = to_place.x then steps.passed else least(steps.passed + 1, steps.entities)
                    end as place_highest
                from (select * from to_place where is_frozen) as to_place
                asof left join
                    frozen_steps as steps
                    on to_place.node_code = steps.node_code
                    and to_place.set_code = steps.set_code
                    and to_place.x >= steps.x
            ),
        {%- endif %}
        placed as (
            select *
            from placed_among_members
            {%- if "frozen" in withins %}
                union all
                select *
                from placed_among_frozen
            {%- endif %}
            union all
            select *, null as place, null as place_highest
            from others
        )
    select *, (place + place_highest) / 2e0 as place_average
    from placed
{%- endmacro %}
