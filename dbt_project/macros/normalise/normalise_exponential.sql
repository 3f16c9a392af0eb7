{% macro normalise_exponential(value, rule) -%}
    {#-
      −strength × ln(1 − R(1 − e^(−100/strength))) ÷ 100 with R = place ÷ n: the best is 1, and the stronger (23 in the English indices of
      deprivation), the more the top ones stand out. Written (1 − R) + R·e^(…), which loses no digits near the top.
    -#}
    {%- set n, strength = rule ~ ".entities", rule ~ ".strength" -%}
    {%- set place = tied_place(rule) -%}
    if(
        {{ place }} = {{ n }},
        1e0,
        -{{ strength }} * ln(({{ n }} - {{ place }} + {{ place }} * exp(-100e0 / {{ strength }})) / cast({{ n }} as double)) / 100e0
    )
{%- endmacro %}
