{% macro winsorise_bounds(sets) -%}
    {#-
      The bounds between which each reference set is held, one row a set: group_code, measure_code, lowest, highest.
      `sets`: group_code, measure_code, at_most, skewness_limit, kurtosis_limit, numbers (a sorted list, higher is better).
      While |skewness| ≥ its limit and kurtosis ≥ its limit and fewer than at_most points are pulled in: if the skewness is not negative, all
      points at the maximum take the largest value below it, else all at the minimum take the smallest above. A set for which one of the
      two is undefined (n < 4, constant) is left alone, also where only the treatment would make it constant.
    -#}
    with recursive
        steps as (
            select *, numbers[1] as lowest, numbers[-1] as highest, 0 as pulled_low, 0 as pulled_high, 0 as step
            from {{ sets }}
            union all
            select
                group_code,
                measure_code,
                at_most,
                skewness_limit,
                kurtosis_limit,
                numbers,
                if(skewness >= 0, lowest, list_min(list_filter(numbers, lambda number:number > lowest))) as lowest,
                if(skewness >= 0, list_max(list_filter(numbers, lambda number:number < highest)), highest) as highest,
                if(skewness >= 0, pulled_low, len(list_filter(numbers, lambda number:number <= lowest))) as pulled_low,
                if(skewness >= 0, len(list_filter(numbers, lambda number:number >= highest)), pulled_high) as pulled_high,
                step + 1 as step
            from
                (select *, {{ skewness("distances") }} as skewness, {{ kurtosis("distances") }} as kurtosis from ({{ distances("steps") }}))
            where abs(skewness) >= skewness_limit and kurtosis >= kurtosis_limit and pulled_low + pulled_high < at_most
        ),
        last_steps as (
            select
                group_code,
                measure_code,
                arg_max(lowest, step) as lowest,
                arg_max(highest, step) as highest,
                min(lowest) as lowest_delivered,
                max(highest) as highest_delivered
            from steps
            group by group_code, measure_code
        )
    select
        group_code,
        measure_code,
        if(lowest < highest, lowest, lowest_delivered) as lowest,
        if(lowest < highest, highest, highest_delivered) as highest
    from last_steps
{%- endmacro %}
