{% macro normalise_fraction_of_best(value, rule) -%}
    {#-
      value ÷ the greatest of the reference set; where lower is better the least ÷ value. The best is 1, and more is never worse: there a value
      of 0 or less, which frozen values may meet, is missing, having no such fraction.
    -#}
    if(
        {{ rule }}.direction = 'lower_is_better',
        - {{ rule }}.highest / nullif(greatest({{ value }}, 0), 0),
        {{ rule }}.x / nullif({{ rule }}.highest, 0)
    )
{%- endmacro %}

{% macro no_information_fraction_of_best(rule) -%}
    {#- Nothing above zero to be a fraction of; where lower is better, a value that is not above zero (x is its opposite). -#}
    if({{ rule }}.direction = 'lower_is_better', {{ rule }}.highest >= 0, {{ rule }}.highest <= 0)
{%- endmacro %}
