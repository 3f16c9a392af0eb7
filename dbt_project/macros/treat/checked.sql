{% macro checked(sets) -%}
    {#-
      Each set (measure_code, set_code, numbers: a sorted list) with n, lowest, highest, skewness and kurtosis. A list is summed in its
      order, so the figures do not depend on threads. Distances from the mean are in units of highest − lowest, so no power overflows.
    -#}
    select
        measure_code,
        set_code,
        numbers,
        n,
        lowest,
        highest,
        {{ skewness("n", "squares", "cubes") }} as skewness,
        {{ kurtosis("n", "squares", "fourths") }} as kurtosis
    from
        (
            select
                *,
                list_sum(list_transform(distances, lambda d:d * d)) as squares,
                list_sum(list_transform(distances, lambda d:d * d * d)) as cubes,
                list_sum(list_transform(distances, lambda d:d * d * d * d)) as fourths
            from
                (
                    select *, list_transform(numbers, lambda number: (number - mean) / nullif(highest - lowest, 0)) as distances
                    from
                        (
                            select
                                measure_code,
                                set_code,
                                numbers,
                                len(numbers) as n,
                                list_min(numbers) as lowest,
                                list_max(numbers) as highest,
                                list_avg(numbers) as mean
                            from {{ sets }}
                        )
                )
        )
{%- endmacro %}
