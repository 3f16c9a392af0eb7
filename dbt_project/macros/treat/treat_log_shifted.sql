{% macro treat_log_shifted(value, rule) -%}
    {#- ln(value − lowest + 1) of the set. -#}
    {{ ln_or_null(value ~ " - " ~ rule ~ ".lowest + 1") }}
{%- endmacro %}
