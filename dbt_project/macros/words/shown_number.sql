{% macro shown_number(number) -%}
    {#- A number as a person writes it: 100, not 100.0. -#}
    regexp_replace(cast({{ number }} as varchar), '\.0$', '')
{%- endmacro %}
