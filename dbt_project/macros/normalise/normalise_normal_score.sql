{% macro normalise_normal_score(value, rule) -%}
    {#- The standard normal quantile of place ÷ (n + 1): the middle of the reference set 0, above it positive. -#}
    {%- set place = "(" ~ tied_place(rule) ~ ")" -%} {{ normal_quantile(place, "(" ~ rule ~ ".entities + 1e0 - " ~ place ~ ")") }}
{%- endmacro %}
