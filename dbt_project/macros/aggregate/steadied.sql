{% macro steadied(rate) -%}
    {#- To twelve significant digits, so that rates that differ by a processor's noise alone are tied. -#}
    if({{ rate }} = 0, 0.0, round({{ rate }}, 11 - cast(floor(log10(abs(nullif({{ rate }}, 0)))) as integer)))
{%- endmacro %}
