{% macro aggregate_geometric(rate, weight, key) -%}
    {#- Weighted geometric mean: exp(Σ weight × ln rate ÷ Σ weight); zero where a rate is zero. -#}
    if(
        min({{ rate }}) <= 0,
        0.0,
        exp(sum({{ weight }} * ln(nullif(greatest({{ rate }}, 0), 0)) order by {{ key }}) / sum({{ weight }} order by {{ key }}))
    )
{%- endmacro %}
