{% macro aggregate_sum(children) -%}
    {#-
      Weighted sum: Σ weight × rate, weights as written. Where children are dropped, those that are left stand for all: Σ all weights × the
      weighted mean.
    -#}
    {%- set total -%}
        if(
            count(rate) = count(weight),
            sum(weight * rate order by position),
            sum(weight order by position) * (sum(share * rate order by position) / {{ exact_sum("share") }})
        )
    {%- endset -%}
    {{ tallied(children, "sum", total) }}
{%- endmacro %}
