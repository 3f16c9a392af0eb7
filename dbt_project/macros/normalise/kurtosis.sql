{% macro kurtosis(distances) -%}
    {#-
      Excess kurtosis, type 2 (G2): [(n+1)(r−3)+6](n−1) ÷ ((n−2)(n−3)) with r = n·Σd⁴ ÷ (Σd²)², from a list of distances d from the mean.
      Null where n < 4 or all are equal.
    -#}
    {%- set n = "len(" ~ distances ~ ")" -%}
    {%- set squares = "list_sum(list_transform(" ~ distances ~ ", lambda d: power(d, 2)))" -%}
    {%- set fourths = "list_sum(list_transform(" ~ distances ~ ", lambda d: power(d, 4)))" -%}
    if(
        {{ n }} < 4 or list_min({{ distances }}) = list_max({{ distances }}),
        null,
        (({{ n }} + 1) * ({{ n }} * {{ fourths }} / power({{ squares }}, 2) - 3) + 6) * ({{ n }} - 1) / (({{ n }} - 2.0) * ({{ n }} - 3))
    )
{%- endmacro %}
