{% macro winsorise_bounds(sets) -%}
    {#-
      The bounds between which each set is held, one row a set: measure_code, set_code, lowest, highest, points_low, points_high (pulled in).
      `sets`: those that want treatment, as `checked` gives them with their rule. While the set is skewed and fewer than treat_at_most points
      (null: any number) are pulled in: if the skewness is not negative, all points at the maximum take the largest value below it, else all
      at the minimum take the smallest above.

      Of a tail only how far it may be pulled in is kept (winsorise_tails), each bound with the sums of d, d², d³, d⁴ over its half of the
      set held there, so what a pair of bounds does to the skewness is told from eight numbers. A step of the walk takes all pulls on one
      side at once, up to the first after which the set is no longer skewed, enough points are pulled in, or the other side's turn has come.
    -#}
    with recursive
        tails as ({{ winsorise_tails(sets) }}),
        walk as (
            select
                sets.measure_code,
                sets.set_code,
                sets.n,
                sets.treat_at_most,
                sets.treat_skew,
                sets.treat_kurtosis,
                low.bound as low,
                high.bound as high,
                if(sets.skewness >= 0, 1, -1) as side,
                true as goes_on,
                0 as step
            from {{ sets }} as sets
            inner join tails as low on sets.measure_code = low.measure_code and sets.set_code = low.set_code and low.side = -1
            inner join tails as high on sets.measure_code = high.measure_code and sets.set_code = high.set_code and high.side = 1
            where sets.treat_method = 'winsorise' and low.bound.points = 0 and high.bound.points = 0
            union all
            select
                measure_code,
                set_code,
                any_value(n) as n,
                any_value(treat_at_most) as treat_at_most,
                any_value(treat_skew) as treat_skew,
                any_value(treat_kurtosis) as treat_kurtosis,
                arg_max(low, outward) as low,
                arg_max(high, outward) as high,
                arg_max(next_side, outward) as side,
                arg_max(goes_on, outward) as goes_on,
                any_value(step) as step
            from
                (
                    select
                        *,
                        if(skewness >= 0, 1, -1) as next_side,
                        {{ is_skewed("skewness", "kurtosis", "pulled") }}
                        and coalesce(low.points + high.points < treat_at_most, true) as goes_on
                    from ({{ held_moments("walk", "tails") }}) as pulled
                )
            where not (goes_on and next_side = side)
            group by measure_code, set_code
        )
    select
        measure_code,
        set_code,
        arg_max(low.value, step) as lowest,
        arg_max(high.value, step) as highest,
        arg_max(low.points, step) as points_low,
        arg_max(high.points, step) as points_high
    from walk
    group by measure_code, set_code
{%- endmacro %}
