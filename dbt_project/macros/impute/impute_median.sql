{% macro impute_median(delivered, sets, earlier) -%}
    {#- The median of the delivered values of the set. -#}
    {{ from_the_set(delivered, sets, "median", "median(value)") }}
{%- endmacro %}
