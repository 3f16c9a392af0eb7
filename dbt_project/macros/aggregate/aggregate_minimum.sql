{% macro aggregate_minimum(children) -%}
    {#- The least rate, whatever the weights. -#}
    {{ tallied(children, "minimum", "min(rate)") }}
{%- endmacro %}
