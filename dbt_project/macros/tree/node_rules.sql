{% macro node_rules(node) -%}
    {#- The columns of a node that its method of aggregating reads, as every row of its children carries them. -#}
    {{ node }}.aggregate, {{ node }}.power, {{ node }}.penalty, {{ node }}.at_least, {{ node }}.aggregate_within
{%- endmacro %}
