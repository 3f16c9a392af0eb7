{% macro no_rows() -%}
    {#- A table of the model's columns, as its yml lists them, without a row: of a part of the method that the framework does not use. -#}
    select
        {%- for column in model.columns.values() %}
            cast(null as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
        {%- endfor %}
    where false
{%- endmacro %}
