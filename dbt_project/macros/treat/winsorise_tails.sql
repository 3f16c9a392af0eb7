{% macro winsorise_tails(sets) -%}
    {#-
      The values to which a set's tails can be pulled in, one row a set × side (−1 low, 1 high) × bound: its value, the points beyond it, and
      s1 to s4, the sums of d to d⁴ over that half of the set with all beyond the bound held at it. d is the distance from a middle value, in
      units of highest − lowest; each half is summed from the middle outward, so a far outlier leaves no trace in the sums of what lies within it.
      A bound never crosses the middle: once half of the points are at the maximum, the skewness is not above 0.
    -#}
    select
        measure_code,
        set_code,
        side,
        struct_pack(
            value := value,
            points := beyond,
            s1 := coalesce(inner1, 0) + (beyond + points) * distance,
            s2 := coalesce(inner2, 0) + (beyond + points) * power(distance, 2),
            s3 := coalesce(inner3, 0) + (beyond + points) * power(distance, 3),
            s4 := coalesce(inner4, 0) + (beyond + points) * power(distance, 4)
        ) as bound
    from
        (
            select
                *,
                cast(coalesce(sum(points) over further, 0) as bigint) as beyond,
                lead(points) over outward as points_next,
                sum(points * distance) over nearer as inner1,
                sum(points * power(distance, 2)) over nearer as inner2,
                sum(points * power(distance, 3)) over nearer as inner3,
                sum(points * power(distance, 4)) over nearer as inner4
            from
                (
                    select
                        measure_code,
                        set_code,
                        treat_at_most,
                        value,
                        sides.side,
                        (value - middle) / (highest - lowest) as distance,
                        count(*) as points
                    from
                        (
                            select
                                measure_code,
                                set_code,
                                treat_at_most,
                                lowest,
                                highest,
                                numbers[cast(ceil(n / 2) as bigint)] as middle,
                                unnest(numbers) as value
                            from {{ sets }}
                            where treat_method = 'winsorise'
                        )
                    inner join (values (-1), (1)) as sides(side) on sides.side * (value - middle) >= 0
                    group by all
                )
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
