{% macro skewness(distances) -%}
    {#-
      Skewness, type 2 (G1): √n · Σd³ ÷ (Σd²)^1.5 · √(n(n−1)) ÷ (n−2), from a list of distances d from the mean.
      Null where n < 3 or all are equal. A list is summed in its order, so the figure does not depend on threads.
    -#}
    {%- set n = "len(" ~ distances ~ ")" -%}
    if(
        {{ n }} < 3 or list_min({{ distances }}) = list_max({{ distances }}),
        null,
        sqrt({{ n }})
        * list_sum(list_transform({{ distances }}, lambda d:power(d, 3)))
        / power(list_sum(list_transform({{ distances }}, lambda d:power(d, 2))), 1.5)
        * sqrt({{ n }} * ({{ n }} - 1.0))
        / ({{ n }} - 2)
    )
{%- endmacro %}
