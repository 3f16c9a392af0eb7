{% macro worded(column, words, otherwise=none) -%}
    {#- The words for what the column holds: `words` is a list of (value, SQL of a text); one without words shows `otherwise`, or itself. -#}
    case {{ column }} {% for value, text in words %} when '{{ value }}' then {{ text }} {% endfor %} else {{ otherwise or column }} end
{%- endmacro %}
