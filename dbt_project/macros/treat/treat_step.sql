{% macro treat_step(value, rule, methods) -%}
    {#- The value after the step that `rule` names (step, lowest, highest, skewness, power: those of its set), of the methods in use. -#}
    case
        when {{ value }} is null
        then null
        {%- for method in methods %} when {{ rule }}.step = '{{ method }}' then {{ context["treat_" ~ method](value, rule) }} {%- endfor %}
        when true
        then {{ value }}
    end
{%- endmacro %}
