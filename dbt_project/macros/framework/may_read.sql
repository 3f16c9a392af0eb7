{% macro may_read(models) -%}
    {#- Tells dbt, while the project is parsed, of models that a macro reads only where a framework needs them. -#}
    {%- if not execute -%} {%- for name in models -%} {%- do ref(name) -%} {%- endfor -%} {%- endif -%}
{%- endmacro %}
