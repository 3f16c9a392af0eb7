{% macro inputs_wide(inputs, codes) -%}
    {#-
      One row an entity, a column an input: what expressions over inputs read. Flags are 1 and 0. `codes` are those of all inputs, sorted, and
      each entity has a row for each of them, so a value's place among those of its entity is its input's.
    -#}
    select entity_code {%- for code in codes %}, numbers[{{ loop.index }}] as "{{ code }}" {%- endfor %}
    from (select entity_code, list(value order by input_code) as numbers from {{ inputs }} group by entity_code)
{%- endmacro %}
