{% macro has_enough(node) -%}
    {#- Whether the node's children that are present are at least the share of all that apply which it asks for, and one at the least. -#}
    ({{ node }}.children_present > 0 and {{ node }}.children_present >= coalesce({{ node }}.at_least, 0) * {{ node }}.children - 1e-9)
{%- endmacro %}
