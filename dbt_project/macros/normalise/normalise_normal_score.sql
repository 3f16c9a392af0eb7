{% macro normalise_normal_score(value, rule) -%}
    {#-
      The standard normal quantile of (place − offset) ÷ (n + 1 − 2 × offset): the middle of the reference set 0, above it positive. An offset of 0
      is van der Waerden's score, 0.375 Blom's, 0.5 Rankit's.
    -#}
    {%- set place = "(" ~ tied_place(rule) ~ ")" -%}
    {{
        normal_quantile(
            "(" ~ place ~ " - " ~ rule ~ ".place_offset)",
            "(" ~ rule ~ ".entities + 1e0 - " ~ rule ~ ".place_offset - " ~ place ~ ")",
        )
    }}
{%- endmacro %}
