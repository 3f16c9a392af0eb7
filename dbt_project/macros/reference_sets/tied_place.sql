{% macro tied_place(rule) -%}
    {#- The place in the set, the worst being 1: equal ones share the lowest of their places, or as the rule's `ties` says. -#}
    case {{ rule }}.ties when 'average' then {{ rule }}.place_average when 'highest' then {{ rule }}.place_highest else {{ rule }}.place end
{%- endmacro %}
