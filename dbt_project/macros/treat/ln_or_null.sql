{% macro ln_or_null(number) -%}
    {#- The natural logarithm; null where there is none. -#}
    if({{ number }} > 0, ln({{ number }}), null)
{%- endmacro %}
