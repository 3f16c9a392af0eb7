{% macro is_skewed(skewness, kurtosis, rule) -%}
    {#-
      Whether a set wants treatment: |skewness| and kurtosis both at or above their limits; not where one of them is undefined. They are
      compared to nine decimals, so that a set exactly at a limit (0, 0, 0, 1 has skewness 2) is on one side of it whatever its unit.
    -#}
    coalesce(round(abs({{ skewness }}), 9) >= {{ rule }}.treat_skew and round({{ kurtosis }}, 9) >= {{ rule }}.treat_kurtosis, false)
{%- endmacro %}
