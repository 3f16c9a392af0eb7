{% macro treat_winsorise(value, rule) -%}
    {#- The value, held between the lowest and the highest that winsorising leaves (winsorise_bounds). -#}
    greatest({{ rule }}.lowest, least({{ rule }}.highest, {{ value }}))
{%- endmacro %}
