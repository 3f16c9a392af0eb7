{% macro held_moments(walk, tails) -%}
    {#-
      Each set of `walk` that goes on, with every bound further in on the side that is to be pulled: low and high as they are then, and the
      skewness and kurtosis of the set held between them. Sums about the middle become sums about the mean, s1 ÷ n away from it.
    -#}
    select *, {{ skewness("n", "squares", "cubes") }} as skewness, {{ kurtosis("n", "squares", "fourths") }} as kurtosis
    from
        (
            select
                *,
                s2 - n * power(mean, 2) as squares,
                s3 - 3 * mean * s2 + 2 * n * power(mean, 3) as cubes,
                s4 - 4 * mean * s3 + 6 * power(mean, 2) * s2 - 3 * n * power(mean, 4) as fourths
            from
                (
                    select
                        * exclude (bound),
                        (low.s1 + high.s1) / n as mean,
                        low.s2 + high.s2 as s2,
                        low.s3 + high.s3 as s3,
                        low.s4 + high.s4 as s4
                    from
                        (
                            select
                                walk.* exclude (goes_on) replace (
                                    if(walk.side = -1, tails.bound, walk.low) as low,
                                    if(walk.side = 1, tails.bound, walk.high) as high,
                                    walk.step + 1 as step
                                ),
                                walk.side * tails.bound.value as outward,
                                tails.bound
                            from {{ walk }} as walk
                            inner join
                                {{ tails }} as tails
                                on walk.measure_code = tails.measure_code
                                and walk.set_code = tails.set_code
                                and walk.side = tails.side
                                and walk.side * tails.bound.value < if(walk.side = 1, walk.high.value, - walk.low.value)
                            where walk.goes_on
                        )
                )
        )
{%- endmacro %}
