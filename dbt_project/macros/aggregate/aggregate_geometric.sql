{% macro aggregate_geometric(children) -%}
    {#- Weighted geometric mean: exp(Σ share × ln rate ÷ Σ share); zero where a rate is zero, undefined where one is negative. -#}
    {%- set mean -%}
        case
            when min(rate) = 0
            then 0.0
            when min(rate) > 0
            then exp(sum(share * ln(if(rate > 0, rate, null)) order by position) / {{ exact_sum("share") }})
        end
    {%- endset -%}
    {{ tallied(children, "geometric", mean) }}
{%- endmacro %}
