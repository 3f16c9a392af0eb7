{% macro normalise_bands(value, rule) -%}
    {#- The score of the first upper limit that the value does not pass; else_value above the last. -#}
    coalesce(list_filter({{ rule }}.bands, lambda band:{{ value }} <= band.at_most)[1].score, {{ rule }}.else_value)
{%- endmacro %}
