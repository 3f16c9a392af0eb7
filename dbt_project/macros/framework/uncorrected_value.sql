{% macro uncorrected_value(reported, rule, rate) -%}
    {#- What an input counts as where nobody corrects it: as reported, or × the rate at which tests confirm it where `rule` has it verified. -#}
    if({{ rule }}.verify_indicator is null, {{ reported }}, {{ reported }} * {{ rate }})
{%- endmacro %}
