{% macro normalise_min_max(value, rule) -%}
    {#- (value − lowest) ÷ (highest − lowest) of the reference set, on the scale where higher is better; null for a constant set. -#}
    ({{ rule }}.sign * {{ value }} - {{ rule }}.lowest) / nullif({{ rule }}.highest - {{ rule }}.lowest, 0)
{%- endmacro %}
