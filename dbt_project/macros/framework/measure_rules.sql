{% macro measure_rules() -%}
    {#- The measures with their expressions: measure_code, value_sql, applies_sql (null: always). #}
    {{
        return(
            rows_of(
                "select measure_code, value_sql, applies_sql from " ~ ref("stg_framework__measures") ~ " order by position, measure_code"
            )
        )
    }}
{%- endmacro %}
