{% macro steadied(number) -%}
    {#- To twelve significant digits, so that what differs by a processor's noise alone is tied. -#}
    if({{ number }} = 0, 0.0, round({{ number }}, 11 - cast(floor(log10(abs(nullif({{ number }}, 0)))) as integer)))
{%- endmacro %}
