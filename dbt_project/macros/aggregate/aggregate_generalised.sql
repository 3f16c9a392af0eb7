{% macro aggregate_generalised(children) -%}
    {#-
      Weighted power mean: (Σ share × rate^p ÷ Σ share)^(1/p). Zero where p is negative and a rate is zero; undefined where a rate is
      negative and p no whole number, and where the mean of the powers is negative.
    -#}
    {%- set powers -%}
        sum(share * if(rate < 0 and power <> floor(power), null, pow(if(power < 0, nullif(rate, 0), rate), power)) order by position)
        / {{ exact_sum("share") }}
    {%- endset -%}
    {%- set mean -%}
        case
            when min(rate) < 0 and any_value(power) <> floor(any_value(power))
            then null
            when any_value(power) < 0 and bool_or(rate = 0)
            then 0.0
            when {{ powers }} >= 0
            then pow({{ powers }}, 1 / any_value(power))
        end
    {%- endset -%}
    {{ tallied(children, "generalised", mean) }}
{%- endmacro %}
