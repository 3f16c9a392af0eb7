{% macro inputs_wide(inputs, codes) -%}
    {#- One row an entity, a column an input: what expressions over inputs read. Flags are 1 and 0. -#}
    select entity_code {%- for code in codes %}, max(value) filter (where input_code = '{{ code }}') as "{{ code }}" {%- endfor %}
    from {{ inputs }}
    group by entity_code
{%- endmacro %}
