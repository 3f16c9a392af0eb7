{% macro impute_previous(delivered, sets, earlier) -%}
    {#- The value that the previous edition's release has for the entity, or for the one place that it was then. -#}
    select missing.entity_code, missing.measure_code, earlier.value
    from {{ delivered }} as missing
    inner join {{ earlier }} as earlier using (entity_code, measure_code)
    where missing.is_missing and missing.impute_method = 'previous'
{%- endmacro %}
