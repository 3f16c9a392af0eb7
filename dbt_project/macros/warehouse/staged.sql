{% macro staged(relation) -%}
    {#- The relation's columns as the model's yml lists them, each cast to the type that it states. #}
    select
        {%- for column in model.columns.values() %}
            cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}
