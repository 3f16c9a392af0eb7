{% macro normalise_percentile_rank(value, rule) -%}
    {#- (rank − 1) ÷ (n − 1) in the reference set, the worst being first; ties take the lower rank. -#}
    if({{ value }} is null, null, ({{ rule }}.place - 1) / nullif({{ rule }}.entities - 1, 0))
{%- endmacro %}
