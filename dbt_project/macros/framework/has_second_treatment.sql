{% macro has_second_treatment() -%}
    {#- Whether a measure names what is to be done where its first treatment does not do. #}
    {{
        return(
            rows_of("select 1 as one from " ~ ref("stg_framework__measures") ~ " where treat_otherwise is not null limit 1") | length > 0
        )
    }}
{%- endmacro %}
