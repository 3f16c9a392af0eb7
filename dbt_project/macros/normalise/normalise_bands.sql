{% macro normalise_bands(value, rule) -%}
    {#- The score of the first upper limit that the value does not pass; else_value above the last. -#}
    if({{ value }} is null, null, coalesce({{ rule }}.band_score, {{ rule }}.else_value))
{%- endmacro %}
