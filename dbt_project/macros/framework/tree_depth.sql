{% macro tree_depth() -%}
    {#- The deepest level of the tree of indicators, 1 being the first. #}
    {%- set rows = rows_of("select coalesce(max(level), 1) as depth from " ~ ref("stg_framework__indicators")) -%}
    {{ return(rows[0]["depth"] | int if rows else 1) }}
{%- endmacro %}
