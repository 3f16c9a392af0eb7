{% macro normalise_min_max(value, rule) -%}
    {#- (x − lowest) ÷ (highest − lowest) of the reference set: the worst 0, the best 1. -#}
    ({{ rule }}.x - {{ rule }}.lowest) / nullif({{ rule }}.highest - {{ rule }}.lowest, 0)
{%- endmacro %}

{% macro no_information_min_max(rule) -%}
    {#- A set whose values are all equal. -#}
    {{ rule }}.lowest = {{ rule }}.highest
{%- endmacro %}
