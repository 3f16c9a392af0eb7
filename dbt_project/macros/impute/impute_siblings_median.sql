{% macro impute_siblings_median(delivered, sets, earlier) -%}
    {#- The value at the median place of the entity's other measures of the indicator. -#}
    {{ from_the_siblings(delivered, sets, "siblings_median", "median(place)") }}
{%- endmacro %}
