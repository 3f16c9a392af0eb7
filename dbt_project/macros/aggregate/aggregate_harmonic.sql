{% macro aggregate_harmonic(children) -%}
    {#- Weighted harmonic mean: Σ share ÷ Σ (share ÷ rate); zero where a rate is zero, undefined where one is negative. -#}
    {%- set mean -%}
        case
            when min(rate) = 0
            then 0.0
            when min(rate) > 0
            then {{ exact_sum("share") }} / sum(share / nullif(rate, 0) order by position)
        end
    {%- endset -%}
    {{ tallied(children, "harmonic", mean) }}
{%- endmacro %}
