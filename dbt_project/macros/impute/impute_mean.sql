{% macro impute_mean(delivered, sets, earlier) -%}
    {#- The mean of the delivered values of the set, summed in rising order. -#}
    {{ from_the_set(delivered, sets, "mean", "sum(value order by value) / count(value)") }}
{%- endmacro %}
