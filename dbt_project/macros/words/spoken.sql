{% macro spoken(language, zh, en) -%}
    {#- One of two, by the language: `zh` or `en`. #}
    {{ return(zh if language == "zh" else en) }}
{%- endmacro %}
