{% macro normalise_ratio_to_target(value, rule) -%}
    {#- value ÷ target, clipped to 0–1. -#}
    if({{ value }} is null, null, greatest(0.0, least(1.0, {{ value }} / nullif({{ rule }}.target, 0))))
{%- endmacro %}
