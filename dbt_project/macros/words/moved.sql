{% macro moved(rule, shown, times, plus, minus) -%}
    {#- How a z-score is laid out with another standard deviation and mean than 1 and 0; nothing where it is not. -#}
    concat(
        if({{ rule }}.output_sd = 1, '', concat('{{ times }}', {{ shown.output_sd }})),
        if(
            {{ rule }}.output_mean = 0,
            '',
            concat(if({{ rule }}.output_mean < 0, '{{ minus }}', '{{ plus }}'), {{ shown_number("abs(" ~ rule ~ ".output_mean)") }})
        )
    )
{%- endmacro %}
