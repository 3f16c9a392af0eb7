{% macro signed_value(value, rule) -%}
    {#- x: the value where higher is better, its opposite where lower is, so that more is better. Zero has one sign: −0.0 + 0.0 is 0.0. -#}
    if({{ rule }}.direction = 'lower_is_better', 0e0 - {{ value }}, {{ value }} + 0e0)
{%- endmacro %}
