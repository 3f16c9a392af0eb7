{% macro normalise_percentile_rank(value, rule) -%}
    {#- (place − 1) ÷ (n − 1) in the reference set: the worst 0, the best 1; of equal ones the lowest place, unless `ties` says otherwise. -#}
    ({{ tied_place(rule) }} - 1) / nullif({{ rule }}.entities - 1e0, 0)
{%- endmacro %}

{% macro no_information_percentile_rank(rule) -%}
    {#- A set whose values are all equal, so also one of a single member. -#}
    {{ rule }}.lowest = {{ rule }}.highest
{%- endmacro %}
