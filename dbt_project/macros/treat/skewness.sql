{% macro skewness(n, squares, cubes) -%}
    {#-
      Skewness, type 2 (G1): √n · Σd³ ÷ (Σd²)^1.5 · √(n(n−1)) ÷ (n−2), d being distances from the mean in any unit: `squares` is Σd², `cubes` Σd³.
      Null where n < 3 or all are equal.
    -#}
    if(
        {{ n }} < 3 or not coalesce({{ squares }} > 0, false),
        null,
        sqrt({{ n }}) * {{ cubes }} / power({{ squares }}, 1.5) * sqrt({{ n }} * ({{ n }} - 1.0)) / ({{ n }} - 2)
    )
{%- endmacro %}
