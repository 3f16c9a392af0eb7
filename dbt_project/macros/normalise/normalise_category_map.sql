{% macro normalise_category_map(value, rule) -%}
    {#- The score of the value itself; a value without one is missing. -#}
    list_filter({{ rule }}.bands, lambda category:{{ value }} = category.at_most)[1].score
{%- endmacro %}
