{% macro box_cox_words(power, language) -%}
    {#- Box-Cox's transformation with its power, in `zh` or `en`. -#}
    {%- set shown = shown_number(power) -%}
    if(
        {{ power }} = 0,
        {{ spoken(language, "'Box-Cox，幂次 0：ln（值－最低＋1）'", "'Box-Cox, power 0: ln(value - lowest + 1)'") }},
        replace(
            {{
                spoken(
                    language,
                    "'Box-Cox：（（值－最低＋1）^幂次－1）÷幂次，幂次 {}'",
                    "'Box-Cox: ((value - lowest + 1) ^ power - 1) ÷ power, power {}'",
                )
            }},
            '{}',
            {{ shown }}
        )
    )
{%- endmacro %}
