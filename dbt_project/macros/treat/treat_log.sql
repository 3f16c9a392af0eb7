{% macro treat_log(value, rule) -%}
    {#- ln(value − lowest + 0.01 · (highest − lowest)) of the set. -#}
    {{ ln_or_null(value ~ " - " ~ rule ~ ".lowest + 0.01 * (" ~ rule ~ ".highest - " ~ rule ~ ".lowest)") }}
{%- endmacro %}
