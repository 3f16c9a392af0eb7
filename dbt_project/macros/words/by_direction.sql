{% macro by_direction(rule, higher, lower) -%}
    {#- One of two texts: where higher is better, and where lower is. -#}
    if({{ rule }}.direction = 'lower_is_better', '{{ lower }}', '{{ higher }}')
{%- endmacro %}
