{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- A layer is a schema, under its own name. #}
    {{- custom_schema_name if custom_schema_name else target.schema -}}
{%- endmacro %}
