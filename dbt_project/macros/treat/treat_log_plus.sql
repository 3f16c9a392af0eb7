{% macro treat_log_plus(value, rule) -%}
    {#- As `log` where the set's skewness is above 0; else its mirror image, −ln(highest + 0.01 · (highest − lowest) − value). -#}
    if(
        {{ rule }}.skewness > 0,
        {{ treat_log(value, rule) }},
        -{{ ln_or_null(rule ~ ".highest + 0.01 * (" ~ rule ~ ".highest - " ~ rule ~ ".lowest) - " ~ value) }}
    )
{%- endmacro %}
