{% macro rows_of(query) -%}
    {#- The query's rows as dictionaries, while SQL is being written; none while the project is only parsed. #}
    {%- set rows = [] -%}
    {%- if execute -%} {%- for row in run_query(query).rows -%} {%- do rows.append(row.dict()) -%} {%- endfor -%} {%- endif -%}
    {{ return(rows) }}
{%- endmacro %}
