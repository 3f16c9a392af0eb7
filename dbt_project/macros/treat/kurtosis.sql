{% macro kurtosis(n, squares, fourths) -%}
    {#-
      Excess kurtosis, type 2 (G2): [(n+1)(r−3)+6](n−1) ÷ ((n−2)(n−3)) with r = n·Σd⁴ ÷ (Σd²)², d being distances from the mean in any unit:
      `squares` is Σd², `fourths` Σd⁴. Null where n < 4 or all are equal.
    -#}
    if(
        {{ n }} < 4 or not coalesce({{ squares }} > 0, false),
        null,
        (({{ n }} + 1) * ({{ n }} * {{ fourths }} / power({{ squares }}, 2) - 3) + 6) * ({{ n }} - 1) / (({{ n }} - 2.0) * ({{ n }} - 3))
    )
{%- endmacro %}
