{% macro input_codes() -%}
    {#- The codes of all inputs, sorted. #}
    {{
        return(
            rows_of("select input_code from " ~ ref("stg_framework__inputs") ~ " order by input_code")
            | map(attribute="input_code")
            | list
        )
    }}
{%- endmacro %}
