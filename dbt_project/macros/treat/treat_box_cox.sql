{% macro treat_box_cox(value, rule) -%}
    {#- (s^power − 1) ÷ power with s = value − lowest + 1 of the set; ln s where power is 0. -#}
    if(
        {{ rule }}.power = 0,
        {{ treat_log_shifted(value, rule) }},
        (power({{ value }} - {{ rule }}.lowest + 1, {{ rule }}.power) - 1) / {{ rule }}.power
    )
{%- endmacro %}
