{% macro normalise_normal_score(value, rule) -%}
    {#- The standard normal quantile of place ÷ (n + 1): the middle of the reference set 0, above it positive. -#}
    {{ normal_quantile("((" ~ tied_place(rule) ~ ") / (" ~ rule ~ ".entities + 1e0))") }}
{%- endmacro %}
