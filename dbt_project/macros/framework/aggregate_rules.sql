{% macro aggregate_rules() -%}
    {#- The inputs that are made of records: input_code, source, dataset, of_sql, where_sql, band_by. #}
    {{
        return(
            rows_of(
                "select input_code, source, dataset, of_sql, where_sql, band_by from "
                ~ ref("stg_framework__inputs")
                ~ " where layout = 'records' and aggregate_method is not null order by input_code"
            )
        )
    }}
{%- endmacro %}
