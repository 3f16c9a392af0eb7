{% macro aggregate_arithmetic(children) -%}
    {#- Weighted mean: Σ share × rate ÷ Σ share. -#}
    {{ tallied(children, "arithmetic", "sum(share * rate order by position) / " ~ exact_sum("share")) }}
{%- endmacro %}
