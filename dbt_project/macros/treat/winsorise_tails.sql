{% macro winsorise_tails(sets) -%}
    {#-
      The values to which a set's tails can be pulled in, one row a set × side (−1 low, 1 high) × bound: its value, the points beyond it, and
      s1 to s4, the sums of d to d⁴ over that half of the set with all beyond the bound held at it. d is the distance from a middle value, in
      units of highest − lowest; each half is summed from the middle outward, so a far outlier leaves no trace in the sums of what lies within it.
      A bound never crosses the middle: once half of the points are at the maximum, the skewness is not above 0. What lies further in than any
      bound is summed as a list (within1 to within4); value by value goes only what lies from the inmost bound on.
    -#}
    with
        halves as (
            select
                sets.* exclude (numbers),
                sides.side,
                numbers[cast(ceil(n / 2) as bigint)] as middle,
                list_filter(numbers, lambda number:sides.side * (number - middle) >= 0) as half
            from {{ sets }} as sets
            cross join (values (-1), (1)) as sides(side)
            where sets.treat_method = 'winsorise'
        ),
        -- Beyond `reached` lie fewer points than may be pulled in; the next value further in is the inmost bound (null: the middle itself).
        bounded as (
            select
                *,
                if(side = 1, half[- treat_at_most], half[treat_at_most]) as reached,
                if(
                    side = 1,
                    list_max(list_filter(half, lambda number:number < reached)),
                    list_min(list_filter(half, lambda number:number > reached))
                ) as inmost
            from halves
        ),
        summed as (
            select
                * exclude (half),
                list_filter(half, lambda number:coalesce(side * (number - inmost) >= 0, true)) as outer_half,
                list_transform(
                    list_filter(if(side = 1, half, list_reverse(half)), lambda number:side * (number - inmost) < 0),
                    lambda number: (number - middle) / (highest - lowest)
                ) as distances,
                {%- for power in range(1, 5) %}
                    coalesce(list_sum(list_transform(distances, lambda d:power(d, {{ power }}))), 0) as within{{ power }}
                    {{- "," if not loop.last }}
                {%- endfor %}
            from bounded
        ),
        valued as (
            select * exclude (outer_half, distances, middle), (value - middle) / (highest - lowest) as distance, count(*) as points
            from (select *, unnest(outer_half) as value from summed)
            group by all
        )
    select
        measure_code,
        set_code,
        side,
        struct_pack(
            value := value,
            points := beyond,
            {%- for power in range(1, 5) %}
                s{{ power }} := within{{ power }} + coalesce(inner{{ power }}, 0) + (beyond + points) * power(distance, {{ power }})
                {{- "," if not loop.last }}
            {%- endfor %}
        ) as bound
    from
        (
            select
                *,
                cast(coalesce(sum(points) over further, 0) as bigint) as beyond,
                lead(points) over outward as points_next,
                {%- for power in range(1, 5) %}
                    sum(points * power(distance, {{ power }})) over nearer as inner{{ power }}{{ "," if not loop.last }}
                {%- endfor %}
            from valued
            window
                outward as (partition by measure_code, set_code, side order by side * value),
                nearer as (
                    partition by measure_code, set_code, side order by side * value rows between unbounded preceding and 1 preceding
                ),
                further as (
                    partition by measure_code, set_code, side order by side * value rows between 1 following and unbounded following
                )
        )
    where coalesce(beyond - points_next < treat_at_most, true)
{%- endmacro %}
