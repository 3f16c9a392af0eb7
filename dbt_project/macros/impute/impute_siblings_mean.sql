{% macro impute_siblings_mean(delivered, sets, earlier) -%}
    {#- The value at the mean place of the entity's other measures of the indicator. -#}
    {{ from_the_siblings(delivered, sets, "siblings_mean", "sum(place order by place) / count(place)") }}
{%- endmacro %}
